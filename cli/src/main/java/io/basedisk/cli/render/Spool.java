package io.basedisk.cli.render;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.DELETE_ON_CLOSE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.Reader;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Buffers UTF-8 text until it is complete: a short text in memory, a long one in a temporary file.
 * The file has no name while it is in use, so that a killed process leaves none. Not thread-safe.
 */
final class Spool extends OutputStream {

  /** The limit, in bytes, of the text in memory. */
  static final int MOST_IN_MEMORY = 1 << 20;

  private final ByteArrayOutputStream memory = new ByteArrayOutputStream();
  private @Nullable FileChannel file;
  private @Nullable OutputStream toFile;

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int count) throws IOException {
    if (toFile == null && memory.size() + count <= MOST_IN_MEMORY) {
      memory.write(bytes, offset, count);
    } else {
      toFile().write(bytes, offset, count);
    }
  }

  /** {@return a stream to the file, after moving the text from memory to it} */
  private OutputStream toFile() throws IOException {
    OutputStream stream = toFile;
    if (stream == null) {
      Path path = Files.createTempFile("basedisk-", ".json");
      file = FileChannel.open(path, READ, WRITE, DELETE_ON_CLOSE);
      stream = new BufferedOutputStream(Channels.newOutputStream(file));
      toFile = stream;
      memory.writeTo(stream);
      memory.reset();
    }
    return stream;
  }

  /**
   * Ends the text and returns it. Call this once. The reader is valid until the spool is closed.
   */
  Reader read() throws IOException {
    InputStream content = new ByteArrayInputStream(memory.toByteArray());
    if (file != null && toFile != null) {
      toFile.flush();
      content = Channels.newInputStream(file.position(0));
    }
    return new InputStreamReader(content, UTF_8);
  }

  /** Drops the text. */
  @Override
  public void close() throws IOException {
    if (file != null) {
      file.close();
    }
  }
}
