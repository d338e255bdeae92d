package io.basedisk.oci.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.error.FileFailure;
import io.basedisk.domain.error.StorageException;
import io.basedisk.oci.blob.FormatException;
import io.basedisk.oci.json.Json;
import io.basedisk.oci.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Comparator;
import java.util.Optional;

/**
 * A file in which docker or podman keeps credentials. No message has any of its content.
 *
 * <p>docker's keys in {@code auths} are hosts, or URIs such as {@code https://host/v1/}; podman's
 * are hosts, or the start of a repository's name with its host. The longest key wins.
 */
final class CredentialFile {

  /** Limit of a file's size in bytes. */
  private static final int MAX_BYTES = 1 << 20;

  /** Docker Hub's entry has this host, whatever a reference calls it. */
  private static final String DOCKER_HUB_KEY = "index.docker.io";

  private static final String DOCKER_HUB_URI = "https://index.docker.io/v1/";

  private static final ImmutableSet<String> DOCKER_HUB =
      ImmutableSet.of("docker.io", DOCKER_HUB_KEY, "registry-1.docker.io");

  private final Path file;
  private final Environment environment;

  CredentialFile(Path file, Environment environment) {
    this.file = file;
    this.environment = environment;
  }

  /** Returns the credential for a repository; empty if there is none, or no file. */
  Optional<Credential> find(RegistryReference reference) {
    Optional<JsonObject> content = read();
    return content.isEmpty() ? Optional.empty() : find(content.get(), reference);
  }

  private Optional<Credential> find(JsonObject content, RegistryReference reference) {
    Optional<String> own = content.objectOrNone("credHelpers").textOrNone(reference.registry());
    if (own.isPresent()) {
      return ask(own.get(), reference);
    }
    // With a store for all registries, docker leaves empty entries in "auths".
    return content
        .textOrNone("credsStore")
        .filter(store -> !store.isEmpty())
        .flatMap(store -> ask(store, reference))
        .or(() -> findEntry(content.objectOrNone("auths"), reference));
  }

  private Optional<Credential> ask(String helper, RegistryReference reference) {
    String server = isDockerHub(reference.registry()) ? DOCKER_HUB_URI : reference.registry();
    return new CredentialHelper(helper, environment).get(server);
  }

  private Optional<JsonObject> read() {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw new StorageException(file + ": longer than " + MAX_BYTES + " bytes");
      }
      return Optional.of(parse(bytes));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw FileFailure.of(file + ": cannot read the credentials: " + FileFailure.reasonOf(e), e);
    }
  }

  private JsonObject parse(byte[] bytes) {
    try {
      return Json.read(bytes);
    } catch (FormatException e) {
      // Not the cause: its message quotes the file.
      throw new StorageException(
          file + ": not a JSON object as docker and podman write it; log in again, or repair it");
    }
  }

  private Optional<Credential> findEntry(JsonObject auths, RegistryReference reference) {
    String wanted = hostOf(reference.registry()) + "/" + reference.repository() + "/";
    return auths.members().keySet().stream()
        .filter(key -> wanted.startsWith(normalized(key) + "/"))
        .sorted(Comparator.comparing((String key) -> normalized(key).length()).reversed())
        .flatMap(key -> credential(auths.objectOrNone(key)).stream())
        .findFirst();
  }

  private Optional<Credential> credential(JsonObject entry) {
    Optional<String> identity = entry.textOrNone("identitytoken").filter(text -> !text.isEmpty());
    if (identity.isPresent()) {
      return Optional.of(new Credential.IdentityToken(new Secret(identity.get())));
    }
    Optional<String> registry = entry.textOrNone("registrytoken").filter(text -> !text.isEmpty());
    if (registry.isPresent()) {
      return Optional.of(new Credential.RegistryToken(secret(registry.get())));
    }
    return entry
        .textOrNone("auth")
        .filter(text -> !text.isEmpty())
        .map(this::decode)
        .or(() -> plain(entry));
  }

  private static Optional<Credential> plain(JsonObject entry) {
    Optional<String> user = entry.textOrNone("username").filter(text -> !text.isEmpty());
    return user.map(
        name -> new Credential.Password(name, new Secret(entry.textOrNone("password").orElse(""))));
  }

  /** Decodes a pair of user and password. Only the password may have colons. */
  private Credential decode(String pair) {
    String text;
    try {
      text = new String(Base64.getDecoder().decode(pair.strip()), UTF_8);
    } catch (IllegalArgumentException e) {
      throw invalidEntry();
    }
    int colon = text.indexOf(':');
    if (colon <= 0) {
      throw invalidEntry();
    }
    // Old versions of docker pad with zero bytes.
    String password = text.substring(colon + 1).replaceAll("\\x00+$", "");
    return new Credential.Password(text.substring(0, colon), new Secret(password));
  }

  /** A token goes into a header as it is, so that it may have no other characters. */
  private Secret secret(String token) {
    if (!token.chars().allMatch(character -> character > ' ' && character < 0x7f)) {
      throw invalidEntry();
    }
    return new Secret(token);
  }

  private StorageException invalidEntry() {
    return new StorageException(file + ": the entry of the registry is invalid; log in again");
  }

  private static String normalized(String key) {
    int scheme = key.indexOf("://");
    String host = scheme < 0 ? key : key.substring(scheme + "://".length());
    if (scheme >= 0 && host.indexOf('/') >= 0) {
      host = host.substring(0, host.indexOf('/'));
    }
    int slash = host.indexOf('/');
    return slash < 0 ? hostOf(host) : hostOf(host.substring(0, slash)) + pathOf(host, slash);
  }

  /** Returns the namespace in a key, with its slash; docker's old keys have a version there. */
  private static String pathOf(String key, int slash) {
    String path = key.substring(slash).replaceAll("/++$", "");
    return path.equals("/v1") || path.equals("/v2") ? "" : path;
  }

  private static String hostOf(String host) {
    return isDockerHub(host) ? DOCKER_HUB_KEY : host;
  }

  private static boolean isDockerHub(String host) {
    return DOCKER_HUB.contains(host);
  }
}
