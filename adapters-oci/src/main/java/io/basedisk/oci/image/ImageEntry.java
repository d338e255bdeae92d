package io.basedisk.oci.image;

import io.basedisk.domain.model.Quoted;
import io.basedisk.oci.blob.Blobs;
import io.basedisk.oci.blob.FormatException;
import io.basedisk.oci.json.Descriptors;
import io.basedisk.oci.json.JsonObject;
import java.util.Optional;

/**
 * A manifest in an index. OCI image specification, "OCI Image Index".
 *
 * @param manifest the manifest
 * @param architecture what its disk runs on; empty if it does not say
 * @param os operating system; empty if it does not say
 * @param diskType podman's annotation of that name; empty if there is none
 */
record ImageEntry(Blobs.Blob manifest, String architecture, String os, Optional<String> diskType) {

  static final String DISK_TYPE = "disktype";

  static ImageEntry of(JsonObject descriptor) throws FormatException {
    Optional<JsonObject> platform = descriptor.findObject("platform");
    Optional<JsonObject> annotations = descriptor.findObject("annotations");
    return new ImageEntry(
        Descriptors.blob(descriptor),
        find(platform, "architecture").orElse(""),
        find(platform, "os").orElse(""),
        find(annotations, DISK_TYPE));
  }

  private static Optional<String> find(Optional<JsonObject> object, String name)
      throws FormatException {
    return object.isPresent() ? object.get().findString(name) : Optional.empty();
  }

  /** {@return what it is, for messages: {@code linux/arm64 (qemu)}} */
  String describe() {
    return Quoted.of(os + "/" + architecture + diskType.map(type -> " (" + type + ")").orElse(""));
  }
}
