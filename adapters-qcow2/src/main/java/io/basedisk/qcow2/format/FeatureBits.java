package io.basedisk.qcow2.format;

/**
 * The three feature fields of a header. In version 2, all bits are clear.
 *
 * <p>Specification: "Header", {@code incompatible_features}, {@code compatible_features}, {@code
 * autoclear_features} (bytes 72 to 95).
 *
 * @param incompatible bits that a reader must know to open the image
 * @param compatible bits that a reader may ignore
 * @param autoclear bits that a writer clears if it does not know them
 */
public record FeatureBits(long incompatible, long compatible, long autoclear) {

  /** No feature at all. */
  public static final FeatureBits NONE = new FeatureBits(0, 0, 0);

  /**
   * {@return these bits with the bit of {@code feature} set}
   *
   * @param feature the feature
   */
  public FeatureBits with(Feature feature) {
    return switch (feature.kind()) {
      case INCOMPATIBLE -> new FeatureBits(incompatible | feature.mask(), compatible, autoclear);
      case COMPATIBLE -> new FeatureBits(incompatible, compatible | feature.mask(), autoclear);
      case AUTOCLEAR -> new FeatureBits(incompatible, compatible, autoclear | feature.mask());
    };
  }

  /**
   * {@return whether the bit of {@code feature} is set}
   *
   * @param feature the feature
   */
  public boolean has(Feature feature) {
    return (set(feature.kind()) & feature.mask()) != 0;
  }

  /**
   * {@return the set bits of one field that {@link Feature} does not define}
   *
   * @param kind the kind of feature, which selects the field
   */
  public long unknown(Feature.Kind kind) {
    long unknown = set(kind);
    for (Feature feature : Feature.values()) {
      if (feature.kind() == kind) {
        unknown &= ~feature.mask();
      }
    }
    return unknown;
  }

  /** {@return the incompatible features without the dirty and the corrupt bit} */
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
