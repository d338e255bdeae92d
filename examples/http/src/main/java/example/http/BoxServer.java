package example.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.basedisk.app.BaseDisks;
import io.basedisk.domain.box.Boxes.SnapshotsOnRemoval;
import io.basedisk.domain.clone.Clones;
import io.basedisk.domain.error.AlreadyExistsException;
import io.basedisk.domain.error.BaseDiskException;
import io.basedisk.domain.error.BusyException;
import io.basedisk.domain.error.InterruptedOperationException;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.error.NoSpaceException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.SnapshotName;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * Runs a job per request in a box of its own: {@code POST /run/SOURCE} clones the box's snapshot,
 * runs the job on the clone's disk, and removes the clone.
 */
public final class BoxServer implements AutoCloseable {

  /** The snapshot that is cloned: unlike its box, it never changes. */
  static final SnapshotName INSTALLED = new SnapshotName("installed");

  private static final String PATH = "/run/";
  private static final int THREADS = 8;
  private static final int STOP_SECONDS = 60;

  private final BaseDisks disks;
  private final Function<Path, String> job;
  private final AtomicLong requests = new AtomicLong();
  private final ExecutorService pool = Executors.newFixedThreadPool(THREADS);
  private final Semaphore running = new Semaphore(THREADS);
  private final HttpServer server;
  private volatile boolean isStopping;

  /**
   * Starts a server on a free port of the loopback interface.
   *
   * @param disks the home; stays open
   * @param job returns its output for a disk
   */
  public BoxServer(BaseDisks disks, Function<Path, String> job) throws IOException {
    this.disks = disks;
    this.job = job;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(PATH, this::handle);
    server.setExecutor(pool);
    server.start();
  }

  /** {@return the address of the job on clones of a box} */
  public URI uriOf(String source) {
    InetSocketAddress address = server.getAddress();
    return URI.create("http://127.0.0.1:" + address.getPort() + PATH + source);
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (!exchange.getRequestMethod().equals("POST")) {
        answer(exchange, 405, "use POST");
      } else if (isStopping || !running.tryAcquire()) {
        answer(exchange, 503, "the server stops");
      } else {
        try {
          answerRun(exchange);
        } finally {
          running.release();
        }
      }
    }
  }

  private void answerRun(HttpExchange exchange) throws IOException {
    String output;
    try {
      output = run(exchange.getRequestURI().getPath().substring(PATH.length()));
    } catch (BaseDiskException e) {
      answer(exchange, statusOf(e), e.getMessage());
      return;
    } catch (RuntimeException e) {
      answer(exchange, 500, "the job failed");
      return;
    }
    answer(exchange, 200, output);
  }

  private String run(String source) {
    // A process id makes the name unique if several servers use the home.
    long server = ProcessHandle.current().pid();
    BoxId clone = BoxId.of("request-" + server + "-" + requests.incrementAndGet());
    Clones.Cloned cloned =
        disks.clones().cloneSnapshot(BoxId.of(source), INSTALLED, List.of(clone));
    try {
      return job.apply(cloned.boxes().get(0).box().disk(DiskSlot.CONTAINER));
    } finally {
      disks.boxes().remove(clone, SnapshotsOnRemoval.REMOVE);
    }
  }

  private static int statusOf(BaseDiskException error) {
    if (error instanceof InvalidArgumentException) {
      return 400;
    } else if (error instanceof NotFoundException) {
      return 404;
    } else if (error instanceof BusyException || error instanceof InterruptedOperationException) {
      return 503; // Try again.
    } else if (error instanceof AlreadyExistsException || error instanceof RefusedException) {
      return 409;
    } else if (error instanceof NoSpaceException) {
      return 507;
    }
    return 500;
  }

  private static void answer(HttpExchange exchange, int status, String text) throws IOException {
    byte[] body = (text + "\n").getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }

  /** Starts no more jobs, waits for those that run, and stops the server. */
  @Override
  public void close() {
    isStopping = true;
    try {
      if (!running.tryAcquire(THREADS, STOP_SECONDS, TimeUnit.SECONDS)) {
        pool.shutdownNow(); // Interrupts the calls of basedisk, which are rolled back.
      }
    } catch (InterruptedException e) {
      pool.shutdownNow();
      Thread.currentThread().interrupt();
    }
    server.stop(0);
    pool.shutdown();
  }
}
