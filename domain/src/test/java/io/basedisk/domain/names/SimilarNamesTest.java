package io.basedisk.domain.names;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.Remedy;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.testing.Fleet;
import io.basedisk.domain.testing.Records;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The names in a home that are similar to one that does not exist. */
final class SimilarNamesTest {

  private final Fleet fleet = new Fleet();
  private final SimilarNames names = new SimilarNames(fleet.store);

  @Test
  void an_error_about_a_missing_box_leads_to_the_similar_ones() {
    fleet.create("web-1");
    fleet.create("db-1");

    NotFoundException error =
        assertThrows(NotFoundException.class, () -> fleet.cloneBox("wbe-1", "new"));

    assertEquals(ImmutableList.of("web-1"), names.to(error.remedy().orElseThrow()));
  }

  @Test
  void snapshots_are_those_of_the_box() {
    fleet.create("web-1");
    fleet.create("web-2");
    fleet.snapshot("web-1", "clean");
    fleet.snapshot("web-2", "cleaned");

    assertEquals(ImmutableList.of("clean"), names.to(new Remedy.NameSnapshot("web-1", "cleam")));
  }

  @Test
  void a_base_is_similar_if_one_character_differs() {
    fleet.create("web-1");
    BaseDisk base = fleet.fork("web-1");
    String id = base.id().value();
    String misspelt = id.substring(0, 7) + (id.endsWith("x") ? "y" : "x");

    assertEquals(ImmutableList.of(id), names.to(new Remedy.NameBase(misspelt)));
  }

  @Test
  void boxes_are_compared_page_by_page() {
    fleet.store.change(
        tx -> {
          IntStream.range(0, 1001)
              .forEach(n -> tx.boxes().insert(Records.box(String.format("test-%04d", n)).build()));
          tx.boxes().insert(Records.box("web-1").build());
        });

    assertEquals(ImmutableList.of("web-1"), names.to(new Remedy.NameBox("web1")));
  }

  @Test
  void other_remedies_have_no_names() {
    assertEquals(ImmutableList.of(), names.to(new Remedy.Repeat()));
  }
}
