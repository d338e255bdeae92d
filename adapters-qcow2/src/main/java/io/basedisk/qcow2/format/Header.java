package io.basedisk.qcow2.format;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.image.CompressionType;
import io.basedisk.domain.model.BackingFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The header of an image: all its fields, checked, with the extensions and the backing file's name.
 *
 * <p>Specification: "Header", "Additional fields", "Header extensions". For a version 2 header,
 * fields of version 3 have the values that the specification assumes.
 *
 * @param version 2 or 3
 * @param geometry size of clusters and of L2 entries
 * @param virtualSize size of the virtual disk in bytes; need not be a multiple of 512, although
 *     QEMU makes and shows no other
 * @param l1Entries number of entries of the active L1 table, enough for the virtual size
 * @param l1Table offset of the active L1 table
 * @param refcountTableClusters number of clusters of the refcount table, at least 1
 * @param refcountTable offset of the refcount table
 * @param snapshots number of internal snapshots
 * @param snapshotTable offset of the snapshot table; meaningless without internal snapshots
 * @param features the feature bits
 * @param refcountOrder binary logarithm of a refcount's width in bits, 0 to 6
 * @param headerLength length of the fixed part in bytes; the extensions follow it
 * @param compression how compressed clusters are compressed
 * @param extensions the header extensions
 * @param backingFile the backing file's name, 1 to 1023 bytes; null without a backing file
 */
