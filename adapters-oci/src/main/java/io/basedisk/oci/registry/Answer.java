package io.basedisk.oci.registry;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A server's answer. Everything in it is hostile: long headers are ignored and bodies cut off.
 *
 * @param uri URI of the request that was answered
 * @param response the answer
 */
record Answer(URI uri, HttpResponse<BodyStream> response) implements AutoCloseable {

  /** Limit of a header's value that is used, in characters. */
  static final int MAX_HEADER = 8 << 10;

  private static final int MAX_HEADER_VALUES = 16;

  /** How much of a body is read when only its end matters. */
  private static final int MAX_DRAINED = 64 << 10;

  int status() {
    return response.statusCode();
  }

  /** Returns the value of a header; empty if there is none, or it is too long. */
  Optional<String> header(String name) {
    return response.headers().firstValue(name).filter(value -> value.length() <= MAX_HEADER);
  }

  /** Returns the first values of a header, without those that are too long. */
  List<String> headers(String name) {
    return response.headers().allValues(name).stream()
        .filter(value -> value.length() <= MAX_HEADER)
        .limit(MAX_HEADER_VALUES)
        .toList();
  }

  /** Returns the {@code Content-Length}, if there is a valid one. */
  OptionalLong length() {
    try {
      return response.headers().firstValueAsLong("Content-Length");
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
  }

  BodyStream body() {
    return response.body();
  }

  /**
   * Reads the body; at most one byte more than the limit, so that the caller sees that it is
   * longer.
   */
  byte[] bytes(int limit) throws IOException {
    return body().readNBytes(limit + 1);
  }

  /** Reads a short body to its end, so that the connection can be used again. */
  void drain() {
    try {
      body().readNBytes(MAX_DRAINED);
    } catch (IOException e) {
      // The answer's status and headers are there; the connection is lost.
    } finally {
      close();
    }
  }

  @Override
  public void close() {
    body().close();
  }
}
