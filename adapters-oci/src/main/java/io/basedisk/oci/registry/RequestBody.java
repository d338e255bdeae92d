package io.basedisk.oci.registry;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;

/** The body of a request, which may be sent again. */
interface RequestBody extends AutoCloseable {

  /** Returns a publisher of the whole body. */
  BodyPublisher publisher();

  /** Returns how many bytes of the body the HTTP client has taken in its last sending. */
  long sent();

  /** Whether the HTTP client has taken the whole body. */
  boolean isSent();

  /** Reports the progress. */
  void report();

  /** Releases what is open. */
  @Override
  void close() throws IOException;

  /** Returns a body of these bytes, maybe none. */
  static RequestBody of(byte[] bytes) {
    return new RequestBody() {
      @Override
      public BodyPublisher publisher() {
        return bytes.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(bytes);
      }

      @Override
      public long sent() {
        return bytes.length;
      }

      @Override
      public boolean isSent() {
        return true;
      }

      @Override
      public void report() {
        // Too short to report.
      }

      @Override
      public void close() {
        // Nothing is open.
      }
    };
  }
}
