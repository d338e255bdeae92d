package io.basedisk.cli.render;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sizes read as in qemu-img's output. */
class SizesTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0 B",
    "1, 1 B",
    "512, 512 B",
    "999, 999 B",
    "1000, 0.977 KiB",
    "1024, 1 KiB",
    "1536, 1.5 KiB",
    "200704, 196 KiB",
    "1048576, 1 MiB",
    "1610612736, 1.5 GiB",
    "107374182400, 100 GiB",
    "1099511627776, 1 TiB",
    "9223372036854775807, 8 EiB"
  })
  void human_is_three_digits_and_a_unit(long bytes, String expected) {
    assertEquals(expected, Sizes.human(bytes));
  }
}
