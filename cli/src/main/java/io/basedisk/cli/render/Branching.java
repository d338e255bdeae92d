package io.basedisk.cli.render;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.lineage.Lineage.Node;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BoxId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The order in which drawings visit trees. The child with the largest subtree comes last, and a
 * drawing continues in the same column with it. So a chain is one straight column, and a drawing of
 * n bases has at most log2(n) + 1 columns.
 */
final class Branching {

  private final Map<BaseDiskId, Integer> sizes = new HashMap<>();

  Branching(ImmutableList<Node> roots) {
    List<Node> preorder = new ArrayList<>();
    Deque<Node> toVisit = new ArrayDeque<>(roots);
    while (!toVisit.isEmpty()) {
      Node node = toVisit.pop();
      preorder.add(node);
      node.children().forEach(toVisit::push);
    }
    for (int i = preorder.size() - 1; i >= 0; i--) {
      Node node = preorder.get(i);
      sizes.put(node.base().base().id(), 1 + node.children().stream().mapToInt(this::size).sum());
    }
  }

  /** {@return the number of bases in a tree} */
  int size(Node node) {
    return sizes.getOrDefault(node.base().base().id(), 0);
  }

  /** {@return the children of a node, newest first, but the one with the largest subtree last} */
  ImmutableList<Node> children(Node node) {
    ImmutableList<Node> children = node.children();
    if (children.size() < 2) {
      return children;
    }
    int largest = 0;
    for (int i = 1; i < children.size(); i++) {
      largest = size(children.get(i)) >= size(children.get(largest)) ? i : largest;
    }
    return ImmutableList.<Node>builder()
        .addAll(children.subList(0, largest))
        .addAll(children.subList(largest + 1, children.size()))
        .add(children.get(largest))
        .build();
  }

  /** {@return the boxes directly on a node, in the order in which people count} */
  static ImmutableList<BoxId> boxes(Node node) {
    return ImmutableList.sortedCopyOf(NaturalOrder.ofNames(), node.base().referencedBy());
  }
}
