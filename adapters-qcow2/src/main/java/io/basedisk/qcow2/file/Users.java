package io.basedisk.qcow2.file;

import static java.util.stream.Collectors.joining;

import com.google.common.collect.ImmutableList;
import io.basedisk.qcow2.os.Openers.OpeningProcess;

/** Who uses an image. */
sealed interface Users {

  /** Nobody does. */
  record Nobody() implements Users {}

  /**
   * Somebody does.
   *
   * @param what what they do with it: {@code open for writing}
   * @param processes those that are known
   */
  record Somebody(String what, ImmutableList<OpeningProcess> processes) implements Users {

    /** Returns a clause for people: {@code open in process 42 (qemu-system-x86)}. */
    String clause() {
      return processes.isEmpty()
          ? what + " in a process that can't be seen from here"
          : what + " in " + processes.stream().map(Object::toString).collect(joining(" and "));
    }
  }

  /**
   * Somebody may.
   *
   * @param what what they may do with it: {@code open}
   * @param why why it can't be told
   * @param unlessListed whether it is nobody if the table of all processes lists nobody
   */
  record Unknown(String what, String why, boolean unlessListed) implements Users {

    /** Returns a clause for people. */
    String clause() {
      return "may be " + what + ": " + why;
    }
  }
}
