package io.basedisk.oci.registry;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.basedisk.oci.blob.Blobs.Blob;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a blob. If the connection breaks or stalls, it goes on with another one where it
 * was. Ends after as many bytes as the blob has; does not check their digest.
 */
final class ResumingStream extends InputStream {

  private static final int OK = 200;
  private static final int PARTIAL = 206;
  private static final int NOT_FOUND = 404;

  /** A connection that brings this many bytes is no failure, even if it breaks then. */
  private static final long PROGRESS_BYTES = 1 << 20;

  private final RegistryReference reference;
  private final Session session;
  private final ImmutableList<String> scopes;
  private final Retries retries;
  private final Blob blob;

  private long position;
  private int failures;
  private long bytesSinceFailure;
  private @Nullable BodyStream body;
  private boolean isClosed;

  private ResumingStream(
      RegistryReference reference,
      Session session,
      ImmutableList<String> scopes,
      Retries retries,
      Blob blob,
      long from) {
    this.reference = reference;
    this.session = session;
    this.scopes = scopes;
    this.retries = retries;
    this.blob = blob;
    this.position = from;
  }

  /**
   * Opens a blob.
   *
   * @param reference names the repository
   * @param session sends requests
   * @param scopes what a token must allow
   * @param retries repeats failed requests
   * @param blob the blob
   * @param from offset of the first byte to read, less than the blob's size
   * @throws io.basedisk.domain.error.NotFoundException if the registry does not have the blob
   */
  static ResumingStream open(
      RegistryReference reference,
      Session session,
      ImmutableList<String> scopes,
      Retries retries,
      Blob blob,
      long from) {
    ResumingStream stream = new ResumingStream(reference, session, scopes, retries, blob, from);
    stream.body = retries.run(stream::connect);
    return stream;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    if (isClosed) {
      throw new IOException("the stream is closed");
    }
    if (position == blob.bytes()) {
      return -1;
    }
    int wanted = (int) Math.min(length, blob.bytes() - position);
    while (true) {
      try {
        return readOnce(bytes, offset, wanted);
      } catch (IOException e) {
        disconnect();
        failures++;
        bytesSinceFailure = 0;
        retries.waitAfter(e, failures);
      }
    }
  }

  private int readOnce(byte[] bytes, int offset, int wanted) throws IOException {
    BodyStream connected = body == null ? connect() : body;
    body = connected;
    int count = connected.read(bytes, offset, wanted);
    if (count < 0) {
      throw new TransientException(
          "the blob ended after " + position + " of " + blob.bytes() + " bytes");
    }
    position += count;
    bytesSinceFailure += count;
    if (bytesSinceFailure >= PROGRESS_BYTES) {
      failures = 0;
    }
    return count;
  }

  private BodyStream connect() throws IOException {
    ImmutableMap<String, String> headers =
        position == 0 ? ImmutableMap.of() : ImmutableMap.of("Range", "bytes=" + position + "-");
    Session.Call get = Session.Call.of("GET", session.uri("blobs/" + blob.digest()), headers);
    Answer answer = session.send(get, scopes);
    boolean isGood = false;
    try {
      check(answer);
      if (answer.status() == OK) {
        // The whole blob, though a part of it was asked for.
        answer.body().skipNBytes(position);
      }
      isGood = true;
      return answer.body();
    } finally {
      if (!isGood) {
        answer.close();
      }
    }
  }

  private void check(Answer answer) {
    if (answer.status() == NOT_FOUND) {
      throw Failures.missing(reference, blob);
    }
    if (answer.status() != OK && answer.status() != PARTIAL) {
      throw Failures.unexpected(reference, "read the blob " + blob.digest(), answer);
    }
    long first = answer.status() == OK ? 0 : position;
    boolean isRangeWrong =
        answer.status() == PARTIAL
            && !answer.header("Content-Range").orElse("").startsWith("bytes " + position + "-");
    if (isRangeWrong || answer.length().orElse(blob.bytes() - first) != blob.bytes() - first) {
      throw Failures.broken(
          reference,
          "sent another length or part of the blob " + blob.digest() + " than asked for");
    }
  }

  private void disconnect() {
    if (body != null) {
      body.close();
      body = null;
    }
  }

  @Override
  public void close() {
    isClosed = true;
    disconnect();
  }
}
