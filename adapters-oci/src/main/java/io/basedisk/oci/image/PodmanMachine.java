package io.basedisk.oci.image;

import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.hash.Hashing;
import com.google.common.hash.HashingOutputStream;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.model.Quoted;
import io.basedisk.domain.model.artifact.Platform;
import io.basedisk.domain.model.artifact.Sha256;
import io.basedisk.domain.port.Progress;
import io.basedisk.oci.blob.Blobs;
import io.basedisk.oci.blob.FileFailures;
import io.basedisk.oci.blob.FormatException;
import io.basedisk.oci.blob.MediaTypes;
import io.basedisk.oci.blob.PrivateDirectory;
import io.basedisk.oci.image.ImageManifest.ImageLayer;
import io.basedisk.oci.json.Json;
import io.basedisk.oci.json.JsonObject;
import io.basedisk.oci.stream.ContentInput;
import io.basedisk.oci.stream.ImageSource;
import io.basedisk.oci.stream.Qcow2Header;
import io.basedisk.oci.stream.SpoolFile;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * Disks in podman machine images: an index whose entries have a disk type; each is a manifest with
 * one layer, the compressed file of a disk. The disk type of QEMU is {@code qemu}, with qcow2; that
 * of Apple's hypervisor is {@code applehv}, with raw.
 */
public final class PodmanMachine {

  private static final String QEMU = "qemu";

  /** Disk types that can be read, the better one first. */
  private static final ImmutableList<String> DISK_TYPES = ImmutableList.of(QEMU, "applehv");

  private static final int LEVEL = 3;

  private PodmanMachine() {}

  /**
   * Receives a disk.
   *
   * @param blobs the place
   * @param name name of the place and the reference for messages
   * @param reference a tag or {@code sha256:...}, of an index or of one of its entries
   * @param receiving how to receive; without a format, the name of the disk's file says it
   * @param progress receives the bytes of the layer that were read
   * @return the disk, for the caller to close
   * @throws io.basedisk.domain.error.NotFoundException if there is no such image
   * @throws InvalidImageException if it is no podman machine image, is not valid, or the disk is
   *     larger than the limit; nothing is left
   */
  public static ReceivedImage receive(
      Blobs blobs, String name, String reference, Receiving receiving, Progress progress) {
    return ReceivedImage.receive(
        receiving.directory(),
        name,
        directory -> {
          ImageLayer layer = layer(manifest(blobs, name, reference, receiving.platform()));
          ImageFormat format = format(layer, receiving);
          Path file = directory.resolve("disk");
          copy(blobs, layer.blob(), file, receiving.maxBytes(), progress);
          if (format == ImageFormat.QCOW2 && !Qcow2Header.read(file).isQcow2()) {
            throw new FormatException("its disk is no qcow2 image");
          }
          return new ReceivedImage(directory, file, format);
        });
  }

  /**
   * Sends a disk as an index with one entry, of disk type {@code qemu}.
   *
   * @param blobs the place
   * @param reference the tag of the index
   * @param image path of a qcow2 image without a backing file, which does not change
   * @param platform what the disk runs on
   * @param temporaries a directory for a temporary file, of the image's length at most
   * @param progress receives the bytes that are compressed, then those that are sent
   * @return digest of the index
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
    String architecture = architecture(platform);
    try (PrivateDirectory directory = PrivateDirectory.in(temporaries)) {
      Path file = directory.resolve("layer");
      Blobs.Blob layer = compress(source, file, progress.pass(0, 2));
      blobs.write(layer, file, progress.pass(1, 2));
      byte[] config = Json.write(ImmutableMap.of());
      blobs.write(Blobs.Blob.of(config), directory.write("config", config), Progress.NONE);
      String title = "disk." + architecture + "." + QEMU + ".qcow2.zst";
      byte[] manifest = ImageJson.machine(Blobs.Blob.of(config), layer, title);
      blobs.putPart(MediaTypes.MANIFEST, manifest);
      byte[] index =
          ImageJson.machineIndex(Blobs.Blob.of(manifest), architecture, platform.os(), QEMU);
      blobs.putManifest(reference, MediaTypes.INDEX, index);
      return Blobs.Blob.of(index).digest();
    }
  }

  private static Blobs.Blob compress(ImageSource source, Path file, Progress progress) {
    try (OutputStream target =
            Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        HashingOutputStream hash = new HashingOutputStream(Hashing.sha256(), target)) {
      try (OutputStream zstd = new ZstdOutputStreamNoFinalizer(hash, LEVEL)) {
        source.copyTo(zstd, progress);
      }
      return new Blobs.Blob(Sha256.of(hash.hash()), Files.size(file));
    } catch (IOException e) {
      throw FileFailures.of("cannot write", file, e);
    }
  }

  private static ImageManifest manifest(
      Blobs blobs, String name, String reference, Platform platform) throws FormatException {
    JsonObject manifest = Json.read(ImageManifests.bytes(blobs, name, reference));
    return manifest.has("manifests")
        ? ImageManifests.image(blobs, entry(ImageManifests.entries(manifest), platform))
        : ImageManifest.of(manifest);
  }

  private static ImageEntry entry(ImmutableList<ImageEntry> entries, Platform platform)
      throws FormatException {
    for (String diskType : DISK_TYPES) {
      for (ImageEntry entry : entries) {
        if (entry.diskType().equals(Optional.of(diskType))
            && entry.os().equals(platform.os())
            && isFor(entry.architecture(), platform)) {
          return entry;
        }
      }
    }
    throw new FormatException(
        "it has no disk of type "
            + String.join(" or ", DISK_TYPES)
            + " for "
            + platform.os()
            + "/"
            + architecture(platform)
            + ", only for: "
            + ImageManifests.describe(entries));
  }

  private static boolean isFor(String architecture, Platform platform) {
    return architecture.equals(platform.architecture())
        || architecture.equals(architecture(platform));
  }

  /** Podman's disks have the kernel's name of an architecture, not that of OCI. */
  private static String architecture(Platform platform) {
    return switch (platform.architecture()) {
      case "amd64" -> "x86_64";
      case "arm64" -> "aarch64";
      default -> platform.architecture();
    };
  }

  private static ImageLayer layer(ImageManifest manifest) throws FormatException {
    if (manifest.layers().size() != 1) {
      throw new FormatException(
          "it has " + manifest.layers().size() + " layers, a disk of podman has one");
    }
    return manifest.layers().get(0);
  }

  /** The name says the format: {@code podman-machine.x86_64.qemu.qcow2.zst}. */
  private static ImageFormat format(ImageLayer layer, Receiving receiving) throws FormatException {
    ImageFormat given = receiving.format();
    if (given != null) {
      return given;
    }
    String title = layer.title().orElse("");
    String plain = title.replaceFirst("\\.(zst|gz|xz)$", "");
    for (ImageFormat format : ImageFormat.values()) {
      if (plain.endsWith("." + format.label())) {
        return format;
      }
    }
    throw new FormatException(
        "the name of its disk, \"" + Quoted.of(title) + "\", says neither qcow2 nor raw");
  }

  private static void copy(
      Blobs blobs, Blobs.Blob blob, Path path, long maxBytes, Progress progress)
      throws FormatException {
    try (ContentInput content = ContentInput.of(blobs, blob, maxBytes, progress);
        SpoolFile file = SpoolFile.create(path)) {
      content.copyRest(file);
      file.complete();
    } catch (FormatException e) {
      throw new FormatException("its disk: " + e.reason(), e);
    }
  }
}
