package io.basedisk.oci.archive;

import io.basedisk.oci.blob.FileFailures;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * A new file that appears whole. Until then it is a temporary file beside its path, which a kill
 * leaves.
 */
final class NewFile implements ArchiveTarget {

  private static final int BUFFER = 64 << 10;

  private final Path file;
  private final Path temporary;
  private final FileChannel channel;
  private final OutputStream stream;

  private NewFile(Path file, Path temporary, FileChannel channel) {
    this.file = file;
    this.temporary = temporary;
    this.channel = channel;
    this.stream = new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER);
  }

  static NewFile at(Path file) {
    String name = String.valueOf(file.getFileName());
    Path temporary = file.resolveSibling("." + name + "-" + UUID.randomUUID() + ".tmp");
    try {
      FileChannel channel =
          FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      return new NewFile(file, temporary, channel);
    } catch (IOException e) {
      throw FileFailures.of("cannot create", file, e);
    }
  }

  @Override
  public OutputStream stream() {
    return stream;
  }

  @Override
  public void complete() throws IOException {
    stream.flush();
    channel.force(true);
    channel.close();
    give();
    Path directory = file.toAbsolutePath().getParent();
    if (directory != null) {
      try (FileChannel names = FileChannel.open(directory, StandardOpenOption.READ)) {
        names.force(true);
      }
    }
  }

  /** Gives the file its name. A link fails if another process took the name, a rename would not. */
  private void give() throws IOException {
    try {
      Files.createLink(file, temporary);
    } catch (FileAlreadyExistsException e) {
      throw e;
    } catch (UnsupportedOperationException | FileSystemException e) {
      // The file system has no hard links.
      if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
        throw new FileAlreadyExistsException(file.toString());
      }
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
      Files.deleteIfExists(temporary);
    } catch (IOException e) {
      throw FileFailures.of("cannot delete", temporary, e);
    }
  }

  @Override
  public String name() {
    return file.toString();
  }
}
