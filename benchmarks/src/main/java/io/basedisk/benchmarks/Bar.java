package io.basedisk.benchmarks;

/**
 * All bars: for each, the work to measure, the peer to compare with, and the highest ratio that
 * meets the bar.
 *
 * <p>A ratio is basedisk's figure divided by the peer's, of time or of bytes: "three times as fast"
 * is a ratio of at most 1/3.
 */
enum Bar {
  FORK_BY_C("fork of a clean disk, durable", "C, same calls", 1.5),
  FORK_BY_QEMU("fork of a clean disk, durable", "qemu-img create -b", 1 / 3.0),
  CLONES("clone x 1000 in one batch, each", "qemu-img create -b, in turn", 1 / 8.0),
  FLATTEN("flatten 1 GiB over a chain of 4", "qemu-img convert", 1),
  FLATTEN_SHARED("flatten 1 GiB, long runs, reflinks", "qemu-img convert", 1 / 5.0),
  ZLIB("compressed convert, zlib", "qemu-img convert -c", 1 / 1.8),
  ZLIB_SIZE("its output", "qemu-img convert -c", 1.02),
  ZSTD("compressed convert, zstd", "qemu-img convert -c", 1),
  ZSTD_SIZE("its output", "qemu-img convert -c", 1.02),
  EXPORT_BY_TAR("first export of 512 MiB", "tar | zstd -T0 | sha256sum", 1 / 0.9),
  EXPORT_BY_QEMU("first export of 512 MiB", "qemu-img convert -c, zstd", 1 / 0.9),
  IMPORT("import of 512 MiB, durable", "zstd -d | sha256sum", 1.2),
  READ("4 KiB reads in a stride, depth 1", "qemu-img bench -d 1", 1),
  READ_DEEP("4 KiB reads in a stride, depth 64", "ours, depth 1", 1.2),
  CHECK("image check", "qemu-img check", 1),
  MAP("image map", "qemu-img map", 1),
  FORK_AMONG_MANY("fork, in a store of 100,000 bases", "ours, 100 bases", 1.3),
  COLLECT_AMONG_MANY("collect of a base, 100,000 bases", "ours, 100 bases", 1.3),
  BOX_LS("box ls on a small home", "hello-world, same JVM", 8),
  READ_ALL("read a whole disk, and its SHA-256", "sha256sum of the raw disk"),
  MEMORY("1 TiB disk, heap of 256 MiB: ");

  private final String work;
  private final String peer;
  private final double maxRatio;

  Bar(String work, String peer, double maxRatio) {
    this.work = work;
    this.peer = peer;
    this.maxRatio = maxRatio;
  }

  /** A bar without a limit: its ratio is only shown. */
  Bar(String work, String peer) {
    this(work, peer, Double.POSITIVE_INFINITY);
  }

  /** A bar without a ratio: it is met if the work succeeds. */
  Bar(String work) {
    this(work, "-", Double.NaN);
  }

  String work() {
    return work;
  }

  String peer() {
    return peer;
  }

  /**
   * {@return the highest ratio that meets the bar: infinite without a limit, NaN without a ratio}
   */
  double maxRatio() {
    return maxRatio;
  }
}
