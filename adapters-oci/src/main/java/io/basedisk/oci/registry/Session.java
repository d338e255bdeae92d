package io.basedisk.oci.registry;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.Remedy;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.Optional;

/**
 * Sends requests to one registry, with authorization and redirects. Credentials go to the
 * registry's own origin only. A redirect of a read may lead to other hosts, where registries keep
 * their blobs; a redirect of a write is an error.
 */
final class Session {

  private static final int MAX_REDIRECTS = 5;
  private static final int UNAUTHORIZED = 401;
  private static final ImmutableSet<Integer> REDIRECTS = ImmutableSet.of(301, 302, 303, 307, 308);
  private static final ImmutableSet<String> READS = ImmutableSet.of("GET", "HEAD");

  /**
   * A request.
   *
   * @param method its method
   * @param uri its URI
   * @param headers its headers, without the authorization
   * @param body its body
   */
  record Call(String method, URI uri, ImmutableMap<String, String> headers, RequestBody body) {

    /** Returns a request without a body. */
    static Call of(String method, URI uri) {
      return of(method, uri, ImmutableMap.of());
    }

    /** Returns a request without a body. */
    static Call of(String method, URI uri, ImmutableMap<String, String> headers) {
      return new Call(method, uri, headers, RequestBody.of(new byte[0]));
    }

    private Call to(URI other) {
      return new Call(method, other, headers, body);
    }

    private Origin origin() {
      return Origin.find(uri).orElseThrow();
    }
  }

  private final RegistryReference reference;
  private final URI base;
  private final boolean isPlainAllowed;
  private final Transport transport;
  private final Authorizer authorizer;
  private final Pacing pacing;

  /**
   * Makes a session.
   *
   * @param reference names the registry
   * @param base URI of its API, with {@code /v2/} at the end
   * @param isPlainAllowed whether HTTP without TLS may leave this machine
   * @param transport sends requests
   * @param authorizer authorizes them
   * @param pacing tells the date
   */
  Session(
      RegistryReference reference,
      URI base,
      boolean isPlainAllowed,
      Transport transport,
      Authorizer authorizer,
      Pacing pacing) {
    this.reference = reference;
    this.base = base;
    this.isPlainAllowed = isPlainAllowed;
    this.transport = transport;
    this.authorizer = authorizer;
    this.pacing = pacing;
  }

  /** Returns the URI of a path in the repository, for example {@code blobs/uploads/}. */
  URI uri(String path) {
    return base.resolve(reference.repository() + "/" + path);
  }

  /**
   * Sends a request, and repeats it with authorization or elsewhere if the registry asks for it.
   *
   * @param call the request
   * @param scopes what a token must allow
   * @return the answer, for the caller to close
   * @throws TransientException if the registry asks to try again
   * @throws RefusedException if the registry refuses the credentials
   */
  Answer send(Call call, ImmutableList<String> scopes) throws IOException {
    Call current = call;
    for (int redirects = 0; ; redirects++) {
      Answer answer = authorized(current, scopes);
      if (!REDIRECTS.contains(answer.status())) {
        return checked(answer);
      }
      answer.drain();
      if (redirects == MAX_REDIRECTS) {
        throw Failures.broken(reference, "redirects more than " + MAX_REDIRECTS + " times");
      }
      if (!READS.contains(call.method())) {
        throw Failures.broken(reference, "redirects an upload, which is not allowed");
      }
      current = current.to(target(answer, "Location"));
    }
  }

  private Answer checked(Answer answer) throws IOException {
    try {
      Failures.checkTransient(answer, pacing.clock());
      return answer;
    } catch (IOException e) {
      answer.close();
      throw e;
    }
  }

  /**
   * Returns the URI in a header of an answer.
   *
   * @throws io.basedisk.domain.error.StorageException if it is missing or invalid, or less safe
   *     than the request was
   */
  URI target(Answer answer, String header) {
    Optional<String> location = answer.header(header);
    URI uri =
        location
            .flatMap(text -> Uris.resolve(answer.uri(), text))
            .orElseThrow(() -> Failures.broken(reference, "sent no valid " + header + " header"));
    checkSafe(Origin.find(answer.uri()).orElseThrow(), Origin.find(uri).orElseThrow());
    return uri;
  }

  private void checkSafe(Origin from, Origin to) {
    if (from.isHttps() && !to.isHttps()) {
      throw Failures.broken(
          reference, "leads from HTTPS to HTTP, on " + Failures.quote(to.host()) + "; refused");
    }
    if (!to.isPrivate() && !isPlainAllowed) {
      throw new RefusedException(
          reference.registry() + " leads to " + Failures.quote(to.host()) + " without TLS",
          new Remedy.AllowPlainHttp(to.host()));
    }
  }

  private Answer authorized(Call call, ImmutableList<String> scopes) throws IOException {
    boolean isOwn = call.origin().equals(Origin.find(base).orElseThrow());
    for (boolean isRepeated = false; ; isRepeated = true) {
      Optional<Secret> header = isOwn ? authorizer.header(scopes) : Optional.empty();
      Answer answer = transport.send(request(call, header), call.body());
      if (answer.status() != UNAUTHORIZED || !isOwn) {
        return answer;
      }
      answer.drain();
      authorizer.challenged(answer, scopes, header.isPresent(), isRepeated);
    }
  }

  private static HttpRequest request(Call call, Optional<Secret> authorization) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(call.uri())
            .method(call.method(), call.body().publisher())
            .header("User-Agent", "basedisk");
    call.headers().forEach(request::header);
    authorization.ifPresent(secret -> request.header("Authorization", secret.reveal()));
    return request.build();
  }
}
