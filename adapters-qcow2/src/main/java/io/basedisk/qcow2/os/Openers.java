package io.basedisk.qcow2.os;

import com.google.common.collect.ImmutableList;

/**
 * The processes that were found to have a file open.
 *
 * @param processes in the order in which the system lists them
 * @param complete whether every process that is listed could be asked; even then others may have
 *     the file open who are not in the list
 */
public record Openers(ImmutableList<OpeningProcess> processes, boolean complete) {

  /**
   * A process that has the file open.
   *
   * @param id its number
   * @param name the name of its program, without control characters; empty if that is not known
   */
  public record OpeningProcess(long id, String name) {

    /** Returns {@code process 42 (qemu-system-x86)}. */
    @Override
    public String toString() {
      return "process " + id + (name.isEmpty() ? "" : " (" + name + ")");
    }
  }
}
