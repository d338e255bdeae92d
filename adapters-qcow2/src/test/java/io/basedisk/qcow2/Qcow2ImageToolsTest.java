package io.basedisk.qcow2;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.image.ImageToOpen;
import io.basedisk.domain.image.RepairScope;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.UnknownUsePolicy;
import io.basedisk.domain.port.ImageTools;
import io.basedisk.domain.port.OpenDisk;
import io.basedisk.domain.port.Progress;
import io.basedisk.domain.testing.ImageToolsContract;
import io.basedisk.qcow2.os.OperatingSystem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Qcow2ImageToolsTest extends ImageToolsContract {

  @TempDir private Path temporary;
  private Path directory;

  private final ImageTools tools =
      new Qcow2ImageTools(OperatingSystem.current(), UnknownUsePolicy.TRUST_CALLER);

  @BeforeEach
  void resolve_the_directory() throws IOException {
    directory = temporary.toRealPath();
  }

  @Override
  protected ImageTools tools() {
    return tools;
  }

  @Override
  protected Path root() {
    return directory;
  }

  @Override
  protected List<String> files() {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  protected void makeFile(Path path, byte[] content) {
    try {
      Files.write(path, content, StandardOpenOption.CREATE_NEW);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  // Other programs.

  @Test
  void an_image_that_a_program_writes_to_is_not_opened() throws IOException {
    Path image = makeImage();

    try (FileChannel writer = FileChannel.open(image, StandardOpenOption.WRITE)) {
      assertTrue(writer.isOpen());
      assertThrows(RefusedException.class, () -> tools.open(ImageToOpen.qcow2(image)));
    }
    tools.open(ImageToOpen.qcow2(image)).close();
  }

  @Test
  void an_image_that_a_program_reads_is_not_repaired() throws IOException {
    Path image = makeImage();

    try (FileChannel reader = FileChannel.open(image)) {
      assertTrue(reader.isOpen());
      assertThrows(
          RefusedException.class, () -> tools.repair(image, RepairScope.ALL, Progress.NONE));
    }
  }

  @Test
  void writers_can_start_once_a_disk_is_closed() {
    Path image = makeImage();

    try (OpenDisk disk = tools.open(ImageToOpen.qcow2(image))) {
      assertThrows(
          RefusedException.class,
          () -> tools.repair(disk.layers().get(0).path(), RepairScope.ALL, Progress.NONE));
    }
    tools.repair(image, RepairScope.ALL, Progress.NONE);
  }

  private Path makeImage() {
    Path image = directory.resolve("disk.qcow2");
    tools.create(image, null, ByteSize.parse("1M"));
    return image;
  }
}
