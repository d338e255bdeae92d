package io.basedisk.qcow2.os;

import com.sun.jna.Library;
import com.sun.jna.Native;

/** Runs the calling thread with the file permissions of another user. Needs root. */
public final class FileUserId {

  private static final int ROOT = 0;

  private interface FileUser extends Library {
    int setfsuid(int user);
  }

  private FileUserId() {}

  /** Runs a step as a user. All classes that the step needs must be loaded before. */
  public static void run(int user, Runnable step) {
    FileUser calls = Native.load(FileUser.class);
    calls.setfsuid(user);
    try {
      step.run();
    } finally {
      calls.setfsuid(ROOT);
    }
  }
}
