package io.basedisk.oci.registry;

import com.google.common.base.Ascii;
import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a request goes: only the same origin gets the same credentials.
 *
 * @param scheme {@code http} or {@code https}
 * @param host host in lower case; an IPv6 address has brackets
 * @param port the port
 */
record Origin(String scheme, String host, int port) {

  private static final String HTTPS = "https";
  private static final int HTTPS_PORT = 443;
  private static final int HTTP_PORT = 80;

  /** Returns the origin of a URI; empty if it is no valid HTTP URI, or names a user. */
  static Optional<Origin> find(URI uri) {
    @Nullable String scheme = uri.getScheme();
    @Nullable String host = uri.getHost();
    if (scheme == null || host == null || uri.getUserInfo() != null) {
      return Optional.empty();
    }
    String lower = Ascii.toLowerCase(scheme);
    if (!lower.equals(HTTPS) && !lower.equals("http")) {
      return Optional.empty();
    }
    int standard = lower.equals(HTTPS) ? HTTPS_PORT : HTTP_PORT;
    return Optional.of(
        new Origin(lower, Ascii.toLowerCase(host), uri.getPort() < 0 ? standard : uri.getPort()));
  }

  boolean isHttps() {
    return scheme.equals(HTTPS);
  }

  boolean isLoopback() {
    return LocalHost.is(host);
  }

  /** Whether only the peer can read what is sent. */
  boolean isPrivate() {
    return isHttps() || isLoopback();
  }
}
