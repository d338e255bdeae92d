package io.basedisk.qcow2.os;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.model.FileIdentity;
import io.basedisk.qcow2.os.Openers.OpeningProcess;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Linux's table of processes, {@code /proc}, with what each of them has open.
 *
 * <p>It does not show everything: not what another user's process has open, unless the caller may
 * trace it, nor that process at all on some systems; not the processes of other containers; and not
 * a file that is only mapped, on its way through a socket, or the kernel's own, such as a loop
 * device's.
 */
final class ProcessTable {

  private static final String FIRST_procESS = "1";
  private static final Pattern FLAGS =
      Pattern.compile("^flags:\\s*([0-7]{1,20})$", Pattern.MULTILINE);
  private static final int ACCESS_MODE = 3;

  private final SystemCalls calls;
  private final Path proc;

  /**
   * @param proc where the table is mounted
   */
  ProcessTable(SystemCalls calls, Path proc) {
    this.calls = calls;
    this.proc = proc;
  }

  /**
   * Returns who has a file open.
   *
   * @param except a descriptor of the calling process that does not count
   */
  Openers openers(FileIdentity file, Usage usage, OptionalInt except) throws IOException {
    String self = Files.readSymbolicLink(proc.resolve("self")).toString();
    ImmutableList.Builder<OpeningProcess> found = ImmutableList.builder();
    boolean complete = true;
    boolean sawFirst = false;
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(proc, "[0-9]*")) {
      for (Path process : processes) {
        String id = process.getFileName().toString();
        sawFirst |= id.equals(FIRST_procESS);
        Search search =
            new Search(process, file, usage, id.equals(self) ? except : OptionalInt.empty());
        if (search.finds()) {
          found.add(new OpeningProcess(Long.parseLong(id), nameOf(process)));
        }
        complete &= search.complete;
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    // Where other users' processes are hidden, the first one is.
    return new Openers(found.build(), complete && sawFirst);
  }

  private static String nameOf(Path process) {
    try {
      return read(process.resolve("comm")).strip().replaceAll("\\p{Cntrl}", "?");
    } catch (IOException e) {
      return ""; // It has ended.
    }
  }

  /** Reads a small file by other means than a channel, which an interrupt would close. */
  private static String read(Path file) throws IOException {
    return com.google.common.io.Files.asCharSource(file.toFile(), UTF_8).read();
  }

  /** The search for one file among what one process has open. */
  private final class Search {

    private final Path process;
    private final FileIdentity file;
    private final Usage usage;
    private final OptionalInt except;
    private boolean complete = true;

    Search(Path process, FileIdentity file, Usage usage, OptionalInt except) {
      this.process = process;
      this.file = file;
      this.usage = usage;
      this.except = except;
    }

    boolean finds() {
      try (DirectoryStream<Path> open = Files.newDirectoryStream(process.resolve("fd"))) {
        for (Path descriptor : open) {
          if (isFile(descriptor) && counts(descriptor.getFileName().toString())) {
            return true;
          }
        }
      } catch (IOException | DirectoryIteratorException e) {
        complete &= hasEnded();
      }
      return false;
    }

    private boolean isFile(Path descriptor) throws IOException {
      byte[] name = SystemCalls.bytesOf(descriptor);
      try {
        // From memory, as a file server that does not answer would hold up everybody.
        return Statx.call(calls, descriptor, LibC.AT_FDCWD, name, LibC.AT_STATX_DONT_SYNC)
            .status()
            .identity()
            .equals(file);
      } catch (SystemCallException e) {
        complete &= e.errno() == LibC.ENOENT || hasEnded(); // or it was closed meanwhile
        return false;
      }
    }

    private boolean counts(String descriptor) {
      if (except.isPresent() && descriptor.equals(Integer.toString(except.getAsInt()))) {
        return false;
      }
      long flags;
      try {
        Matcher line = FLAGS.matcher(read(process.resolve("fdinfo").resolve(descriptor)));
        if (!line.find()) {
          return true;
        }
        flags = Long.parseLong(line.group(1), 8);
      } catch (IOException e) {
        complete &= !exists(process.resolve("fd").resolve(descriptor));
        return false;
      }
      boolean isOpen = (flags & LibC.O_PATH) == 0;
      return isOpen && (usage == Usage.ANY || (flags & ACCESS_MODE) != LibC.O_RDONLY);
    }

    private boolean hasEnded() {
      return !exists(process);
    }

    private static boolean exists(Path path) {
      return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    }
  }
}
