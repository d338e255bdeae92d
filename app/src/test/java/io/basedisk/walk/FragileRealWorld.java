package io.basedisk.walk;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.basedisk.app.BaseDisks;
import io.basedisk.app.DiskFilesProxy;
import io.basedisk.app.HomeRebuild;
import io.basedisk.app.RelocatableHome;
import io.basedisk.domain.error.HomeUnusableException;
import io.basedisk.domain.error.HomeUnusableException.Problem;
import io.basedisk.domain.error.NoHomeException;
import io.basedisk.domain.home.HomeRelocation.Declared;
import io.basedisk.domain.home.HomeRelocation.Relocated;
import io.basedisk.domain.testing.walk.FragileWorld;
import io.basedisk.domain.testing.walk.Interrupter;
import io.basedisk.qcow2.testing.Tool;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** A home with the standard adapters, with accidents that the usual tools cause. */
final class FragileRealWorld extends RealWorld implements FragileWorld {

  private static final ImmutableList<String> SUFFIXES = ImmutableList.of("", "-wal", "-shm");

  /** The methods of files that change nothing. */
  private static final ImmutableSet<String> QUESTIONS =
      ImmutableSet.of(
          "status", "settledStatus", "list", "realPath", "read", "sha256", "description");

  private final Path directory;
  private int names;
  private Path away;

  private FragileRealWorld(Path directory, Path home, int number, Instant now) {
    super(home, directory.resolve("elsewhere-" + number), number, now);
    this.directory = directory;
    this.names = number * 1000;
    Tool.run("mkdir", "-p", elsewhere(), directory.resolve("scratch"));
  }

  /** Creates an empty home in a new directory in {@code parent}. */
  static FragileRealWorld in(Path parent) {
    try {
      Path directory = Files.createTempDirectory(parent, "world").toRealPath();
      Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
      FragileRealWorld world = new FragileRealWorld(directory, directory.resolve("home"), 1, now);
      world.reopen(world.builder());
      return world;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void reopen() {
    try {
      reopen(builder().createIfMissing(false));
    } catch (NoHomeException lost) {
      throw new HomeUnusableException(Problem.LOST_STORE, String.valueOf(lost.getMessage()));
    }
  }

  // The home.

  @Override
  public FragileWorld copy() {
    Path path = newPath();
    Tool.run("cp", "-a", home().home(), path);
    return new FragileRealWorld(directory, path, names, now());
  }

  @Override
  public void move() {
    closeAll();
    Path path = newPath();
    Tool.run("mv", home().home(), path);
    isAt(path);
  }

  private Path newPath() {
    names++;
    return directory.resolve("home-" + names);
  }

  @Override
  public void loseIdentity() {
    Tool.run("rm", home().identityFile());
  }

  @Override
  public void unmount(Path part) {
    away = freePath();
    Tool.run("mv", part, away);
    Tool.run("mkdir", "-m", "711", part);
  }

  @Override
  public void mount(Path part) {
    Tool.run("rm", "-rf", part);
    Tool.run("mv", away, part);
  }

  @Override
  public void delete() {
    closeAll();
    Tool.run("rm", "-rf", home().home());
  }

  // The store.

  private static Path database(Path directory, String suffix) {
    return directory.resolve("basedisk.db" + suffix);
  }

  @Override
  public void loseStore() {
    closeAll();
    names++;
    if (names % 2 == 0) {
      Tool.run("truncate", "-s", "0", database(home().db(), ""));
    } else {
      SUFFIXES.forEach(suffix -> Tool.run("rm", "-f", database(home().db(), suffix)));
    }
  }

  /** Copies the idle database by another process, with or without its log. */
  @Override
  public Runnable backUpStore() {
    Path copy = freePath();
    Tool.run("mkdir", copy);
    Tool.run("cp", "-p", database(home().db(), ""), copy);
    boolean isWhole = names % 3 != 0;
    if (isWhole && Files.exists(database(home().db(), "-wal"))) {
      Tool.run("cp", "-p", database(home().db(), "-wal"), copy);
    }
    return () -> {
      closeAll();
      SUFFIXES.forEach(suffix -> Tool.run("rm", "-f", database(home().db(), suffix)));
      Tool.run("cp", "-pr", copy + "/.", home().db());
    };
  }

  @Override
  public void loseStamp() {
    Tool.run("rm", "-f", home().stampFile());
  }

  @Override
  public boolean hasStamp() {
    return Files.exists(home().stampFile());
  }

  // A file.

  @Override
  public Path freePath() {
    names++;
    return directory.resolve("scratch").resolve("free-" + names);
  }

  @Override
  public void link(Path link, Path target) {
    try {
      Files.createSymbolicLink(link, target);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The last byte is of data, or of an empty cluster that a table names. */
  @Override
  public Runnable spoil(Path image) {
    try {
      FileTime time = Files.getLastModifiedTime(image);
      flipLastByte(image);
      return () -> {
        try {
          flipLastByte(image);
          Files.setLastModifiedTime(image, time);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      };
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void flipLastByte(Path image) throws IOException {
    Files.setPosixFilePermissions(image, PosixFilePermissions.fromString("rw-r--r--"));
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.seek(file.length() - 1);
      int last = file.read();
      file.seek(file.length() - 1);
      file.write(~last);
    }
    Files.setPosixFilePermissions(image, PosixFilePermissions.fromString("r--r--r--"));
  }

  // An operation.

  @Override
  public Optional<Throwable> interrupt(Interruption how, int steps, Runnable operation) {
    AtomicReference<Interrupter> interrupter = new AtomicReference<>();
    BaseDisks.Builder interrupted =
        builder()
            .files(
                DiskFilesProxy.of(
                    (step, path) -> {
                      Interrupter now = interrupter.get();
                      if (now != null && !QUESTIONS.contains(step)) {
                        now.accept(step + " " + path);
                      }
                    }));
    reopen(interrupted);
    interrupter.set(new Interrupter(how, steps));
    try {
      operation.run();
      return Optional.empty();
    } catch (RuntimeException | Interrupter.Killed failure) {
      return Optional.of(failure);
    } finally {
      interrupter.set(null);
      reopen(builder());
    }
  }

  // The remedies.

  @Override
  public Relocated relocate() {
    closeAll();
    try (RelocatableHome relocatable = builder().openRelocatable()) {
      return relocatable.relocation().relocate(Declared.NOTHING);
    }
  }

  @Override
  public void rebuild(ImmutableList<Path> disksDirs) {
    closeAll();
    HomeRebuild.of(home().home()).run(disksDirs);
    // The rebuild takes times from files, so the clock of this world must not be behind them.
    Duration behind = Duration.between(now(), Instant.now().plusSeconds(1));
    if (!behind.isNegative()) {
      sleep(Duration.ofSeconds(behind.toSeconds() + 1));
    }
  }
}
