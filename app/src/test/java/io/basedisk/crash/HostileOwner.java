package io.basedisk.crash;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/**
 * A process of a box's owner that changes the box at random and as fast as possible: names, links,
 * directories and headers. It uses classes of the JDK only, since its user can't read the classes
 * of the build.
 *
 * <p>Arguments: a seed, the parent of the disks directory, and the files of other users to attack.
 * When its input ends, it puts a disks directory in place and ends.
 */
final class HostileOwner {

  private static final int OPEN_FILES = 4;
  private static final int REST_NANOS = 10_000_000;
  private static final int LONG_REST_NANOS = 100_000_000;
  private static final int NAME_POSITION = 8;
  private static final int FORMAT_EXTENSION = 0xE2792ACA;

  private final Random random;
  private final Path disks;
  private final Path hidden;
  private final Path disk;
  private final List<Path> wanted;
  private final Deque<RandomAccessFile> open = new ArrayDeque<>();

  private HostileOwner(long seed, Path directory, List<Path> wanted) {
    this.random = new Random(seed);
    this.disks = directory.resolve("disks");
    this.hidden = directory.resolve("hidden");
    this.disk = disks.resolve("disk.qcow2");
    this.wanted = wanted;
  }

  /** Attacks until standard input ends. */
  public static void main(String[] arguments) throws IOException {
    HostileOwner owner =
        new HostileOwner(
            Long.parseLong(arguments[0]),
            Path.of(arguments[1]),
            List.of(arguments).subList(2, arguments.length).stream().map(Path::of).toList());
    System.out.println("ready");
    long attacks = 0;
    long done = 0;
    while (System.in.available() == 0) {
      attacks++;
      done += owner.attack() ? 1 : 0;
      owner.rest();
    }
    owner.putBack();
    System.out.println(attacks + " attacks, " + done + " of them possible");
  }

  private boolean attack() {
    try {
      switch (random.nextInt(9)) {
        case 0 -> directoryIsLink();
        case 1 -> anotherDirectory();
        case 2 -> diskIsLink();
        case 3 -> rewriteHeader();
        case 4 -> writeIntoOldFile();
        case 5 -> replaceTemporary();
        case 6 -> secondName();
        case 7 -> noFile();
        default -> removeLeftOvers();
      }
      return true;
    } catch (IOException | RuntimeException notPossibleNow) {
      return false;
    }
  }

  /** Pauses sometimes, so that other processes reach their later steps. */
  private void rest() {
    if (random.nextBoolean()) {
      LockSupport.parkNanos(random.nextInt(random.nextInt(4) == 0 ? LONG_REST_NANOS : REST_NANOS));
    }
  }

  private Path any() {
    return wanted.get(random.nextInt(wanted.size()));
  }

  /** Waits for a moment in which another process may do a step. */
  private void pause() {
    long end = System.nanoTime() + random.nextInt(3_000_000);
    while (System.nanoTime() < end) {
      Thread.onSpinWait();
    }
  }

