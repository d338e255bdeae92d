package io.basedisk.oci.registry;

import com.google.common.collect.ImmutableList;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Finds the credential of a repository in the files of docker and podman. The first file that has
 * one for the registry wins.
 */
final class CredentialFinder {

  private final RegistryReference reference;
  private final Environment environment;

  CredentialFinder(RegistryReference reference, Environment environment) {
    this.reference = reference;
    this.environment = environment;
  }

  /**
   * Returns the credential; empty if there is none.
   *
   * @throws io.basedisk.domain.error.StorageException if a file is unreadable or invalid, or a
   *     helper fails
   */
  Optional<Credential> find() {
    return files().stream()
        .flatMap(file -> new CredentialFile(file, environment).find(reference).stream())
        .findFirst();
  }

  /** Returns the names of the files, for a message. */
  String source() {
    return files().stream().map(Path::toString).collect(Collectors.joining(", "));
  }

  private ImmutableList<Path> files() {
    ImmutableList.Builder<Path> files = ImmutableList.builder();
    environment.path("DOCKER_CONFIG").map(dir -> dir.resolve("config.json")).ifPresent(files::add);
    environment.path("REGISTRY_AUTH_FILE").ifPresent(files::add);
    Path podman = Path.of("containers", "auth.json");
    environment.path("XDG_RUNTIME_DIR").map(dir -> dir.resolve(podman)).ifPresent(files::add);
    files.add(
        environment
            .path("XDG_CONFIG_HOME")
            .orElseGet(() -> environment.home().resolve(".config"))
            .resolve(podman));
    files.add(environment.home().resolve(".docker").resolve("config.json"));
    return files.build().stream().distinct().collect(ImmutableList.toImmutableList());
  }
}
