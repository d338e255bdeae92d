package io.basedisk.benchmarks;

import io.basedisk.qcow2.image.DiskImage;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Reads of 4 KiB at the offsets of {@code qemu-img bench -S}. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ChainReads {

  static final int LENGTH = 4096;

  /** Not a multiple of the cluster size, so that the reads reach all parts of clusters. */
  static final int STEP = (64 << 10) + LENGTH;

  /** The image to read. */
  @Param("")
  public String image;

  private DiskImage disk;
  private ByteBuffer buffer;
  private long size;
  private long offset;

  /** Opens the image. */
  @Setup
  public void open() {
    disk = Disks.open(Path.of(image));
    buffer = ByteBuffer.allocateDirect(LENGTH);
    size = disk.virtualSize();
  }

  /** Reads at the next offset. */
  @Benchmark
  public int read() {
    int count = disk.read(offset, buffer.clear());
    offset = (offset + STEP) % size;
    return count;
  }

  /** Closes the image. */
  @TearDown
  public void close() {
    disk.close();
  }
}