public record Header(
    int version,
    ClusterGeometry geometry,
    long virtualSize,
    int l1Entries,
    HostOffset l1Table,
    int refcountTableClusters,
    HostOffset refcountTable,
    int snapshots,
    HostOffset snapshotTable,
    FeatureBits features,
    int refcountOrder,
    int headerLength,
    CompressionType compression,
    HeaderExtensions extensions,
    @Nullable String backingFile) {

  /** QEMU's limit on the bytes of an L1 table. */
  public static final long MAX_L1_BYTES = 32L << 20;

  /** QEMU's limit on the bytes of the refcount table. */
  public static final long MAX_REFCOUNT_TABLE_BYTES = 8L << 20;

  /** QEMU's limit on the number of internal snapshots. */
  public static final int MAX_SNAPSHOTS = 65536;

  /** Offset of {@code crypt_method}: 4 bytes; 0 for none. */
  public static final HostOffset ENCRYPTION_METHOD_FIELD = new HostOffset(32);

  /**
   * Offset of {@code refcount_table_offset} and {@code refcount_table_clusters}: 12 bytes, within
   * one sector.
   */
  public static final HostOffset REFCOUNT_TABLE_FIELDS = new HostOffset(48);

  /** Offset of {@code incompatible_features}: 8 bytes, version 3 only. */
  public static final HostOffset INCOMPATIBLE_FEATURES_FIELD = new HostOffset(72);

  /** Offset of {@code autoclear_features}: 8 bytes, version 3 only. */
  public static final HostOffset AUTOCLEAR_FEATURES_FIELD = new HostOffset(88);

  static final int MAGIC = 0x514649fb;
  static final int LENGTH = 112;

  /**
   * Reads and checks the header of a file.
   *
   * @param file the file to read
   * @param fileLength the length of the file in bytes
   * @return the header
   * @throws FormatException if it is not a qcow2 image that we can read, with the reason
   */
  public static Header parse(FileBytes file, long fileLength) throws FormatException {
    return new HeaderParser(file, fileLength, FormatText::exact).parse();
  }

  /**
   * Reads and checks the header of a file, for display. Unlike {@link #parse}, it accepts any bytes
   * as the backing file's name and format. Never open a file by that name: invalid UTF-8 in it is
   * replaced, and it ends before a zero byte.
   *
   * @param file the file to read
   * @param fileLength the length of the file in bytes
   * @return the header
   * @throws FormatException if it is not a qcow2 image that we can read, with the reason
   */
  public static Header parseToShow(FileBytes file, long fileLength) throws FormatException {
    return new HeaderParser(file, fileLength, FormatText::asQemuShows).parse();
  }

  /**
   * Reads and checks the header of a file to describe it, like {@link #parseToShow}. It also
   * accepts an image whose content can't be opened: encrypted, in an external data file, or with
   * unknown incompatible features. Never read content or write by that header.
   *
   * @param file the file to read
   * @param fileLength the length of the file in bytes
   * @return the header
   * @throws FormatException if it is not a valid qcow2 image, with the reason
   */
  public static Header parseToDescribe(FileBytes file, long fileLength) throws FormatException {
    return new HeaderParser(file, fileLength, FormatText::asQemuShows).parseToDescribe();
  }

  /**
   * {@return this header with another disk}
   *
   * @param size size of the disk in bytes
   * @param entries number of entries of its L1 table
   * @param table offset of its L1 table
   */
  public Header withDisk(long size, int entries, HostOffset table) {
    return new Header(
        version,
        geometry,
        size,
        entries,
        table,
        refcountTableClusters,
        refcountTable,
        snapshots,
        snapshotTable,
        features,
        refcountOrder,
        headerLength,
        compression,
        extensions,
        backingFile);
  }

  /** {@return the names of the incompatible features that this code does not know} */
  public ImmutableList<String> unknownFeatures() {
    ImmutableList.Builder<String> names = ImmutableList.builder();
    long unknown = features.unknown(Feature.Kind.INCOMPATIBLE);
    Optional<FeatureNameTable> table = extensions.find(FeatureNameTable.class);
    for (long rest = unknown; rest != 0; rest &= rest - 1) {
      int bit = Long.numberOfTrailingZeros(rest);
      names.add(table.flatMap(t -> t.nameOf(Feature.Kind.INCOMPATIBLE, bit)).orElse("bit " + bit));
    }
    return names.build();
  }

  /** {@return the width of a refcount in bits} */
  public int refcountBits() {
    return 1 << refcountOrder;
  }

  /** {@return the size of the active L1 table in bytes} */
  public long l1Bytes() {
    return (long) l1Entries * Long.BYTES;
  }

  /** {@return the backing file's name and format, as stored in the header} */
  public Optional<BackingFile> backing() {
    return Optional.ofNullable(backingFile)
        .map(
            name ->
                new BackingFile(
                    name,
                    extensions
                        .find(BackingFormatExtension.class)
                        .map(BackingFormatExtension::format)
                        .filter(format -> !format.isEmpty())
                        .orElse(null)));
  }

  /**
   * {@return the bitmaps extension; empty if the feature bit {@link Feature#BITMAPS} is clear,
   * which means that the extension is out of date}
   */
  public Optional<BitmapsExtension> bitmaps() {
    return features.has(Feature.BITMAPS)
        ? extensions.find(BitmapsExtension.class)
        : Optional.empty();
  }

  /**
   * {@return the bytes of a version 3 header with these fields: the fixed part, the extensions, and
   * the backing file's name right after them}
   *
   * @throws FormatException if the header does not fit the first cluster
   */
  public ByteBuffer encode() throws FormatException {
    byte[] name = backingFile == null ? new byte[0] : backingFile.getBytes(StandardCharsets.UTF_8);
    int nameAt = LENGTH + extensions.encodedSize();
    if (nameAt + name.length > geometry.clusterSize()) {
      throw new FormatException("the header does not fit a cluster");
    }
    ByteBuffer target = ByteBuffer.allocate(nameAt + name.length);
    target.putInt(MAGIC).putInt(3);
    target.putLong(backingFile == null ? 0 : nameAt).putInt(name.length);
    target.putInt(geometry.clusterBits()).putLong(virtualSize).putInt(0);
    target.putInt(l1Entries).putLong(l1Table.bytes());
    target.putLong(refcountTable.bytes()).putInt(refcountTableClusters);
    target.putInt(snapshots).putLong(snapshotTable.bytes());
    target.putLong(features.incompatible());
    target.putLong(features.compatible());
    target.putLong(features.autoclear());
    target.putInt(refcountOrder).putInt(LENGTH);
    target.put((byte) CompressionNumber.of(compression)).position(LENGTH);
    extensions.encode(target);
    return target.put(name).flip();
  }
}
