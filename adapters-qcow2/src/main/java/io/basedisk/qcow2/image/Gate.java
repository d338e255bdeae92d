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
 * The place where every backing file is opened: it asks the policy first. What it asks about is
 * pinned by then, so that nobody can put another file in its place between the question and the
 * opening; and a file that is not allowed is not opened, not even to see whether it is there.
 */
final class Gate {

  private final OpenPolicy policy;
  private final OperatingSystem system;

  Gate(OpenPolicy policy, OperatingSystem system) {
    this.policy = policy;
    this.system = system;
  }

  /** Pins the image that the caller itself has named. */
  PinnedFile pinNamed(Path image) {
    try {
      return system.pin(image.toRealPath());
    } catch (NoSuchFileException e) {
      // A pipe without a name, such as a shell's <(...), is there and has no real path.
      throw Files.exists(image) ? ImageFile.notRegular(image) : ImageFile.failure(image, e);
    } catch (IOException e) {
      throw ImageFile.failure(image, e);
    }
  }

  /**
   * Pins a file that an image names.
   *
   * @param image the image
   * @param named the path that its backing file's name stands for
   * @throws UnallowedFileException if the policy does not allow it
   * @throws BrokenChainException if it is allowed and missing
   */
  PinnedFile pinBacking(Path image, Path named) {
    Path real = requireAllowed(image, OpenPolicy.real(named));
    try {
      return pin(image, real);
    } catch (NoSuchFileException e) {
      throw new BrokenChainException(
          Break.MISSING, image + ": its backing file " + named + " is missing");
    } catch (IOException e) {
      throw ImageFile.failure(named, e);
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
