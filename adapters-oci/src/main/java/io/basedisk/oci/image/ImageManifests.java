package io.basedisk.oci.image;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.model.Quoted;
import io.basedisk.oci.blob.Blobs;
import io.basedisk.oci.blob.FormatException;
import io.basedisk.oci.json.Json;
import io.basedisk.oci.json.JsonObject;
import java.util.Optional;
import java.util.stream.Collectors;

/** Reads manifests and indexes, and checks their digests: the place is hostile. */
final class ImageManifests {

  private static final int SHOWN_ENTRIES = 20;

  private ImageManifests() {}

  /** {@return the bytes of what a reference names} */
  static byte[] bytes(Blobs blobs, String name, String reference) throws FormatException {
    byte[] bytes =
        blobs
            .manifest(reference)
            .orElseThrow(
                () ->
                    new NotFoundException(name + ": there is no \"" + Quoted.of(reference) + "\""));
    if (Blobs.isDigest(reference)) {
      checkDigest(bytes, reference);
    }
    return bytes;
  }

  /** {@return the manifests of an index} */
  static ImmutableList<ImageEntry> entries(JsonObject index) throws FormatException {
    if (index.number("schemaVersion") != 2) {
      throw index.invalid("schemaVersion", "expected 2");
    }
    ImmutableList.Builder<ImageEntry> entries = ImmutableList.builder();
    for (JsonObject descriptor : index.objects("manifests")) {
      entries.add(ImageEntry.of(descriptor));
    }
    return entries.build();
  }

  /** {@return the image of an index's entry} */
  static ImageManifest image(Blobs blobs, ImageEntry entry) throws FormatException {
    String digest = entry.manifest().digest().toString();
    Optional<byte[]> bytes = blobs.manifest(digest);
    if (bytes.isEmpty()) {
      throw new FormatException("manifest " + digest + " is missing");
    }
    checkDigest(bytes.get(), digest);
    if (bytes.get().length != entry.manifest().bytes()) {
      throw new FormatException(
          "manifest "
              + digest
              + ": it has "
              + bytes.get().length
              + " bytes, not "
              + entry.manifest().bytes());
    }
    JsonObject manifest = Json.read(bytes.get());
    if (manifest.has("manifests")) {
      throw new FormatException("manifest " + digest + ": it is an index in an index");
    }
    return ImageManifest.of(manifest);
  }

  private static void checkDigest(byte[] bytes, String wanted) throws FormatException {
    String digest = Blobs.Blob.of(bytes).digest().toString();
    if (!digest.equals(wanted)) {
      throw new FormatException("the digest of the manifest is " + digest + ", not " + wanted);
    }
  }

  /** {@return the first entries, for a message} */
  static String describe(ImmutableList<ImageEntry> entries) {
    return entries.stream()
        .limit(SHOWN_ENTRIES)
        .map(ImageEntry::describe)
        .collect(Collectors.joining(", "));
  }
}
