package io.basedisk.qcow2.format;

import io.basedisk.domain.image.CompressionType;
import io.basedisk.domain.model.BackingFile;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads the header of a file. The order of the steps matters: each relies on the checks before it.
 *
 * <p>Specification: "Header", "Additional fields". The limits are QEMU's.
 */
final class HeaderParser {

  private static final int V2_LENGTH = 72;
  private static final int V3_MIN_LENGTH = 104;
  private static final int COMPRESSION_TYPE_AT = 104;
  private static final int V2_REFCOUNT_ORDER = 4;
  private static final int MAX_REFCOUNT_ORDER = 6;

  private final FileBytes file;
  private final HeaderWindow window;
  private final ByteBuffer fixed;
  private final long fileLength;
  private final FormatText.Reading nameReading;

  /**
   * @param nameReading how to decode the backing file's name and format
   */
  HeaderParser(FileBytes file, long fileLength, FormatText.Reading nameReading) {
    this.file = file;
    this.window = new HeaderWindow(file);
    this.fixed = window.bytes(0, Header.LENGTH);
    this.fileLength = fileLength;
    this.nameReading = nameReading;
  }

  /** Reads a header by which the content can be opened. */
  Header parse() throws FormatException {
    return parse(true);
  }

  /** Reads a header, whatever keeps the content from being opened. */
  Header parseToDescribe() throws FormatException {
    return parse(false);
  }

  private Header parse(boolean toOpen) throws FormatException {
    int version = version();
    ClusterGeometry.checkClusterBits(fixed.getInt(20));
    int clusterSize = 1 << fixed.getInt(20);
    int headerLength = headerLength(version, clusterSize);
    FeatureBits features = features(version);
    HostOffset backing = backing(headerLength, clusterSize);
    int extensionsEnd = backing.isNowhere() ? clusterSize : (int) backing.bytes();

    if (toOpen) {
      refuseUnknownFeatures(features, headerLength, extensionsEnd);
      refuseEncryption();
      refuseExternalData(features);
    }

    ClusterGeometry geometry =
        ClusterGeometry.of(fixed.getInt(20), features.has(Feature.EXTENDED_L2));
    FileBounds bounds = new FileBounds(fileLength, geometry);
    HeaderExtensions extensions =
        HeaderExtensions.parse(window, headerLength, extensionsEnd, nameReading);
    checkBitmaps(features, extensions, bounds);
    checkL1Table(geometry, bounds);
    checkRefcountTable(geometry, bounds);
    checkSnapshotTable(bounds);
    return new Header(
        version,
        geometry,
        fixed.getLong(24),
        fixed.getInt(36),
        new HostOffset(fixed.getLong(40)),
        fixed.getInt(56),
        new HostOffset(fixed.getLong(48)),
        fixed.getInt(60),
        new HostOffset(fixed.getLong(64)),
        features,
        refcountOrder(version),
        headerLength,
        compression(features, headerLength),
        extensions,
        backingFile(backing, clusterSize));
  }

  private int version() throws FormatException {
    if (fileLength < V2_LENGTH || fixed.getInt(0) != Header.MAGIC) {
      throw new FormatException("not a qcow2 image: " + OtherFormat.of(file, fileLength));
    }
    int version = fixed.getInt(4);
    if (version == 1) {
      throw new FormatException("not a qcow2 image: " + OtherFormat.of(file, fileLength));
    }
    if (version != 2 && version != 3) {
      throw new FormatException("unsupported qcow2 version " + Integer.toUnsignedString(version));
    }
    if (version == 3 && fileLength < V3_MIN_LENGTH) {
      throw new FormatException("the file ends within its header");
    }
    return version;
  }

  private int headerLength(int version, int clusterSize) throws FormatException {
    if (version == 2) {
      return V2_LENGTH;
    }
    int length = fixed.getInt(100);
    if (length < V3_MIN_LENGTH || length > clusterSize || length % 8 != 0) {
      throw new FormatException("invalid header length " + Integer.toUnsignedString(length));
    }
    return length;
  }

  private FeatureBits features(int version) {
    return version == 2
        ? FeatureBits.NONE
        : new FeatureBits(fixed.getLong(72), fixed.getLong(80), fixed.getLong(88));
  }

  private HostOffset backing(int headerLength, int clusterSize) throws FormatException {
    HostOffset backing = new HostOffset(fixed.getLong(8));
    boolean inFirstCluster = backing.bytes() >= headerLength && backing.bytes() <= clusterSize;
    if (!backing.isNowhere() && !inFirstCluster) {
      throw new FormatException(
          "the backing file's name at " + backing + " is not in the first cluster");
    }
    return backing;
  }

