package io.basedisk.cli.render;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.basedisk.domain.model.BoxId;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Names sort as people count. */
class NaturalOrderTest {

  private static List<String> sorted(String... names) {
    return List.of(names).stream().sorted(NaturalOrder.OF_TEXTS).toList();
  }

  @Test
  void digits_compare_as_one_number() {
    assertEquals(
        List.of("c", "c1", "c2", "c10", "c10a", "c11", "d1"),
        sorted("d1", "c10a", "c11", "c10", "c2", "c", "c1"));
    assertEquals(List.of("a1b2", "a1b10", "a2b1"), sorted("a2b1", "a1b10", "a1b2"));
    assertEquals(List.of("1.9.2", "1.10.0"), sorted("1.10.0", "1.9.2"));
  }

  @Test
  void a_number_may_have_any_length() {
    String long9 = "c" + "9".repeat(120);
    String long10 = "c1" + "0".repeat(120);
    assertEquals(List.of("c8", long9, long10), sorted(long10, long9, "c8"));
  }

  @Test
  void leading_zeros_do_not_count() {
    assertEquals(List.of("c01", "c1", "c02", "c2", "c10"), sorted("c10", "c02", "c2", "c01", "c1"));
    assertTrue(NaturalOrder.OF_TEXTS.compare("c01", "c1") != 0, "different names are different");
    assertEquals(0, NaturalOrder.OF_TEXTS.compare("c01", "c01"));
  }

  @Test
  void things_sort_by_their_names() {
    assertEquals(
        List.of(BoxId.of("c2"), BoxId.of("c10")),
        List.of(BoxId.of("c10"), BoxId.of("c2")).stream().sorted(NaturalOrder.ofNames()).toList());
  }
}
