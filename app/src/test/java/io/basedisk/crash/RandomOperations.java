package io.basedisk.crash;

import com.google.common.base.Throwables;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import io.basedisk.app.BaseDisks;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BoxId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The process that is killed: performs random operations on a home, from the moment when it is told
 * to on its standard input until it is told to stop there. Each of its threads is one {@link
 * Actor}, whose log outlives it.
 */
public final class RandomOperations {

  static final String READY = "ready";
  static final String ENDED = "ended";

  private RandomOperations() {}

  /**
   * Works on a home until it is killed or told to end.
   *
   * @param arguments the home, which need not exist; the directory of the logs; the name of this
   *     process, to be used by one process at a time; the number of threads; a seed
   */
  public static void main(String[] arguments) throws Exception {
    Path logs = Path.of(arguments[1]);
    String name = arguments[2];
    Path scratch = Files.createTempDirectory(logs, "scratch");
    loadClasses(scratch.resolve("home"));
    MoreFiles.deleteRecursively(scratch, RecursiveDeleteOption.ALLOW_INSECURE);
    System.out.println(READY);
    if (System.in.read() < 0) {
      return;
    }
    AtomicBoolean isOver = new AtomicBoolean();
    Thread listener = new Thread(() -> listen(isOver));
    listener.setDaemon(true);
    listener.start();
    try (OpenHome home = OpenHome.open(Path.of(arguments[0]))) {
      run(home, logs, name, Integer.parseInt(arguments[3]), Long.parseLong(arguments[4]), isOver);
      System.out.println(ENDED);
    } catch (Throwable failure) {
      fail(logs, name, failure);
    }
  }

  /** A JVM that has just begun is slow, and would be killed while it loads classes. */
  private static void loadClasses(Path home) {
    try (BaseDisks disks = BaseDisks.open(home)) {
      BoxId box = BoxId.of("box");
      disks.boxes().create(box, Content.VIRTUAL_SIZE);
      disks.bases().create(box, BaseDiskKind.CLONE_BASE, null);
    }
  }

  /** Nobody may be left running when the test itself is killed. */
  private static void listen(AtomicBoolean isOver) {
    try {
      if (System.in.read() < 0) {
        Runtime.getRuntime().halt(1);
      }
    } catch (IOException e) {
      Runtime.getRuntime().halt(1);
    }
    isOver.set(true);
  }

  private static void run(
      OpenHome home, Path logs, String name, int count, long seed, AtomicBoolean isOver)
      throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String actor = name + "." + i;
      Random random = new Random(seed + i);
      Thread thread =
          new Thread(
              () -> {
                try (Model model = Model.open(logs.resolve(actor + ".log"))) {
                  Actor active = new Actor(home, actor, model, random, true);
                  while (!isOver.get()) {
                    active.step();
                  }
                  home.resolve(model);
                } catch (Throwable failure) {
                  fail(logs, actor, failure);
                }
              });
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      thread.join();
    }
  }

  private static void fail(Path logs, String actor, Throwable failure) {
    try {
      Files.writeString(logs.resolve(actor + ".error"), Throwables.getStackTraceAsString(failure));
    } catch (IOException e) {
      System.err.println(Throwables.getStackTraceAsString(failure));
    }
    Runtime.getRuntime().halt(1);
  }
}
