package io.basedisk.oci.registry;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.error.FileFailure;
import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.port.Progress;
import io.basedisk.oci.blob.Blobs;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The blobs and manifests of a repository in a registry.
 *
 * <p>Requests that fail for a reason that may pass are repeated. A registry that sends or takes too
 * little for {@link RegistryOptions#stallLimit} is such a reason. Besides the errors of {@link
 * Blobs}, each method throws a {@link io.basedisk.domain.error.RefusedException} if the registry
 * refuses the credentials of docker's and podman's files, or asks for some and there are none.
 *
 * <p>Thread-safe. The streams of {@link #read} are for one thread each, and for the caller to
 * close.
 */
public final class RegistryBlobs implements Blobs {

  private final RegistryReference reference;
  private final RegistryOptions options;
  private final ImmutableList<String> scopes;
  private final Session session;
  private final Retries retries;
  private final BlobUpload upload;
  private final Manifests manifests;

  private RegistryBlobs(
      RegistryReference reference,
      RegistryOptions options,
      ImmutableList<String> scopes,
      Session session,
      Retries retries) {
    this.reference = reference;
    this.options = options;
    this.scopes = scopes;
    this.session = session;
    this.retries = retries;
    this.upload = new BlobUpload(reference, session, scopes);
    this.manifests = new Manifests(reference, session, scopes);
  }

  /**
   * Makes a client of a repository. Sends nothing yet.
   *
   * @param reference names the repository
   * @param access what the client may do
   * @param options how to reach the registry
   * @throws io.basedisk.domain.error.InvalidArgumentException if the CA file has no certificate
   * @throws StorageException if the CA file can't be read
   */
  public static RegistryBlobs of(
      RegistryReference reference, Access access, RegistryOptions options) {
    return of(reference, access, options, Environment.ofProcess(), Pacing.ofSystem());
  }

  static RegistryBlobs of(
      RegistryReference reference,
      Access access,
      RegistryOptions options,
      Environment environment,
      Pacing pacing) {
    Transport transport =
        new Transport(Trust.client(options.caFile()), pacing, options.stallLimit());
    Authorizer authorizer =
        new Authorizer(
            reference,
            new CredentialFinder(reference, environment),
            new TokenServer(reference, transport, pacing),
            pacing);
    Session session =
        new Session(
            reference,
            base(reference, options),
            options.plainHttp(),
            transport,
            authorizer,
            pacing);
    return new RegistryBlobs(
        reference,
        options,
        ImmutableList.of(access.scopeOf(reference.repository())),
        session,
        new Retries(reference, pacing));
  }

  /** Returns the URI of the registry's API. */
  static URI base(RegistryReference reference, RegistryOptions options) {
    URI https = URI.create("https://" + reference.apiHost() + "/v2/");
    boolean isPlain =
        options.plainHttp()
            || (options.caFile() == null && LocalHost.is(String.valueOf(https.getHost())));
    return isPlain ? URI.create("http://" + reference.apiHost() + "/v2/") : https;
  }

  /**
   * {@inheritDoc} With {@link RegistryOptions#mountFrom}, the registry takes a blob from that
   * repository if it has it there.
   */
  @Override
  public boolean has(Blob blob) {
    return retries.run(() -> upload.isStored(blob) || isMounted(blob));
  }

  /**
   * Stores a blob. No effect if it is there already. With {@link RegistryOptions#mountFrom}, the
   * registry first looks for the blob in that repository.
   *
   * @param blob the blob
   * @param file a file with its bytes
   * @param progress receives the bytes that were sent
   * @throws StorageException if the file has another length, or the registry does not have the blob
   *     afterwards
   */
  @Override
  public void write(Blob blob, Path file, Progress progress) {
    checkLength(blob, file);
    boolean isUploaded =
        retries.run(
            () -> {
              // Again in each attempt: the last one may have failed after the blob was stored.
              if (upload.isStored(blob) || isMounted(blob)) {
                return false;
              }
              upload.send(blob, file, progress);
              return true;
            });
    // The registry's word for it is not enough.
    if (isUploaded && !retries.run(() -> upload.isStored(blob))) {
      throw Failures.broken(
          reference, "took the blob " + blob.digest() + ", but does not have it afterwards");
    }
    progress.at(blob.bytes(), blob.bytes());
  }

  private boolean isMounted(Blob blob) throws IOException {
    Optional<String> source = options.mountSource();
    return source.isPresent() && upload.mount(blob, source.get()) && upload.isStored(blob);
  }

  private static void checkLength(Blob blob, Path file) {
    long length;
    try {
      length = Files.size(file);
    } catch (IOException e) {
      throw FileFailure.of(file + ": cannot read it: " + FileFailure.reasonOf(e), e);
    }
    if (length != blob.bytes()) {
      throw new StorageException(
          file + ": has " + length + " bytes instead of " + blob.bytes() + ": it was changed");
    }
  }

  @Override
  public InputStream read(Blob blob, long from) {
    checkArgument(from >= 0 && from <= blob.bytes(), "no byte %s in %s", from, blob);
    if (from == blob.bytes()) {
      // Registries refuse a range that begins at the end.
      if (!has(blob)) {
        throw Failures.missing(reference, blob);
      }
      return InputStream.nullInputStream();
    }
    return ResumingStream.open(reference, session, scopes, retries, blob, from);
  }

  @Override
  public ImmutableList<String> tags() {
    return retries.run(() -> new TagPages(reference, session, scopes).all());
  }

  @Override
  public Optional<byte[]> manifest(String name) {
    return retries.run(() -> manifests.find(name));
  }

  @Override
  public void putManifest(String name, String mediaType, byte[] manifest) {
    retries.run(
        () -> {
          manifests.put(name, mediaType, manifest);
          return true;
        });
  }

  /** Has no effect: requests end with the methods, and streams belong to the caller. */
  @Override
  public void close() {
    // The HTTP client is shared by the process.
  }
}
