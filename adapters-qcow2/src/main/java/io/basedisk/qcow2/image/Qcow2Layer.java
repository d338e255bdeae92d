package io.basedisk.qcow2.image;

import io.basedisk.domain.model.BackingFile;
import io.basedisk.qcow2.format.ClusterDescriptor;
import io.basedisk.qcow2.format.ClusterGeometry;
import io.basedisk.qcow2.format.FileBounds;
import io.basedisk.qcow2.format.FormatException;
import io.basedisk.qcow2.format.GuestOffset;
import io.basedisk.qcow2.format.Header;
import io.basedisk.qcow2.format.HostOffset;
import io.basedisk.qcow2.format.SubclusterState;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A layer in a qcow2 file, which maps guest clusters to host clusters.
 *
 * <p>Specification: "Cluster mapping", "Extended L2 Entries".
 */
final class Qcow2Layer implements DiskLayer {

  private final ImageFile file;
  private final Header header;
  private final ClusterGeometry geometry;
  private final MappingTables tables;
  private final ClusterDecoders decoders;
  private final @Nullable PreallocatedHoles holes;

  /**
   * @param holes the holes of the file; null for a writable file, which counts as data everywhere
   */
  Qcow2Layer(
      ImageFile file,
      Header header,
      MappingTables tables,
      ClusterDecoders decoders,
      @Nullable PreallocatedHoles holes) {
    this.file = file;
    this.header = header;
    this.geometry = header.geometry();
    this.tables = tables;
    this.decoders = decoders;
    this.holes = holes;
  }

  @Override
  public ImageFile file() {
    return file;
  }

  Header header() {
    return header;
  }

  @Override
  public Optional<BackingFile> backing() {
    return header.backing();
  }

  @Override
  public long virtualSize() {
    // QEMU does not show a partial last sector to the guest.
    return ClusterGeometry.wholeSectorsIn(header.virtualSize());
  }

  // From guest offsets to extents.

  @Override
  public Extent extent(GuestOffset at, long limit) {
    try {
      return extentInTable(at, Math.min(limit, geometry.toEndOfL2Table(at)));
    } catch (FormatException e) {
      throw file.invalid(e);
    }
  }

  private Extent extentInTable(GuestOffset at, long limit) throws FormatException {
    HostOffset table = tables.l1(geometry.l1Index(at)).l2Table();
    if (table.isNowhere()) {
      return new Extent.Unallocated(HostOffset.NOWHERE, limit);
    }
    FileBounds bounds = new FileBounds(file.length(), geometry);
    bounds.requireCluster("L2 table", table);
    Extent extent = extentInSubcluster(table, at, bounds);
    while (extent.length() < limit) {
      Optional<Extent> both = joined(extent, table, at.plus(extent.length()), bounds);
      if (both.isEmpty()) {
        return extent;
      }
      extent = both.get();
    }
    return extent.upTo(limit);
  }

  /** Joins an extent and the next one at {@code next}, if that continues it. */
  private Optional<Extent> joined(
      Extent extent, HostOffset table, GuestOffset next, FileBounds bounds) {
    try {
      return joined(extent, extentInSubcluster(table, next, bounds));
    } catch (FormatException e) {
      // A read of the damaged cluster itself reports this. The clusters before it are readable.
      return Optional.empty();
    }
  }

  /** {@return the extent from {@code at} to the end of its subcluster, or of its whole cluster} */
  private Extent extentInSubcluster(HostOffset table, GuestOffset at, FileBounds bounds)
      throws FormatException {
    int skipped = geometry.offsetInCluster(at);
    int length = geometry.clusterSize() - skipped;
    ClusterDescriptor descriptor =
        tables.l2(table, geometry.l2Index(at)).descriptor(geometry, header.version());
    if (descriptor instanceof ClusterDescriptor.Standard standard) {
      return data(standard.host(), skipped, length, bounds);
    }
    if (descriptor instanceof ClusterDescriptor.Zero zero) {
      return new Extent.Zero(room(zero.host(), skipped), length);
    }
    if (descriptor instanceof ClusterDescriptor.Compressed compressed) {
      requireInside(compressed);
      return new Extent.Compressed(compressed, skipped, length);
    }
    if (descriptor instanceof ClusterDescriptor.Divided divided) {
      int inSubcluster = geometry.subclusterSize() - skipped % geometry.subclusterSize();
      SubclusterState state = divided.subclusters().state(geometry.subclusterIndex(at));
      return switch (state) {
        case ALLOCATED -> data(divided.host(), skipped, inSubcluster, bounds);
        case ZERO -> new Extent.Zero(room(divided.host(), skipped), inSubcluster);
        case UNALLOCATED -> new Extent.Unallocated(room(divided.host(), skipped), inSubcluster);
      };
    }
    return new Extent.Unallocated(HostOffset.NOWHERE, length);
  }

  private static HostOffset room(HostOffset cluster, int skipped) {
    return cluster.isNowhere() ? cluster : cluster.plus(skipped);
  }

  private static Extent data(HostOffset cluster, int skipped, int length, FileBounds bounds)
      throws FormatException {
    bounds.requireCluster("data cluster", cluster);
    return new Extent.Data(cluster.plus(skipped), length);
  }

  private void requireInside(ClusterDescriptor.Compressed compressed) throws FormatException {
    if (compressed.host().bytes() >= file.length()) {
      throw new FormatException(
          "compressed cluster at " + compressed.host() + " is not inside the file");
    }
  }

  /** Joins two adjacent extents, if the second continues the first in the file. */
  private static Optional<Extent> joined(Extent first, Extent second) {
    long length = first.length() + second.length();
    if (first instanceof Extent.Unallocated one && second instanceof Extent.Unallocated more) {
      return one.host().isContinuedBy(more.host(), one.length())
          ? Optional.of(new Extent.Unallocated(one.host(), length))
          : Optional.empty();
    }
    if (first instanceof Extent.Zero one && second instanceof Extent.Zero more) {
      return one.host().isContinuedBy(more.host(), one.length())
          ? Optional.of(new Extent.Zero(one.host(), length))
          : Optional.empty();
    }
    if (first instanceof Extent.Data data
        && second instanceof Extent.Data more
        && data.host().isContinuedBy(more.host(), data.length())) {
      return Optional.of(new Extent.Data(data.host(), length));
    }
    return Optional.empty();
  }

  // From extents to bytes.

  @Override
  public void read(Extent extent, int count, ByteBuffer target) {
    if (extent instanceof Extent.Data data) {
      file.read(data.host().bytes(), target.slice(target.position(), count));
      target.position(target.position() + count);
    } else if (extent instanceof Extent.Compressed compressed) {
      decoders.read(this, compressed, count, target);
    } else {
      Zeros.fill(target, count);
    }
  }

  @Override
  public Holes.Part partAt(long position, long limit) {
    return holes == null ? new Holes.Part(limit, false) : holes.partAt(position, limit);
  }

  @Override
  public void close() {
    if (holes != null) {
      holes.close();
    }
    file.close();
  }
}
