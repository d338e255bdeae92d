package io.basedisk.oci.blob;

import io.basedisk.domain.model.ImageFormat;

/** The media types of manifests and configs: ours, those of OCI, and those of docker. */
public final class MediaTypes {

  /** An image manifest of OCI. */
  public static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";

  /** The artifact type of a disk. */
  public static final String ARTIFACT = "application/vnd.basedisk.disk.v1";

  /** An image config of OCI. */
  public static final String CONFIG = "application/vnd.oci.image.config.v1+json";

  /** The empty config of OCI 1.1, "Guidance for an Empty Descriptor". */
  public static final String EMPTY = "application/vnd.oci.empty.v1+json";

  /** An image index of OCI. */
  public static final String INDEX = "application/vnd.oci.image.index.v1+json";

  /** A manifest list of docker. */
  public static final String DOCKER_INDEX =
      "application/vnd.docker.distribution.manifest.list.v2+json";

  /** An image manifest of docker. */
  public static final String DOCKER_MANIFEST =
      "application/vnd.docker.distribution.manifest.v2+json";

  private MediaTypes() {}

  /**
   * {@return the media type of a layer's chunks}
   *
   * @param format format of the layer
   */
  public static String of(ImageFormat format) {
    return "application/vnd.basedisk.layer.v1." + format.label() + "+zstd";
  }
}
