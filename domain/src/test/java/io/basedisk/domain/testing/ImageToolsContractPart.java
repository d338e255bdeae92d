package io.basedisk.domain.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.image.AllowedFiles;
import io.basedisk.domain.image.ImageToOpen;
import io.basedisk.domain.image.LayerFile;
import io.basedisk.domain.image.MapEntry;
import io.basedisk.domain.image.NewImageFormat;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.port.ImageTools;
import io.basedisk.domain.port.OpenDisk;
import io.basedisk.domain.port.Progress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;

/** What the parts of {@link ImageToolsContract} share: what is under test, and images for it. */
public abstract class ImageToolsContractPart {

  static final int CLUSTER = 64 << 10;
  static final ByteSize SIZE = ByteSize.parse("1M");
  static final byte[] WORDS = "what the base has".getBytes(UTF_8);

  // What an implementation has to provide.

  /** Returns the implementation under test. */
  protected abstract ImageTools tools();

  /** Returns the real path of an existing directory, empty when a test begins. */
  protected abstract Path root();

  /** Returns the names of the files in {@link #root}, sorted. */
  protected abstract List<String> files();

  /** Puts a file with that content at {@code path}, where nothing is. */
  protected abstract void makeFile(Path path, byte[] content);

  // Files.

  final Path base() {
    return root().resolve("base.qcow2");
  }

  final Path overlay() {
    return root().resolve("overlay.qcow2");
  }

  final Path other() {
    return root().resolve("other.qcow2");
  }

  final Path raw() {
    return root().resolve("disk.raw");
  }

  /** Makes a base of 1 MiB that has something in its second cluster. */
  final void makeBase() {
    Path source = root().resolve("source.raw");
    byte[] content = new byte[1 << 20];
    System.arraycopy(WORDS, 0, content, CLUSTER, WORDS.length);
    makeFile(source, content);
    try (OpenDisk disk = tools().open(ImageToOpen.raw(source))) {
      tools().convert(disk, base(), NewImageFormat.Qcow2.DEFAULT, Progress.NONE);
    }
  }

  /** Makes an empty overlay of 2 MiB on the base. */
  final void makeOverlay() {
    makeBase();
    tools().create(overlay(), LayerFile.qcow2(base()), ByteSize.parse("2M"));
  }

  final OpenDisk openOverlay() {
    return tools().open(ImageToOpen.qcow2(overlay()).allowing(AllowedFiles.inside(root())));
  }

  static byte[] read(OpenDisk disk, long offset, int length) {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    assertEquals(length, disk.read(offset, bytes));
    assertFalse(bytes.hasRemaining());
    return bytes.array();
  }

  final void assertReadsAsBase(AllowedFiles allowed) {
    try (OpenDisk disk = tools().open(ImageToOpen.qcow2(overlay()).allowing(allowed))) {
      assertArrayEquals(WORDS, read(disk, CLUSTER, WORDS.length));
    }
  }

  /** A disk that the tools under test did not open. */
  static final class ForeignDisk implements OpenDisk {

    @Override
    public ImmutableList<LayerFile> layers() {
      return ImmutableList.of(LayerFile.raw(Path.of("/foreign")));
    }

    @Override
    public long virtualSize() {
      return 0;
    }

    @Override
    public int read(long offset, ByteBuffer target) {
      return 0;
    }

    @Override
    public Iterator<MapEntry> map() {
      return ImmutableList.<MapEntry>of().iterator();
    }

    @Override
    public void close() {}
  }
}
