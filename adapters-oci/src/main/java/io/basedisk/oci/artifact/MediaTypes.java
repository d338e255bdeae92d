package io.basedisk.oci.artifact;

import io.basedisk.domain.model.ImageFormat;

/** The media types of an artifact, and of others that may be there instead. */
final class MediaTypes {

  static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";
  static final String ARTIFACT = "application/vnd.basedisk.disk.v1";
  static final String CONFIG = "application/vnd.oci.image.config.v1+json";

  static final String INDEX = "application/vnd.oci.image.index.v1+json";
  static final String DOCKER_INDEX = "application/vnd.docker.distribution.manifest.list.v2+json";
  static final String DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";

  private MediaTypes() {}

  /** {@return the media type of a layer's chunks} */
  static String of(ImageFormat format) {
    return "application/vnd.basedisk.layer.v1." + format.label() + "+zstd";
  }
}
