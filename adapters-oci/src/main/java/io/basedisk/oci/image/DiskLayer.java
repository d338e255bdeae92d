package io.basedisk.oci.image;

import com.google.common.hash.Hashing;
import com.google.common.hash.HashingOutputStream;
import io.basedisk.domain.model.artifact.Sha256;
import io.basedisk.domain.port.Progress;
import io.basedisk.oci.blob.Blobs;
import io.basedisk.oci.blob.FileFailures;
import io.basedisk.oci.stream.ImageSource;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * The layer of a containerDisk: a tar archive, compressed with gzip, which each container runtime
 * reads. Owner, modes and names are as in KubeVirt's own images; the times are 0.
 *
 * @param file the compressed layer
 * @param blob its digest and size
 * @param diffId digest of the tar archive
 */
record DiskLayer(Path file, Blobs.Blob blob, Sha256 diffId) {

  /** The user and group that KubeVirt runs QEMU as. */
  private static final int QEMU = 107;

  private static final int BUFFER = 64 << 10;

  static DiskLayer pack(ImageSource image, Path file, Progress progress) {
    try (OutputStream target =
            Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        HashingOutputStream blobHash = new HashingOutputStream(Hashing.sha256(), target)) {
      Sha256 diffId = compress(image, blobHash, progress);
      Blobs.Blob blob = new Blobs.Blob(Sha256.of(blobHash.hash()), Files.size(file));
      return new DiskLayer(file, blob, diffId);
    } catch (IOException e) {
      throw FileFailures.of("cannot write", file, e);
    }
  }

  private static Sha256 compress(ImageSource image, OutputStream target, Progress progress)
      throws IOException {
    try (GZIPOutputStream gzip = new GZIPOutputStream(target, BUFFER);
        HashingOutputStream diffHash = new HashingOutputStream(Hashing.sha256(), gzip);
        // The tar library writes 512 bytes at a time.
        BufferedOutputStream buffer = new BufferedOutputStream(diffHash, BUFFER)) {
      TarArchiveOutputStream tar = new TarArchiveOutputStream(buffer);
      // Sizes of 8 GiB and more as GNU tar has them.
      tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_STAR);
      begin(tar, "disk/", 0_40555, 0);
      tar.closeArchiveEntry();
      begin(tar, "disk/disk.qcow2", 0_100444, image.bytes());
      image.copyTo(tar, progress);
      tar.closeArchiveEntry();
      tar.finish();
      buffer.flush();
      return Sha256.of(diffHash.hash());
    }
  }

  private static void begin(TarArchiveOutputStream tar, String name, int mode, long bytes)
      throws IOException {
    TarArchiveEntry member = new TarArchiveEntry(name);
    member.setSize(bytes);
    member.setMode(mode);
    member.setIds(QEMU, QEMU);
    member.setModTime(0);
    tar.putArchiveEntry(member);
  }
}
