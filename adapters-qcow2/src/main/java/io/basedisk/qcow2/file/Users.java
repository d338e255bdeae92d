package io.basedisk.qcow2.file;

import static java.util.stream.Collectors.joining;

import com.google.common.collect.ImmutableList;
import io.basedisk.qcow2.os.ProcessesWithFileOpen.OpeningProcess;

/** The processes that use an image, as far as they can be known. */
sealed interface Users {

  /** No other process uses it. */
  record Unused() implements Users {}

  /**
   * At least one other process uses it.
   *
   * @param what kind of use: {@code open for writing}
   * @param processes the processes that are known
   */
  record InUse(String what, ImmutableList<OpeningProcess> processes) implements Users {

    /** {@return a clause for people: {@code open in process 42 (qemu-system-x86)}} */
    String clause() {
      return processes.isEmpty()
          ? what + " in a process that can't be seen from here"
          : what + " in " + processes.stream().map(Object::toString).collect(joining(" and "));
    }
  }

  /**
   * Another process may use it.
   *
   * @param what kind of use: {@code open}
   * @param why reason why the use is unknown
   * @param unlessListed whether the image is unused if a complete process table lists no user
   */
  record Unknown(String what, String why, boolean unlessListed) implements Users {

    /** {@return a clause for people} */
    String clause() {
      return "may be " + what + ": " + why;
    }
  }
}
