package io.basedisk.qcow2.write;

import io.basedisk.domain.error.InterruptedOperationException;
import java.util.function.Supplier;

/** The work on a new file: what is under way, and how it ends. */
final class Jobs implements AutoCloseable {

  private final NewFile file;
  private final Pipeline pipeline;

  Jobs(NewFile file, Supplier<Workspace> workspaces) {
    this.file = file;
    this.pipeline = new Pipeline(workspaces);
  }

  void submit(Pipeline.Job job) {
    try {
      pipeline.submit(job);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /** Waits until the caller may do what jobs do in their turn. */
  void awaitTurn() {
    try {
      pipeline.awaitTurn();
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /** Waits until all is done, does what is last, and gives the file its name. */
  void finish(Runnable last) {
    try {
      pipeline.drain();
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
    last.run();
    file.publish();
  }

  private InterruptedOperationException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new InterruptedOperationException(file.target() + ": the writing was interrupted", e);
  }

  /** Ends all threads, and removes the file unless it has its name. */
  @Override
  public void close() {
    try (file) {
      pipeline.close();
    }
  }
}
