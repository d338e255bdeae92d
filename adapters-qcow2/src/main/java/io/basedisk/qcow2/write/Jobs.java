package io.basedisk.qcow2.write;

import io.basedisk.domain.error.InterruptedOperationException;
import java.util.function.Supplier;

/** The jobs that write a new image, and its end: publish or give up. */
final class Jobs implements AutoCloseable {

  private final Destination file;
  private final Pipeline pipeline;

  Jobs(Destination file, Supplier<Workspace> workspaces) {
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

  /**
   * Waits until all submitted jobs have had their turn, so that the caller may place clusters
   * itself.
   */
  void awaitTurn() {
    try {
      pipeline.awaitTurn();
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /** Waits for all jobs, runs {@code last}, and publishes the image. */
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

  /** Ends all threads, and gives up the image unless it was published. */
  @Override
  public void close() {
    try (file) {
      pipeline.close();
    }
  }
}
