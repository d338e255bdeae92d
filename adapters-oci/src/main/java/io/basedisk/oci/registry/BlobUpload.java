package io.basedisk.oci.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.basedisk.domain.port.Progress;
import io.basedisk.oci.blob.Blobs.Blob;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.file.Path;

/**
 * Uploads a blob: a POST opens an upload, one PUT sends the file. The POST has no body, because
 * some registries ignore it. Registries remove unfinished uploads after some days.
 */
final class BlobUpload {

  private static final int CREATED = 201;
  private static final int ACCEPTED = 202;
  private static final int NOT_FOUND = 404;
  private static final String POST = "POST";

  private final RegistryReference reference;
  private final Session session;
  private final ImmutableList<String> scopes;

  /**
   * Makes an upload.
   *
   * @param reference names the repository
   * @param session sends requests
   * @param scopes what a token must allow
   */
  BlobUpload(RegistryReference reference, Session session, ImmutableList<String> scopes) {
    this.reference = reference;
    this.session = session;
    this.scopes = scopes;
  }

  /**
   * Asks the registry to take a blob from another repository of its own.
   *
   * @param blob the blob
   * @param from name of the other repository
   * @return whether it did
   */
  boolean mount(Blob blob, String from) throws IOException {
    URI uri =
        Uris.withQuery(
            session.uri("blobs/uploads/"),
            "mount=" + encode(blob.digest().toString()) + "&from=" + encode(from));
    ImmutableList<String> both =
        ImmutableList.<String>builder().addAll(scopes).add(Access.PULL.scopeOf(from)).build();
    // Otherwise the registry may open an upload, or refuse to read the other repository.
    try (Answer answer = session.send(Session.Call.of(POST, uri), both)) {
      return answer.status() == CREATED;
    }
  }

  /** Sends a file. */
  void send(Blob blob, Path file, Progress progress) throws IOException {
    URI upload = Uris.withQuery(open(), "digest=" + encode(blob.digest().toString()));
    Session.Call put =
        new Session.Call(
            "PUT",
            upload,
            ImmutableMap.of("Content-Type", "application/octet-stream"),
            new FileUpload(file, blob.bytes(), progress));
    try (Answer answer = session.send(put, scopes)) {
      if (answer.status() == NOT_FOUND) {
        throw new TransientException("it has lost the upload");
      }
      if (answer.status() != CREATED) {
        throw Failures.unexpected(reference, "upload the blob " + blob.digest(), answer);
      }
    }
  }

  private URI open() throws IOException {
    URI uri = session.uri("blobs/uploads/");
    try (Answer answer = session.send(Session.Call.of(POST, uri), scopes)) {
      if (answer.status() != ACCEPTED) {
        throw Failures.unexpected(reference, "upload to " + reference.repository(), answer);
      }
      answer.drain();
      return session.target(answer, "Location");
    }
  }

  /** Whether the repository has a blob. */
  boolean isStored(Blob blob) throws IOException {
    URI uri = session.uri("blobs/" + blob.digest());
    try (Answer answer = session.send(Session.Call.of("HEAD", uri), scopes)) {
      if (answer.status() == 200) {
        return answer.length().orElse(blob.bytes()) == blob.bytes();
      }
      if (answer.status() == NOT_FOUND) {
        return false;
      }
      throw Failures.unexpected(reference, "look for the blob " + blob.digest(), answer);
    }
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, UTF_8);
  }
}
