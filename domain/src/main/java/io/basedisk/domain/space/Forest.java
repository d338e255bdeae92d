package io.basedisk.domain.space;

import java.util.Arrays;
import java.util.BitSet;

/**
 * Trees of numbered nodes, laid out so that each subtree is one range of positions. Built in time
 * linear in their number and without recursion: a tree may be one long chain.
 *
 * <p>The node {@link #root} stands below the roots of all trees, so that two nodes always have a
 * common ancestor.
 */
final class Forest {

  /** The parent of what has none. */
  static final int NONE = -1;

  private final int root;
  private final int[] parent;
  private final int[] order;
  private final int[] position;
  private final int[] size;

  /** Of each node one of its ancestors, so chosen that any is reached in few jumps. */
  private final int[] jump;

  private final BitSet endsOfCycles = new BitSet();

  /**
   * @param parents of each node its parent, or {@link #NONE}
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

  /** Returns the node below all others; its number is that of the others. */
  int root() {
    return root;
  }

  /** Returns the parent of a node; of the {@link #root}, {@link #NONE}. */
  int parent(int node) {
    return parent[node];
  }

  /** Returns the node at a position, from 0; each comes after its parent, and the root first. */
  int at(int position) {
    return order[position];
  }

  int position(int node) {
    return position[node];
  }

  /** Returns the first position behind a node's subtree, which starts at the node's own. */
  int end(int node) {
    return position[node] + size[node];
  }

  /**
   * Returns whether a node was the parent of one of its own ancestors: of the one that is now a
   * child of the {@link #root} instead, so that all nodes of that cycle are on the way there.
   */
  boolean endsCycle(int node) {
    return endsOfCycles.get(node);
  }

  /** Returns the nearest node that has both others in its subtree. */
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
   * A node jumps to its parent, or as far as its parent's two next jumps together if these are of
   * one length: the number of jumps to any ancestor then grows with the logarithm of the depth.
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
