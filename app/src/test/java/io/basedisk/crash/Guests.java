package io.basedisk.crash;

import com.google.common.base.VerifyException;
import com.google.common.collect.ImmutableList;
import io.basedisk.domain.chain.BackingChains;
import io.basedisk.domain.chain.Layer;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.image.LayerFile;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.testing.Content;
import io.basedisk.qcow2.Qcow2DiskImages;
import io.basedisk.qcow2.file.LocalDiskFiles;
import io.basedisk.qcow2.guest.GuestDisk;
import io.basedisk.qcow2.image.DiskImage;
import io.basedisk.qcow2.os.OperatingSystem;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** The guests of a home's disks: they read and write while others may fork the disks. */
public class Guests {

  private static final int ATTEMPTS = 200;

  private final BackingChains chains;

  public Guests(HomeLayout home) {
    chains =
        new BackingChains(
            home, new LocalDiskFiles(OperatingSystem.current()), new Qcow2DiskImages());
  }

  /** Returns what a disk contains, read through its whole chain. */
  public Content read(Path disk) {
    for (int i = 0; i < ATTEMPTS; i++) {
      ImmutableList<Layer> layers = chains.read(disk);
      try (DiskImage image = DiskImage.open(files(layers))) {
        if (chains.read(disk).equals(layers)) {
          ByteBuffer content = ByteBuffer.allocate(Math.toIntExact(image.virtualSize()));
          image.read(0, content);
          return Content.of(content.flip());
        }
      } catch (NotFoundException | InvalidImageException | InvalidArgumentException e) {
        // Try again if the layers have changed since.
        if (chains.read(disk).equals(layers)) {
          throw e;
        }
      }
    }
    throw new VerifyException(disk + " never stood still");
  }

  /**
   * Writes one block of a disk, like a VM that starts, writes and stops. Like QEMU, it opens the
   * file that the path names at that moment. A fork may be about to make that file a base.
   */
  public void write(Path disk, int block, long stamp) {
    for (int i = 0; i < ATTEMPTS; i++) {
      ImmutableList<Layer> layers = chains.read(disk);
      try (GuestDisk guest = GuestDisk.open(files(layers))) {
        // Otherwise a fork has replaced the disk during the open, so that its backing file is the
        // wrong one.
        if (chains.read(disk).equals(layers)) {
          guest.write(Content.offset(block), Content.block(stamp));
          return;
        }
      } catch (NotFoundException | InvalidImageException | InvalidArgumentException e) {
        // Try again if the layers have changed since.
        if (chains.read(disk).equals(layers)) {
          throw e;
        }
      }
    }
    throw new VerifyException(disk + " never stood still");
  }

  int depth(Path disk) {
    return chains.read(disk).size() - 1;
  }

  private static ImmutableList<LayerFile> files(ImmutableList<Layer> layers) {
    return layers.stream()
        .map(layer -> new LayerFile(layer.realPath(), layer.format()))
        .collect(ImmutableList.toImmutableList());
  }
}
