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
 * Threads that work on many jobs at once, except for one part of each: those parts are done one
 * after the other, in the order in which the jobs were submitted.
 */
final class Pipeline implements AutoCloseable {

  private static final int MOST_THREADS = 16;

  private final int threads = Math.min(MOST_THREADS, Runtime.getRuntime().availableProcessors());

  /** Jobs that are submitted and not done: enough to keep the threads busy. */
  private final int mostJobs = 2 * threads;

  private final Semaphore room = new Semaphore(mostJobs);
  private final ExecutorService executor =
      Executors.newFixedThreadPool(
          threads,
          new ThreadFactoryBuilder().setNameFormat("basedisk-write-%d").setDaemon(true).build());

  private final Supplier<Workspace> workspaces;
  private long submitted;

  @GuardedBy("this")
  private final Deque<Workspace> idle = new ArrayDeque<>();

  /** The number of the job whose turn it is. */
  @GuardedBy("this")
  private long turn;

  @GuardedBy("this")
  private @Nullable Throwable failure;

  /**
   * @param workspaces makes what a job needs to itself while it runs; one for each thread
   */
  Pipeline(Supplier<Workspace> workspaces) {
    this.workspaces = workspaces;
  }

  /** Something to do in three parts, one after the other, mostly in one thread. */
  interface Job {

    /** Does the first part, at the same time as any part of others. */
    void prepare(Workspace workspace);

    /** Does the part that comes after that of the job before, and before that of the next job. */
    void place();

    /** Does the last part, at the same time as any part of others. */
    void complete(Workspace workspace);
  }

  // For the thread that submits.

  /**
   * Starts a job, once there is room for it.
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
   * Waits until it is the turn of the next job that will be submitted: the caller may do meanwhile
   * what jobs do in their turn.
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
   * Waits until all that was submitted is done.
   *
   * @throws InterruptedException if the thread is interrupted
   */
  void drain() throws InterruptedException {
    room.acquire(mostJobs);
    room.release(mostJobs);
    throwFailure();
  }

  private synchronized void throwFailure() {
    if (failure != null) {
      Throwables.throwIfUnchecked(failure);
      throw new IllegalStateException(failure);
    }
  }

  /** Gives up what is not done, and waits until no thread does anything more. */
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

  // For the threads that work.

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
      // Another job failed and has said so.
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
    // Jobs start in order, so the one whose turn it is never waits for a thread.
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

  /** A job is not to be done any more. */
  private static final class GivenUpException extends Exception {
    private static final long serialVersionUID = 1L;
  }
}
