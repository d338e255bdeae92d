package io.basedisk.qcow2.format;

/**
 * The three feature fields of a header. In version 2, all bits are clear.
 *
 * <p>Specification: "Header", {@code incompatible_features}, {@code compatible_features}, {@code
 * autoclear_features} (bytes 72 to 95).
 */
public record FeatureBits(long incompatible, long compatible, long autoclear) {

  /** No feature at all. */
  public static final FeatureBits NONE = new FeatureBits(0, 0, 0);

  /** Returns these bits with the bit of {@code feature} set. */
  public FeatureBits with(Feature feature) {
    return switch (feature.kind()) {
      case INCOMPATIBLE -> new FeatureBits(incompatible | feature.mask(), compatible, autoclear);
      case COMPATIBLE -> new FeatureBits(incompatible, compatible | feature.mask(), autoclear);
      case AUTOCLEAR -> new FeatureBits(incompatible, compatible, autoclear | feature.mask());
    };
  }

  /** Returns whether the bit of {@code feature} is set. */
  public boolean has(Feature feature) {
    return (set(feature.kind()) & feature.mask()) != 0;
  }

  /** Returns the set bits of one field that {@link Feature} does not define. */
  public long unknown(Feature.Kind kind) {
    long unknown = set(kind);
    for (Feature feature : Feature.values()) {
      if (feature.kind() == kind) {
        unknown &= ~feature.mask();
      }
    }
    return unknown;
  }

  /** Returns the incompatible features without the dirty and the corrupt bit. */
  public long incompatibleOfSoundImage() {
    return incompatible & ~(Feature.DIRTY.mask() | Feature.CORRUPT.mask());
  }

  private long set(Feature.Kind kind) {
    return switch (kind) {
      case INCOMPATIBLE -> incompatible;
      case COMPATIBLE -> compatible;
      case AUTOCLEAR -> autoclear;
    };
  }
}
