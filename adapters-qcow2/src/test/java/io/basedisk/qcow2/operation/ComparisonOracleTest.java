package io.basedisk.qcow2.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.basedisk.domain.port.Progress;
import io.basedisk.domain.testing.TestNotes;
import io.basedisk.qcow2.Seed;
import io.basedisk.qcow2.image.DiskImage;
import io.basedisk.qcow2.image.OpenPolicy;
import io.basedisk.qcow2.testing.GuestActions;
import io.basedisk.qcow2.testing.Qemu;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Our first difference between two disks is that of {@code qemu-img compare}. */
@Tag("oracle")
class ComparisonOracleTest {

  private static final int SIZE = 3 << 20;
  private static final int SECTOR = 512;
  private static final Pattern MISMATCH = Pattern.compile("Content mismatch at offset (\\d+)!");

  @RegisterExtension private final TestNotes notes = new TestNotes();

  @TempDir Path directory;

  @BeforeAll
  static void assumeQemu() {
    Qemu.assumeInstalled();
  }

  @RepeatedTest(12)
  void a_disk_and_a_copy_that_was_written_once_more(RepetitionInfo round) {
    long seed = Seed.VALUE + round.getCurrentRepetition();
    notes.add("compare: seed %d", seed);
    Random random = new Random(seed);
    Path base = directory.resolve("base.qcow2");
    Qemu.img("create", "-q", "-f", "qcow2", base, SIZE);
    Qemu.io(base, new GuestActions(random, SIZE, 64 << 10, true).commands(20));
    Path one = overlay("one", random.nextInt(8) * SECTOR);
    Path other = overlay("other", random.nextInt(8) * SECTOR);
    // Sometimes the write does not change the content: zeros.
    int at = random.nextInt(SIZE / SECTOR - 2) * SECTOR;
    Qemu.io(other, List.of("write -P " + random.nextInt(2) + " " + at + " 700"));

    assertEquals(inQemu(one, other), ours(one, other), "seed " + seed);
  }

  private Path overlay(String name, int longer) {
    Path image = directory.resolve(name + ".qcow2");
    Qemu.img(
        "create", "-q", "-f", "qcow2", "-b", "base.qcow2", "-F", "qcow2", image, SIZE + longer);
    return image;
  }

  /**
   * In whole sectors: QEMU reports the byte only if one of the disks is known to be zeros there.
   */
  private OptionalLong ours(Path one, Path other) {
    try (DiskImage first = DiskImage.open(one, OpenPolicy.inside(directory));
        DiskImage second = DiskImage.open(other, OpenPolicy.inside(directory))) {
      return sector(Comparison.firstDifference(first, second, Progress.NONE));
    }
  }

  private static OptionalLong inQemu(Path one, Path other) {
    Matcher mismatch = MISMATCH.matcher(Qemu.compare(one, other));
    return mismatch.find()
        ? sector(OptionalLong.of(Long.parseLong(mismatch.group(1))))
        : OptionalLong.empty();
  }

  private static OptionalLong sector(OptionalLong at) {
    return at.isPresent() ? OptionalLong.of(at.getAsLong() / SECTOR * SECTOR) : at;
  }
}
