package io.basedisk.oci.registry;

import io.basedisk.domain.error.InvalidArgumentException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How to reach a registry.
 *
 * @param caFile a PEM file with certificates to trust besides the system's; null for none
 * @param plainHttp whether to use HTTP without TLS. Without it, only registries on a loopback
 *     address are reached by HTTP, and these by HTTPS too if {@code caFile} is given
 * @param mountFrom another repository of the registry, whose blobs need no upload if they are the
 *     same; null for none
 * @param stallLimit how long to wait for the next bytes, more than 0
 */
public record RegistryOptions(
    @Nullable Path caFile, boolean plainHttp, @Nullable String mountFrom, Duration stallLimit) {

  private static final Duration STALL_LIMIT = Duration.ofMinutes(1);

  /** TLS with the system's certificates, and a minute's wait for bytes. */
  public static final RegistryOptions DEFAULT = new RegistryOptions(null, false, null, STALL_LIMIT);

  /**
   * Checks the values.
   *
   * @param caFile see {@link #caFile}
   * @param plainHttp see {@link #plainHttp}
   * @param mountFrom see {@link #mountFrom}
   * @param stallLimit see {@link #stallLimit}
   * @throws InvalidArgumentException if a value is invalid
   */
  public RegistryOptions {
    if (stallLimit.isNegative() || stallLimit.isZero()) {
      throw new InvalidArgumentException("a wait of " + stallLimit + " is too short");
    }
    if (caFile != null && plainHttp) {
      throw new InvalidArgumentException(
          "a CA file has no use with plain HTTP: give one of them only");
    }
    if (mountFrom != null) {
      RegistryReference.checkRepository(mountFrom);
    }
  }

  /**
   * {@return the options with a file of certificates to trust}
   *
   * @param file a PEM file
   */
  public RegistryOptions withCaFile(Path file) {
    return new RegistryOptions(file, plainHttp, mountFrom, stallLimit);
  }

  /** {@return the options with HTTP without TLS} */
  public RegistryOptions withPlainHttp() {
    return new RegistryOptions(caFile, true, mountFrom, stallLimit);
  }

  /**
   * {@return the options with a repository to take blobs from}
   *
   * @param repository name of another repository of the same registry
   */
  public RegistryOptions withMountFrom(String repository) {
    return new RegistryOptions(caFile, plainHttp, repository, stallLimit);
  }

  /**
   * {@return the options with another wait for bytes}
   *
   * @param limit how long to wait for the next bytes, more than 0
   */
  public RegistryOptions withStallLimit(Duration limit) {
    return new RegistryOptions(caFile, plainHttp, mountFrom, limit);
  }

  Optional<String> mountSource() {
    return Optional.ofNullable(mountFrom);
  }
}
