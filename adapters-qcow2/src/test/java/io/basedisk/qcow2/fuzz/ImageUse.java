package io.basedisk.qcow2.fuzz;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import com.google.common.collect.Iterators;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.image.CheckResult;
import io.basedisk.domain.image.RepairResult;
import io.basedisk.domain.image.RepairScope;
import io.basedisk.domain.model.UnknownUsePolicy;
import io.basedisk.domain.port.Progress;
import io.basedisk.qcow2.Qcow2DiskImages;
import io.basedisk.qcow2.check.ImageRepair;
import io.basedisk.qcow2.check.RefcountCheck;
import io.basedisk.qcow2.format.ClusterGeometry;
import io.basedisk.qcow2.image.DiskImage;
import io.basedisk.qcow2.image.ImageFile;
import io.basedisk.qcow2.image.ImageInfoReader;
import io.basedisk.qcow2.operation.Conversion;
import io.basedisk.qcow2.operation.ImageMap;
import io.basedisk.qcow2.os.OperatingSystem;
import io.basedisk.qcow2.resize.Growth;
import io.basedisk.qcow2.write.Qcow2Options;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * The uses of a hostile image. Each succeeds or refuses the image with one of our own errors;
 * anything else is a finding.
 */
enum ImageUse {
  /** Read the header, snapshots and bitmaps. */
  OPEN {
    @Override
    void on(FuzzDirectory directory) throws IOException {
      Path image = directory.image();
      refusing(() -> new Qcow2DiskImages().readHeader(image));
      refusing(() -> new Qcow2DiskImages().isEmptyOverlay(image));
      refusing(() -> ImageInfoReader.read(image));
    }
  },

  /** Check the image. */
  CHECK {
    @Override
    void on(FuzzDirectory directory) throws IOException {
      refusing(() -> RefcountCheck.check(directory.image()));
    }
  },

  /** Map the disk. */
  MAP {
    @Override
    void on(FuzzDirectory directory) throws IOException {
      refusing(
          () -> {
            try (DiskImage disk = directory.open()) {
              Iterators.advance(ImageMap.of(disk), MAX_EXTENTS);
            }
          });
    }
  },

  /** Read the disk. */
  READ {
    @Override
    void on(FuzzDirectory directory) throws IOException {
      refusing(() -> readTwice(directory));
    }
  },

  /** Convert the image. */
  CONVERT {
    @Override
    void on(FuzzDirectory directory) throws IOException {
      Path target = directory.target();
      refusing(
          () -> {
            try (DiskImage disk = directory.open()) {
              if (disk.virtualSize() <= MAX_CONVERTED) {
                new Conversion(disk, target, Progress.NONE).toQcow2(Qcow2Options.DEFAULT);
                requireClean(target);
              }
            }
          });
    }
  },

  /** Repair the image: a clean image stays clean, and the guest's content stays the same. */
  REPAIR {
    @Override
    void on(FuzzDirectory directory) throws IOException {
      if (Files.size(directory.image()) <= MAX_REPAIRED) {
        refusing(() -> repair(directory));
      }
    }
  },

  /** Grow the disk: a clean image stays clean, and the guest's content stays the same. */
  GROW {
    @Override
    void on(FuzzDirectory directory) throws IOException {
      if (Files.size(directory.image()) <= MAX_GROWN) {
        refusing(() -> grow(directory));
      }
    }
  };

  private static final int READ_BYTES = 64 << 10;
  private static final int READS = 24;
  private static final int MAX_EXTENTS = 100_000;
  private static final long MAX_CONVERTED = 64L << 20;
  private static final long MAX_REPAIRED = 1L << 30;
  private static final long MAX_GROWN = 64L << 20;

  /** Runs this use on the image in a directory. */
  abstract void on(FuzzDirectory directory) throws IOException;

  /** A step that may refuse the image. */
  @FunctionalInterface
  private interface Step {
    void run() throws IOException;
  }

  /** Runs a step that may refuse the image. */
  private static void refusing(Step use) throws IOException {
    try {
      use.run();
    } catch (InvalidImageException | InvalidArgumentException | RefusedException e) {
      // A refusal is a valid result.
    }
  }

