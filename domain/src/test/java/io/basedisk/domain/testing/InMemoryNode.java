package io.basedisk.domain.testing;

import com.google.common.collect.ImmutableMap;
import io.basedisk.domain.model.BaseDescription;
import io.basedisk.domain.model.FileIdentity;
import io.basedisk.domain.model.FileStatus.FileType;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A file of an {@link InMemoryTree}: all that its inode holds, in every version since the last that
 * is durable.
 */
final class InMemoryNode {

  /** What a file is made of. */
  sealed interface Content {

    /** Its length in bytes. */
    long length();

    record Bytes(ByteBuffer bytes) implements Content {
      @Override
      public long length() {
        return bytes.remaining();
      }
    }

    record Image(FakeImage image) implements Content {
      @Override
      public long length() {
        return image.length();
      }
    }

    /** A new file whose content has not, or not all, reached the disk. */
    record Torn() implements Content {
      @Override
      public long length() {
        return 0;
      }
    }

    record Directory() implements Content {
      @Override
      public long length() {
        return 0;
      }
    }

    record Fifo() implements Content {
      @Override
      public long length() {
        return 0;
      }
    }

    record SymbolicLink(Path target) implements Content {
      @Override
      public long length() {
        return 0;
      }
    }
  }

  /** One state of a file. */
  record Version(
      Content content,
      int mode,
      int owner,
      int group,
      ImmutableMap<String, ByteBuffer> extendedAttributes,
      @Nullable BaseDescription description,
      Instant modifiedAt,
      Instant changedAt) {

    Version with(Content changed, Instant now) {
      return new Version(changed, mode, owner, group, extendedAttributes, description, now, now);
    }

    Version withMode(int changed, Instant now) {
      return new Version(
          content, changed, owner, group, extendedAttributes, description, modifiedAt, now);
    }

    Version withOwner(int newOwner, int newGroup, Instant now) {
      return new Version(
          content, mode, newOwner, newGroup, extendedAttributes, description, modifiedAt, now);
    }

    Version withExtendedAttributes(ImmutableMap<String, ByteBuffer> changed, Instant now) {
      return new Version(content, mode, owner, group, changed, description, modifiedAt, now);
    }

    Version withAttributesOf(Version other, Instant now) {
      // All extended attributes here are of the name space "user.", which are never copied.
      return new Version(
          content, other.mode, other.owner, other.group, ImmutableMap.of(), null, modifiedAt, now);
    }

    Version describedAs(@Nullable BaseDescription described, Instant now) {
      return new Version(
          content, mode, owner, group, extendedAttributes, described, modifiedAt, now);
    }

    Version withoutTimes() {
      return new Version(
          content,
          mode,
          owner,
          group,
          extendedAttributes,
          description,
          Instant.EPOCH,
          Instant.EPOCH);
    }

    Version modifiedAt(Instant time, Instant now) {
      return new Version(content, mode, owner, group, extendedAttributes, description, time, now);
    }

    Version changedAt(Instant now) {
      return new Version(
          content, mode, owner, group, extendedAttributes, description, modifiedAt, now);
    }
  }

  final FileIdentity identity;

  /** From the durable version, which a new file does not have, to the current one. */
  private final List<Version> versions = new ArrayList<>();

  private boolean hasDurableVersion;

  /** The number of names that it has now. */
  int links;

  InMemoryNode(FileIdentity identity, Version first) {
    this.identity = identity;
    versions.add(first);
  }

  InMemoryNode(InMemoryNode other) {
    this.identity = other.identity;
    this.hasDurableVersion = other.hasDurableVersion;
    this.links = other.links;
    versions.addAll(other.versions);
  }

  Version current() {
    return versions.get(versions.size() - 1);
  }

  void change(Version next) {
    versions.add(next);
  }

  void sync() {
    Version last = current();
    versions.clear();
    versions.add(last);
    hasDurableVersion = true;
  }

  /**
   * Returns the versions that a power cut may leave; versions that differ in times alone count
   * once.
   */
  List<Version> versionsAfterPowerCut() {
    List<Version> possible = new ArrayList<>(versions);
    if (!hasDurableVersion && !isDirectory()) {
      possible.add(current().with(new Content.Torn(), current().modifiedAt()));
    }
    Map<Version, Version> distinct = new LinkedHashMap<>();
    possible.forEach(version -> distinct.put(version.withoutTimes(), version));
    return List.copyOf(distinct.values());
  }

  /** Returns this file as it is after a power cut that left one version of it. */
  InMemoryNode afterPowerCut(Version left) {
    InMemoryNode node = new InMemoryNode(identity, left);
    node.hasDurableVersion = true;
    return node;
  }

  boolean isDirectory() {
    return current().content() instanceof Content.Directory;
  }

  boolean isRegularFile() {
    return type() == FileType.REGULAR_FILE;
  }

  FileType type() {
    Content content = current().content();
    if (content instanceof Content.Directory) {
      return FileType.DIRECTORY;
    }
    if (content instanceof Content.SymbolicLink) {
      return FileType.SYMBOLIC_LINK;
    }
    return content instanceof Content.Fifo ? FileType.FIFO : FileType.REGULAR_FILE;
  }
}
