package io.basedisk.sqlite;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.UUID;

/** Whether this process can create and write files in the directory of a file. */
enum WriteAccess {
  GRANTED,
  READ_ONLY_FILE_SYSTEM,
  NO_PERMISSION,
  NO_SPACE,
  /** For another reason, or for an unknown one. */
  UNKNOWN;

  /** Size of the probe: as much as SQLite needs beside a database before the first change. */
  private static final int PROBE_BYTES = 64 << 10;

  /**
   * Tries to write a file, and removes it again. SQLite's errors are ambiguous: on a full file
   * system it can't open a database or can't resize its shared memory, and on a read-only one it
   * can't open a database either.
   */
  static WriteAccess beside(Path file) {
    Path probe = file.resolveSibling("probe-" + UUID.randomUUID());
    try {
      Files.write(
          probe, new byte[PROBE_BYTES], StandardOpenOption.CREATE_NEW, StandardOpenOption.SYNC);
      return GRANTED;
    } catch (AccessDeniedException e) {
      return NO_PERMISSION;
    } catch (IOException e) {
      return of(e);
    } finally {
      deleteQuietly(probe);
    }
  }

  /** Tells the errors apart by the system's message, since Java has no types for them. */
  private static WriteAccess of(IOException e) {
    String reason = e instanceof FileSystemException f ? f.getReason() : e.getMessage();
    String words = String.valueOf(reason).toLowerCase(Locale.ROOT);
    if (words.contains("not permitted")) {
      return NO_PERMISSION;
    }
    if (words.contains("read-only")) {
      return READ_ONLY_FILE_SYSTEM;
    }
    if (words.contains("no space") || words.contains("quota")) {
      return NO_SPACE;
    }
    return UNKNOWN;
  }

  private static void deleteQuietly(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // The probe was not created.
    }
  }
}
