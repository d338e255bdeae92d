package io.basedisk.qcow2.os;

import com.google.common.collect.ImmutableSet;
import com.sun.jna.Native;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/** This Linux, with some of its calls refused as other machines refuse them. */
public final class CrippledSystem {

  private CrippledSystem() {}

  /** Refuses leases, as to somebody else than the owner of a file. */
  public static OperatingSystem withoutLeases() {
    return refusing(
        (call, arguments) -> call.equals("fcntl") && arguments[1].equals(LibC.F_SETLEASE),
        LibC.EACCES);
  }

  /** Refuses leases, and to look into any process that is not the calling one. */
  public static OperatingSystem withoutLeasesOrSightOfOthers() {
    String self = "/proc/" + ProcessHandle.current().pid() + "/";
    return refusing(
        (call, arguments) ->
            (call.equals("fcntl") && arguments[1].equals(LibC.F_SETLEASE))
                || (call.equals("statx")
                    && pathOf(arguments).startsWith("/proc/")
                    && !pathOf(arguments).startsWith(self)),
        LibC.EACCES);
  }

  /** Refuses the locks of open file descriptions, as some network file systems do. */
  public static OperatingSystem withoutLocks() {
    return refusing(
        (call, arguments) ->
            call.equals("fcntl")
                && (arguments[1].equals(LibC.F_OFD_SETLK) || arguments[1].equals(LibC.F_OFD_GETLK)),
        LibC.ENOLCK);
  }

  /** Refuses to resolve a path without links in one call, as Linux before 5.6. */
  public static OperatingSystem withoutOpenat2() {
    return refusing(
        (call, arguments) -> call.equals("syscall") && arguments[0].equals(LibC.SYS_OPENAT2),
        LibC.ENOSYS);
  }

  /** Refuses to set access lists, as a file system that has none. */
  public static OperatingSystem withoutAccessLists() {
    return refusing((call, arguments) -> call.equals("fsetxattr"), LibC.EOPNOTSUPP);
  }

  /** Refuses to give files away, as to a process that is not root. */
  public static OperatingSystem withoutGivingAway() {
    return refusing((call, arguments) -> call.equals("fchown"), LibC.EPERM);
  }

  /** The end of a process, in its place. */
  public static final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }

  /**
   * Ends with {@link Killed} in place of the first change of attributes behind some that it makes.
   */
  public static OperatingSystem killedAfter(int changes) {
    AtomicInteger left = new AtomicInteger(changes);
    ImmutableSet<String> counted = ImmutableSet.of("fsetxattr", "fchown", "fchmod");
    return refusing(
        (call, arguments) -> {
          if (counted.contains(call) && left.getAndDecrement() == 0) {
            throw new Killed();
          }
          return false;
        },
        0);
  }

  private static String pathOf(Object[] arguments) {
    return new String((byte[]) arguments[1], StandardCharsets.UTF_8);
  }

  private interface Refusal {
    boolean applies(String call, Object[] arguments);
  }

  private static OperatingSystem refusing(Refusal refusal, int errno) {
    LibC real = new LinkedLibC();
    LibC crippled =
        (LibC)
            Proxy.newProxyInstance(
                LibC.class.getClassLoader(),
                new Class<?>[] {LibC.class},
                (proxy, method, arguments) -> {
                  if (refusal.applies(method.getName(), arguments)) {
                    Native.setLastError(errno);
                    if (method.getReturnType() == long.class) {
                      return -1L;
                    }
                    return -1;
                  }
                  try {
                    return method.invoke(real, arguments);
                  } catch (InvocationTargetException e) {
                    throw e.getCause();
                  }
                });
    return LinuxSystem.on(crippled);
  }
}
