package io.basedisk.oci.place;

import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.model.artifact.Platform;
import io.basedisk.domain.port.Progress;
import io.basedisk.oci.blob.Blobs;
import io.basedisk.oci.boxlite.BoxliteArchive;
import io.basedisk.oci.image.ContainerDisk;
import io.basedisk.oci.image.ImageForm;
import io.basedisk.oci.image.PodmanMachine;
import io.basedisk.oci.image.ReceivedImage;
import io.basedisk.oci.image.Receiving;
import io.basedisk.oci.registry.Access;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Receives and sends disks in the forms of other programs, as one image file. {@link
 * ArtifactPlaces#images} makes one. Thread-safe.
 */
public final class ImagePlaces {

  /**
   * Limit of a received image if the caller names none: 64 GiB. These forms don't declare the
   * length of an image, and a small download may have a large one.
   */
  public static final ByteSize DEFAULT_LIMIT = new ByteSize(64L << 30);

  private final ArtifactPlaces places;
  private final Path temporaries;

  ImagePlaces(ArtifactPlaces places, Path temporaries) {
    this.places = places;
    this.temporaries = temporaries;
  }

  // Registries and layouts.

  /**
   * {@return the form of what a reference names}
   *
   * @param reference the reference
   * @throws io.basedisk.domain.error.NotFoundException if it names nothing
   * @throws io.basedisk.domain.error.InvalidImageException if it names no manifest
   * @throws io.basedisk.domain.error.StorageException if the place can't be read
   */
  public ImageForm formOf(ArtifactReference reference) {
    try (Blobs blobs = places.blobs(reference, Access.PULL)) {
      return ImageForm.find(blobs, reference.toString(), reference.name());
    }
  }

  /**
   * Receives an image to a private directory.
   *
   * @param reference where from
   * @param form a form that is not ours, as {@link #formOf} says
   * @param platform which image of an index to take
   * @param format format of the image; null for what its magic or name says, which is never raw for
   *     a containerDisk
   * @param maxBytes limit of the image's length; null for {@link #DEFAULT_LIMIT}
   * @param progress gets the bytes read
   * @return the image, for the caller to close
   * @throws io.basedisk.domain.error.InvalidImageException if it is not valid; nothing is left
   * @throws io.basedisk.domain.error.RefusedException if it is larger than the limit; nothing is
   *     left
   * @throws io.basedisk.domain.error.StorageException if the place can't be read
   */
  public ReceivedImage receive(
      ArtifactReference reference,
      ImageForm form,
      Platform platform,
      @Nullable ImageFormat format,
      @Nullable ByteSize maxBytes,
      Progress progress) {
    Receiving receiving = new Receiving(platform, format, limit(maxBytes), temporaries);
    try (Blobs blobs = places.blobs(reference, Access.PULL)) {
      String name = reference.toString();
      return switch (form) {
        case CONTAINER_DISK ->
            ContainerDisk.receive(blobs, name, reference.name(), receiving, progress);
        case PODMAN_MACHINE ->
            PodmanMachine.receive(blobs, name, reference.name(), receiving, progress);
        case BASEDISK -> throw ours();
      };
    }
  }

  /**
   * Checks that a place is fit to send to, before the work of making an image. Changes nothing.
   *
   * @param reference where to
   * @throws io.basedisk.domain.error.BaseDiskException as {@link ArtifactPlaces#forPush}
   */
  public void checkWritable(ArtifactReference reference) {
    ArtifactPlaces.requireTag(reference);
    places.blobs(reference, Access.PUSH).close();
  }

  /**
   * Sends an image.
   *
   * @param reference where to; it has a tag
   * @param form the form, not ours
   * @param image path of a qcow2 image without a backing file, which does not change
   * @param platform what the disk runs on
   * @param progress gets the bytes that are compressed, then those that are sent
   * @return a reference to exactly this version
   * @throws io.basedisk.domain.error.BaseDiskException as {@link ArtifactPlaces#forPush}
   */
  public ArtifactReference send(
      ArtifactReference reference,
      ImageForm form,
      Path image,
      Platform platform,
      Progress progress) {
    ArtifactPlaces.requireTag(reference);
    try (Blobs blobs = places.blobs(reference, Access.PUSH)) {
      String tag = reference.name();
      return reference.pinnedTo(
          switch (form) {
            case CONTAINER_DISK ->
                ContainerDisk.send(blobs, tag, image, platform, temporaries, progress);
            case PODMAN_MACHINE ->
                PodmanMachine.send(blobs, tag, image, platform, temporaries, progress);
            case BASEDISK -> throw ours();
          });
    }
  }

  private static InvalidArgumentException ours() {
    return new InvalidArgumentException("an artifact of layers is not one image");
  }

  // Archives of BoxLite. BoxliteWriter writes them.

  /**
   * Opens an archive of BoxLite. It is unpacked to a private directory first.
   *
   * @param archive path of the archive, or of the directory form of version 6
   * @param maxBytes limit of the uncompressed bytes; null for {@link #DEFAULT_LIMIT}
   * @param progress gets the bytes read
   * @return the archive, for the caller to close
   * @throws io.basedisk.domain.error.BaseDiskException as {@link BoxliteArchive#open}
   */
  public BoxliteArchive openBoxlite(Path archive, @Nullable ByteSize maxBytes, Progress progress) {
    return BoxliteArchive.open(archive, limit(maxBytes), temporaries, progress);
  }

  private static long limit(@Nullable ByteSize maxBytes) {
    return (maxBytes == null ? DEFAULT_LIMIT : maxBytes).bytes();
  }
}
