package io.basedisk.qcow2.file;

import io.basedisk.domain.model.UnknownUsePolicy;
import io.basedisk.domain.port.ImageLocks;
import io.basedisk.domain.testing.ImageLocksContract;
import io.basedisk.qcow2.os.OperatingSystem;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The port's contract in pure Java, as far as it applies, with a trusted caller. */
class PortableImageLocksTest extends ImageLocksContract {

  private final ImageLocks imageLocks =
      new FileImageLocks(OperatingSystem.portable(), UnknownUsePolicy.TRUST_CALLER);

  @TempDir Path scratch;

  private Path root;

  @BeforeEach
  void makeRoot() throws IOException {
    root = scratch.toRealPath();
  }

  @Override
  protected ImageLocks imageLocks() {
    return imageLocks;
  }

  @Override
  protected Path root() {
    return root;
  }

  @Override
  protected boolean supports(Feature feature) {
    return false;
  }

  @Override
  protected void write(Path file, byte[] content) {
    try {
      Files.write(file, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  protected byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  protected void rename(Path from, Path to) {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  protected Optional<Use> use(Path file, User user) {
    try {
      return Optional.of(
          switch (user) {
            case WRITER, LOCKING_WRITER -> closing(new RandomAccessFile(file.toFile(), "rw"));
            case READER, LOCKING_READER, LOCKING_LONE_READER ->
                closing(new FileInputStream(file.toFile()));
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Use closing(java.io.Closeable open) {
    return () -> {
      try {
        open.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    };
  }
}
