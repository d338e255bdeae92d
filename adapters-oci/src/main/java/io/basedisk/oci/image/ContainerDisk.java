package io.basedisk.oci.image;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.model.artifact.Platform;
import io.basedisk.domain.model.artifact.Sha256;
import io.basedisk.domain.port.Progress;
import io.basedisk.oci.blob.BlobInput;
import io.basedisk.oci.blob.Blobs;
import io.basedisk.oci.blob.FormatException;
import io.basedisk.oci.blob.MediaTypes;
import io.basedisk.oci.blob.PrivateDirectory;
import io.basedisk.oci.json.Json;
import io.basedisk.oci.json.JsonObject;
import io.basedisk.oci.stream.ImageSource;
import io.basedisk.oci.stream.Qcow2Header;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Disks in containerDisks of KubeVirt: ordinary container images whose file system has one file in
 * {@code /disk}.
 */
public final class ContainerDisk {

  private ContainerDisk() {}

  /**
   * Receives a disk.
   *
   * @param blobs the place
   * @param name name of the place and the reference for messages
   * @param reference a tag or {@code sha256:...}, of an image or of an index of images
   * @param receiving how to receive
   * @param progress receives the bytes of the layers that were read
   * @return the disk, for the caller to close
   * @throws io.basedisk.domain.error.NotFoundException if there is no such image
   * @throws InvalidImageException if it is no containerDisk, or not valid; nothing is left
   * @throws io.basedisk.domain.error.RefusedException if the disk is larger than the limit; nothing
   *     is left
   */
  public static ReceivedImage receive(
      Blobs blobs, String name, String reference, Receiving receiving, Progress progress) {
    return ReceivedImage.receive(
        receiving.directory(),
        name,
        directory -> {
          ImageManifest manifest = manifest(blobs, name, reference, receiving.platform());
          ImmutableList<String> diffIds = diffIds(blobs, manifest);
          Path file =
              new ContainerLayers(blobs, name, directory, receiving.maxBytes())
                  .disk(manifest.layers(), diffIds, progress);
          return new ReceivedImage(directory, file, format(file, receiving));
        });
  }

  /**
   * Sends a disk as an image of one layer, with the file {@code /disk/disk.qcow2}.
   *
   * @param blobs the place
   * @param reference the tag of the image
   * @param image path of a qcow2 image without a backing file, which does not change
   * @param platform what the disk runs on
   * @param temporaries a directory for a temporary file, of the image's length at most
   * @param progress receives the bytes that are compressed, then those that are sent
   * @return digest of the manifest
   * @throws InvalidImageException if the image is no qcow2, or has a backing file
   */
  public static Sha256 send(
      Blobs blobs,
      String reference,
      Path image,
      Platform platform,
      Path temporaries,
      Progress progress) {
    ImageSource source = ImageSource.of(image);
    try (PrivateDirectory directory = PrivateDirectory.in(temporaries)) {
      DiskLayer layer = DiskLayer.pack(source, directory.resolve("layer"), progress.pass(0, 2));
      blobs.write(layer.blob(), layer.file(), progress.pass(1, 2));
      byte[] config = ImageJson.config(platform, layer.diffId());
      Blobs.Blob configBlob = Blobs.Blob.of(config);
      blobs.write(configBlob, directory.write("config", config), Progress.NONE);
      byte[] manifest = ImageJson.manifest(configBlob, layer.blob());
      blobs.putManifest(reference, MediaTypes.MANIFEST, manifest);
      return Blobs.Blob.of(manifest).digest();
    }
  }

  private static ImageManifest manifest(
      Blobs blobs, String name, String reference, Platform platform) throws FormatException {
    JsonObject manifest = Json.read(ImageManifests.bytes(blobs, name, reference));
    if (!manifest.has("manifests")) {
      return ImageManifest.of(manifest);
    }
    ImmutableList<ImageEntry> entries = ImageManifests.entries(manifest);
    for (ImageEntry entry : entries) {
      if (entry.os().equals(platform.os())
          && entry.architecture().equals(platform.architecture())) {
        return ImageManifests.image(blobs, entry);
      }
    }
    throw new FormatException(
        "it has no image for "
            + platform.os()
            + "/"
            + platform.architecture()
            + ", only for: "
            + ImageManifests.describe(entries));
  }

  private static ImmutableList<String> diffIds(Blobs blobs, ImageManifest manifest)
      throws FormatException {
    ImmutableList<String> diffIds;
    try {
      diffIds =
          Json.read(BlobInput.readAll(blobs, manifest.config()))
              .object("rootfs")
              .strings("diff_ids");
    } catch (FormatException e) {
      throw new FormatException("config: " + e.reason(), e);
    }
    if (diffIds.size() != manifest.layers().size()) {
      throw new FormatException(
          "config: rootfs.diff_ids: "
              + diffIds.size()
              + " digests for "
              + manifest.layers().size()
              + " layers");
    }
    return diffIds;
  }

  /** KubeVirt's own images have qcow2 in files of any name: the name says nothing. */
  private static ImageFormat format(Path file, Receiving receiving) throws FormatException {
    if (Objects.equals(receiving.format(), ImageFormat.RAW)) {
      return ImageFormat.RAW;
    }
    if (!Qcow2Header.read(file).isQcow2()) {
      throw new FormatException(
          "the file in /disk is no qcow2 image: give its format, if it is a raw disk");
    }
    return ImageFormat.QCOW2;
  }
}
