package io.basedisk.crash;

import com.google.common.base.Throwables;
import io.basedisk.domain.box.Boxes.SnapshotsOnRemoval;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The process to kill. It performs random operations on a home; commands on its standard input
 * start and stop it. Each of its threads is an {@link Actor}, whose log survives it.
 */
public final class RandomOperations {

  static final String READY = "ready";
  static final String OPENED = "opened";
  static final String WORKS = "works";
  static final String ENDED = "ended";

  private RandomOperations() {}

  /**
   * Works on a home until it is killed or told to end.
   *
   * @param arguments a scratch home, used only to load classes. To work too: the home, which need
   *     not exist; the directory of the logs; the name of this process, unique among running
   *     processes; the number of threads; a seed
   */
  public static void main(String[] arguments) throws Exception {
    loadClasses(Path.of(arguments[0]));
    System.out.println(READY);
    if (System.in.read() < 0) {
      return;
    }
    AtomicBoolean isOver = new AtomicBoolean();
    Thread listener = new Thread(() -> listen(isOver));
    listener.setDaemon(true);
    listener.start();
    Path logs = Path.of(arguments[2]);
    String name = arguments[3];
    try (OpenHome home = OpenHome.open(Path.of(arguments[1]))) {
      System.out.println(OPENED);
      run(home, logs, name, Integer.parseInt(arguments[4]), Long.parseLong(arguments[5]), isOver);
      System.out.println(ENDED);
    } catch (Throwable failure) {
      fail(logs, name, failure);
    }
  }

  /** Loads the classes first: a new JVM is slow, and kills would hit only its class loading. */
  private static void loadClasses(Path scratch) {
    try (OpenHome home = OpenHome.open(scratch)) {
      String box = "box-" + ProcessHandle.current().pid();
      Sample.make(home, box);
      Operation.CLONE.perform(home.disks, box);
      Operation.newBoxes(box)
          .forEach(clone -> home.disks.boxes().remove(clone, SnapshotsOnRemoval.REFUSE));
      Operation.REMOVE.perform(home.disks, box);
    }
  }

  /** Ends the process when its input ends, so that it does not survive a killed test. */
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
    AtomicBoolean works = new AtomicBoolean();
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
                    if (works.compareAndSet(false, true)) {
                      System.out.println(WORKS);
                    }
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
