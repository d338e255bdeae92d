package io.basedisk.oci.registry;

import com.google.common.base.CharMatcher;
import com.google.common.base.Throwables;
import io.basedisk.domain.error.BaseDiskException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.Remedy;
import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.model.Quoted;
import io.basedisk.oci.blob.Blobs.Blob;
import io.basedisk.oci.blob.FormatException;
import io.basedisk.oci.json.Json;
import io.basedisk.oci.json.JsonObject;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.time.Clock;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/** Turns the failures of a registry into errors, with its own words where these are harmless. */
final class Failures {

  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;
  private static final int TOO_MANY = 429;
  private static final int MAX_REASON_BYTES = 16 << 10;

  /** The JDK has several texts for a peer that does not speak TLS, and no class. */
  private static final String PLAIN = "SSL message";

  private static final CharMatcher SHOWN = CharMatcher.inRange(' ', '~');

  private Failures() {}

  /** Returns a server's text for a message: short, on one line, printable ASCII only. */
  static String quote(String text) {
    return Quoted.of(SHOWN.negate().replaceFrom(text, '?'));
  }

  /** Throws an exception if an answer asks to try again: 429, or a failing server. */
  static void checkTransient(Answer answer, Clock clock) throws TransientException {
    int status = answer.status();
    if (status == TOO_MANY || (status >= 500 && status != 501 && status != 505)) {
      String reason = reason(answer);
      answer.drain();
      throw new TransientException(
          "it answered " + reason,
          answer
              .header("Retry-After")
              .flatMap(text -> Retries.retryAfter(text, clock))
              .orElse(null));
    }
  }

  /** Returns the status of an answer, with the code and message of its error if it has one. */
  static String reason(Answer answer) {
    try {
      JsonObject json = Json.read(answer.bytes(MAX_REASON_BYTES));
      return answer.status()
          + json.objectsOrNone("errors").stream()
              .findFirst()
              .map(Failures::text)
              .or(() -> json.textOrNone("details").map(details -> " (" + quote(details) + ")"))
              .orElse("");
    } catch (IOException | FormatException e) {
      return Integer.toString(answer.status()); // A web page, for example.
    }
  }

  private static String text(JsonObject error) {
    String code = error.textOrNone("code").orElse("");
    String message = error.textOrNone("message").orElse("");
    return " (" + quote(message.isEmpty() ? code : code + ": " + message) + ")";
  }

  /**
   * Returns the error for an answer with an unexpected status.
   *
   * @param what what failed, in the form "push a blob"
   */
  static BaseDiskException unexpected(RegistryReference reference, String what, Answer answer) {
    String message = "cannot " + what + ": " + reference.registry() + " answered " + reason(answer);
    answer.drain();
    return answer.status() == UNAUTHORIZED || answer.status() == FORBIDDEN
        ? new RefusedException(message, new Remedy.LogIn(reference.registry()))
        : new StorageException(message, new Remedy.CheckRegistry(reference.registry()), null);
  }

  /** Returns the error for an answer that breaks the protocol. */
  static StorageException broken(RegistryReference reference, String why) {
    return new StorageException(
        reference.registry() + " " + why, new Remedy.CheckRegistry(reference.registry()), null);
  }

  /** Returns the error for a blob that the repository does not have. */
  static NotFoundException missing(RegistryReference reference, Blob blob) {
    return new NotFoundException(
        "no blob " + blob.digest() + " in " + reference.registry() + "/" + reference.repository());
  }

  /** Whether a failure may pass, so that another attempt is worth it. */
  static boolean mayPass(IOException failure) {
    return !isTrust(failure) && !isPlain(failure) && !isUnresolved(failure);
  }

  /** Returns the error for a request that got no answer. */
  static StorageException of(RegistryReference reference, IOException failure) {
    String registry = reference.registry();
    if (isTrust(failure)) {
      return new StorageException(
          "cannot trust " + registry + ": " + message(failure),
          new Remedy.TrustAuthority(registry),
          failure);
    }
    if (isPlain(failure)) {
      return new StorageException(
          "cannot reach " + registry + " by TLS: it does not speak TLS",
          new Remedy.AllowPlainHttp(registry),
          failure);
    }
    return new StorageException(
        "cannot reach " + registry + ": " + message(failure),
        new Remedy.CheckRegistry(registry),
        failure);
  }

  private static String message(IOException failure) {
    if (isUnresolved(failure)) {
      return "no such host";
    }
    @Nullable String message = failure.getMessage();
    if (message != null) {
      return quote(message);
    }
    // The JDK's exception for a refused connection has no message.
    return failure instanceof ConnectException
        ? "it refused the connection"
        : failure.getClass().getSimpleName();
  }

  private static boolean isTrust(IOException failure) {
    return isCausedBy(failure, CertificateException.class)
        || isCausedBy(failure, CertPathBuilderException.class)
        || isCausedBy(failure, SSLPeerUnverifiedException.class);
  }

  /** Whether the peer does not speak TLS. */
  private static boolean isPlain(IOException failure) {
    return causes(failure)
        .anyMatch(
            cause ->
                cause instanceof SSLException
                    && String.valueOf(cause.getMessage()).contains(PLAIN));
  }

  private static boolean isUnresolved(IOException failure) {
    return isCausedBy(failure, UnresolvedAddressException.class);
  }

  private static boolean isCausedBy(IOException failure, Class<? extends Exception> kind) {
    return causes(failure).anyMatch(kind::isInstance);
  }

  private static Stream<Throwable> causes(IOException failure) {
    return Throwables.getCausalChain(failure).stream();
  }
}
