/**
 * Repositories of OCI registries, as in the OCI distribution specification 1.1.
 *
 * <p>{@link io.basedisk.oci.registry.RegistryBlobs} is the client of one repository; a {@link
 * io.basedisk.oci.registry.RegistryReference} names the repository and one of its artifacts. The
 * other classes, from the network upwards:
 *
 * <ul>
 *   <li>{@code Transport}, {@code BodyStream}, {@code StallTimer}, {@code Trust}: one request and
 *       its answer over {@code java.net.http}, ended when it stalls.
 *   <li>{@code Challenge}, {@code TokenServer}, {@code Authorizer}: Basic and Bearer authorization.
 *   <li>{@code CredentialFinder}, {@code CredentialFile}, {@code CredentialHelper}: the credentials
 *       that docker and podman keep. A {@code Secret} never shows its text.
 *   <li>{@code Session}: requests with authorization and redirects.
 *   <li>{@code Retries}: repeats what failed for a reason that passes.
 *   <li>{@code BlobUpload}, {@code ResumingStream}, {@code Manifests}, {@code TagPages}: the parts
 *       of the protocol.
 * </ul>
 *
 * <p>Whatever an answer holds is hostile: each body and header has a limit, texts are quoted
 * without control characters, and no digest of an answer is believed.
 *
 * <p>Start with {@link io.basedisk.oci.registry.RegistryBlobs}.
 */
@NullMarked
package io.basedisk.oci.registry;

import org.jspecify.annotations.NullMarked;
