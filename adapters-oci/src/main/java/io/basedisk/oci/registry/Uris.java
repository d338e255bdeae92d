package io.basedisk.oci.registry;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/** Makes URIs of requests. */
final class Uris {

  private Uris() {}

  /** Returns a URI with more parameters, which are encoded already. */
  static URI withQuery(URI uri, String parameters) {
    String text = uri.toString();
    int fragment = text.indexOf('#');
    String base = fragment < 0 ? text : text.substring(0, fragment);
    return URI.create(base + (uri.getRawQuery() == null ? "?" : "&") + parameters);
  }

  /** Resolves a server's {@code Location} or {@code Link}; empty if it is no HTTP URI. */
  static Optional<URI> resolve(URI request, String location) {
    if (location.isBlank()) {
      return Optional.empty();
    }
    try {
      URI uri = request.resolve(new URI(location));
      return Origin.find(uri).isPresent() ? Optional.of(uri) : Optional.empty();
    } catch (URISyntaxException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
