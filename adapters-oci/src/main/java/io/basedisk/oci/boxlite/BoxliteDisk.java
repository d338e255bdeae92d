package io.basedisk.oci.boxlite;

import io.basedisk.domain.model.ImageFormat;
import io.basedisk.oci.blob.PrivateDirectory;
import java.nio.file.Path;
import java.util.Optional;

/**
 * An archive with one disk, a qcow2 image. Only its magic is checked. The program that opens it
 * must refuse a backing file, a data file and the like, as for each image of unknown origin.
 */
public final class BoxliteDisk implements BoxliteArchive {

  private final BoxliteManifest manifest;
  private final Path file;
  private final PrivateDirectory directory;

  BoxliteDisk(BoxliteManifest manifest, Path file, PrivateDirectory directory) {
    this.manifest = manifest;
    this.file = file;
    this.directory = directory;
  }

  /** {@return the image's file, until this archive is closed} */
  public Path file() {
    return file;
  }

  /** {@return the image's format} */
  public ImageFormat format() {
    return ImageFormat.QCOW2;
  }

  /** {@return whether the archive had a checksum of the image; then the image has it} */
  public boolean isVerified() {
    return manifest.diskChecksum().isPresent();
  }

  @Override
  public int version() {
    return manifest.version();
  }

  @Override
  public Optional<String> boxName() {
    return manifest.boxName();
  }

  @Override
  public void close() {
    directory.close();
  }
}
