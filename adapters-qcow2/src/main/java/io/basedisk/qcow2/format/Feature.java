package io.basedisk.qcow2.format;

/**
 * The features that the specification names, each a bit of one of the header's three sets.
 *
 * <p>Specification: "Header", bytes 72 to 95.
 */
public enum Feature {
  /** Refcounts may be inconsistent. */
  DIRTY(Kind.INCOMPATIBLE, 0, "dirty bit"),
  /** Any structure may be corrupt; the image must not be written to. */
  CORRUPT(Kind.INCOMPATIBLE, 1, "corrupt bit"),
  /** Guest clusters are in another file. */
  EXTERNAL_DATA_FILE(Kind.INCOMPATIBLE, 2, "external data file"),
  /** Compressed clusters are not deflated but of the type that the header names. */
  COMPRESSION_TYPE(Kind.INCOMPATIBLE, 3, "compression type"),
  /** L2 entries have 128 bits and describe subclusters. */
  EXTENDED_L2(Kind.INCOMPATIBLE, 4, "extended L2 entries"),
  /** A writer may postpone refcounts while the dirty bit is set. */
  LAZY_REFCOUNTS(Kind.COMPATIBLE, 0, "lazy refcounts"),
  /** The bitmaps extension is consistent. */
  BITMAPS(Kind.AUTOCLEAR, 0, "bitmaps"),
  /** The external data file is a raw image by itself. */
  RAW_EXTERNAL_DATA(Kind.AUTOCLEAR, 1, "raw external data");

  /** What software has to do that does not know a feature. */
  public enum Kind {
    /** Not open the image. */
    INCOMPATIBLE(0),
    /** Nothing: it can be ignored. */
    COMPATIBLE(1),
    /** Clear it before writing to the image. */
    AUTOCLEAR(2);

    private final int number;

    Kind(int number) {
      this.number = number;
    }

    /** Returns the number that stands for it in a feature name table. */
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

  public Kind kind() {
    return kind;
  }

  /** Returns the number of its bit, counted from the least significant. */
  public int bit() {
    return bit;
  }

  /** Returns its name in messages and feature name tables. */
  public String label() {
    return label;
  }

  long mask() {
    return 1L << bit;
  }
}
