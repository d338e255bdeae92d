package io.basedisk.oci.registry;

import io.basedisk.domain.error.InterruptedOperationException;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The body of an answer as a stream that ends when the peer stalls or the reader is interrupted.
 * The JDK's own stream has no time limit, and swallows interrupts before JDK 20.
 *
 * <p>The HTTP client calls the methods of the subscriber; one thread reads.
 */
final class BodyStream extends InputStream implements BodySubscriber<BodyStream> {

  /** How often a waiting reader looks at the clock. */
  static final long SLICE_MILLIS = 20;

  /** What the client delivered: buffers, or an end with or without a failure. */
  private record Part(List<ByteBuffer> buffers, boolean isLast, @Nullable Throwable failure) {}

  private final BlockingQueue<Part> parts = new LinkedBlockingQueue<>();
  private final StallTimer timer;
  private final CompletableFuture<Subscription> subscription = new CompletableFuture<>();
  private Part current = new Part(List.of(), false, null);
  private int index;

  BodyStream(StallTimer timer) {
    this.timer = timer;
  }

  @Override
  public CompletionStage<BodyStream> getBody() {
    return CompletableFuture.completedFuture(this);
  }

  @Override
  public void onSubscribe(Subscription given) {
    if (subscription.complete(given)) {
      given.request(1);
    } else {
      given.cancel();
    }
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    parts.add(new Part(buffers, false, null));
  }

  @Override
  public void onError(Throwable failure) {
    parts.add(new Part(List.of(), true, failure));
  }

  @Override
  public void onComplete() {
    parts.add(new Part(List.of(), true, null));
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    if (length == 0) {
      return 0;
    }
    @Nullable ByteBuffer buffer = next();
    if (buffer == null) {
      return -1;
    }
    int count = Math.min(length, buffer.remaining());
    buffer.get(bytes, offset, count);
    return count;
  }

  /** Returns a buffer that has bytes; null at the end of the body. */
  private @Nullable ByteBuffer next() throws IOException {
    while (true) {
      for (; index < current.buffers().size(); index++) {
        if (current.buffers().get(index).hasRemaining()) {
          return current.buffers().get(index);
        }
      }
      if (current.failure() != null) {
        throw new IOException(current.failure().getMessage(), current.failure());
      }
      if (current.isLast()) {
        return null;
      }
      current = await();
      index = 0;
      if (!current.isLast()) {
        subscription.join().request(1);
      }
    }
  }

  private Part await() throws IOException {
    timer.begin();
    try {
      while (true) {
        @Nullable Part part = parts.poll(SLICE_MILLIS, TimeUnit.MILLISECONDS);
        if (part != null) {
          timer.pause(part.buffers().stream().mapToLong(ByteBuffer::remaining).sum());
          return part;
        }
        if (timer.isOver()) {
          close();
          throw new TransientException("it stopped to send");
        }
      }
    } catch (InterruptedException e) {
      close();
      Thread.currentThread().interrupt();
      throw new InterruptedOperationException("the transfer was interrupted", e);
    }
  }

  /** Ends the transfer; the connection closes unless the body was complete. */
  @Override
  public void close() {
    // A subscription that comes later finds the future cancelled.
    if (!subscription.cancel(false)) {
      subscription.join().cancel();
    }
    // A reader that goes on gets an error rather than waiting.
    current = new Part(List.of(), true, new IOException("the stream is closed"));
  }
}
