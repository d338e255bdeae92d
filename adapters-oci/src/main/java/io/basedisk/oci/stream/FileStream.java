package io.basedisk.oci.stream;

import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.port.Progress;
import io.basedisk.oci.blob.FileFailures;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;

/** A regular file as a stream. A failure to read it is an error of storage, not of the content. */
final class FileStream extends InputStream {

  private final Path file;
  private final FileChannel channel;
  private final long bytes;
  private final Progress progress;
  private long position;

  private FileStream(Path file, FileChannel channel, long bytes, Progress progress) {
    this.file = file;
    this.channel = channel;
    this.bytes = bytes;
    this.progress = progress;
  }

  static FileStream open(Path file, Progress progress, LinkOption... links) {
    try {
      // To open a pipe would block, and a device may do anything.
      if (!Files.readAttributes(file, BasicFileAttributes.class, links).isRegularFile()) {
        throw new InvalidImageException(file + ": it is no regular file");
      }
      Set<OpenOption> options =
          links.length == 0
              ? Set.of(StandardOpenOption.READ)
              : Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
      FileChannel channel = FileChannel.open(file, options);
      return new FileStream(file, channel, channel.size(), progress);
    } catch (NoSuchFileException e) {
      throw new NotFoundException(file + ": no such file", e);
    } catch (IOException e) {
      throw FileFailures.of("cannot open", file, e);
    }
  }

  @Override
  public int read() {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] target, int offset, int length) {
    try {
      int count = channel.read(ByteBuffer.wrap(target, offset, length));
      position += Math.max(count, 0);
      progress.at(Math.min(position, bytes), bytes);
      return count;
    } catch (IOException e) {
      throw FileFailures.of("cannot read", file, e);
    }
  }

  /** {@return 1 if there are more bytes: the gzip decoder asks it before a next member} */
  @Override
  public int available() {
    return position < bytes ? 1 : 0;
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw FileFailures.of("cannot close", file, e);
    }
  }
}
