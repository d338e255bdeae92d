package io.basedisk.qcow2.os;

import com.google.common.collect.ImmutableList;

/**
 * The processes that have a file open, as found in the process table.
 *
 * @param processes the processes, in the order of the process table
 * @param complete whether every listed process could be inspected; a process that is not listed may
 *     have the file open even then
 */
public record ProcessesWithFileOpen(ImmutableList<OpeningProcess> processes, boolean complete) {

  /**
   * A process that has the file open.
   *
   * @param id process id
   * @param name name of the program, without control characters; empty if unknown
   */
  public record OpeningProcess(long id, String name) {

    /** {@return {@code process 42 (qemu-system-x86)}} */
    @Override
    public String toString() {
      return "process " + id + (name.isEmpty() ? "" : " (" + name + ")");
    }
  }
}
