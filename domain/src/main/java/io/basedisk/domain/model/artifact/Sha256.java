package io.basedisk.domain.model.artifact;

import com.google.common.base.CharMatcher;
import com.google.common.hash.HashCode;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.model.Quoted;

/**
 * A SHA-256 digest.
 *
 * @param hex the digest as 64 lower-case hexadecimal digits
 */
public record Sha256(String hex) {

  private static final int DIGITS = 64;
  private static final String PREFIX = "sha256:";
  private static final CharMatcher HEX =
      CharMatcher.inRange('0', '9').or(CharMatcher.inRange('a', 'f'));

  /**
   * Checks the value.
   *
   * @param hex see {@link #hex}
   * @throws InvalidArgumentException if {@code hex} is not 64 lower-case hexadecimal digits
   */
  public Sha256 {
    if (hex.length() != DIGITS || !HEX.matchesAllOf(hex)) {
      throw new InvalidArgumentException("invalid SHA-256 \"" + Quoted.of(hex) + "\"");
    }
  }

  /**
   * {@return the digest of a text such as {@code sha256:9f86d0...}}
   *
   * @param text the algorithm, a colon and the digits, as in OCI descriptors
   * @throws InvalidArgumentException if the algorithm or the digits are others
   */
  public static Sha256 parse(String text) {
    if (!text.startsWith(PREFIX)) {
      throw new InvalidArgumentException(
          "unsupported digest \"" + Quoted.of(text) + "\": expected sha256:<64 digits>");
    }
    return new Sha256(text.substring(PREFIX.length()));
  }

  /**
   * {@return the digest with a hash code}
   *
   * @param code a hash code of 256 bits
   */
  public static Sha256 of(HashCode code) {
    return new Sha256(code.toString());
  }

  /** {@return the digest with its algorithm: {@code sha256:9f86d0...}} */
  @Override
  public String toString() {
    return PREFIX + hex;
  }
}
