package io.basedisk.qcow2.os;

import com.google.common.collect.ImmutableSet;
import com.sun.jna.Native;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/** This Linux, with some calls refused in the same way as on other machines. */
public final class CrippledSystem {

  private CrippledSystem() {}

  /** Refuses leases, as the kernel does for a process that is not the file's owner. */
  public static OperatingSystem withoutLeases() {
    return refusing(
        (call, arguments) -> call.equals("fcntl") && arguments[1].equals(LibC.F_SETLEASE),
        LibC.EACCES);
  }

  /** Refuses leases, and hides the open files of all other processes. */
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

  /** Refuses openat2(2), like Linux before 5.6. */
  public static OperatingSystem withoutOpenat2() {
    return refusing(
        (call, arguments) -> call.equals("syscall") && arguments[0].equals(LibC.SYS_OPENAT2),
        LibC.ENOSYS);
  }

  /** Refuses to set access lists, like a file system without them. */
  public static OperatingSystem withoutAccessLists() {
    return refusing((call, arguments) -> call.equals("fsetxattr"), LibC.EOPNOTSUPP);
  }

  /** Refuses to change owners, as the kernel does for a process that is not root. */
  public static OperatingSystem withoutGivingAway() {
    return refusing((call, arguments) -> call.equals("fchown"), LibC.EPERM);
  }

  /** Stands for the end of the process. */
  public static final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }

  /** Makes some changes of attributes, and throws {@link Killed} instead of the next one. */
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
