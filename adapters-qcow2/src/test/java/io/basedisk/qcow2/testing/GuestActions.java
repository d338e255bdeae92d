package io.basedisk.qcow2.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Random actions of a guest on a disk, as commands of {@code qemu-io}. */
public final class GuestActions {

  private final Random random;
  private final long virtualSize;
  private final int clusterSize;
  private final boolean compressing;

  /**
   * @param compressing whether some clusters are written compressed
   */
  public GuestActions(Random random, long virtualSize, int clusterSize, boolean compressing) {
    this.random = random;
    this.virtualSize = virtualSize;
    this.clusterSize = clusterSize;
    this.compressing = compressing;
  }

  /**
   * Returns {@code count} commands, after those that write compressed clusters: QEMU does not
   * compress a cluster that was written before.
   */
  public List<String> commands(int count) {
    List<String> commands = new ArrayList<>();
    for (int cluster : compressed()) {
      commands.add(
          "write -c -P " + pattern() + " " + cluster * (long) clusterSize + " " + clusterSize);
    }
    for (int i = 0; i < count; i++) {
      commands.add(command());
    }
    return commands;
  }

  private String command() {
    return switch (random.nextInt(5)) {
      case 0, 1 -> "write -P " + pattern() + range(512);
      case 2 -> "write -z" + range(512);
      case 3 -> "write -z -u" + range(clusterSize);
      default -> "discard" + range(clusterSize);
    };
  }

  private int pattern() {
    return 1 + random.nextInt(255);
  }

  private String range(int unit) {
    long units = virtualSize / unit;
    long start = random.nextLong(units);
    long length =
        1 + random.nextLong(Math.min(units - start, Math.max(1, 3L * clusterSize / unit)));
    return " " + start * unit + " " + length * unit;
  }

  private int[] compressed() {
    int clusters = compressing ? (int) (virtualSize / clusterSize) : 0;
    return random.ints(20, 0, Math.max(1, clusters)).distinct().limit(clusters / 2).toArray();
  }
}
