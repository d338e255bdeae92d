package io.basedisk.qcow2.write;

import com.google.common.base.Throwables;
import com.google.common.util.concurrent.ThreadFactoryBuilder;
import com.google.common.util.concurrent.Uninterruptibles;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Threads that run many jobs at once. One part of each job, {@link Job#place}, runs in turn: one
 * job after the other, in the order of submission.
 */
final class Pipeline implements AutoCloseable {

  private static final int MAX_THREADS = 16;

  private final int threads = Math.min(MAX_THREADS, Runtime.getRuntime().availableProcessors());

  /** Limit of unfinished jobs: enough to keep the threads busy. */
  private final int maxJobs = 2 * threads;

  private final Semaphore room = new Semaphore(maxJobs);
  private final ExecutorService executor =
      Executors.newFixedThreadPool(
          threads,
          new ThreadFactoryBuilder().setNameFormat("basedisk-write-%d").setDaemon(true).build());

  private final Supplier<Workspace> workspaces;
  private long submitted;

  @GuardedBy("this")
  private final Deque<Workspace> idle = new ArrayDeque<>();

  /** Number of the job whose turn it is. */
  @GuardedBy("this")
  private long turn;

  @GuardedBy("this")
  private @Nullable Throwable failure;

  /**
   * @param workspaces creates a workspace; each thread uses one
   */
  Pipeline(Supplier<Workspace> workspaces) {
    this.workspaces = workspaces;
  }

  /** A job with three parts, which run one after the other. */
  interface Job {

    /** Runs the first part, concurrently with other jobs. */
    void prepare(Workspace workspace);

    /**
     * Runs the second part in turn: after this part of the previous job, before this part of the
     * next.
     */
    void place();

    /** Runs the last part, concurrently with other jobs. */
    void complete(Workspace workspace);
  }

  // For the submitting thread.

  /**
   * Submits a job. Blocks while too many jobs are unfinished.
   *
   * @throws InterruptedException if the thread is interrupted
   */
  void submit(Job job) throws InterruptedException {
    room.acquire();
    long number = submitted++;
    executor.execute(() -> run(job, number));
    throwFailure();
  }

  /**
   * Waits until all submitted jobs have had their turn. Until it submits the next job, the caller
   * may do the same work as {@link Job#place}.
   *
   * @throws InterruptedException if the thread is interrupted
   */
  void awaitTurn() throws InterruptedException {
    synchronized (this) {
      while (turn != submitted && failure == null) {
        wait();
      }
    }
    throwFailure();
  }

  /**
   * Waits until all submitted jobs are done.
   *
   * @throws InterruptedException if the thread is interrupted
   */
  void drain() throws InterruptedException {
    room.acquire(maxJobs);
    room.release(maxJobs);
    throwFailure();
  }

  private synchronized void throwFailure() {
    if (failure != null) {
      Throwables.throwIfUnchecked(failure);
      throw new IllegalStateException(failure);
    }
  }

  /** Cancels unfinished jobs, and waits until all threads have ended. */
  @Override
  public void close() {
    fail(new IllegalStateException("the writer is closed"));
    executor.shutdown();
    Uninterruptibles.awaitTerminationUninterruptibly(executor);
    synchronized (this) {
      idle.forEach(Workspace::close);
      idle.clear();
    }
  }

  // For the worker threads.

  private void run(Job job, long number) {
    try {
      Workspace workspace = take();
      try {
        job.prepare(workspace);
        awaitTurn(number);
        job.place();
        passTurn();
        job.complete(workspace);
      } finally {
        giveBack(workspace);
      }
    } catch (GivenUpException e) {
      // Another job has failed; its failure is recorded.
    } catch (Throwable e) {
      fail(e);
    } finally {
      room.release();
    }
  }

  private synchronized Workspace take() throws GivenUpException {
    if (failure != null) {
      throw new GivenUpException();
    }
    return idle.isEmpty() ? workspaces.get() : idle.pop();
  }

  private synchronized void giveBack(Workspace workspace) {
    idle.push(workspace);
  }

  private synchronized void awaitTurn(long number) throws GivenUpException, InterruptedException {
    // Jobs start in order, so the job whose turn it is has a thread already.
    while (turn != number && failure == null) {
      wait();
    }
    if (failure != null) {
      throw new GivenUpException();
    }
  }

  private synchronized void passTurn() {
    turn++;
    notifyAll();
  }

  private synchronized void fail(Throwable e) {
    if (failure == null) {
      failure = e;
    }
    notifyAll();
  }

  /** A job is canceled because another one failed. */
  private static final class GivenUpException extends Exception {
    private static final long serialVersionUID = 1L;
  }
}
