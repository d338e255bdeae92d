package io.basedisk.qcow2.check;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.image.CheckResult;
import io.basedisk.domain.image.LayerFile;
import io.basedisk.domain.image.RepairResult;
import io.basedisk.domain.image.RepairScope;
import io.basedisk.domain.model.UnknownUsePolicy;
import io.basedisk.domain.port.Progress;
import io.basedisk.domain.testing.TestNotes;
import io.basedisk.qcow2.Seed;
import io.basedisk.qcow2.format.Feature;
import io.basedisk.qcow2.guest.GuestDisk;
import io.basedisk.qcow2.image.DiskImage;
import io.basedisk.qcow2.image.ImageFile;
import io.basedisk.qcow2.image.ImageMetadata;
import io.basedisk.qcow2.image.NewImage;
import io.basedisk.qcow2.image.RecordedFile;
import io.basedisk.qcow2.image.RecordedFile.Write;
import io.basedisk.qcow2.os.OperatingSystem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A power cut at any write of a repair leaves the image no worse, and a second repair completes the
 * work. No refcount becomes too low, no copied flag becomes wrong, and no refcount drops while a
 * wrong copied flag lets a writer change a shared cluster in place.
 */
class RepairPowerCutTest {

  private static final long COPIED = 1L << 63;
  private static final int MAX_SUBSETS = 64;
  private static final int CLUSTER = 64 << 10;

  /** Kinds of images to repair. */
  private static final int CLUSTERS = 8;

  private static final Pattern COUNT =
      Pattern.compile("cluster (\\d+): refcount (\\d+), but references (\\d+)");

  @RegisterExtension private final TestNotes notes = new TestNotes();

  @TempDir Path directory;

  private final Random random = new Random(Seed.VALUE);

  private static Arguments of(String what, RepairScope scope, Consumer<Patch> damage) {
    return arguments(what, scope, damage);
  }

