package io.basedisk.qcow2.os;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.model.FileIdentity;
import io.basedisk.qcow2.os.ProcessesWithFileOpen.OpeningProcess;
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
 * Linux's process table, {@code /proc}, with the open files of each process.
 *
 * <p>It is incomplete. It shows the open files of another user's process only if the caller may
 * trace it, and some systems hide that process. It does not show processes of other containers, a
 * file that is only mapped or in transit through a socket, or a file that the kernel itself uses,
 * for example for a loop device.
 */
final class ProcessTable {

  private static final String INIT_ID = "1";
  private static final Pattern FLAGS =
      Pattern.compile("^flags:\\s*([0-7]{1,20})$", Pattern.MULTILINE);
  private static final int ACCESS_MODE = 3;

  private final SystemCalls calls;
  private final Path proc;

  /**
   * @param proc mount point of the process table
   */
  ProcessTable(SystemCalls calls, Path proc) {
    this.calls = calls;
    this.proc = proc;
  }

  /**
   * {@return the processes that have a file open}
   *
   * @param except a descriptor of this process to ignore
   */
  ProcessesWithFileOpen processesWithFileOpen(FileIdentity file, Usage usage, OptionalInt except)
      throws IOException {
    String self = Files.readSymbolicLink(proc.resolve("self")).toString();
    ImmutableList.Builder<OpeningProcess> found = ImmutableList.builder();
    boolean complete = true;
    boolean sawFirst = false;
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(proc, "[0-9]*")) {
      for (Path process : processes) {
        String id = process.getFileName().toString();
        sawFirst |= id.equals(INIT_ID);
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
    // A system that hides other users' processes also hides process 1.
    return new ProcessesWithFileOpen(found.build(), complete && sawFirst);
  }

  private static String nameOf(Path process) {
    try {
      return read(process.resolve("comm")).strip().replaceAll("\\p{Cntrl}", "?");
    } catch (IOException e) {
      return ""; // The process has ended.
    }
  }

  /** Reads a small file without a channel, which an interrupt would close. */
  private static String read(Path file) throws IOException {
    return com.google.common.io.Files.asCharSource(file.toFile(), UTF_8).read();
  }

  /** The search for one file among the open files of one process. */
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
        // From the cache: a file server that does not answer would block this call.
        return Statx.call(calls, descriptor, LibC.AT_FDCWD, name, LibC.AT_STATX_DONT_SYNC)
            .status()
            .identity()
            .equals(file);
      } catch (SystemCallException e) {
        complete &= e.errno() == LibC.ENOENT || hasEnded(); // or the descriptor was closed
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
