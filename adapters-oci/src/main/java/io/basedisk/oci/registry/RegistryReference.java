package io.basedisk.oci.registry;

import com.google.common.net.HostAndPort;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.model.Quoted;
import io.basedisk.domain.model.artifact.Sha256;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Names an artifact in a registry, as docker does: {@code registry/name[:tag|@digest]}.
 *
 * @param registry host of the registry, with its port if there is one; it has a dot or a port, or
 *     is {@code localhost}
 * @param repository name of the repository: one or more components, with slashes between them
 * @param tag the tag; null if the reference has a digest
 * @param digest digest of the manifest; null if the reference has a tag
 */
public record RegistryReference(
    String registry, String repository, @Nullable String tag, @Nullable Sha256 digest) {

  /** The tag of a reference that has neither a tag nor a digest. */
  public static final String DEFAULT_TAG = "latest";

  private static final String DOCKER_HUB = "docker.io";
  private static final String DOCKER_HUB_API = "registry-1.docker.io";
  private static final String LIBRARY = "library/";

  /** Limit of the repository's name with the registry, in characters; registries have the same. */
  private static final int MAX_NAME = 255;

  /** Limit of a whole reference, in characters. */
  private static final int MAX_LENGTH = 512;

  private static final Pattern HOST =
      Pattern.compile(
          "[a-zA-Z0-9][a-zA-Z0-9-]*+(?<!-)(?:\\.[a-zA-Z0-9][a-zA-Z0-9-]*+(?<!-))*+"
              + "|\\[[0-9a-fA-F:.]+\\]");
  private static final Pattern COMPONENT =
      Pattern.compile("[a-z0-9]++(?:(?:\\.|_|__|-++)[a-z0-9]++)*+");
  private static final Pattern TAG = Pattern.compile("[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,127}");

  /**
   * Checks the values.
   *
   * @param registry see {@link #registry}
   * @param repository see {@link #repository}
   * @param tag see {@link #tag}
   * @param digest see {@link #digest}
   * @throws InvalidArgumentException if a name is invalid, or not exactly one of tag and digest is
   *     given
   */
  public RegistryReference {
    checkRegistry(registry);
    checkRepository(repository);
    if (registry.length() + 1 + repository.length() > MAX_NAME) {
      throw new InvalidArgumentException(
          "invalid repository \"" + Quoted.of(repository) + "\": longer than " + MAX_NAME);
    }
    if ((tag == null) == (digest == null)) {
      throw new InvalidArgumentException("a reference has a tag or a digest, and not both");
    }
    if (tag != null) {
      checkTag(tag);
    }
  }

  /**
   * {@return the reference in a text; its tag is {@code latest} if the text has neither tag nor
   * digest}
   *
   * @param text {@code registry/name[:tag|@digest]}
   * @throws InvalidArgumentException if the text is no such reference; the message says which part
   *     is wrong
   */
  public static RegistryReference parse(String text) {
    int slash = text.indexOf('/');
    if (text.length() > MAX_LENGTH || slash < 0 || !isRegistry(text.substring(0, slash))) {
      throw new InvalidArgumentException(
          "invalid reference \""
              + Quoted.of(text)
              + "\": expected registry/name[:tag|@digest], where the registry has a dot or a port,"
              + " for example registry.example/team/image:v1");
    }
    String registry = text.substring(0, slash);
    String rest = text.substring(slash + 1);
    int at = rest.indexOf('@');
    if (at >= 0) {
      return ofDigest(registry, rest.substring(0, at), rest.substring(at + 1));
    }
    int colon = rest.indexOf(':');
    return colon < 0
        ? new RegistryReference(registry, inHub(registry, rest), DEFAULT_TAG, null)
        : new RegistryReference(
            registry, inHub(registry, rest.substring(0, colon)), rest.substring(colon + 1), null);
  }

  private static RegistryReference ofDigest(String registry, String name, String digest) {
    if (name.indexOf(':') >= 0) {
      throw new InvalidArgumentException(
          "invalid reference \"" + Quoted.of(name) + "@...\": give a tag or a digest, not both");
    }
    return new RegistryReference(registry, inHub(registry, name), null, Sha256.parse(digest));
  }

  /** Docker Hub has official images in {@code library}, which users leave out. */
  private static String inHub(String registry, String name) {
    return registry.equals(DOCKER_HUB) && name.indexOf('/') < 0 ? LIBRARY + name : name;
  }

  /** {@return the tag, or the digest with its algorithm: what names the manifest} */
  public String name() {
    return tag != null ? tag : String.valueOf(digest);
  }

  /** {@return the digest, if the reference has one instead of a tag} */
  public Optional<Sha256> pinned() {
    return Optional.ofNullable(digest);
  }

  /** {@return the text that {@link #parse} reads} */
  @Override
  public String toString() {
    return registry + "/" + repository + (tag != null ? ":" : "@") + name();
  }

  /** Returns the host that answers requests, with its port if there is one. */
  String apiHost() {
    return registry.equals(DOCKER_HUB) ? DOCKER_HUB_API : registry;
  }

  /**
   * Checks a tag.
   *
   * @param tag the tag
   * @throws InvalidArgumentException if it is not valid
   */
  public static void checkTag(String tag) {
    if (!isTag(tag)) {
      throw new InvalidArgumentException(
          "invalid tag \""
              + Quoted.of(tag)
              + "\": expected 1 to 128 letters, digits, '_', '.' or '-', and neither '.' nor '-'"
              + " at the start");
    }
  }

  /** Whether a text is a valid tag. */
  static boolean isTag(String text) {
    return TAG.matcher(text).matches();
  }

  /** Throws an exception if a repository's name is invalid. */
  static void checkRepository(String repository) {
    for (String component : repository.split("/", -1)) {
      if (repository.length() > MAX_NAME || !COMPONENT.matcher(component).matches()) {
        throw new InvalidArgumentException(
            "invalid repository \""
                + Quoted.of(repository)
                + "\": expected lower-case letters and digits, with '.', '_', '__' or '-' between"
                + " them, and '/' between components");
      }
    }
  }

  private static void checkRegistry(String registry) {
    if (!isRegistry(registry)) {
      throw new InvalidArgumentException(
          "invalid registry \""
              + Quoted.of(registry)
              + "\": expected a host with a dot or a port, for example registry.example:5000");
    }
  }

  private static boolean isRegistry(String text) {
    if (text.length() > MAX_NAME || !(text.contains(".") || text.contains(":"))) {
      return text.equals(LocalHost.NAME);
    }
    try {
      HostAndPort parsed = HostAndPort.fromString(text);
      boolean isPortValid = !parsed.hasPort() || parsed.getPort() > 0;
      String host = parsed.hasPort() ? text.substring(0, text.lastIndexOf(':')) : text;
      return isPortValid && HOST.matcher(host).matches();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
