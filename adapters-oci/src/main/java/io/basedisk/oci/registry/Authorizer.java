package io.basedisk.oci.registry;

import com.google.common.base.Suppliers;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.Remedy;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Authorizes the requests to one registry. It asks for credentials only when the registry does, and
 * keeps the tokens of each scope. Scopes are those that the client needs: the registry's own could
 * ask for more.
 *
 * <p>Thread-safe. One thread at a time fetches a token, so that the others find it.
 */
final class Authorizer {

  private final RegistryReference reference;
  private final CredentialFinder finder;
  private final TokenServer server;

  private final Pacing pacing;
  private final Supplier<Optional<Credential>> credential;

  private final Map<List<String>, TokenServer.Token> tokens = new HashMap<>();
  private @Nullable Challenge challenge;

  Authorizer(
      RegistryReference reference, CredentialFinder finder, TokenServer server, Pacing pacing) {
    this.reference = reference;
    this.finder = finder;
    this.credential = Suppliers.memoize(finder::find);
    this.server = server;
    this.pacing = pacing;
  }

  /**
   * Returns the value of the {@code Authorization} header; empty if the registry has asked for none
   * so far.
   */
  synchronized Optional<Secret> header(List<String> scopes) throws IOException {
    if (challenge == null) {
      return Optional.empty();
    }
    @Nullable Credential known = credential.get().orElse(null);
    if (challenge.isBasic()) {
      return known instanceof Credential.Password password
          ? Optional.of(password.basic())
          : Optional.empty();
    }
    Secret token =
        known instanceof Credential.RegistryToken given ? given.token() : token(challenge, scopes);
    return Optional.of(new Secret("Bearer " + token.reveal()));
  }

  /**
   * Takes note of a 401.
   *
   * @param answer the answer
   * @param scopes the scopes of the request
   * @param hadHeader whether the request had an {@code Authorization} header
   * @param isRepeated whether the request was repeated after a 401 already
   * @throws RefusedException if it is no use to repeat the request
   */
  synchronized void challenged(
      Answer answer, List<String> scopes, boolean hadHeader, boolean isRepeated) {
    Challenge asked = choose(Challenge.in(answer));
    boolean isTokenRefused = hadHeader && asked.isBearer() && !isRepeated;
    challenge = asked;
    if (hadHeader && !isTokenRefused) {
      throw refused(
          credential.get().isPresent()
              ? "refused the credentials from " + finder.source()
              : "allows no anonymous access to " + reference.repository());
    }
    tokens.remove(scopes); // It may have expired.
    if (asked.isBasic() && !(credential.get().orElse(null) instanceof Credential.Password)) {
      throw refused("asks for a user and a password; none were found in " + finder.source());
    }
  }

  private Challenge choose(List<Challenge> challenges) {
    return challenges.stream()
        .filter(Challenge::isBearer)
        .findFirst()
        .or(() -> challenges.stream().findFirst())
        .orElseThrow(() -> refused("asks for an authorization that basedisk does not know"));
  }

  private Secret token(Challenge asked, List<String> scopes) throws IOException {
    TokenServer.@Nullable Token known = tokens.get(scopes);
    if (known == null || !pacing.clock().instant().isBefore(known.end())) {
      known = server.fetch(asked, scopes, credential.get());
      tokens.put(List.copyOf(scopes), known);
    }
    return known.text();
  }

  private RefusedException refused(String why) {
    return new RefusedException(
        reference.registry() + " " + why, new Remedy.LogIn(reference.registry()));
  }
}
