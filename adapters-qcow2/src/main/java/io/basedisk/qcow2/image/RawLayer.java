package io.basedisk.qcow2.image;

import io.basedisk.domain.model.BackingFile;
import io.basedisk.qcow2.format.ClusterGeometry;
import io.basedisk.qcow2.format.GuestOffset;
import io.basedisk.qcow2.format.HostOffset;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A layer in a raw file, which holds the disk byte for byte. As in QEMU, the disk's size is rounded
 * up to whole sectors: the rest of the last sector is a hole.
 */
record RawLayer(ImageFile file, Holes holes) implements DiskLayer {

  @Override
  public long virtualSize() {
    return ClusterGeometry.wholeSectorsOver(file.length());
  }

  @Override
  public Optional<BackingFile> backing() {
    return Optional.empty();
  }

  @Override
  public Extent extent(GuestOffset at, long limit) {
    return new Extent.Data(new HostOffset(at.bytes()), limit);
  }

  @Override
  public void read(Extent extent, int count, ByteBuffer target) {
    file.read(((Extent.Data) extent).host().bytes(), target.slice(target.position(), count));
    target.position(target.position() + count);
  }

  @Override
  public Holes.Part partAt(long position, long limit) {
    long end = file.length();
    return position < end
        ? holes.partAt(position, Math.min(limit, end))
        : new Holes.Part(limit, true);
  }

  @Override
  public void close() {
    try (holes) {
      file.close();
    }
  }
}
