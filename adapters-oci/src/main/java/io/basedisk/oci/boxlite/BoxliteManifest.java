package io.basedisk.oci.boxlite;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.model.Quoted;
import io.basedisk.domain.model.artifact.Sha256;
import io.basedisk.oci.blob.FormatException;
import io.basedisk.oci.json.Descriptors;
import io.basedisk.oci.json.Json;
import io.basedisk.oci.json.JsonObject;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The manifest of an archive, which is hostile.
 *
 * @param version version of the format, 1 to 6
 * @param boxName name of the box, which may be no valid one here
 * @param diskChecksum digest of the disk; empty if the archive has none
 * @param layers the layers, base first; empty if the archive has one disk instead
 * @param exportedAt time of the export, in whole seconds; empty if there is none
 */
record BoxliteManifest(
    int version,
    Optional<String> boxName,
    Optional<Sha256> diskChecksum,
    ImmutableList<LayerEntry> layers,
    Optional<Instant> exportedAt) {

  static final String FILE = "manifest.json";

  private static final int MAX_VERSION = 6;
  private static final int MAX_LAYERS = 1000;
  private static final String CHECKSUM = "container_disk_checksum";
  private static final String LAYERS = "layers";
  private static final String EXPORTED_AT = "exported_at";

  /** The first instant that RFC 3339 can't say. */
  private static final Instant TIME_LIMIT = Instant.parse("9999-12-31T23:59:59Z");

  /**
   * A layer.
   *
   * @param digest digest of its canonical content
   * @param format format of its file
   * @param virtualSize virtual size of the disk up to it, in bytes; 0 if it is raw
   */
  record LayerEntry(Sha256 digest, ImageFormat format, long virtualSize) {}

  static BoxliteManifest read(byte[] bytes) throws FormatException {
    JsonObject manifest = Json.read(bytes);
    long version = manifest.number("version");
    if (version < 1 || version > MAX_VERSION) {
      throw manifest.invalid(
          "version", "unsupported version " + version + ", expected 1 to " + MAX_VERSION);
    }
    return new BoxliteManifest(
        (int) version,
        manifest.findString("box_name"),
        checksum(manifest),
        manifest.has(LAYERS) ? layers(manifest) : ImmutableList.of(),
        exportedAt(manifest));
  }

  private static Optional<Sha256> checksum(JsonObject manifest) throws FormatException {
    String text = manifest.findString(CHECKSUM).orElse("");
    return text.isEmpty() ? Optional.empty() : Optional.of(Descriptors.digest(manifest, CHECKSUM));
  }

  private static ImmutableList<LayerEntry> layers(JsonObject manifest) throws FormatException {
    ImmutableList<JsonObject> records = manifest.objects(LAYERS);
    if (records.size() > MAX_LAYERS) {
      throw manifest.invalid(LAYERS, records.size() + " layers, the limit is " + MAX_LAYERS);
    }
    List<LayerEntry> layers = new ArrayList<>();
    for (JsonObject record : records) {
      ImageFormat format = format(record);
      if (format == ImageFormat.RAW && !layers.isEmpty()) {
        throw record.invalid("format", "only the lowest layer can be raw");
      }
      layers.add(
          new LayerEntry(
              Descriptors.digest(record, "digest"), format, record.number("virtual_size")));
    }
    return ImmutableList.copyOf(layers);
  }

  private static ImageFormat format(JsonObject record) throws FormatException {
    try {
      return ImageFormat.ofLabel(record.string("format"));
    } catch (InvalidArgumentException e) {
      throw record.invalid("format", String.valueOf(e.getMessage()));
    }
  }

  private static Optional<Instant> exportedAt(JsonObject manifest) throws FormatException {
    Optional<String> text = manifest.findString(EXPORTED_AT);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      Instant time = OffsetDateTime.parse(text.get()).toInstant();
      if (!time.isBefore(Instant.EPOCH) && time.isBefore(TIME_LIMIT)) {
        return Optional.of(time.truncatedTo(ChronoUnit.SECONDS));
      }
    } catch (DateTimeException e) {
      throw manifest.invalid(EXPORTED_AT, "invalid time \"" + Quoted.of(text.get()) + "\"");
    }
    throw manifest.invalid(EXPORTED_AT, "the time is not from 1970 to 9999");
  }
}
