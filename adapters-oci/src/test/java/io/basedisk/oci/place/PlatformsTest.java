package io.basedisk.oci.place;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.model.artifact.Platform;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Platforms are written as docker writes them. */
class PlatformsTest {

  @Test
  void the_operating_system_comes_first() {
    assertEquals(new Platform("arm64", "freebsd"), Platforms.parse("freebsd/arm64"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "linux", "linux/", "/amd64", "linux/arm/v7", "Linux/amd64"})
  void an_invalid_platform(String text) {
    assertThrows(InvalidArgumentException.class, () -> Platforms.parse(text));
  }

  @Test
  void guests_have_the_processor_of_the_machine_unless_told_otherwise() {
    String jvm = System.getProperty("os.arch");

    assertEquals(jvm.equals("aarch64") ? "arm64" : jvm, Platforms.ofMachine().architecture(), jvm);
    assertEquals("linux", Platforms.ofMachine().os());
  }
}
