package io.basedisk.qcow2.os;

import com.sun.jna.Library;
import com.sun.jna.Native;

/**
 * The calling thread of this process as another user: the kernel asks for the permissions of that
 * user for files, and for none of root's. It takes root.
 */
public final class OtherUser {

  private static final int ROOT = 0;

  private interface FileUser extends Library {
    int setfsuid(int user);
  }

  private OtherUser() {}

  /** Does something as a user; all classes that it needs must have been loaded before. */
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
