package io.basedisk.oci.boxlite;

import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import com.google.common.collect.ImmutableMap;
import com.google.common.hash.Hashing;
import com.google.common.hash.HashingOutputStream;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.artifact.Sha256;
import io.basedisk.domain.port.Progress;
import io.basedisk.oci.archive.ArchiveTarget;
import io.basedisk.oci.json.Json;
import io.basedisk.oci.stream.ImageSource;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * Writes an archive of BoxLite: version 2, which is a tar archive compressed with zstd, with the
 * manifest and one disk. It is the oldest version with checksums, so that each reader since then
 * knows it, and it needs nothing that only BoxLite knows: later versions have the options of a box.
 *
 * <p>The same image, names and time give the same bytes.
 */
public final class BoxliteWriter {

  private static final long VERSION = 2;
  private static final int LEVEL = 3;

  private BoxliteWriter() {}

  /**
   * What to write.
   *
   * @param image path of a qcow2 image without a backing file, which does not change
   * @param box name of the box
   * @param containerImage the container image that BoxLite made the box of, for example {@code
   *     alpine:latest}: it takes the box's command and environment from there. May be empty;
   *     BoxLite then imports the box, and needs an image to start it
   * @param exportedAt time of the export; it is written in whole seconds
   */
  public record Export(Path image, BoxId box, String containerImage, Instant exportedAt) {}

  /**
   * Writes an archive.
   *
   * @param export what to write
   * @param target where to; the caller closes it
   * @param progress receives the bytes of the image; it is read twice
   * @throws io.basedisk.domain.error.InvalidImageException if the image is no qcow2, or has a
   *     backing file
   * @throws io.basedisk.domain.error.StorageException if the image can't be read, changes during
   *     the export, or the target can't be written
   */
  public static void write(Export export, ArchiveTarget target, Progress progress) {
    ImageSource image = ImageSource.of(export.image());
    Sha256 digest = digest(image, progress.pass(0, 2));
    try (OutputStream zstd =
        new ZstdOutputStreamNoFinalizer(new KeptOpen(target.stream()), LEVEL)) {
      TarArchiveOutputStream tar = new TarArchiveOutputStream(zstd);
      // Sizes of 8 GiB and more as GNU tar has them.
      tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_STAR);
      addManifest(tar, manifest(export, digest));
      addDisk(tar, image, digest, progress.pass(1, 2));
      tar.finish();
      tar.flush();
      zstd.close();
      target.complete();
    } catch (IOException e) {
      throw target.failure(e);
    }
  }

  /** Keeps the target open when the compressor is closed. */
  private static final class KeptOpen extends FilterOutputStream {
    KeptOpen(OutputStream target) {
      super(target);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
    }

    @Override
    public void close() throws IOException {
      flush();
    }
  }

  private static byte[] manifest(Export export, Sha256 digest) {
    return Json.write(
        ImmutableMap.of(
            "version",
            VERSION,
            "box_name",
            export.box().value(),
            "image",
            export.containerImage(),
            // A reader of version 2 wants this one; empty means that there is no such disk.
            "guest_disk_checksum",
            "",
            "container_disk_checksum",
            digest.toString(),
            "exported_at",
            export.exportedAt().truncatedTo(ChronoUnit.SECONDS).toString()));
  }

  private static Sha256 digest(ImageSource image, Progress progress) {
    try (HashingOutputStream hash =
        new HashingOutputStream(Hashing.sha256(), OutputStream.nullOutputStream())) {
      image.copyTo(hash, progress);
      return Sha256.of(hash.hash());
    } catch (IOException e) {
      throw new UncheckedIOException(e); // Can't happen: the bytes go nowhere.
    }
  }

  private static void addManifest(TarArchiveOutputStream tar, byte[] manifest) throws IOException {
    begin(tar, "manifest.json", manifest.length);
    tar.write(manifest);
    tar.closeArchiveEntry();
  }

  private static void addDisk(
      TarArchiveOutputStream tar, ImageSource image, Sha256 digest, Progress progress)
      throws IOException {
    begin(tar, "disk.qcow2", image.bytes());
    HashingOutputStream hash = new HashingOutputStream(Hashing.sha256(), tar);
    image.copyTo(hash, progress);
    if (!Sha256.of(hash.hash()).equals(digest)) {
      throw image.changed();
    }
    tar.closeArchiveEntry();
  }

  private static void begin(TarArchiveOutputStream tar, String name, long bytes)
      throws IOException {
    TarArchiveEntry member = new TarArchiveEntry(name);
    member.setSize(bytes);
    member.setMode(0_100644);
    member.setModTime(0);
    tar.putArchiveEntry(member);
  }
}
