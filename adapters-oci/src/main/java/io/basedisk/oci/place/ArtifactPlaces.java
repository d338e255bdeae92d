package io.basedisk.oci.place;

import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.port.LayerStore;
import io.basedisk.oci.archive.ArchiveReader;
import io.basedisk.oci.archive.ArchiveWriter;
import io.basedisk.oci.artifact.ArtifactStore;
import io.basedisk.oci.blob.Blobs;
import io.basedisk.oci.layout.LayoutBlobs;
import io.basedisk.oci.place.ArtifactReference.InLayout;
import io.basedisk.oci.place.ArtifactReference.InRegistry;
import io.basedisk.oci.registry.Access;
import io.basedisk.oci.registry.RegistryBlobs;
import io.basedisk.oci.registry.RegistryOptions;
import io.basedisk.oci.registry.RegistryReference;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;

/**
 * Opens the places that disks travel through: archives, layouts and registries. The caller closes
 * what it opens.
 *
 * <pre>{@code
 * ArtifactPlaces places = ArtifactPlaces.using(Path.of("/var/tmp"));
 * ArtifactReference reference = ArtifactReference.parse("registry.example/team/web:v1");
 * try (LayerStore place = places.forPush(reference)) {
 *   disks.transfers().exportBox(request, place, Progress.NONE);
 * }
 * }</pre>
 *
 * <p>Thread-safe. Each store that it opens is for one thread.
 */
public final class ArtifactPlaces {

  /** The tag of the only artifact in an archive. */
  private static final String TAG_IN_ARCHIVE = RegistryReference.DEFAULT_TAG;

  private final Path temporaries;
  private final RegistryOptions registries;

  private ArtifactPlaces(Path temporaries, RegistryOptions registries) {
    this.temporaries = temporaries;
    this.registries = registries;
  }

  /**
   * {@return an opener with the default options for registries}
   *
   * @param temporaries a directory for temporary files. An export has one chunk more there than
   *     there are processors, of 64 MiB each, of a layer over 64 GiB up to 512 MiB each; an archive
   *     from a pipe is there as a whole. A private directory, or a file without a name, holds them.
   */
  public static ArtifactPlaces using(Path temporaries) {
    return new ArtifactPlaces(temporaries, RegistryOptions.DEFAULT);
  }

  /**
   * {@return an opener with other options for registries}
   *
   * @param options how to reach registries
   */
  public ArtifactPlaces withRegistries(RegistryOptions options) {
    return new ArtifactPlaces(temporaries, options);
  }

  // Layouts and registries.

  /**
   * Opens a place to export to. Checks that it is fit, and changes nothing yet: an export changes
   * the box first, and should not fail afterwards.
   *
   * @param reference where to; it has a tag
   * @return the place
   * @throws InvalidArgumentException if the reference has a digest, or the directory is neither
   *     empty nor a layout
   * @throws io.basedisk.domain.error.NotFoundException if the parent of the directory is missing
   * @throws io.basedisk.domain.error.InvalidImageException if the layout is not valid
   * @throws io.basedisk.domain.error.RefusedException if the registry refuses the credentials
   * @throws io.basedisk.domain.error.StorageException if the registry can't be reached
   */
  public LayerStore forPush(ArtifactReference reference) {
    requireTag(reference);
    return store(blobs(reference, Access.PUSH), reference);
  }

  static void requireTag(ArtifactReference reference) {
    if (reference.isPinned()) {
      throw new InvalidArgumentException(
          reference + ": the digest comes from the content: name a tag instead");
    }
  }

  /**
   * Opens a place to import from. Nothing is read yet.
   *
   * @param reference where from
   * @return the place
   * @throws InvalidArgumentException if the options for registries have a file without certificates
   */
  public LayerStore forPull(ArtifactReference reference) {
    return store(blobs(reference, Access.PULL), reference);
  }

  /** {@return other forms than artifacts of layers, in the same places} */
  public ImagePlaces images() {
    return new ImagePlaces(this, temporaries);
  }

  /** Opens a place. With {@link Access#PUSH}, checks that it is fit, and changes nothing yet. */
  Blobs blobs(ArtifactReference reference, Access access) {
    if (reference instanceof InLayout layout) {
      LayoutBlobs blobs = new LayoutBlobs(layout.directory());
      if (access == Access.PUSH) {
        blobs.checkWritable();
      }
      return blobs;
    }
    RegistryBlobs blobs =
        RegistryBlobs.of(((InRegistry) reference).reference(), access, registries);
    if (access == Access.PUSH) {
      // The first request of each push.
      boolean unused = blobs.has(Blobs.Blob.of(new byte[0]));
    }
    return blobs;
  }

  private LayerStore store(Blobs blobs, ArtifactReference reference) {
    return ArtifactStore.of(blobs, reference.toString(), reference.name(), temporaries);
  }

  // Archives.

  /**
   * Creates an archive to export to. The file appears when the export is complete.
   *
   * @param file path of the new file
   * @return the archive
   * @throws io.basedisk.domain.error.AlreadyExistsException if the file exists
   * @throws io.basedisk.domain.error.StorageException if it can't be created
   */
  public LayerStore createArchive(Path file) {
    return store(ArchiveWriter.create(file), file.toString());
  }

  /**
   * Opens a pipe to export to. What a failed export has written is no archive.
   *
   * @param pipe takes the archive; it is flushed, not closed
   * @param name name of the pipe for messages
   * @return the archive
   */
  public LayerStore writeArchive(OutputStream pipe, String name) {
    return store(ArchiveWriter.to(pipe, name), name);
  }

  /**
   * Opens an archive to import from.
   *
   * @param file path of the archive
   * @return the archive
   * @throws io.basedisk.domain.error.NotFoundException if the file does not exist
   * @throws io.basedisk.domain.error.InvalidImageException if it is no archive
   */
  public LayerStore openArchive(Path file) {
    return onlyOf(ArchiveReader.open(file), file.toString());
  }

  /**
   * Receives an archive from a pipe to import from. It is read to its end first.
   *
   * @param pipe the archive; it is not closed
   * @param name name of the pipe for messages
   * @param maxBytes limit of the archive's bytes
   * @return the archive
   * @throws io.basedisk.domain.error.InvalidImageException if it is no archive, or larger than the
   *     limit
   * @throws io.basedisk.domain.error.StorageException if the temporary file can't be written
   */
  public LayerStore receiveArchive(InputStream pipe, String name, long maxBytes) {
    return onlyOf(ArchiveReader.spool(pipe, name, maxBytes, temporaries), name);
  }

  private LayerStore store(Blobs archive, String name) {
    return ArtifactStore.of(archive, name, TAG_IN_ARCHIVE, temporaries);
  }

  private LayerStore onlyOf(Blobs archive, String name) {
    return ArtifactStore.ofOnly(archive, name, temporaries);
  }
}
