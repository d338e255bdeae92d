package io.basedisk.domain.model.artifact;

import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.model.Quoted;
import java.util.regex.Pattern;

/**
 * What a disk runs on, in the words of the OCI image specification (those of Go). Both words are 1
 * to 64 characters of {@code a-z}, {@code 0-9}, {@code _}, {@code .} and {@code -}.
 *
 * @param architecture processor architecture, for example {@code amd64} or {@code arm64}
 * @param os operating system of the guest, for example {@code linux}
 */
public record Platform(String architecture, String os) {

  private static final Pattern WORD = Pattern.compile("[a-z0-9_.-]{1,64}");

  /**
   * Checks the values.
   *
   * @param architecture see {@link #architecture}
   * @param os see {@link #os}
   * @throws InvalidArgumentException if one of them is no such word
   */
  public Platform {
    check("architecture", architecture, "amd64");
    check("operating system", os, "linux");
  }

  private static void check(String what, String word, String example) {
    if (!WORD.matcher(word).matches()) {
      throw new InvalidArgumentException(
          "invalid " + what + " \"" + Quoted.of(word) + "\": expected a word such as " + example);
    }
  }
}
