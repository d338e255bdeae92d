package io.basedisk.qcow2.os;

import static com.google.common.collect.ImmutableSet.toImmutableSet;

import com.google.common.collect.ImmutableSet;
import com.sun.jna.Memory;
import io.basedisk.domain.error.InterruptedOperationException;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.port.Progress;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongConsumer;

/** A copy of an open file to another open file. */
final class LinuxCopy {

  private static final int COPY_BUFFER_BYTES = 1 << 20;

  private final Path source;
  private final Descriptor from;
  private final Descriptor to;

  /**
   * @param source path of {@code from} in messages
   */
  LinuxCopy(Path source, Descriptor from, Descriptor to) {
    this.source = source;
    this.from = from;
    this.to = to;
  }

  /** Copies the content to an empty file, until an interrupt. Shares blocks or keeps holes. */
  void content(Progress progress) throws IOException {
    long length = from.length();
    if (!to.cloneFrom(from)) {
      // A partial clone would show through in the source's holes.
      to.setLength(0);
      copyData(length, progress);
    }
    if (length > 0) {
      progress.at(length, length);
    }
  }

  private void copyData(long length, Progress progress) throws IOException {
    try (Memory buffer = new Memory(COPY_BUFFER_BYTES)) {
      OptionalLong data = from.dataFrom(0);
      while (data.isPresent() && data.getAsLong() < length) {
        long end = Math.min(from.holeFrom(data.getAsLong()), length);
        copyRange(buffer, data.getAsLong(), end, position -> progress.at(position, length));
        data = end < length ? from.dataFrom(end) : OptionalLong.empty();
      }
    }
    to.setLength(length);
  }

  private void copyRange(Memory buffer, long start, long end, LongConsumer copiedTo)
      throws IOException {
    long position = start;
    while (position < end) {
      InterruptedOperationException.throwIfInterrupted(() -> source + ": the copy was interrupted");
      long read = from.read(buffer, Math.min(end - position, buffer.size()), position);
      if (read == 0) {
        throw new FileSystemException(source.toString(), null, "it shrank while it was copied");
      }
      to.write(buffer, read, position);
      position += read;
      copiedTo.accept(position);
    }
  }

  /** Copies the owner, group, permission bits and extended attributes. */
  void attributes(FileStatus status) throws IOException {
    // The owner first: a change of owner clears set-id bits and capabilities. The mode last: an
    // access list changes the group's bits.
    to.setOwner(status.owner(), status.group());
    copyExtendedAttributes();
    to.setMode(status.mode());
  }

  private void copyExtendedAttributes() throws IOException {
    ExtendedAttributes given = new ExtendedAttributes(from);
    ExtendedAttributes present = new ExtendedAttributes(to);
    ImmutableSet<String> wanted =
        given.names().stream()
            .filter(name -> !name.startsWith(ExtendedAttributes.USER))
            .collect(toImmutableSet());
    for (String name : present.names()) {
      if (!wanted.contains(name) && !isOfTheSystem(name)) {
        present.remove(name);
      }
    }
    for (String name : wanted) {
      Optional<byte[]> value = given.find(name);
      // Don't set an equal value: a user may not be allowed to set a security label.
      if (value.isPresent() && !has(present, name, value.get())) {
        present.set(name, value.get());
      }
    }
  }

  private static boolean has(ExtendedAttributes attributes, String name, byte[] value)
      throws IOException {
    Optional<byte[]> present = attributes.find(name);
    return present.isPresent() && Arrays.equals(present.get(), value);
  }

  /**
   * {@return whether the system gives every file this attribute} An access list does not count: one
   * inherited from the directory would admit users that the source keeps out.
   */
  private static boolean isOfTheSystem(String name) {
    return !name.startsWith(ExtendedAttributes.USER)
        && !name.startsWith("trusted.")
        && !name.equals(AccessList.ATTRIBUTE);
  }
}
