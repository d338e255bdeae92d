package io.basedisk.domain.testing;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Sets;
import io.basedisk.domain.model.BackingFile;
import io.basedisk.domain.model.ImageHeader;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The content of a qcow2 image as tests see it: a header, and what a guest wrote, by cluster.
 *
 * @param header what its header says
 * @param clusters what was written to this image itself, by the number of the cluster
 */
public record FakeImage(ImageHeader header, ImmutableMap<Long, String> clusters) {

  /** What a cluster holds that reads as zeros, whatever is below it. */
  static final String ZEROS = "";

  static final int CLUSTER = 65_536;
  private static final int EMPTY_CLUSTERS = 4;

  /** Returns this image with a cluster written to. */
  FakeImage with(long cluster, String value) {
    Map<Long, String> changed = new TreeMap<>(clusters);
    changed.put(cluster, value);
    return new FakeImage(header, ImmutableMap.copyOf(changed));
  }

  /** Returns this image with its header changed. */
  FakeImage with(ImageHeader changed) {
    return new FakeImage(changed, clusters);
  }

  /** Returns this image with another virtual size. */
  FakeImage withSize(long virtualSize) {
    return with(
        new ImageHeader(
            header.version(),
            virtualSize,
            header.backing(),
            header.dirty(),
            header.corrupt(),
            header.internalSnapshots(),
            header.persistentBitmaps()));
  }

  /** Returns this image with another backing file named in its header. */
  FakeImage withBacking(BackingFile backing) {
    return with(
        new ImageHeader(
            header.version(),
            header.virtualSize(),
            backing,
            header.dirty(),
            header.corrupt(),
            header.internalSnapshots(),
            header.persistentBitmaps()));
  }

  /**
   * Returns what is read through a chain, the topmost image first: zeros where an image says so.
   * What is below the end of an image, but beyond it, is not seen.
   */
  static NavigableMap<Long, String> through(List<FakeImage> chain) {
    NavigableMap<Long, String> content = new TreeMap<>();
    long end = Long.MAX_VALUE;
    for (FakeImage image : chain) {
      end = Math.min(end, image.header().virtualSize());
      for (Map.Entry<Long, String> cluster : image.clusters().entrySet()) {
        if (cluster.getKey() * CLUSTER < end) {
          content.putIfAbsent(cluster.getKey(), cluster.getValue());
        }
      }
    }
    return content;
  }

  /**
   * Returns the image that takes the place of the upper ones of a chain.
   *
   * @param kept how many these are
   */
  static FakeImage merged(List<FakeImage> chain, int kept, BackingFile backing) {
    FakeImage merged = empty(chain.get(0).header().virtualSize(), backing);
    NavigableMap<Long, String> all = through(chain);
    NavigableMap<Long, String> below = through(chain.subList(kept, chain.size()));
    for (long cluster : Sets.union(all.keySet(), below.keySet())) {
      String content = all.getOrDefault(cluster, ZEROS);
      boolean isSaid =
          cluster * CLUSTER < merged.header().virtualSize()
              && !content.equals(below.getOrDefault(cluster, ZEROS));
      if (isSaid) {
        merged = merged.with(cluster, content);
      }
    }
    return merged;
  }

  boolean isEmptyOverlay() {
    return clusters.isEmpty() && header.internalSnapshots() == 0 && header.persistentBitmaps() == 0;
  }

  long length() {
    return (long) CLUSTER * (EMPTY_CLUSTERS + clusters.size());
  }

  /** Returns an image without a backing file that has that content. */
  static FakeImage flat(long virtualSize, ImmutableMap<Long, String> clusters) {
    return new FakeImage(empty(virtualSize, null).header(), clusters);
  }

  static FakeImage empty(long virtualSize, BackingFile backing) {
    return new FakeImage(
        new ImageHeader(3, virtualSize, backing, false, false, 0, 0), ImmutableMap.of());
  }
}
