package io.basedisk.domain.testing;

import com.google.common.collect.ImmutableMap;
import io.basedisk.domain.model.BackingFile;
import io.basedisk.domain.model.ImageHeader;
import java.util.Map;
import java.util.TreeMap;

/**
 * The content of a qcow2 image as tests see it: a header, and what a guest wrote, by cluster.
 *
 * @param header what its header says
 * @param clusters what was written to this image itself, by the number of the cluster
 */
public record FakeImage(ImageHeader header, ImmutableMap<Long, String> clusters) {

  private static final int CLUSTER = 65_536;
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

  boolean isUnwritten() {
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
