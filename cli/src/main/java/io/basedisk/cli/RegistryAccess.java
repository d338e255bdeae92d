package io.basedisk.cli;

import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.oci.place.ArtifactReference;
import io.basedisk.oci.registry.RegistryOptions;
import java.nio.file.Path;

/** The options that say how to reach a registry. */
final class RegistryAccess {

  private final Argument<Path> caFile;
  private final Argument<Boolean> plainHttp;

  RegistryAccess(Arguments takes) {
    this.caFile =
        takes.option(
            "--ca-file",
            "FILE",
            Path::of,
            "A PEM file with certificates to trust besides the system's.");
    this.plainHttp =
        takes.flag(
            "--plain-http",
            "Use HTTP without TLS. Registries on a loopback address are reached so without this"
                + " option, unless --ca-file is given.");
  }

  /**
   * {@return how to reach the registry of a reference}
   *
   * @throws InvalidArgumentException if the options are given, and have no use
   */
  RegistryOptions optionsFor(ArtifactReference reference) {
    if (reference instanceof ArtifactReference.InLayout && isGiven()) {
      throw new InvalidArgumentException(
          "--ca-file and --plain-http are for registries, and " + reference + " is a directory");
    }
    RegistryOptions options = RegistryOptions.DEFAULT;
    if (caFile.isGiven()) {
      options = options.withCaFile(caFile.get());
    }
    return isPlain() ? options.withPlainHttp() : options;
  }

  boolean isGiven() {
    return caFile.isGiven() || isPlain();
  }

  private boolean isPlain() {
    return plainHttp.or(false);
  }
}
