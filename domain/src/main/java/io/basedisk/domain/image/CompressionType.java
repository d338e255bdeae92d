package io.basedisk.domain.image;

/** How the compressed clusters of a qcow2 image are compressed: all of them the same way. */
public enum CompressionType {
  /** Deflate, without the zlib header that the name suggests. */
  ZLIB("zlib"),
  /** Zstandard. */
  ZSTD("zstd");

  private final String label;

  CompressionType(String label) {
    this.label = label;
  }

  /** Returns its name in QEMU's tools. */
  public String label() {
    return label;
  }
}
