package io.basedisk.oci.layout;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.io.ByteStreams;
import io.basedisk.domain.error.BaseDiskException;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.model.artifact.Sha256;
import io.basedisk.domain.port.Progress;
import io.basedisk.oci.blob.Blobs;
import io.basedisk.oci.blob.FileFailures;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.UUID;

/**
 * The files of a layout's directory. The directory's owner may be hostile: below it, no symbolic
 * link is followed, and only regular files are opened. New files appear whole, by a rename.
 */
final class LayoutFiles {

  private static final int STEP = 1 << 20;
  private static final String OURS = ".basedisk";
  private static final String TEMPORARY = OURS + "-";

  /** The file that a writer locks. Nothing else opens it. */
  static final String LOCK = OURS + ".lock";

  private final Path root;
  private final Path algorithms;
  private final Path blobs;

  LayoutFiles(Path root) {
    this.root = root;
    this.algorithms = root.resolve("blobs");
    this.blobs = algorithms.resolve("sha256");
  }

  Path root() {
    return root;
  }

  Path path(String name) {
    return root.resolve(name);
  }

  Path path(Sha256 digest) {
    return blobs.resolve(digest.hex());
  }

  /** {@return whether the directory of the layout has no files but those of an ended writer} */
  boolean isNew() {
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(root, file -> !file.getFileName().toString().startsWith(OURS))) {
      return !files.iterator().hasNext();
    } catch (NoSuchFileException e) {
      return true;
    } catch (IOException e) {
      throw failure("cannot read", root, e);
    }
  }

  /** Checks that the directory of the layout can be created. */
  void checkParent() {
    Path parent = root.toAbsolutePath().getParent();
    if (parent != null && !Files.isDirectory(parent)) {
      throw new NotFoundException("cannot create " + root + ": there is no directory " + parent);
    }
  }

  /** Creates the directory of the layout if it is missing, durably. */
  void createRoot() {
    create(root.toAbsolutePath());
  }

  /** Creates the directories of the blobs if they are missing, durably. */
  void createDirectories() {
    create(algorithms);
    create(blobs);
    checkDirectories();
  }

  private void create(Path directory) {
    try {
      Files.createDirectory(directory);
    } catch (FileAlreadyExistsException e) {
      return;
    } catch (IOException e) {
      throw failure("cannot create", directory, e);
    }
    Path parent = directory.getParent();
    if (parent != null) {
      sync(parent);
    }
  }

  /** {@return size of a regular file in bytes; empty if nothing is there} */
  Optional<Long> find(Path file) {
    checkDirectories();
    try {
      BasicFileAttributes attributes =
          Files.readAttributes(file, BasicFileAttributes.class, NOFOLLOW_LINKS);
      if (!attributes.isRegularFile()) {
        throw notExpected(file, attributes, "a regular file");
      }
      return Optional.of(attributes.size());
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw failure("cannot read", file, e);
    }
  }

  /** Opens a regular file that {@link #find} has found. */
  FileChannel open(Path file, StandardOpenOption... options) {
    try {
      return FileChannel.open(
          file, ImmutableSet.<OpenOption>builder().add(options).add(NOFOLLOW_LINKS).build());
    } catch (IOException e) {
      throw failure("cannot open", file, e);
    }
  }

  /** {@return the content of a small file; empty if nothing is there} */
  Optional<byte[]> content(Path file) {
    Optional<Long> size = find(file);
    if (size.isEmpty()) {
      return Optional.empty();
    }
    if (size.get() > Blobs.MAX_MANIFEST_BYTES) {
      throw new InvalidImageException(
          file + ": it has " + size.get() + " bytes, the limit is " + Blobs.MAX_MANIFEST_BYTES);
    }
    try (FileChannel channel = open(file, StandardOpenOption.READ);
        InputStream bytes =
            ByteStreams.limit(Channels.newInputStream(channel), Blobs.MAX_MANIFEST_BYTES)) {
      return Optional.of(bytes.readAllBytes());
    } catch (IOException e) {
      throw failure("cannot read", file, e);
    }
  }

  /**
   * Copies a file to a blob's path. A crash leaves the blob whole or absent: the rename comes after
   * the data is durable.
   */
  void copy(Path source, Blobs.Blob blob, Progress progress) {
    replace(
        path(blob.digest()),
        target -> {
          try (FileChannel from = FileChannel.open(source, StandardOpenOption.READ)) {
            long at = 0;
            for (long count = 1; count > 0; at += count) {
              count = from.transferTo(at, STEP, target);
              progress.at(Math.min(at + count, blob.bytes()), blob.bytes());
            }
            if (at != blob.bytes()) {
              throw new IOException(at + " bytes instead of " + blob.bytes());
            }
          }
        });
  }

  /** Replaces a small file by new content. A crash leaves the old content or the new. */
  void write(Path file, byte[] content) {
    replace(
        file,
        target -> {
          ByteBuffer bytes = ByteBuffer.wrap(content);
          while (bytes.hasRemaining()) {
            target.write(bytes);
          }
        });
  }

  /** Makes the names in the directories durable: the blobs first, because the index needs them. */
  void syncBlobs() {
    sync(blobs);
  }

  void syncRoot() {
    sync(root);
  }

  /**
   * Deletes what a crash left. The caller holds the layout's lock, so that no other writer lives.
   */
  void deleteTemporaries() {
    checkDirectories();
    for (Path directory : ImmutableList.of(root, blobs)) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, TEMPORARY + "*.tmp")) {
        for (Path file : files) {
          Files.deleteIfExists(file);
        }
      } catch (IOException e) {
        throw failure("cannot delete temporary files in", directory, e);
      }
    }
  }

  BaseDiskException failure(String what, Path file, IOException cause) {
    return FileFailures.of(what, file, cause);
  }

  /** Closes a file that nothing was written through. */
  static void closeUnused(FileChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      // Nothing is lost.
    }
  }

  /** Writes the content of a new file. */
  private interface Filling {
    void fill(FileChannel target) throws IOException;
  }

  private void replace(Path file, Filling filling) {
    checkDirectories();
    Path directory = Optional.ofNullable(file.getParent()).orElse(root);
    Path temporary = directory.resolve(TEMPORARY + UUID.randomUUID() + ".tmp");
    try {
      try (FileChannel target =
          FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        filling.fill(target);
        target.force(true);
      }
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw failure("cannot write", file, e);
    } finally {
      deleteQuietly(temporary);
    }
  }

  private static void deleteQuietly(Path temporary) {
    try {
      Files.deleteIfExists(temporary);
    } catch (IOException e) {
      // The next writer deletes it.
    }
  }

  private void checkDirectories() {
    for (Path directory : ImmutableList.of(algorithms, blobs)) {
      try {
        BasicFileAttributes attributes =
            Files.readAttributes(directory, BasicFileAttributes.class, NOFOLLOW_LINKS);
        if (!attributes.isDirectory()) {
          throw notExpected(directory, attributes, "a directory");
        }
      } catch (NoSuchFileException e) {
        return;
      } catch (IOException e) {
        throw failure("cannot read", directory, e);
      }
    }
  }

  private static InvalidImageException notExpected(
      Path file, BasicFileAttributes attributes, String expected) {
    String kind =
        attributes.isSymbolicLink()
            ? "a symbolic link"
            : attributes.isDirectory() ? "a directory" : "a special file";
    return new InvalidImageException(file + ": it is " + kind + ", expected " + expected);
  }

  private void sync(Path directory) {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      throw failure("cannot sync", directory, e);
    }
  }
}
