package io.basedisk.oci.image;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.basedisk.domain.model.artifact.Platform;
import io.basedisk.domain.model.artifact.Sha256;
import io.basedisk.oci.blob.Blobs;
import io.basedisk.oci.blob.MediaTypes;
import io.basedisk.oci.json.Descriptors;
import io.basedisk.oci.json.Json;
import java.util.Map;
import java.util.TreeMap;

/** The documents of the images that we send. No time is in them: the same disk gives the same. */
final class ImageJson {

  private static final String LAYER = "application/vnd.oci.image.layer.v1.tar+gzip";

  private static final String ANNOTATIONS = "annotations";
  private static final String SCHEMA_VERSION = "schemaVersion";
  private static final String MEDIA_TYPE = "mediaType";

  private ImageJson() {}

  /** {@return the config of a containerDisk} */
  static byte[] config(Platform platform, Sha256 diffId) {
    return Json.write(
        ImmutableMap.of(
            "architecture",
            platform.architecture(),
            "os",
            platform.os(),
            "config",
            ImmutableMap.of(),
            "rootfs",
            ImmutableMap.of("type", "layers", "diff_ids", ImmutableList.of(diffId.toString()))));
  }

  /** {@return the manifest of a containerDisk} */
  static byte[] manifest(Blobs.Blob config, Blobs.Blob layer) {
    return Json.write(
        ImmutableMap.of(
            SCHEMA_VERSION,
            2L,
            MEDIA_TYPE,
            MediaTypes.MANIFEST,
            "config",
            Descriptors.members(MediaTypes.CONFIG, config),
            "layers",
            ImmutableList.of(Descriptors.members(LAYER, layer))));
  }

  /** {@return the manifest of one disk of a podman machine image} */
  static byte[] machine(Blobs.Blob config, Blobs.Blob layer, String title) {
    Map<String, Object> descriptor = new TreeMap<>(Descriptors.members("application/zstd", layer));
    descriptor.put(ANNOTATIONS, ImmutableMap.of(ImageManifest.ImageLayer.TITLE, title));
    return Json.write(
        ImmutableMap.of(
            SCHEMA_VERSION,
            2L,
            MEDIA_TYPE,
            MediaTypes.MANIFEST,
            "artifactType",
            "application/x-qemu-disk",
            "config",
            Descriptors.members(MediaTypes.EMPTY, config),
            "layers",
            ImmutableList.of(descriptor)));
  }

  /** {@return the index of a podman machine image with one disk} */
  static byte[] machineIndex(Blobs.Blob manifest, String architecture, String os, String diskType) {
    Map<String, Object> descriptor =
        new TreeMap<>(Descriptors.members(MediaTypes.MANIFEST, manifest));
    descriptor.put("platform", ImmutableMap.of("architecture", architecture, "os", os));
    descriptor.put(ANNOTATIONS, ImmutableMap.of(ImageEntry.DISK_TYPE, diskType));
    return Json.write(
        ImmutableMap.of(
            SCHEMA_VERSION,
            2L,
            MEDIA_TYPE,
            MediaTypes.INDEX,
            "manifests",
            ImmutableList.of(descriptor)));
  }
}
