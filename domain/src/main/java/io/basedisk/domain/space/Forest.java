package io.basedisk.domain.space;

import java.util.Arrays;
import java.util.BitSet;

/**
 * Trees of numbered nodes, in an order in which each subtree is one range of positions. Built in
 * linear time and without recursion, because a tree may be one long chain.
 *
 * <p>The node {@link #root} is the parent of all roots, so that any two nodes have a common
 * ancestor.
 */
final class Forest {

  /** The parent of a node without a parent. */
  static final int NONE = -1;

  private final int root;
  private final int[] parent;
  private final int[] order;
  private final int[] position;
  private final int[] size;

  /** For each node, an ancestor, chosen so that every ancestor is reached in few jumps. */
  private final int[] jump;

  private final BitSet endsOfCycles = new BitSet();

  /**
   * Builds the trees. Cycles are cut.
   *
   * @param parents parent of each node, or {@link #NONE}
   */
  Forest(int[] parents) {
    root = parents.length;
    parent = Arrays.copyOf(parents, root + 1);
    parent[root] = NONE;
    cutCycles();
    for (int node = 0; node < root; node++) {
      if (parent[node] == NONE) {
        parent[node] = root;
      }
    }
    order = new int[root + 1];
    position = new int[root + 1];
    layOut();
    size = new int[root + 1];
    measure();
    jump = new int[root + 1];
    chooseJumps();
  }

  /** {@return the common root} Its number is the number of other nodes. */
  int root() {
    return root;
  }

  /** {@return the parent of a node; {@link #NONE} for the {@link #root}} */
  int parent(int node) {
    return parent[node];
  }

  /**
   * {@return the node at a position} The root has position 0, and each node comes after its parent.
   */
  int at(int position) {
    return order[position];
  }

  int position(int node) {
    return position[node];
  }

  /** {@return the position after a node's subtree, which starts at the node's own position} */
  int end(int node) {
    return position[node] + size[node];
  }

  /**
   * {@return whether a cycle was cut at a node} The node was the parent of one of its ancestors,
   * which is a child of the {@link #root} now; all nodes of the cycle are on the path between the
   * two.
   */
  boolean endsCycle(int node) {
    return endsOfCycles.get(node);
  }

  /** {@return the nearest common ancestor of two nodes} */
  int commonAncestor(int one, int other) {
    int ancestor = one;
    while (!isInSubtree(other, ancestor)) {
      int far = jump[ancestor];
      ancestor = isInSubtree(other, far) ? parent[ancestor] : far;
    }
    return ancestor;
  }

  private boolean isInSubtree(int node, int of) {
    return position[of] <= position[node] && position[node] < end(of);
  }

  private void cutCycles() {
    int[] walk = new int[root];
    for (int start = 0; start < root; start++) {
      int last = NONE;
      int node = start;
      while (node != NONE && walk[node] == 0) {
        walk[node] = start + 1;
        last = node;
        node = parent[node];
      }
      if (last != NONE && node != NONE && walk[node] == start + 1) {
        parent[last] = NONE;
        endsOfCycles.set(node);
      }
    }
  }

  private void layOut() {
    int[] firstChild = new int[root + 1];
    int[] nextSibling = new int[root + 1];
    Arrays.fill(firstChild, NONE);
    for (int node = root - 1; node >= 0; node--) {
      nextSibling[node] = firstChild[parent[node]];
      firstChild[parent[node]] = node;
    }
    int[] toVisit = new int[root + 1];
    int height = 1;
    toVisit[0] = root;
    for (int next = 0; height > 0; next++) {
      int node = toVisit[--height];
      order[next] = node;
      position[node] = next;
      for (int child = firstChild[node]; child != NONE; child = nextSibling[child]) {
        toVisit[height++] = child;
      }
    }
  }

  private void measure() {
    for (int i = root; i > 0; i--) {
      int node = order[i];
      size[node]++;
      size[parent[node]] += size[node];
    }
    size[root]++;
  }

  /**
   * If the next two jumps of a node's parent have the same length, the node jumps over both;
   * otherwise it jumps to its parent. The number of jumps to any ancestor is then logarithmic in
   * the depth.
   */
  private void chooseJumps() {
    int[] depth = new int[root + 1];
    jump[root] = root;
    for (int i = 1; i <= root; i++) {
      int node = order[i];
      int below = parent[node];
      depth[node] = depth[below] + 1;
      int near = jump[below];
      int far = jump[near];
      jump[node] = depth[below] - depth[near] == depth[near] - depth[far] ? far : below;
    }
  }
}
