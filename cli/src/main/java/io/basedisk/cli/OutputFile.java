package io.basedisk.cli;

import static com.google.common.base.Preconditions.checkNotNull;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import io.basedisk.app.ManagedFiles;
import io.basedisk.domain.error.FileFailure;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.StorageException;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.function.Consumer;

/**
 * The output file of a command. After a failure it is as it was before: a rename replaces a regular
 * file. A file of the home is refused.
 */
final class OutputFile {

  private final Path path;

  OutputFile(Path path) {
    this.path = path.toAbsolutePath();
  }

  /**
   * Writes the file.
   *
   * @throws RefusedException if the file is one of {@code managed}
   * @throws StorageException if writing fails
   */
  void write(ManagedFiles managed, Consumer<? super Writer> content) {
    managed
        .describe(path)
        .ifPresent(
            what -> {
              throw new RefusedException("cannot write to " + path + ": " + what);
            });
    try {
      if (Files.notExists(path, NOFOLLOW_LINKS) || Files.isRegularFile(path, NOFOLLOW_LINKS)) {
        replace(path, content);
      } else {
        // A terminal, a pipe, or a link such as /dev/stdout, which a rename would replace.
        writeTo(path, content, WRITE, TRUNCATE_EXISTING);
      }
    } catch (IOException e) {
      throw failed(e);
    } catch (UncheckedIOException e) {
      throw failed(checkNotNull(e.getCause()));
    }
  }

  private StorageException failed(IOException cause) {
    return FileFailure.of("cannot write to " + path + ": " + FileFailure.reasonOf(cause), cause);
  }

  private static void replace(Path target, Consumer<? super Writer> content) throws IOException {
    Path temporary =
        target.resolveSibling("." + target.getFileName() + "." + System.nanoTime() + ".tmp");
    try {
      writeTo(temporary, content, WRITE, CREATE_NEW);
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private static void writeTo(Path file, Consumer<? super Writer> content, OpenOption... options)
      throws IOException {
    try (FileChannel channel = FileChannel.open(file, options);
        Writer writer = new BufferedWriter(Channels.newWriter(channel, UTF_8))) {
      content.accept(writer);
      writer.flush();
      if (Files.isRegularFile(file)) {
        channel.force(true);
      }
    }
  }
}
