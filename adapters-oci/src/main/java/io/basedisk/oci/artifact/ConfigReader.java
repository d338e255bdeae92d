package io.basedisk.oci.artifact;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.model.Quoted;
import io.basedisk.domain.model.SnapshotName;
import io.basedisk.domain.model.artifact.Layer;
import io.basedisk.domain.model.artifact.Platform;
import io.basedisk.domain.model.artifact.Sha256;
import io.basedisk.oci.blob.FormatException;
import io.basedisk.oci.json.Descriptors;
import io.basedisk.oci.json.Json;
import io.basedisk.oci.json.JsonObject;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the config of an artifact, which is hostile. */
final class ConfigReader {

  /** Limit of an artifact's layers. */
  static final int MAX_LAYERS = 1000;

  /** The first instant that RFC 3339 can't say. */
  private static final Instant TIME_LIMIT = Instant.parse("9999-12-31T23:59:59Z");

  private ConfigReader() {}

  /**
   * A config.
   *
   * @param box name of the box
   * @param virtualSize virtual size of its disk
   * @param platform what the disk runs on
   * @param layers the layers, base first
   * @param diffIds digests of the chunks' content, in the order of the manifest
   */
  record Config(
      BoxId box,
      ByteSize virtualSize,
      Platform platform,
      ImmutableList<LayerEntry> layers,
      ImmutableList<String> diffIds) {}

  /**
   * A layer's record.
   *
   * @param layer the layer
   * @param chainId its chain id, as the config says it
   */
  record LayerEntry(Layer layer, Sha256 chainId) {}

  static Config read(byte[] bytes) throws FormatException {
    JsonObject config = Json.read(bytes);
    JsonObject disk = config.object(Keys.DISK);
    try {
      return new Config(
          BoxId.of(disk.string(Keys.BOX)),
          new ByteSize(disk.number(Keys.VIRTUAL_SIZE)),
          new Platform(config.string("architecture"), config.string("os")),
          layers(disk),
          config.object("rootfs").strings("diff_ids"));
    } catch (InvalidArgumentException e) {
      throw new FormatException(String.valueOf(e.getMessage()), e);
    }
  }

  private static ImmutableList<LayerEntry> layers(JsonObject disk) throws FormatException {
    ImmutableList<JsonObject> records = disk.objects(Keys.LAYERS);
    if (records.isEmpty() || records.size() > MAX_LAYERS) {
      throw disk.invalid(Keys.LAYERS, records.size() + " layers, expected 1 to " + MAX_LAYERS);
    }
    List<LayerEntry> layers = new ArrayList<>();
    for (JsonObject record : records) {
      Layer layer = layer(record);
      if (layer.format() == ImageFormat.RAW && !layers.isEmpty()) {
        throw record.invalid(Keys.FORMAT, "only the lowest layer can be raw");
      }
      layers.add(new LayerEntry(layer, Descriptors.digest(record, Keys.CHAIN_ID)));
    }
    return ImmutableList.copyOf(layers);
  }

  private static Layer layer(JsonObject record) throws FormatException {
    BaseDiskKind kind = BaseDiskKind.ofLabel(record.string(Keys.KIND));
    Optional<SnapshotName> snapshot = record.findString(Keys.SNAPSHOT).map(SnapshotName::new);
    if (snapshot.isPresent() && kind != BaseDiskKind.SNAPSHOT) {
      throw record.invalid(Keys.SNAPSHOT, "a base of kind " + kind.label() + " has no such name");
    }
    long bytes = record.number(Keys.BYTES);
    if (bytes < 1) {
      throw record.invalid(Keys.BYTES, "a layer can't be empty");
    }
    return new Layer(
        ImageFormat.ofLabel(record.string(Keys.FORMAT)),
        Descriptors.digest(record, Keys.DIGEST),
        bytes,
        record.number(Keys.VIRTUAL_SIZE),
        kind,
        snapshot.orElse(null),
        time(record));
  }

  private static Instant time(JsonObject record) throws FormatException {
    String text = record.string(Keys.CREATED_AT);
    try {
      Instant time = Instant.parse(text);
      if (!time.isBefore(Instant.EPOCH)
          && time.isBefore(TIME_LIMIT)
          && time.equals(time.truncatedTo(ChronoUnit.SECONDS))) {
        return time;
      }
    } catch (DateTimeException e) {
      throw record.invalid(Keys.CREATED_AT, "invalid time \"" + Quoted.of(text) + "\"");
    }
    throw record.invalid(
        Keys.CREATED_AT, "expected whole seconds from 1970 to 9999: \"" + Quoted.of(text) + "\"");
  }
}
