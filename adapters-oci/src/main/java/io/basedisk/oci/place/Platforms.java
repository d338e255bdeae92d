package io.basedisk.oci.place;

import com.google.common.base.Ascii;
import com.google.common.collect.ImmutableMap;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.model.Quoted;
import io.basedisk.domain.model.artifact.Platform;

/** Platforms of guests in docker's words. */
public final class Platforms {

  /** The JVM's names of processors that OCI calls otherwise. */
  private static final ImmutableMap<String, String> ARCHITECTURES =
      ImmutableMap.of("x86_64", "amd64", "aarch64", "arm64", "x86", "386", "i386", "386");

  private Platforms() {}

  /** {@return the platform of Linux guests of this machine's processor} */
  public static Platform ofMachine() {
    String name = Ascii.toLowerCase(System.getProperty("os.arch"));
    return new Platform(ARCHITECTURES.getOrDefault(name, name), "linux");
  }

  /**
   * {@return the platform in a text}
   *
   * @param text {@code os/architecture}, for example {@code linux/amd64}
   * @throws InvalidArgumentException if it is none
   */
  public static Platform parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      throw new InvalidArgumentException(
          "invalid platform \"" + Quoted.of(text) + "\": expected os/architecture: linux/amd64");
    }
    return new Platform(text.substring(slash + 1), text.substring(0, slash));
  }
}
