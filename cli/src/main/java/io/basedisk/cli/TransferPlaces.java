package io.basedisk.cli;

import io.basedisk.oci.place.ArtifactPlaces;
import java.nio.file.Files;
import java.nio.file.Path;

/** Opens the places of the commands that transfer disks. */
final class TransferPlaces {

  /** For the help pages. */
  static final String TEMPORARY_FILES =
      "Temporary files are in $TMPDIR; if it is not set, in /var/tmp.";

  private static final Path FOR_LARGE_FILES = Path.of("/var/tmp");

  private TransferPlaces() {}

  /** {@return the opener, with temporary files where the user wants them} */
  static ArtifactPlaces of(RootCommand root) {
    return ArtifactPlaces.using(temporaries(root));
  }

  /** {@return the directory for temporary files} */
  static Path temporaries(RootCommand root) {
    String named = root.console().environment("TMPDIR");
    if (!named.isEmpty()) {
      return Path.of(named);
    }
    // /tmp may be in memory, and whole archives come here.
    return Files.isDirectory(FOR_LARGE_FILES)
        ? FOR_LARGE_FILES
        : Path.of(System.getProperty("java.io.tmpdir"));
  }
}
