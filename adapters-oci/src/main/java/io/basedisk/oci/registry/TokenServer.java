package io.basedisk.oci.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.base.CharMatcher;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.Remedy;
import io.basedisk.domain.error.StorageException;
import io.basedisk.oci.blob.FormatException;
import io.basedisk.oci.json.Json;
import io.basedisk.oci.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Fetches short-lived tokens, as docker's token specification says. Credentials go to a server over
 * HTTPS or on a loopback address only, and never along a redirect.
 */
final class TokenServer {

  private static final String CLIENT_ID = "basedisk";
  private static final int MAX_ANSWER_BYTES = 256 << 10;
  private static final int MAX_TOKEN = 64 << 10;

  /** Lifetime of a token whose server does not say it. */
  private static final long DEFAULT_SECONDS = 60;

  private static final long MAX_SECONDS = Duration.ofHours(1).toSeconds();

  /** A token is not used in its last seconds, since a request takes some. */
  private static final long SPARE_SECONDS = 10;

  private static final CharMatcher VISIBLE = CharMatcher.inRange('!', '~');

  /**
   * A token.
   *
   * @param text what to send
   * @param end when to fetch another
   */
  record Token(Secret text, Instant end) {}

  private final RegistryReference reference;
  private final Transport transport;
  private final Pacing pacing;

  TokenServer(RegistryReference reference, Transport transport, Pacing pacing) {
    this.reference = reference;
    this.transport = transport;
    this.pacing = pacing;
  }

  /**
   * Fetches a token.
   *
   * @param challenge what the registry asked for
   * @param scopes what the token is for
   * @param credential what to prove one's identity with; empty for an anonymous token
   * @throws RefusedException if the server refuses, or may not be asked
   */
  Token fetch(Challenge challenge, List<String> scopes, Optional<Credential> credential)
      throws IOException {
    URI realm = challenge.realm().orElseThrow(() -> refused("names no valid token server"));
    if (!Origin.find(realm).orElseThrow().isPrivate()) {
      throw refused(
          "names a token server without TLS, which gets no credentials: "
              + Failures.quote(realm.toString()));
    }
    HttpRequest request = request(realm, challenge, scopes, credential);
    try (Answer answer = transport.send(request, RequestBody.of(new byte[0]))) {
      return token(answer);
    }
  }

  private static HttpRequest request(
      URI realm, Challenge challenge, List<String> scopes, Optional<Credential> credential) {
    String service = challenge.service().map(name -> "&service=" + encode(name)).orElse("");
    if (credential.orElse(null) instanceof Credential.IdentityToken identity) {
      String form =
          "grant_type=refresh_token&client_id="
              + CLIENT_ID
              + service
              + "&scope="
              + encode(String.join(" ", scopes))
              + "&refresh_token="
              + encode(identity.token().reveal());
      return HttpRequest.newBuilder(realm)
          .header("Content-Type", "application/x-www-form-urlencoded")
          .POST(BodyPublishers.ofString(form))
          .build();
    }
    String query =
        scopes.stream().map(scope -> "&scope=" + encode(scope)).collect(Collectors.joining())
            + service;
    HttpRequest.Builder request = HttpRequest.newBuilder(Uris.withQuery(realm, query.substring(1)));
    if (credential.orElse(null) instanceof Credential.Password password) {
      request.header("Authorization", password.basic().reveal());
    }
    return request.build();
  }

  private Token token(Answer answer) throws IOException {
    Failures.checkTransient(answer, pacing.clock());
    if (answer.status() >= 400 && answer.status() < 500) {
      throw refused("has a token server that refused: " + Failures.reason(answer));
    }
    if (answer.status() != 200) {
      throw broken("answered " + answer.status());
    }
    byte[] body = answer.bytes(MAX_ANSWER_BYTES);
    if (body.length > MAX_ANSWER_BYTES) {
      throw broken("sent more than " + MAX_ANSWER_BYTES + " bytes");
    }
    JsonObject json;
    try {
      json = Json.read(body);
    } catch (FormatException e) {
      // Not the cause: its message quotes the answer, which may have a token.
      throw broken("sent no valid JSON");
    }
    String text = json.textOrNone("token").or(() -> json.textOrNone("access_token")).orElse("");
    if (text.isEmpty() || text.length() > MAX_TOKEN || !VISIBLE.matchesAllOf(text)) {
      throw broken("sent no valid token");
    }
    return new Token(new Secret(text), pacing.clock().instant().plusSeconds(lifetime(json)));
  }

  private static long lifetime(JsonObject json) {
    long seconds = json.textOrNone("expires_in").map(Retries::seconds).orElse(DEFAULT_SECONDS);
    return Math.max(Math.min(seconds, MAX_SECONDS) - SPARE_SECONDS, 0);
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, UTF_8);
  }

  private RefusedException refused(String why) {
    return new RefusedException(
        reference.registry() + " " + why, new Remedy.LogIn(reference.registry()));
  }

  private StorageException broken(String why) {
    return new StorageException(
        "the token server of " + reference.registry() + " " + why,
        new Remedy.CheckRegistry(reference.registry()),
        null);
  }
}
