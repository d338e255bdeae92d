package io.basedisk.oci.registry;

import io.basedisk.domain.error.InterruptedOperationException;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Sends one request and waits for its answer. Ends both when the peer stalls or the thread is
 * interrupted: the timeout of an {@code HttpRequest} counts the upload, and does not count the body
 * of the answer.
 */
final class Transport {

  /** A registry may copy a blob before it answers an upload, which takes longer than a read. */
  private static final int COMMIT_FACTOR = 5;

  private final HttpClient client;
  private final Pacing pacing;
  private final Duration stallLimit;

  Transport(HttpClient client, Pacing pacing, Duration stallLimit) {
    this.client = client;
    this.pacing = pacing;
    this.stallLimit = stallLimit;
  }

  /**
   * Sends a request. The caller closes the answer.
   *
   * @throws IOException if there is no answer
   * @throws InterruptedOperationException if the thread is interrupted
   */
  Answer send(HttpRequest request, RequestBody body) throws IOException {
    CompletableFuture<HttpResponse<BodyStream>> response =
        client.sendAsync(request, info -> new BodyStream(timer(stallLimit)));
    boolean isAnswered = false;
    try {
      Answer answer = new Answer(request.uri(), await(response, body));
      isAnswered = true;
      return answer;
    } finally {
      if (!isAnswered) {
        abandon(response);
      }
      body.close();
    }
  }

  private HttpResponse<BodyStream> await(
      CompletableFuture<HttpResponse<BodyStream>> response, RequestBody body) throws IOException {
    StallTimer timer = timer(stallLimit);
    long sent = 0;
    boolean wasSent = body.isSent();
    while (true) {
      try {
        return response.get(BodyStream.SLICE_MILLIS, TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        body.report();
        if (timer.isOver()) {
          throw new TransientException("it did not answer");
        }
        if (body.isSent() && !wasSent) {
          wasSent = true;
          timer = timer(stallLimit.multipliedBy(COMMIT_FACTOR));
        } else if (body.sent() != sent) {
          sent = body.sent();
          timer = timer(stallLimit);
        }
      } catch (ExecutionException e) {
        throw e.getCause() instanceof IOException failure
            ? failure
            : new IOException("the request failed", e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedOperationException("the transfer was interrupted", e);
      }
    }
  }

  /** Ends a request, or its answer if this has come by now. */
  private static void abandon(CompletableFuture<HttpResponse<BodyStream>> response) {
    if (!response.cancel(true) && !response.isCompletedExceptionally()) {
      response.join().body().close();
    }
  }

  private StallTimer timer(Duration limit) {
    return new StallTimer(pacing.ticker(), limit);
  }
}