  private void directoryIsLink() throws IOException {
    Files.move(disks, hidden, StandardCopyOption.ATOMIC_MOVE);
    try {
      Files.createSymbolicLink(disks, any().getParent());
      pause();
      Files.delete(disks);
    } finally {
      Files.move(hidden, disks, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  private void anotherDirectory() throws IOException {
    Files.move(disks, hidden, StandardCopyOption.ATOMIC_MOVE);
    Files.createDirectory(disks);
    Files.copy(hidden.resolve("disk.qcow2"), disk);
    pause();
    empty(disks);
    Files.move(hidden, disks, StandardCopyOption.ATOMIC_MOVE);
  }

  private void diskIsLink() throws IOException {
    Path aside = disks.resolve("aside");
    Files.move(disk, aside, StandardCopyOption.ATOMIC_MOVE);
    Files.createSymbolicLink(disk, any());
    pause();
    Files.move(aside, disk, StandardCopyOption.ATOMIC_MOVE);
  }

  private void noFile() throws IOException {
    Path aside = disks.resolve("aside");
    Files.move(disk, aside, StandardCopyOption.ATOMIC_MOVE);
    if (random.nextBoolean()) {
      Files.createDirectory(disk);
      pause();
      Files.delete(disk);
    } else {
      pause();
    }
    Files.move(aside, disk, StandardCopyOption.ATOMIC_MOVE);
  }

  private void secondName() throws IOException {
    Path second = disks.resolve("second");
    Files.createLink(second, random.nextBoolean() ? disk : any());
    if (random.nextBoolean()) {
      Files.move(second, disk, StandardCopyOption.ATOMIC_MOVE);
    }
    pause();
    Files.deleteIfExists(second);
  }

  /** Makes the header name a file of another user, as qcow2 or raw, and mostly undoes it. */
  private void rewriteHeader() throws IOException {
    byte[] old;
    byte[] forged;
    try (RandomAccessFile file = new RandomAccessFile(disk.toFile(), "rw")) {
      old = start(file);
      file.seek(NAME_POSITION);
      long position = file.readLong();
      byte[] name = any().toString().getBytes(UTF_8);
      if (position < 1 || position > 1024) {
        return;
      }
      file.seek(position);
      file.write(name);
      file.seek(NAME_POSITION + Long.BYTES);
      file.writeInt(name.length);
      if (random.nextBoolean()) {
        nameRaw(file, old);
      }
      forged = start(file);
    }
    pause();
    try (RandomAccessFile file = new RandomAccessFile(disk.toFile(), "rw")) {
      if (Arrays.equals(forged, start(file)) && random.nextInt(10) > 0) {
        file.seek(0);
        file.write(old);
      }
    }
  }

  private static byte[] start(RandomAccessFile file) throws IOException {
    byte[] start = new byte[(int) Math.min(file.length(), 4096)];
    file.seek(0);
    file.readFully(start);
    return start;
  }

  private static void nameRaw(RandomAccessFile file, byte[] header) throws IOException {
    for (int i = 72; i + 16 <= header.length; i++) {
      file.seek(i);
      if (file.readInt() == FORMAT_EXTENSION) {
        file.writeInt(3);
        file.write("raw".getBytes(UTF_8));
        return;
      }
    }
  }

  /** Keeps the present disk open for writing, and writes to the previous one. */
  private void writeIntoOldFile() throws IOException {
    open.add(new RandomAccessFile(disk.toFile(), "rw"));
    if (open.size() > OPEN_FILES || random.nextBoolean()) {
      try (RandomAccessFile old = open.remove()) {
        old.seek(old.length());
        old.write(random.nextInt());
      }
    }
  }

  /** Removes a temporary file that an operation is about to rename, or replaces it by a link. */
  private void replaceTemporary() throws IOException {
    for (int look = 0; look < 200; look++) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(disks, ".disk*")) {
        for (Path temporary : files) {
          Files.delete(temporary);
          if (random.nextBoolean()) {
            Files.createSymbolicLink(temporary, any());
          } else if (random.nextBoolean()) {
            Files.createLink(temporary, random.nextBoolean() ? any() : disk);
          }
          return;
        }
      }
    }
  }

  private void removeLeftOvers() throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(disks)) {
      for (Path file : files) {
        if (!file.equals(disk) && random.nextInt(4) == 0) {
          Files.delete(file);
        }
      }
    }
  }

  private static void empty(Path directory) throws IOException {
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }
        });
    Files.delete(directory);
  }

  private void putBack() throws IOException {
    while (!open.isEmpty()) {
      open.remove().close();
    }
    if (Files.isDirectory(hidden, LinkOption.NOFOLLOW_LINKS)) {
      if (Files.isSymbolicLink(disks)) {
        Files.delete(disks);
      } else if (Files.exists(disks)) {
        empty(disks);
      }
      Files.move(hidden, disks, StandardCopyOption.ATOMIC_MOVE);
    }
  }
}
