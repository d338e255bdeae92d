package io.basedisk.qcow2.image;

import io.basedisk.domain.error.BrokenChainException;
import io.basedisk.domain.error.BrokenChainException.Break;
import io.basedisk.domain.error.UnallowedFileException;
import io.basedisk.qcow2.os.OperatingSystem;
import io.basedisk.qcow2.os.PinnedFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Opens backing files, after a check of the policy. A path that is not allowed is not opened, not
 * even to see whether a file exists. An allowed file is pinned and checked again before it is
 * opened, so that another process can't swap it after the check.
 */
final class Gate {

  private final OpenPolicy policy;
  private final OperatingSystem system;

  Gate(OpenPolicy policy, OperatingSystem system) {
    this.policy = policy;
    this.system = system;
  }

  /** Pins an image that the caller names. */
  PinnedFile pinNamed(Path image) {
    try {
      return system.pin(image.toRealPath());
    } catch (NoSuchFileException e) {
      // An unnamed pipe, such as a shell's <(...), exists without a real path.
      throw Files.exists(image) ? ImageFailure.notRegular(image) : ImageFailure.of(image, e);
    } catch (IOException e) {
      throw ImageFailure.of(image, e);
    }
  }

  /**
   * Pins a backing file that an image names.
   *
   * @param image the image
   * @param named path of its backing file, resolved
   * @throws UnallowedFileException if the policy does not allow it
   * @throws BrokenChainException if the policy allows the file, but it does not exist
   */
  PinnedFile pinBacking(Path image, Path named) {
    Path real = requireAllowed(image, OpenPolicy.real(named));
    try {
      return pin(image, real);
    } catch (NoSuchFileException e) {
      throw new BrokenChainException(
          Break.MISSING, image + ": its backing file " + named + " is missing");
    } catch (IOException e) {
      throw ImageFailure.of(named, e);
    }
  }

  private PinnedFile pin(Path image, Path real) throws IOException {
    PinnedFile file = system.pin(real);
    try {
      requireAllowed(image, file.realPath());
      return file;
    } catch (RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private Path requireAllowed(Path image, Path real) {
    if (!policy.allows(real)) {
      throw new UnallowedFileException(image, real);
    }
    return real;
  }
}
