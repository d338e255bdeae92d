package io.basedisk.crash;

import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Set;

/** Ports whose changing steps fail at a moment that the test sets. Not thread-safe. */
final class Faults {

  /** How a step fails. */
  enum Fault {
    /** The step has no effect; later steps work. */
    ONE_STEP_NOT_DONE,
    /** The step is done but throws; later steps work. */
    ONE_STEP_DONE,
    /** The step and all later steps have no effect. */
    EVERYTHING_FROM_THEN_ON,
    /** The thread is interrupted, then the step is done. */
    INTERRUPT,
    /** The step is refused, as another process can cause it. */
    ONE_STEP_REFUSED,
    /** The step and all later steps are refused. */
    EVERYTHING_REFUSED_FROM_THEN_ON;

    boolean lasts() {
      return this == EVERYTHING_FROM_THEN_ON || this == EVERYTHING_REFUSED_FROM_THEN_ON;
    }
  }

  /** The queries. Every other method of a port is a step that can fail. */
  private static final Set<String> QUESTIONS =
      Set.of(
          "realPath",
          "status",
          "list",
          "sha256",
          "readHeader",
          "isEmptyOverlay",
          "check",
          "inspect",
          "contentDigest",
          "measureMerged",
          "read",
          "close");

  private Fault fault = Fault.ONE_STEP_NOT_DONE;
  private int stepsBefore = Integer.MAX_VALUE;
  private boolean hit;

  /** Makes the step after the next {@code steps} steps fail. */
  void arm(Fault how, int steps) {
    fault = how;
    stepsBefore = steps;
    hit = false;
  }

  /** Ends the fault, and returns whether it has hit a step. */
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
                isQuestion(method)
                    ? invoke(real, method, arguments)
                    : change(real, method, arguments)));
  }

  private static boolean isQuestion(Method method) {
    return method.getDeclaringClass() == Object.class || QUESTIONS.contains(method.getName());
  }

  private Object change(Object real, Method method, Object[] arguments) throws Throwable {
    if (stepsBefore == Integer.MAX_VALUE) {
      return invoke(real, method, arguments);
    }
    if (stepsBefore > 0) {
      stepsBefore--;
      return invoke(real, method, arguments);
    }
    hit = true;
    if (!fault.lasts()) {
      stepsBefore = Integer.MAX_VALUE;
    }
    return fail(real, method, arguments);
  }

  private Object fail(Object real, Method method, Object[] arguments) throws Throwable {
    switch (fault) {
      case ONE_STEP_REFUSED, EVERYTHING_REFUSED_FROM_THEN_ON ->
          throw new RefusedException(method.getName() + ": refused");
      case INTERRUPT -> {
        Thread.currentThread().interrupt();
        return invoke(real, method, arguments);
      }
      case ONE_STEP_DONE -> invoke(real, method, arguments);
      case ONE_STEP_NOT_DONE, EVERYTHING_FROM_THEN_ON -> {}
    }
    throw new StorageException(method.getName() + ": input/output error");
  }

  private static Object invoke(Object real, Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(real, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
