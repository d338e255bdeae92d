package io.basedisk.domain.lineage;

import static io.basedisk.domain.testing.Fleet.box;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.lineage.Lineage.Node;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.Hold;
import io.basedisk.domain.testing.Fleet;
import org.junit.jupiter.api.Test;

/** The trees of bases and boxes. */
final class LineageTest {

  private final Fleet fleet = new Fleet();

  /** Formats a tree as {@code base[box...](child...)}, with bases as numbers. */
  private static String show(ImmutableList<Node> nodes, ImmutableList<BaseDisk> numbered) {
    StringBuilder text = new StringBuilder();
    for (Node node : nodes) {
      text.append(numbered.indexOf(node.base().base()))
          .append(node.base().referencedBy())
          .append('(')
          .append(show(node.children(), numbered))
          .append(')');
    }
    return text.toString();
  }

  @Test
  void a_tree_has_each_base_once_with_its_boxes_and_children() {
    fleet.create("a", "other");
    BaseDisk zero = fleet.cloneBox("a", "b");
    fleet.write("a", 1, "x");
    BaseDisk one = fleet.fork("a");
    fleet.write("b", 1, "y");
    BaseDisk two = fleet.fork("b");
    BaseDisk three = fleet.fork("other");
    assertEquals(
        "3[other]()0[](2[b]()1[a]())",
        show(fleet.useCases.lineage().trees(), ImmutableList.of(zero, one, two, three)));
  }

  @Test
  void the_trees_of_a_box_are_those_of_its_bases() {
    fleet.create("a", "other");
    BaseDisk zero = fleet.cloneBox("a", "b");
    fleet.fork("other");
    assertEquals(
        "0[a, b]()", show(fleet.useCases.lineage().treesOf(box("b")), ImmutableList.of(zero)));
  }

  @Test
  void a_box_without_a_base_has_no_tree() {
    fleet.create("a");
    assertEquals(ImmutableList.of(), fleet.useCases.lineage().treesOf(box("a")));
    assertThrows(NotFoundException.class, () -> fleet.useCases.lineage().treesOf(box("b")));
  }

  @Test
  void the_report_has_the_trees_the_boxes_on_no_base_and_the_holds() {
    fleet.create("a", "other");
    BaseDisk zero = fleet.cloneBox("a", "b");
    Hold hold = new Hold(zero.id(), Hold.Reason.REBUILT, null);
    fleet.store.write(
        tx -> {
          tx.holds().insert(hold);
          return null;
        });

    LineageReport report = fleet.useCases.lineage().report();

    assertEquals("0[a, b]()", show(report.trees(), ImmutableList.of(zero)));
    assertEquals(ImmutableList.of(box("other")), report.baseless());
    assertEquals(ImmutableList.of(hold), report.holds());
  }

  @Test
  void the_report_of_a_box_has_its_trees_or_the_box_itself() {
    fleet.create("a", "other");
    BaseDisk zero = fleet.cloneBox("a", "b");

    LineageReport onBase = fleet.useCases.lineage().reportOf(box("b"));
    LineageReport onNone = fleet.useCases.lineage().reportOf(box("other"));

    assertEquals("0[a, b]()", show(onBase.trees(), ImmutableList.of(zero)));
    assertEquals(ImmutableList.of(), onBase.baseless());
    assertEquals(ImmutableList.of(), onNone.trees());
    assertEquals(ImmutableList.of(box("other")), onNone.baseless());
    assertThrows(NotFoundException.class, () -> fleet.useCases.lineage().reportOf(box("c")));
  }

  @Test
  void a_long_chain_is_one_long_tree() {
    fleet.create("a");
    for (int i = 0; i < 300; i++) {
      fleet.fork("a");
    }
    int depth = 0;
    ImmutableList<Node> nodes = fleet.useCases.lineage().trees();
    while (!nodes.isEmpty()) {
      depth++;
      nodes = nodes.get(0).children();
    }
    assertEquals(300, depth);
  }
}
