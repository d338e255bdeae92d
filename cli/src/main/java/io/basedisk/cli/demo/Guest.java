package io.basedisk.cli.demo;

import com.google.common.collect.ImmutableList;
import com.google.common.hash.Hashing;
import io.basedisk.app.BaseDisks;
import io.basedisk.domain.error.BaseDiskException;
import io.basedisk.domain.image.AllowedFiles;
import io.basedisk.domain.image.ImageToOpen;
import io.basedisk.domain.image.LayerFile;
import io.basedisk.domain.port.OpenDisk;
import io.basedisk.qcow2.guest.GuestDisk;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * The guest of one disk. It writes to the disk, and knows the content that the disk must have.
 *
 * <p>It knows the blocks that it or an ancestor wrote, and some unwritten blocks between them.
 */
final class Guest {

  private static final int BLOCK = 64 << 10;
  private static final int WATCHED = 32;

  private final String name;
  private final Path disk;
  private final BaseDisks disks;
  private final TreeMap<Long, ByteBuffer> blocks;
  private int written;

  private Guest(
      String name, Path disk, BaseDisks disks, Map<Long, ByteBuffer> blocks, int written) {
    this.name = name;
    this.disk = disk;
    this.disks = disks;
    this.blocks = new TreeMap<>(blocks);
    this.written = written;
  }

  /** Starts a guest with the present content of a disk. */
  static Guest of(String name, Path disk, BaseDisks disks) {
    Guest guest = new Guest(name, disk, disks, Map.of(), 0);
    try (OpenDisk image = guest.open()) {
      for (int i = 0; i < WATCHED; i++) {
        guest.look(image, image.virtualSize() / WATCHED * i / BLOCK * BLOCK);
      }
      // Real disks have most of their data at the start.
      for (long at = BLOCK; at < image.virtualSize(); at *= 2) {
        guest.look(image, at);
      }
    }
    return guest;
  }

  /** {@return a guest of another disk that must read as this one does now} */
  Guest copy(String otherName, Path otherDisk) {
    return new Guest(otherName, otherDisk, disks, blocks, written);
  }

  /**
   * Writes a recognizable pattern.
   *
   * @param position the offset, as a fraction of the virtual size
   * @param length the bytes to write; fewer where the disk ends
   */
  void write(double position, int length, String label) {
    try (GuestDisk image = GuestDisk.open(layers())) {
      long start = Math.round(position * image.virtualSize()) / 512 * 512;
      int count = (int) Math.min(length, image.virtualSize() - start);
      ByteBuffer pattern = pattern(name + " " + label, start, count);
      expect(image, start, pattern);
      image.write(start, pattern);
    }
    written++;
  }

  /** Reads back all known blocks, through the whole chain. */
  Check verify() {
    String what =
        name + " reads as it must (" + written + " patterns, " + blocks.size() + " blocks)";
    try (OpenDisk image = open()) {
      for (Map.Entry<Long, ByteBuffer> block : blocks.entrySet()) {
        ByteBuffer read = ByteBuffer.allocate(block.getValue().remaining());
        image.read(block.getKey(), read);
        if (!read.flip().equals(block.getValue())) {
          return new Check(what, "other bytes than expected at " + block.getKey());
        }
      }
      return Check.passed(what);
    } catch (BaseDiskException e) {
      return new Check(what, String.valueOf(e.getMessage()));
    }
  }

  String name() {
    return name;
  }

  Path disk() {
    return disk;
  }

  private OpenDisk open() {
    return disks
        .images()
        .open(ImageToOpen.qcow2(disk).allowing(AllowedFiles.inside(disks.home().bases())));
  }

  private ImmutableList<LayerFile> layers() {
    try (OpenDisk image = open()) {
      return image.layers();
    }
  }

  private void look(OpenDisk image, long blockStart) {
    ByteBuffer block = ByteBuffer.allocate((int) Math.min(BLOCK, image.virtualSize() - blockStart));
    image.read(blockStart, block);
    blocks.put(blockStart, block.flip());
  }

  /** Expects {@code pattern} at {@code start}, and the present content around it. */
  private void expect(GuestDisk image, long start, ByteBuffer pattern) {
    long end = start + pattern.remaining();
    for (long at = start / BLOCK * BLOCK; at < end; at += BLOCK) {
      ByteBuffer block = ByteBuffer.allocate((int) Math.min(BLOCK, image.virtualSize() - at));
      image.read(at, block);
      block.flip();
      int from = (int) Math.max(0, start - at);
      int to = (int) Math.min(block.remaining(), end - at);
      block.put(from, pattern, (int) (at + from - start), to - from);
      blocks.put(at, block);
    }
  }

  /** {@return bytes that are unique to the label and the offset} */
  private static ByteBuffer pattern(String label, long start, int length) {
    long seed = Hashing.murmur3_128().hashString(label, StandardCharsets.UTF_8).asLong();
    ByteBuffer bytes = ByteBuffer.allocate(length);
    for (int i = 0; i + Long.BYTES <= length; i += Long.BYTES) {
      bytes.putLong(i, (seed ^ (start + i)) * 0x9E3779B97F4A7C15L);
    }
    return bytes;
  }
}
