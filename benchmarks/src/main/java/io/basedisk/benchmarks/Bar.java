package io.basedisk.benchmarks;

/**
 * Every bar that is held, in one place: what is measured, beside what, and how much of the peer's
 * figure ours may be.
 *
 * <p>A ratio is always ours by the peer's, of time or of bytes: "three times as fast" is at most a
 * third.
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
  private final double most;

  Bar(String work, String peer, double most) {
    this.work = work;
    this.peer = peer;
    this.most = most;
  }

  /** For one that is only shown. */
  Bar(String work, String peer) {
    this(work, peer, Double.POSITIVE_INFINITY);
  }

  /** For one that is met by what succeeds. */
  Bar(String work) {
    this(work, "-", Double.NaN);
  }

  String work() {
    return work;
  }

  String peer() {
    return peer;
  }

  /** Returns the largest ratio that meets it; NaN where there is no ratio. */
  double most() {
    return most;
  }
}
