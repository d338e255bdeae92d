package io.basedisk.oci.registry;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.hash.Hashing;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.model.artifact.Sha256;
import io.basedisk.oci.blob.Blobs;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;

/** The manifests of a repository. */
final class Manifests {

  private static final String TYPES =
      "application/vnd.oci.image.manifest.v1+json, application/vnd.oci.image.index.v1+json,"
          + " application/vnd.docker.distribution.manifest.v2+json,"
          + " application/vnd.docker.distribution.manifest.list.v2+json";

  private static final String DIGEST_PREFIX = "sha256:";

  private final RegistryReference reference;
  private final Session session;
  private final ImmutableList<String> scopes;

  /**
   * Makes an access to the manifests.
   *
   * @param reference names the repository
   * @param session sends requests
   * @param scopes what a token must allow
   */
  Manifests(RegistryReference reference, Session session, ImmutableList<String> scopes) {
    this.reference = reference;
    this.session = session;
    this.scopes = scopes;
  }

  /** Returns the manifest of a tag or digest; empty if there is none. */
  Optional<byte[]> find(String name) throws IOException {
    Session.Call get =
        Session.Call.of("GET", session.uri("manifests/" + name), ImmutableMap.of("Accept", TYPES));
    try (Answer answer = session.send(get, scopes)) {
      if (answer.status() == 404) {
        answer.drain();
        return Optional.empty();
      }
      if (answer.status() != 200) {
        throw Failures.unexpected(reference, "read the manifest " + name, answer);
      }
      if (answer.header("Content-Type").orElse("").startsWith("text/html")) {
        throw Failures.broken(reference, "answered with a web page: it may be no registry");
      }
      byte[] manifest = answer.bytes(Blobs.MAX_MANIFEST_BYTES);
      check(name, manifest);
      return Optional.of(manifest);
    }
  }

  private void check(String name, byte[] manifest) {
    if (manifest.length > Blobs.MAX_MANIFEST_BYTES) {
      throw new InvalidImageException(
          describe(name) + ": longer than " + Blobs.MAX_MANIFEST_BYTES + " bytes");
    }
    if (name.startsWith(DIGEST_PREFIX) && !digest(manifest).toString().equals(name)) {
      throw new InvalidImageException(
          describe(name)
              + ": the registry sent other content, with the digest "
              + digest(manifest));
    }
  }

  /** Stores a manifest, and reads it back: the registry's word for it is not enough. */
  void put(String name, String mediaType, byte[] manifest) throws IOException {
    Session.Call put =
        new Session.Call(
            "PUT",
            session.uri("manifests/" + name),
            ImmutableMap.of("Content-Type", mediaType),
            RequestBody.of(manifest));
    try (Answer answer = session.send(put, scopes)) {
      if (answer.status() != 201) {
        throw Failures.unexpected(reference, "store the manifest " + name, answer);
      }
      answer.drain();
    }
    Optional<byte[]> stored = find(digest(manifest).toString());
    if (!stored.map(bytes -> Arrays.equals(bytes, manifest)).orElse(false)) {
      throw Failures.broken(
          reference, "took the manifest " + name + ", but does not have it afterwards");
    }
  }

  private String describe(String name) {
    return "manifest " + name + " of " + reference.registry() + "/" + reference.repository();
  }

  private static Sha256 digest(byte[] bytes) {
    return Sha256.of(Hashing.sha256().hashBytes(bytes));
  }
}
