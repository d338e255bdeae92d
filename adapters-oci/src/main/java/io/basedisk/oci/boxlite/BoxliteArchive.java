package io.basedisk.oci.boxlite;

import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.port.Progress;
import io.basedisk.oci.blob.FormatException;
import io.basedisk.oci.blob.PrivateDirectory;
import io.basedisk.oci.stream.Compression;
import io.basedisk.oci.stream.ContentInput;
import io.basedisk.oci.stream.Qcow2Header;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * An archive of BoxLite: one disk ({@link BoxliteDisk}, versions 1 to 5), or the layers of a disk
 * ({@link BoxliteLayers}, version 6). What it has decides, not its version.
 *
 * <p>The archive is read once, from its start to its end. Its disk or layers are then in a private
 * directory, sparse, and checked against the digests of the manifest; {@link #close} removes them.
 * Box options and the guest's rootfs are not read.
 */
public sealed interface BoxliteArchive extends AutoCloseable permits BoxliteDisk, BoxliteLayers {

  /**
   * {@return the archive in a file or directory}
   *
   * @param source a tar archive, plain or compressed with zstd, or the directory form of version 6
   * @param maxBytes limit of the uncompressed bytes, with holes: of the disk or the layers, and of
   *     the whole archive with members that are not read
   * @param temporaries the directory to create the private directory in
   * @param progress receives the bytes of the archive that were read
   * @throws io.basedisk.domain.error.NotFoundException if it does not exist
   * @throws InvalidImageException if it is no archive of BoxLite, or not valid; nothing is left
   * @throws io.basedisk.domain.error.RefusedException if the disk is larger than the limit; nothing
   *     is left
   */
  static BoxliteArchive open(Path source, long maxBytes, Path temporaries, Progress progress) {
    PrivateDirectory directory = PrivateDirectory.in(temporaries);
    boolean isOpen = false;
    try {
      Spool spool = new Spool(directory, source.toString(), maxBytes);
      BoxliteManifest manifest = read(source, spool, maxBytes, progress);
      BoxliteArchive archive =
          manifest.layers().isEmpty()
              ? disk(manifest, spool, directory)
              : BoxliteLayers.of(source.toString(), manifest, spool, directory);
      isOpen = true;
      return archive;
    } catch (FormatException e) {
      throw new InvalidImageException(source + ": " + e.reason(), e);
    } finally {
      if (!isOpen) {
        directory.close();
      }
    }
  }

  /**
   * {@return whether a file looks like an archive of BoxLite, not like one of ours} It is
   * compressed with zstd, or its first file is no part of an OCI image layout. A directory is one
   * if it has a manifest.
   *
   * @param file a file or directory
   * @throws io.basedisk.domain.error.NotFoundException if it does not exist
   * @throws InvalidImageException if it is neither
   */
  static boolean isOne(Path file) {
    if (Files.isDirectory(file)) {
      return Files.exists(file.resolve(BoxliteManifest.FILE));
    }
    // More than the names and headers before the first file.
    long limit = 16L << 20;
    try (ContentInput archive = ContentInput.of(file, limit, Progress.NONE)) {
      return archive.compression() == Compression.ZSTD || ArchiveMembers.startsLikeOne(archive);
    } catch (FormatException e) {
      return false;
    }
  }

  private static BoxliteManifest read(Path source, Spool spool, long maxBytes, Progress progress)
      throws FormatException {
    if (Files.isDirectory(source)) {
      return ArchiveDirectory.read(source, spool, progress);
    }
    // The headers and the manifest don't count.
    long overhead = 16L << 20;
    long limit = maxBytes > Long.MAX_VALUE - overhead ? maxBytes : maxBytes + overhead;
    byte[] manifest;
    try (ContentInput archive = ContentInput.of(source, limit, progress)) {
      manifest = ArchiveMembers.read(archive, spool);
    }
    try {
      return BoxliteManifest.read(manifest);
    } catch (FormatException e) {
      throw new FormatException(BoxliteManifest.FILE + ": " + e.reason(), e);
    }
  }

  private static BoxliteDisk disk(BoxliteManifest manifest, Spool spool, PrivateDirectory directory)
      throws FormatException {
    Spool.SpooledDisk disk =
        spool.disk().orElseThrow(() -> new FormatException("disk.qcow2 is missing"));
    if (manifest.diskChecksum().isPresent()
        && !manifest.diskChecksum().get().equals(disk.digest())) {
      throw new FormatException(
          "the digest of disk.qcow2 is "
              + disk.digest()
              + ", not "
              + manifest.diskChecksum().get());
    }
    if (!Qcow2Header.read(disk.file()).isQcow2()) {
      throw new FormatException("disk.qcow2 is no qcow2 image");
    }
    return new BoxliteDisk(manifest, disk.file(), directory);
  }

  /** {@return the version of the archive's format, 1 to 6} */
  int version();

  /** {@return the name of the box, which may be no valid name here; empty if it had none} */
  Optional<String> boxName();

  /** Removes the private directory. A second call has no effect. */
  @Override
  void close();
}