  private static void requireClean(Path image) {
    if (!RefcountCheck.check(image).isClean()) {
      throw new AssertionError("what was written is not clean");
    }
  }

  private static void repair(FuzzDirectory directory) {
    byte[] before = content(directory);
    RepairResult result =
        new ImageRepair(OperatingSystem.current(), UnknownUsePolicy.TRUST_CALLER)
            .repair(directory.image(), RepairScope.ALL, Progress.NONE);
    if (result.before().errors() == 0 && result.after().errors() > 0) {
      throw new AssertionError("worse than before: " + result);
    }
    if (before.length > 0 && !Arrays.equals(before, content(directory))) {
      throw new AssertionError("its guest sees the repair: " + result);
    }
  }

  private static void grow(FuzzDirectory directory) throws IOException {
    boolean clean = RefcountCheck.check(directory.image()).isClean();
    Path old = Files.copy(directory.image(), directory.target(), REPLACE_EXISTING);
    byte[] before = content(directory);
    long size;
    try (DiskImage disk = directory.open()) {
      size = disk.virtualSize();
    }
    long grown = ClusterGeometry.wholeSectorsIn(size) + (1L << 32);
    if (grown < 0) {
      return;
    }
    try (ImageFile file = ImageFile.openToWrite(directory.image())) {
      // More than one L2 table of most geometries maps, so that the L1 table has to grow.
      Growth.of(file, grown).run();
    }
    if (clean) {
      requireNoErrorsButHiddenLeaks(directory.image(), old);
      byte[] after = Arrays.copyOf(content(directory), before.length);
      if (size >= before.length && before.length > 0 && !Arrays.equals(before, after)) {
        throw new AssertionError("its guest sees the growth");
      }
    }
  }

  /**
   * A check sees no refcounts beyond the end of the file. Growth goes past those that are used
   * there, so that a check finds them as leaks from then on.
   */
  private static void requireNoErrorsButHiddenLeaks(Path image, Path old) throws IOException {
    try (FileChannel channel = FileChannel.open(old, StandardOpenOption.WRITE)) {
      if (Files.size(image) > channel.size()) {
        channel.write(ByteBuffer.allocate(1), Files.size(image) - 1);
      }
    }
    CheckResult before = RefcountCheck.check(old);
    CheckResult after = RefcountCheck.check(image);
    if (after.errors() > 0 || after.leaks() > before.leaks()) {
      throw new AssertionError("what was written is not clean: " + after);
    }
  }

  /** Returns the start of a disk; empty if a part of it can't be read. */
  private static byte[] content(FuzzDirectory directory) {
    try (DiskImage disk = directory.open()) {
      byte[] bytes = new byte[1 << 20];
      disk.read(0, ByteBuffer.wrap(bytes));
      return bytes;
    } catch (InvalidImageException e) {
      return new byte[0];
    }
  }

  /**
   * Reads the start, the end and the middle of a disk, twice: the second time after another
   * opening, into memory with other content. A byte that is not from the image would differ.
   */
  private static void readTwice(FuzzDirectory directory) {
    try (DiskImage first = directory.open();
        DiskImage second = directory.open()) {
      SplittableRandom random = new SplittableRandom(first.virtualSize());
      for (int i = 0; i < READS; i++) {
        long last = Math.max(0, first.virtualSize() - READ_BYTES);
        long at = i < READS / 2 ? (long) i * READ_BYTES : random.nextLong(last + 1);
        byte[] once = read(first, at, (byte) 0x55);
        byte[] again = read(second, at, (byte) 0xaa);
        if (!Arrays.equals(once, again)) {
          throw new AssertionError("two reads at " + at + " differ");
        }
        directory.requireNothingSecret(once);
      }
    }
  }

  private static byte[] read(DiskImage disk, long at, byte before) {
    byte[] bytes = new byte[READ_BYTES];
    Arrays.fill(bytes, before);
    int count;
    try {
      count = disk.read(at, ByteBuffer.wrap(bytes));
    } catch (InvalidImageException e) {
      return new byte[0];
    }
    return Arrays.copyOf(bytes, count);
  }
}
