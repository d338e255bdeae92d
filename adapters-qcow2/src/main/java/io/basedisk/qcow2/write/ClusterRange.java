package io.basedisk.qcow2.write;

import com.google.common.collect.Iterables;
import io.basedisk.qcow2.format.ClusterGeometry;
import io.basedisk.qcow2.format.GuestOffset;
import io.basedisk.qcow2.format.HostOffset;
import io.basedisk.qcow2.image.ImageFile;
import io.basedisk.qcow2.image.Zeros;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** A job that copies a range of clusters from a source to a new qcow2 file. */
final class ClusterRange implements Pipeline.Job {

  private static final int ZERO = 0;

  private final GuestOffset start;
  private final int length;
  private final GuestBytes source;
  private final Target target;

  /** Size of each cluster in the file, in bytes. */
  private final int[] sizes;

  /** Uncompressed pieces. */
  private final List<Piece> plain = new ArrayList<>();

  /** Compressed pieces. */
  private final List<Piece> compressed = new ArrayList<>();

  private int compressedEnd;

  /** The new image. */
  record Target(ImageFile file, ClusterGeometry geometry, Layout layout, boolean backed) {}

  /**
   * @param start the start of a cluster
   * @param length length in bytes, to the end of a cluster or of the disk
   */
  ClusterRange(GuestOffset start, int length, GuestBytes source, Target target) {
    this.start = start;
    this.length = length;
    this.source = source;
    this.target = target;
    this.sizes = new int[(int) target.geometry.clusters(length)];
  }

  @Override
  public void prepare(Workspace workspace) {
    ByteBuffer guest = workspace.guest().clear().limit(length);
    source.read(start.bytes(), guest);
    int clusterSize = target.geometry.clusterSize();
    guest.limit(sizes.length * clusterSize);
    while (guest.hasRemaining()) {
      guest.put((byte) 0); // The last cluster reaches beyond the end of the disk.
    }
    workspace.compressed().clear();
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = size(guest.slice(i * clusterSize, clusterSize), workspace);
    }
  }

  private int size(ByteBuffer cluster, Workspace workspace) {
    if (Zeros.isZero(cluster)) {
      return ZERO;
    }
    int size = workspace.compress(cluster);
    return size == 0 ? target.geometry.clusterSize() : size;
  }

  @Override
  public void place() {
    // Uncompressed clusters go together, so that compressed ones stay contiguous.
    HostOffset nextPlain = target.layout.reserve(plainClusters());
    for (int i = 0; i < sizes.length; i++) {
      GuestOffset cluster = start.plus((long) i << target.geometry.clusterBits());
      if (isPlain(i)) {
        target.layout.placeData(cluster, nextPlain);
        addPlain(i, nextPlain);
        nextPlain = nextPlain.plus(target.geometry.clusterSize());
      } else if (sizes[i] != ZERO) {
        addCompressed(target.layout.placeCompressed(cluster, sizes[i]), sizes[i]);
      } else if (target.backed) {
        target.layout.placeZeros(cluster);
      }
    }
    target.layout.settle();
  }

  private boolean isPlain(int cluster) {
    return sizes[cluster] == target.geometry.clusterSize();
  }

  private int plainClusters() {
    return (int) IntStream.range(0, sizes.length).filter(this::isPlain).count();
  }

  private void addPlain(int cluster, HostOffset to) {
    add(plain, new Piece(cluster << target.geometry.clusterBits(), to, sizes[cluster]));
  }

  private void addCompressed(HostOffset to, int size) {
    add(compressed, new Piece(compressedEnd, to, size));
    compressedEnd += size;
  }

  /** Adds a piece. If it continues the last piece in both buffer and file, the two become one. */
  private static void add(List<Piece> pieces, Piece piece) {
    Piece last = Iterables.getLast(pieces, null);
    if (last != null && last.isFollowedBy(piece)) {
      pieces.set(pieces.size() - 1, new Piece(last.from, last.to, last.length + piece.length));
    } else {
      pieces.add(piece);
    }
  }

  @Override
  public void complete(Workspace workspace) {
    write(plain, workspace.guest());
    write(compressed, workspace.compressed());
  }

  private void write(List<Piece> pieces, ByteBuffer buffer) {
    buffer.clear();
    for (Piece piece : pieces) {
      target.file.write(piece.to, buffer.slice(piece.from, piece.length));
    }
  }

  /** Bytes that are contiguous in a workspace buffer and in the file. */
  private record Piece(int from, HostOffset to, int length) {

    boolean isFollowedBy(Piece next) {
      return next.from == from + length && next.to.equals(to.plus(length));
    }
  }
}