  static Stream<Arguments> repairs() {
    return Stream.of(
        of(
            "leaks",
            RepairScope.LEAKS,
            p -> p.putRefcount(5, 2).putLong(p.l2(0, 0), p.getLong(p.l2(0, 0)) & ~COPIED)),
        of(
            "a dirty image",
            RepairScope.ALL,
            p -> p.putLong(72, 1).putRefcount(5, 0).putRefcount(6, 2).putRefcount(4, 0)),
        of(
            "a shared cluster",
            RepairScope.ALL,
            p -> p.putLong(p.l2(0, 1), p.getLong(p.l2(0, 0))).putRefcount(4, 3)),
        of(
            "a shared cluster beside a leak",
            RepairScope.LEAKS,
            p -> p.putLong(p.l2(0, 1), p.getLong(p.l2(0, 0))).putRefcount(5, 2)),
        of(
            "a zero cluster that is not aligned",
            RepairScope.ALL,
            p -> p.putLong(p.l2(0, 1), p.getLong(p.l2(0, 1)) + 513).putRefcount(5, 2)),
        of("no refcount block", RepairScope.ALL, p -> p.putLong(72, 3).putLong(65536, 0)),
        of(
            "a refcount block that is data",
            RepairScope.ALL,
            p -> p.putLong(p.l2(0, 1), p.refcountBlock() | COPIED)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("repairs")
  void a_cut_leaves_a_repairable_image(String what, RepairScope scope, Consumer<Patch> damage)
      throws IOException {
    Path image = image(damage);
    byte[] damaged = Files.readAllBytes(image);
    byte[] content = read(image);
    Set<String> tooLow = tooLow(RefcountCheck.check(image));
    Flags flags = Flags.of(image);
    RecordedFile recorded = new RecordedFile();
    try (ImageFile file = recorded.open(image)) {
      new RepairSteps(file, scope).run();
    }

    byte[] durable = damaged;
    int states = 0;
    for (List<Write> part : recorded.parts()) {
      for (List<Write> reached : subsets(part)) {
        assertRepairable(apply(durable, reached), tooLow, flags, content);
        states++;
      }
      durable = apply(durable, part);
    }
    assertTrue(states > 2, what + ": " + states);
    notes.add("%s: %d states after a power cut", what, states);
  }

  private void assertRepairable(byte[] state, Set<String> tooLow, Flags flags, byte[] content)
      throws IOException {
    Path image = directory.resolve("state.qcow2");
    Files.deleteIfExists(image);
    Files.write(image, state);
    CheckResult found = RefcountCheck.check(image);
    assertTrue(tooLow.containsAll(tooLow(found)), found::toString);
    Flags.of(image).assertNoWorseThan(flags);
    assertArrayEquals(content, read(image));

    RepairResult result =
        new ImageRepair(OperatingSystem.current(), UnknownUsePolicy.TRUST_CALLER)
            .repair(image, RepairScope.ALL, Progress.NONE);

    assertTrue(result.after().isClean(), result::toString);
    assertFalse(isMarked(image));
    assertArrayEquals(content, read(image));
  }

  /** Reads the disk, with zeros for clusters that can't be read. */
  private static byte[] read(Path image) {
    try (DiskImage disk = DiskImage.open(List.of(LayerFile.qcow2(image)))) {
      byte[] content = new byte[(int) disk.virtualSize()];
      for (int at = 0; at < content.length; at += CLUSTER) {
        try {
          disk.read(at, ByteBuffer.wrap(content, at, CLUSTER));
        } catch (InvalidImageException e) {
          Arrays.fill(content, at, at + CLUSTER, (byte) 0);
        }
      }
      return content;
    }
  }

  /** The L1 entry, the entries of the only L2 table, and the refcounts of the first clusters. */
  private record Flags(ImmutableList<Long> entries, ImmutableList<Long> counts) {

    static Flags of(Path image) throws IOException {
      ImmutableList.Builder<Long> entries = ImmutableList.builder();
      ImmutableList.Builder<Long> counts = ImmutableList.builder();
      try (Patch patch = new Patch(image);
          ImageFile file = ImageFile.openToRead(image)) {
        entries.add(patch.getLong(patch.l1(0)));
        for (int i = 0; i < 4; i++) {
          entries.add(patch.getLong(patch.l2(0, i)));
        }
        StoredRefcounts stored = new StoredRefcounts(file, patch.header);
        for (int i = 0; i < CLUSTERS; i++) {
          counts.add(stored.get(i));
        }
      }
      return new Flags(entries.build(), counts.build());
    }

    void assertNoWorseThan(Flags before) {
      for (int i = 0; i < entries.size(); i++) {
        if (isCopied(i) && !before.isCopied(i)) {
          assertEquals(1, counts.get(cluster(i)), "a new flag in " + entries);
        }
      }
      boolean lowered =
          IntStream.range(0, CLUSTERS).anyMatch(i -> counts.get(i) < before.counts.get(i));
      assertFalse(lowered && isShared(), this::toString);
    }

    /** Returns whether a cluster with the copied flag has another reference as well. */
    private boolean isShared() {
      return IntStream.range(0, entries.size())
          .filter(this::isCopied)
          .mapToObj(this::cluster)
          .anyMatch(host -> clusters().filter(host::equals).count() > 1);
    }

    private Stream<Integer> clusters() {
      return IntStream.range(0, entries.size()).mapToObj(this::cluster);
    }

    private boolean isCopied(int index) {
      return (entries.get(index) & COPIED) != 0;
    }

    private int cluster(int index) {
      return (int) ((entries.get(index) & ~COPIED) / CLUSTER);
    }
  }

  private static boolean isMarked(Path image) {
    try (ImageMetadata metadata = ImageMetadata.open(image)) {
      return metadata.header().features().has(Feature.DIRTY)
          || metadata.header().features().has(Feature.CORRUPT);
    }
  }

  /** Returns the clusters in use that a writer could allocate again. */
  private static Set<String> tooLow(CheckResult result) {
    return result.details().stream()
        .map(COUNT::matcher)
        .filter(Matcher::matches)
        .filter(m -> Long.parseLong(m.group(2)) < Long.parseLong(m.group(3)))
        .map(m -> m.group(1))
        .collect(Collectors.toSet());
  }

  /**
   * Returns subsets of writes that may have reached the disk: all subsets, if the writes are few.
   */
  private List<List<Write>> subsets(List<Write> writes) {
    boolean few = writes.size() <= 6;
    return Stream.iterate(0, i -> i < (few ? 1 << writes.size() : MAX_SUBSETS), i -> i + 1)
        .map(i -> few ? i : random.nextInt())
        .map(chosen -> writes.stream().filter(w -> isChosen(chosen, writes.indexOf(w))).toList())
        .toList();
  }

  private static boolean isChosen(int chosen, int index) {
    return (chosen >>> (index % Integer.SIZE) & 1) != 0;
  }

  private static byte[] apply(byte[] image, List<Write> writes) {
    byte[] result = image.clone();
    for (Write write : writes) {
      result = write.applyTo(result);
    }
    return result;
  }

  private Path image(Consumer<Patch> damage) throws IOException {
    Path image = directory.resolve("disk.qcow2");
    new NewImage(image, 1 << 20, null).create();
    try (GuestDisk disk = GuestDisk.open(List.of(LayerFile.qcow2(image)))) {
      disk.write(0, ByteBuffer.wrap(new byte[3 * 65536]).put(0, (byte) 1));
    }
    try (Patch patch = new Patch(image)) {
      damage.accept(patch);
    }
    return image;
  }
}
