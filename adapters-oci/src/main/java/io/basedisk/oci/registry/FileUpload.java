package io.basedisk.oci.registry;

import io.basedisk.domain.port.Progress;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A file as the body of a request, with its length. The body can be sent several times. The HTTP
 * client reads on a thread of its own; the operation's thread asks for the progress.
 */
final class FileUpload implements RequestBody {

  private final Path file;
  private final long bytes;
  private final Progress progress;

  private volatile long sent;
  private volatile @Nullable InputStream open;

  FileUpload(Path file, long bytes, Progress progress) {
    this.file = file;
    this.bytes = bytes;
    this.progress = progress;
  }

  @Override
  public BodyPublisher publisher() {
    // The length makes the request's Content-Length. A stream alone would be sent in chunks, which
    // some registries refuse.
    return bytes == 0
        ? BodyPublishers.noBody()
        : BodyPublishers.fromPublisher(BodyPublishers.ofInputStream(this::open), bytes);
  }

  @Override
  public long sent() {
    return sent;
  }

  @Override
  public boolean isSent() {
    return sent >= bytes;
  }

  @Override
  public void report() {
    progress.at(sent, bytes);
  }

  /** Closes the file: the HTTP client leaves it open when a request ends early. */
  @Override
  public void close() throws IOException {
    @Nullable InputStream stream = open;
    if (stream != null) {
      stream.close();
    }
  }

  private InputStream open() {
    try {
      sent = 0;
      InputStream stream = new Counted(Files.newInputStream(file));
      open = stream;
      return stream;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Counts what the HTTP client reads. One thread reads at a time. */
  private final class Counted extends FilterInputStream {

    private long count;

    Counted(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int read = super.read();
      add(read < 0 ? 0 : 1);
      return read;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int read = super.read(buffer, offset, length);
      add(Math.max(read, 0));
      return read;
    }

    private void add(int read) {
      count += read;
      sent = count;
    }
  }
}
