package io.basedisk.crash;

import java.util.ArrayDeque;
import java.util.Deque;

/** Processes that start in advance, and load their classes while others work. */
final class Spares implements AutoCloseable {

  private static final String NAME = "worker";
  private static final int AHEAD = 2;

  private final Children children;
  private final Deque<Child> waiting = new ArrayDeque<>();

  Spares(Children children) {
    this.children = children;
    while (waiting.size() < AHEAD) {
      waiting.add(children.start(NAME));
    }
  }

  /** Returns the process that has waited longest. Only one process may work at a time. */
  Child next() {
    waiting.add(children.start(NAME));
    return waiting.remove();
  }

  @Override
  public void close() {
    waiting.forEach(Child::close);
  }
}
