package io.basedisk.app.wiring;

import io.basedisk.domain.error.StorageException;
import java.util.ArrayDeque;
import java.util.Deque;
import javax.inject.Inject;
import javax.inject.Singleton;

/** The open resources of a home, closed in the reverse order. */
@Singleton
public final class OpenResources {

  private final Deque<AutoCloseable> open = new ArrayDeque<>();

  @Inject
  OpenResources() {}

  synchronized <T extends AutoCloseable> T add(T resource) {
    open.push(resource);
    return resource;
  }

  /** Closes all resources. Throws the first failure at the end. */
  public synchronized void close() {
    RuntimeException first = null;
    while (!open.isEmpty()) {
      try {
        open.pop().close();
      } catch (Exception e) {
        if (first == null) {
          first = asUnchecked(e);
        } else {
          first.addSuppressed(e);
        }
      }
    }
    if (first != null) {
      throw first;
    }
  }

  /**
   * Closes all resources after a failure.
   *
   * @param failure the failure; receives further failures as suppressed
   */
  public void closeAfter(Throwable failure) {
    try {
      close();
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  private static RuntimeException asUnchecked(Exception e) {
    return e instanceof RuntimeException unchecked
        ? unchecked
        : new StorageException("cannot close the home: " + e.getMessage(), e);
  }
}
