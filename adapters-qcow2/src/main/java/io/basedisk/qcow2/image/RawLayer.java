package io.basedisk.qcow2.image;

import io.basedisk.qcow2.format.GuestOffset;
import io.basedisk.qcow2.format.HostOffset;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** A raw file: the disk itself, byte for byte. */
record RawLayer(ImageFile file, long virtualSize) implements Layer {

  static RawLayer open(Path path) {
    ImageFile file = ImageFile.openToRead(path);
    return new RawLayer(file, file.length());
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
  public void close() {
    file.close();
  }
}
