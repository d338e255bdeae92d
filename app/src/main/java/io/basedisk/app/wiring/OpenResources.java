package io.basedisk.app.wiring;

import io.basedisk.domain.error.StorageException;
import java.util.ArrayDeque;
import java.util.Deque;
import javax.inject.Inject;
import javax.inject.Singleton;

/** What was opened for a home and has to be closed with it, the last first. */
@Singleton
public final class OpenResources {

  private final Deque<AutoCloseable> open = new ArrayDeque<>();

  @Inject
  OpenResources() {}

  synchronized <T extends AutoCloseable> T add(T resource) {
    open.push(resource);
    return resource;
  }

  /** Closes everything, and throws the first failure at the end. */
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

  /** Closes everything since {@code failure} came before it could be used. */
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
