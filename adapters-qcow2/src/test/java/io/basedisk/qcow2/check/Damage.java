package io.basedisk.qcow2.check;

import io.basedisk.qcow2.testing.Qemu;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** One kind of damage to an image. */
record Damage(String name, Consumer<Patch> does) {

  private static final long COPIED = 1L << 63;
  private static final long COMPRESSED = 1L << 62;

  private static Damage damage(String name, Consumer<Patch> does) {
    return new Damage(name, does);
  }

  /** Returns damage of every kind, for a {@link #soundImage}. */
  static List<Damage> all() {
    return List.of(
        // Refcounts.
        damage("a refcount that is too low", p -> p.putRefcount(5, 0)),
        damage("a refcount that is too high", p -> p.putRefcount(5, 2)),
        damage("a free cluster that is counted", p -> p.putRefcount(12, 1).setLength(1 << 20)),
        damage("the header not counted", p -> p.putRefcount(0, 0)),
        damage("no refcount block", p -> p.putLong(p.header.refcountTable().bytes(), 0)),
        damage(
            "a refcount block that is not aligned",
            p -> p.putLong(p.header.refcountTable().bytes(), p.refcountBlock() + 512)),
        damage(
            "a refcount block entry with a reserved bit",
            p -> p.putLong(p.header.refcountTable().bytes(), p.refcountBlock() + 1)),
        damage(
            "a refcount block beyond the end",
            p -> p.putLong(p.header.refcountTable().bytes(), 1L << 40)),
        damage(
            "a refcount block beyond 2^63",
            p -> p.putLong(p.header.refcountTable().bytes(), -1L << 20)),
        damage(
            "a second refcount block that is the first",
            p -> p.putLong(p.header.refcountTable().bytes() + 8, p.refcountBlock())),
        damage(
            "a refcount block in the L1 table",
            p -> p.putLong(p.header.refcountTable().bytes() + 8, p.header.l1Table().bytes())),
        damage("a refcount table in the L1 table", p -> p.putLong(48, p.l1(0))),
        damage("a refcount table that is not aligned", p -> p.putLong(48, 65536 + 8)),
        damage("a refcount table beyond the end", p -> p.putLong(48, 1L << 40)),
        damage("a refcount table of no clusters", p -> p.putInt(56, 0)),
        damage("a refcount table of two clusters", p -> p.putInt(56, 2)),
        damage("a refcount table of too many clusters", p -> p.putInt(56, 1 << 20)),
        // L1 tables.
        damage("an L1 table that is not aligned", p -> p.putLong(40, p.l1(1))),
        damage("an L1 table beyond the end", p -> p.putLong(40, 1L << 40)),
        damage("an L1 table of too many entries", p -> p.putInt(36, 1 << 30)),
        damage("an L1 table of more entries than are needed", p -> p.putInt(36, 20_000)),
        damage("an L1 table that is the header", p -> p.putLong(40, 0)),
        damage("an L1 table of too few entries", p -> p.putInt(36, 1)),
        damage("an L1 entry that is lost", p -> p.putLong(p.l1(0), 0)),
        damage("an L1 entry without its flag", p -> p.putLong(p.l1(0), p.l2(0, 0))),
        damage("an L1 entry with a reserved bit", p -> p.putLong(p.l1(0), p.l2(0, 0) | COPIED | 2)),
        damage("an L1 entry that is a flag alone", p -> p.putLong(p.l1(1), COPIED)),
        damage("an L1 entry that is a reserved bit alone", p -> p.putLong(p.l1(1), 1)),
        damage("an L2 table twice", p -> p.putLong(p.l1(1), p.l2(0, 0) | COPIED)),
        damage(
            "an L2 table that is not aligned",
            p -> p.putLong(p.l1(0), (p.l2(0, 0) + 512) | COPIED)),
        damage("an L2 table beyond the end", p -> p.putLong(p.l1(0), 1L << 40 | COPIED)),
        damage("an L2 table right at the end", p -> p.putLong(p.l1(0), p.end() | COPIED)),
        damage("an L2 table that is the L1 table", p -> p.putLong(p.l1(0), p.l1(0) | COPIED)),
        damage(
            "an L2 table that is the refcount block",
            p -> p.putLong(p.l1(0), p.refcountBlock() | COPIED)),
        // L2 entries.
        damage("a cluster that is lost", p -> p.putLong(p.l2(0, 1), 0)),
        damage("a cluster without its flag", p -> p.putLong(p.l2(0, 1), p.getLong(p.l2(0, 0)))),
        damage(
            "a cluster not marked as copied",
            p -> p.putLong(p.l2(0, 1), p.getLong(p.l2(0, 1)) & ~COPIED)),
        damage(
            "a cluster with reserved bits",
            p -> p.putLong(p.l2(0, 1), p.getLong(p.l2(0, 1)) | 1L << 57 | 4)),
        damage(
            "a cluster that is not aligned",
            p -> p.putLong(p.l2(0, 1), p.getLong(p.l2(0, 1)) + 512)),
        damage(
            "a zero cluster that is not aligned",
            p -> p.putLong(p.l2(0, 1), p.getLong(p.l2(0, 1)) + 513)),
        damage("a cluster that is the header", p -> p.putLong(p.l2(0, 1), COPIED)),
        damage("a cluster in the L2 table", p -> p.putLong(p.l2(0, 1), p.l2(0, 0) | COPIED)),
        damage("a cluster beyond the end", p -> p.putLong(p.l2(0, 1), 1L << 40 | COPIED)),
        damage("a cluster right at the end", p -> p.putLong(p.l2(0, 1), p.end() | COPIED)),
        damage(
            "a compressed cluster marked as copied",
            p -> p.putLong(p.l2(0, 60), p.getLong(p.l2(0, 60)) | COPIED)),
        damage(
            "a compressed cluster beyond the end",
            p -> p.putLong(p.l2(0, 60), COMPRESSED | 1L << 40)),
        damage(
            "a compressed cluster that leads beyond the end",
            p -> p.putLong(p.l2(0, 60), COMPRESSED | 0x3fL << 54 | (p.end() - 1024))),
        damage(
            "a compressed cluster in the header", p -> p.putLong(p.l2(0, 60), COMPRESSED | 1000)),
        damage(
            "a compressed cluster at 2^54 and all sectors", p -> p.putLong(p.l2(0, 60), -1L >>> 1)),
        // The file.
        damage("a file that lost its last clusters", p -> p.setLength(p.length() / 2)),
        damage("a file that lost half a cluster", p -> p.setLength(p.length() - 30_000)),
        damage("a file with more at its end", p -> p.setLength(p.length() + 1_000_000)),
        damage("a file of its first clusters", p -> p.setLength(300_000)),
        // Snapshots.
        damage("a snapshot table that is lost", p -> p.putInt(60, 0)),
        damage("a snapshot table with one too many", p -> p.putInt(60, 3)),
        damage("a snapshot table of too many", p -> p.putInt(60, 70_000)),
        damage("a snapshot table beyond the end", p -> p.putLong(64, 1L << 40)),
        damage("a snapshot table that is not aligned", p -> p.putLong(64, p.snapshot() + 8)),
        damage("a snapshot table in the L1 table", p -> p.putLong(64, p.l1(0))),
        damage("a snapshot's L1 table that is not aligned", p -> p.putLong(p.snapshot(), 700_000)),
        damage("a snapshot's L1 table beyond the end", p -> p.putLong(p.snapshot(), 1L << 40)),
        damage(
            "a snapshot's L1 table that is the active one", p -> p.putLong(p.snapshot(), p.l1(0))),
        damage(
            "a snapshot's L1 table of too many entries", p -> p.putInt(p.snapshot() + 8, 1 << 24)),
        damage("a snapshot's L1 table of more entries", p -> p.putInt(p.snapshot() + 8, 9000)),
        damage("a snapshot's L1 table of no entries", p -> p.putInt(p.snapshot() + 8, 0)),
        damage("a snapshot with too much extra data", p -> p.putInt(p.snapshot() + 36, 2000)),
        damage("a snapshot with too little extra data", p -> p.putInt(p.snapshot() + 36, 8)),
        // Bitmaps.
        damage(
            "a bitmap directory beyond the end", p -> p.putLong(bitmapExtension(p) + 16, 1L << 40)),
        damage("a bitmap directory of no bytes", p -> p.putLong(bitmapExtension(p) + 8, 0)),
        damage("a bitmap directory of one more", p -> p.putInt(bitmapExtension(p), 2)),
        damage("bitmaps that are out of date", p -> p.putLong(88, 0)),
        damage("a bitmap table beyond the end", p -> p.putLong(p.bitmap(), 1L << 40)),
        damage("a bitmap table that is not aligned", p -> p.putLong(p.bitmap(), 65_536 + 512)),
        damage("a bitmap table that is the L1 table", p -> p.putLong(p.bitmap(), p.l1(0))),
        damage("a bitmap table of no entries", p -> p.putInt(p.bitmap() + 8, 0)),
        damage("a bitmap table of more entries", p -> p.putInt(p.bitmap() + 8, 8192)),
        damage("a bitmap table of too many entries", p -> p.putInt(p.bitmap() + 8, 8193)),
        damage("a bitmap of no type", p -> p.putByte(p.bitmap() + 16, 2)),
        damage("a bitmap with a reserved flag", p -> p.putInt(p.bitmap() + 12, 6)),
        damage("a bitmap with too many granularity bits", p -> p.putByte(p.bitmap() + 17, 32)),
        damage("a bitmap that is too small", p -> p.putByte(p.bitmap() + 17, 9)),
        damage(
            "a bitmap entry with reserved bits",
            p -> p.putLong(p.getLong(p.bitmap()), p.getLong(p.getLong(p.bitmap())) | 4)),
        damage(
            "a bitmap's data that is not aligned",
            p -> p.putLong(p.getLong(p.bitmap()), p.getLong(p.getLong(p.bitmap())) + 512)),
        damage("a bitmap's data beyond the end", p -> p.putLong(p.getLong(p.bitmap()), 1L << 40)),
        damage(
            "a bitmap's data in the L2 table", p -> p.putLong(p.getLong(p.bitmap()), p.l2(0, 0))),
        damage("a bitmap's data that is lost", p -> p.putLong(p.getLong(p.bitmap()), 0)));
  }

  /**
   * Returns the offset of the bitmaps extension's data. QEMU puts this extension after the other
   * one.
   */
  private static long bitmapExtension(Patch patch) {
    for (long at = patch.header.headerLength(); ; at += 8) {
      if (patch.getLong(at) == 0x2385_2875_0000_0018L) {
        return at + 8;
      }
    }
  }

  /** Makes the image before damage, with clusters of every kind and a bitmap. */
  static Path soundImage(Path directory, boolean snapshots) {
    Path image = directory.resolve("snapshots=" + snapshots);
    Qemu.img("create", "-q", "-f", "qcow2", "-o", "cluster_size=64K", image, 1L << 30);
    Qemu.io(
        image,
        List.of("write -c 3840K 64K", "write 0 300K", "write -z 600M 64K", "write 700M 64K"));
    if (snapshots) {
      Qemu.img("snapshot", "-c", "one", image);
      Qemu.img("snapshot", "-c", "two", image);
      Qemu.io(image, List.of("write 64K 100K"));
    }
    Qemu.img("bitmap", "--add", image, "daily");
    Qemu.io(image, List.of("write 1000M 64K"));
    return image;
  }

  @Override
  public String toString() {
    return name;
  }
}
