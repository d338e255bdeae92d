package io.basedisk.oci.image;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.model.Quoted;
import io.basedisk.oci.blob.Blobs;
import io.basedisk.oci.blob.FormatException;
import io.basedisk.oci.blob.MediaTypes;
import io.basedisk.oci.json.Descriptors;
import io.basedisk.oci.json.JsonObject;
import java.util.Optional;

/**
 * The manifest of an image. OCI image specification, "Image Manifest"; docker's "Image Manifest
 * Version 2, Schema 2" has the same members.
 *
 * @param config the config
 * @param layers the layers, lowest first
 */
record ImageManifest(Blobs.Blob config, ImmutableList<ImageLayer> layers) {

  /**
   * A layer.
   *
   * @param mediaType its media type
   * @param blob its blob
   * @param title name of the file that it is, the annotation {@code org.opencontainers.image.title}
   */
  record ImageLayer(String mediaType, Blobs.Blob blob, Optional<String> title) {

    static final String TITLE = "org.opencontainers.image.title";

    static ImageLayer of(JsonObject descriptor) throws FormatException {
      Optional<JsonObject> annotations = descriptor.findObject("annotations");
      return new ImageLayer(
          descriptor.string("mediaType"),
          Descriptors.blob(descriptor),
          annotations.isPresent() ? annotations.get().findString(TITLE) : Optional.empty());
    }
  }

  static ImageManifest of(JsonObject manifest) throws FormatException {
    String type = manifest.findString("mediaType").orElse(MediaTypes.MANIFEST);
    if (manifest.number("schemaVersion") != 2
        || !(type.equals(MediaTypes.MANIFEST) || type.equals(MediaTypes.DOCKER_MANIFEST))) {
      throw new FormatException("it has the unknown media type \"" + Quoted.of(type) + "\"");
    }
    ImmutableList.Builder<ImageLayer> layers = ImmutableList.builder();
    for (JsonObject descriptor : manifest.objects("layers")) {
      layers.add(ImageLayer.of(descriptor));
    }
    return new ImageManifest(Descriptors.blob(manifest.object("config")), layers.build());
  }
}