  private @Nullable String backingFile(HostOffset start, int clusterSize) throws FormatException {
    int length = fixed.getInt(16);
    // QEMU reads an empty name as no backing file.
    if (start.isNowhere() || length == 0) {
      return null;
    }
    if (length < 0 || length > BackingFile.MAX_NAME_BYTES || length > clusterSize - start.bytes()) {
      throw new FormatException(
          "the backing file's name of " + Integer.toUnsignedString(length) + " bytes is too long");
    }
    String name =
        nameReading.read("the backing file's name", window.bytes((int) start.bytes(), length));
    return name.isEmpty() ? null : name;
  }

  private void refuseUnknownFeatures(FeatureBits features, int headerLength, int extensionsEnd)
      throws FormatException {
    long unknown = features.unknown(Feature.Kind.INCOMPATIBLE);
    if (unknown == 0) {
      return;
    }
    Optional<FeatureNameTable> names;
    try {
      names =
          HeaderExtensions.parse(window, headerLength, extensionsEnd, nameReading)
              .find(FeatureNameTable.class);
    } catch (FormatException e) {
      names = Optional.empty(); // The unknown feature may change how extensions are stored.
    }
    int bit = Long.numberOfTrailingZeros(unknown);
    String name =
        names
            .flatMap(table -> table.nameOf(Feature.Kind.INCOMPATIBLE, bit))
            .map(FormatText::quoted)
            .orElse("bit " + bit);
    throw new FormatException("unsupported incompatible feature " + name);
  }

  private void refuseEncryption() throws FormatException {
    int method = fixed.getInt(32);
    if (method != 0) {
      throw new FormatException(
          "encrypted images are not supported (encryption method "
              + switch (method) {
                case 1 -> "AES";
                case 2 -> "LUKS";
                default -> Integer.toUnsignedString(method);
              }
              + ")");
    }
  }

  private static void refuseExternalData(FeatureBits features) throws FormatException {
    for (Feature feature : new Feature[] {Feature.EXTERNAL_DATA_FILE, Feature.RAW_EXTERNAL_DATA}) {
      if (features.has(feature)) {
        throw new FormatException(
            "images with an external data file are not supported (feature \""
                + feature.label()
                + "\")");
      }
    }
  }

  private static void checkBitmaps(
      FeatureBits features, HeaderExtensions extensions, FileBounds bounds) throws FormatException {
    if (!features.has(Feature.BITMAPS)) {
      return;
    }
    Optional<BitmapsExtension> bitmaps = extensions.find(BitmapsExtension.class);
    if (bitmaps.isEmpty()) {
      throw new FormatException("the feature \"bitmaps\" is set without a bitmaps extension");
    }
    bitmaps.get().check(bounds);
  }

  private void checkL1Table(ClusterGeometry geometry, FileBounds bounds) throws FormatException {
    long virtualSize = fixed.getLong(24);
    long entries = Integer.toUnsignedLong(fixed.getInt(36));
    if (entries * Long.BYTES > Header.MAX_L1_BYTES) {
      throw new FormatException("the L1 table of " + entries + " entries is too large");
    }
    if (virtualSize < 0 || geometry.l1Entries(virtualSize) > entries) {
      throw new FormatException(
          "the L1 table of "
              + entries
              + " entries is too small for the virtual size "
              + Long.toUnsignedString(virtualSize));
    }
    bounds.requireTable("L1 table", new HostOffset(fixed.getLong(40)), entries * Long.BYTES);
  }

  private void checkRefcountTable(ClusterGeometry geometry, FileBounds bounds)
      throws FormatException {
    long clusters = Integer.toUnsignedLong(fixed.getInt(56));
    long bytes = clusters << geometry.clusterBits();
    if (clusters == 0 || bytes > Header.MAX_REFCOUNT_TABLE_BYTES) {
      throw new FormatException("unsupported refcount table of " + clusters + " clusters");
    }
    bounds.requireTable("refcount table", new HostOffset(fixed.getLong(48)), bytes);
  }

  private void checkSnapshotTable(FileBounds bounds) throws FormatException {
    long count = Integer.toUnsignedLong(fixed.getInt(60));
    if (count > Header.MAX_SNAPSHOTS) {
      throw new FormatException("unsupported number of snapshots " + count);
    }
    bounds.requireTable(
        "snapshot table", new HostOffset(fixed.getLong(64)), count * SnapshotTableEntry.FIXED_SIZE);
  }

  private int refcountOrder(int version) throws FormatException {
    int order = version == 2 ? V2_REFCOUNT_ORDER : fixed.getInt(96);
    if (order < 0 || order > MAX_REFCOUNT_ORDER) {
      throw new FormatException(
          "unsupported refcount order " + Integer.toUnsignedString(order) + ": expected 0 to 6");
    }
    return order;
  }

  private CompressionType compression(FeatureBits features, int headerLength)
      throws FormatException {
    boolean present = headerLength > COMPRESSION_TYPE_AT;
    int number = present ? Byte.toUnsignedInt(fixed.get(COMPRESSION_TYPE_AT)) : 0;
    return CompressionNumber.parse(number, features.has(Feature.COMPRESSION_TYPE));
  }
}
