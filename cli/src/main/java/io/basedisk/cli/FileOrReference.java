package io.basedisk.cli;

import io.basedisk.oci.place.ArtifactReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An image file, or an artifact in a registry or layout. A file that exists is always the file.
 *
 * @param text the argument
 * @param reference the artifact; null for a file
 */
record FileOrReference(String text, @Nullable ArtifactReference reference) {

  /** The name of a registry has a dot or a port, unless it is localhost, as in docker's rules. */
  private static final Pattern IN_REGISTRY =
      Pattern.compile("(localhost|[^./][^/]*[.:][^/]*)(:[0-9]+)?/.*");

  static FileOrReference parse(String text) {
    boolean isReference =
        text.startsWith("oci:") || (IN_REGISTRY.matcher(text).matches() && !isFile(text));
    return new FileOrReference(text, isReference ? ArtifactReference.parse(text) : null);
  }

  private static boolean isFile(String text) {
    return Files.exists(Path.of(text));
  }

  /** {@return the path of the file} Only for a file. */
  Path file() {
    return Path.of(text);
  }
}
