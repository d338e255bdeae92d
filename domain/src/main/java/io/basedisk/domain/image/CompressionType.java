package io.basedisk.domain.image;

/** The compression method of a qcow2 image, which all its compressed clusters share. */
public enum CompressionType {
  /** Deflate, without the zlib header that the name suggests. */
  ZLIB("zlib"),
  /** Zstandard. */
  ZSTD("zstd");

  private final String label;

  CompressionType(String label) {
    this.label = label;
  }

  /** {@return the type's name in QEMU's tools} */
  public String label() {
    return label;
  }
}
