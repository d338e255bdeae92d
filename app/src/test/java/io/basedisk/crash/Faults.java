package io.basedisk.crash;

import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Set;

/** Ports whose changing steps fail at a moment that the test sets. Not safe for many threads. */
final class Faults {

  /** How a step fails. */
  enum Fault {
    /** It does nothing; the next ones work. */
    ONE_STEP_NOT_DONE,
    /** It is done and says that it failed; the next ones work. */
    ONE_STEP_DONE,
    /** It does nothing, and nothing works any more. */
    EVERYTHING_FROM_THEN_ON,
    /** It is done, and the thread is interrupted before it. */
    INTERRUPT
  }

  private static final Set<String> CHANGES =
      Set.of(
          "link",
          "rename",
          "remove",
          "createDirectory",
          "copy",
          "copyAttributes",
          "limitPermissions",
          "sync",
          "createEmpty",
          "createOverlay",
          "write");

  private Fault fault = Fault.ONE_STEP_NOT_DONE;
  private int stepsBefore = Integer.MAX_VALUE;
  private boolean hit;

  /** Lets the step fail that comes after {@code steps} others. */
  void arm(Fault how, int steps) {
    fault = how;
    stepsBefore = steps;
    hit = false;
  }

  /** Lets everything work again, and returns whether anything has failed. */
  boolean disarm() {
    stepsBefore = Integer.MAX_VALUE;
    return hit;
  }

  DiskFiles files(DiskFiles real) {
    return wrap(DiskFiles.class, real);
  }

  DiskImages images(DiskImages real) {
    return wrap(DiskImages.class, real);
  }

  BaseDiskStore store(BaseDiskStore real) {
    return wrap(BaseDiskStore.class, real);
  }

  private <T> T wrap(Class<T> port, T real) {
    return port.cast(
        Proxy.newProxyInstance(
            port.getClassLoader(),
            new Class<?>[] {port},
            (proxy, method, arguments) ->
                CHANGES.contains(method.getName())
                    ? change(real, method, arguments)
                    : invoke(real, method, arguments)));
  }

  private Object change(Object real, Method method, Object[] arguments) throws Throwable {
    boolean now = stepsBefore == 0;
    if (stepsBefore > 0 && stepsBefore < Integer.MAX_VALUE) {
      stepsBefore--;
    } else if (now) {
      hit = true;
      if (fault != Fault.EVERYTHING_FROM_THEN_ON) {
        stepsBefore = Integer.MAX_VALUE;
      }
      if (fault == Fault.ONE_STEP_NOT_DONE || fault == Fault.EVERYTHING_FROM_THEN_ON) {
        throw new StorageException(method.getName() + ": input/output error");
      }
      if (fault == Fault.INTERRUPT) {
        Thread.currentThread().interrupt();
      }
    }
    Object result = invoke(real, method, arguments);
    if (now && fault == Fault.ONE_STEP_DONE) {
      throw new StorageException(method.getName() + ": input/output error");
    }
    return result;
  }

  private static Object invoke(Object real, Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(real, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
