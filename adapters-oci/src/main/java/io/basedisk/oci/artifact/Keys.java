package io.basedisk.oci.artifact;

/** Names of annotations and of members in the JSON of an artifact. */
final class Keys {

  // Annotations of a chunk's descriptor.
  static final String LAYER_DIGEST = "io.basedisk.layer.digest";
  static final String CHUNK = "io.basedisk.layer.chunk";
  static final String CHUNKS = "io.basedisk.layer.chunks";
  static final String CHUNK_DIGEST = "io.basedisk.chunk.digest";
  static final String CHUNK_BYTES = "io.basedisk.chunk.bytes";

  // Our object in the config, and its members.
  static final String DISK = "io.basedisk.disk";
  static final String BOX = "box";
  static final String LAYERS = "layers";
  static final String VIRTUAL_SIZE = "virtual_size";
  static final String BYTES = "bytes";
  static final String CHAIN_ID = "chain_id";
  static final String CREATED_AT = "created_at";
  static final String DIGEST = "digest";
  static final String FORMAT = "format";
  static final String KIND = "kind";
  static final String SNAPSHOT = "snapshot";

  private Keys() {}
}
