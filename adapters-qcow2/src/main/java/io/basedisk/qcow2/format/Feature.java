package io.basedisk.qcow2.format;

/**
 * The features that the specification defines. Each is a bit in one of the header's three feature
 * fields.
 *
 * <p>Specification: "Header", {@code incompatible_features}, {@code compatible_features}, {@code
 * autoclear_features} (bytes 72 to 95).
 */
public enum Feature {
  /** Refcounts may be inconsistent. */
  DIRTY(Kind.INCOMPATIBLE, 0, "dirty bit"),
  /** Any structure may be corrupt; the image must not be written to. */
  CORRUPT(Kind.INCOMPATIBLE, 1, "corrupt bit"),
  /** Guest clusters are in another file. */
  EXTERNAL_DATA_FILE(Kind.INCOMPATIBLE, 2, "external data file"),
  /** The header names the compression type, which is not deflate. */
  COMPRESSION_TYPE(Kind.INCOMPATIBLE, 3, "compression type"),
  /** L2 entries are 128 bits wide and describe subclusters. */
  EXTENDED_L2(Kind.INCOMPATIBLE, 4, "extended L2 entries"),
  /** A writer may postpone refcounts while the dirty bit is set. */
  LAZY_REFCOUNTS(Kind.COMPATIBLE, 0, "lazy refcounts"),
  /** The bitmaps extension is consistent. */
  BITMAPS(Kind.AUTOCLEAR, 0, "bitmaps"),
  /** The external data file is a raw image by itself. */
  RAW_EXTERNAL_DATA(Kind.AUTOCLEAR, 1, "raw external data");

  /** Rule for software that does not know a feature. */
  public enum Kind {
    /** Must not open the image. */
    INCOMPATIBLE(0),
    /** May ignore the feature. */
    COMPATIBLE(1),
    /** Must clear the bit before it writes to the image. */
    AUTOCLEAR(2);

    private final int number;

    Kind(int number) {
      this.number = number;
    }

    /** {@return the number of this kind in a feature name table} */
    int number() {
      return number;
    }
  }

  private final Kind kind;
  private final int bit;
  private final String label;

  Feature(Kind kind, int bit, String label) {
    this.kind = kind;
    this.bit = bit;
    this.label = label;
  }

  /** {@return which of the three fields has the bit} */
  public Kind kind() {
    return kind;
  }

  /** {@return the number of the feature's bit; 0 is the least significant} */
  public int bit() {
    return bit;
  }

  /** {@return the feature's name in messages and feature name tables} */
  public String label() {
    return label;
  }

  /** {@return the feature's bit in its field of the header} */
  public long mask() {
    return 1L << bit;
  }
}
