package io.basedisk.oci.json;

import com.google.common.collect.ImmutableMap;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.model.artifact.Sha256;
import io.basedisk.oci.blob.Blobs;
import io.basedisk.oci.blob.FormatException;

/** Descriptors of blobs: OCI image specification, "OCI Content Descriptors". */
public final class Descriptors {

  private static final String DIGEST = "digest";
  private static final String SIZE = "size";

  private Descriptors() {}

  /**
   * {@return the blob of a descriptor}
   *
   * @param descriptor the descriptor
   * @throws FormatException if the digest is no SHA-256, or the size no number of 0 or more
   */
  public static Blobs.Blob blob(JsonObject descriptor) throws FormatException {
    return new Blobs.Blob(digest(descriptor, DIGEST), descriptor.number(SIZE));
  }

  /**
   * {@return a digest}
   *
   * @param object an object
   * @param name the name of a member with a digest
   * @throws FormatException if it is no SHA-256
   */
  public static Sha256 digest(JsonObject object, String name) throws FormatException {
    try {
      return Sha256.parse(object.string(name));
    } catch (InvalidArgumentException e) {
      throw object.invalid(name, String.valueOf(e.getMessage()));
    }
  }

  /**
   * {@return the members of a descriptor}
   *
   * @param mediaType the blob's media type
   * @param blob the blob
   */
  public static ImmutableMap<String, Object> members(String mediaType, Blobs.Blob blob) {
    return ImmutableMap.of(
        "mediaType", mediaType, DIGEST, blob.digest().toString(), SIZE, blob.bytes());
  }
}
