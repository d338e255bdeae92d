package io.basedisk.oci.image;

import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.oci.blob.Blobs;
import io.basedisk.oci.blob.FormatException;
import io.basedisk.oci.blob.MediaTypes;
import io.basedisk.oci.json.Json;
import io.basedisk.oci.json.JsonObject;
import java.util.Optional;

/** What a manifest in a registry or a layout is. */
public enum ImageForm {
  /** An artifact of ours, for {@link io.basedisk.oci.artifact.ArtifactStore}. */
  BASEDISK,
  /** A podman machine image: an index with entries of a disk type, or one such entry. */
  PODMAN_MACHINE,
  /** Another image, or an index of images: perhaps a containerDisk of KubeVirt. */
  CONTAINER_DISK;

  /**
   * {@return the form of what a reference names}
   *
   * @param blobs the place
   * @param name name of the place and the reference for messages
   * @param reference a tag or {@code sha256:...}
   * @throws io.basedisk.domain.error.NotFoundException if it names nothing
   * @throws InvalidImageException if it names no manifest
   */
  public static ImageForm find(Blobs blobs, String name, String reference) {
    try {
      return of(Json.read(ImageManifests.bytes(blobs, name, reference)));
    } catch (FormatException e) {
      throw new InvalidImageException(name + ": " + e.reason(), e);
    }
  }

  private static ImageForm of(JsonObject manifest) throws FormatException {
    if (manifest.findString("artifactType").equals(Optional.of(MediaTypes.ARTIFACT))) {
      return BASEDISK;
    }
    if (!manifest.has("manifests")) {
      Optional<JsonObject> config = manifest.findObject("config");
      return config.isPresent()
              && config.get().findString("mediaType").equals(Optional.of(MediaTypes.EMPTY))
          ? PODMAN_MACHINE
          : CONTAINER_DISK;
    }
    for (ImageEntry entry : ImageManifests.entries(manifest)) {
      if (entry.diskType().isPresent()) {
        return PODMAN_MACHINE;
      }
    }
    return CONTAINER_DISK;
  }
}
