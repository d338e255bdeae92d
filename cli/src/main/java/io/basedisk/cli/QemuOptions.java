package io.basedisk.cli;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.model.ImageFormat;
import java.util.function.Function;

/**
 * Options of {@code qemu-img} that scripts pass to a command and that need no work here. Each
 * method adds one to the command's help page, so that a command has those that its counterpart has.
 */
final class QemuOptions {

  private static final ImmutableSet<String> CACHE_MODES =
      ImmutableSet.of("none", "writeback", "writethrough", "directsync", "unsafe");

  private final Arguments takes;
  private final RootCommand root;

  QemuOptions(Command command) {
    this.takes = command.takes;
    this.root = command.root;
  }

  /** Adds {@code --output}, which is {@code --json} under another name. */
  QemuOptions output() {
    Argument<String> format =
        takes.option(
            "--output",
            "json|human",
            oneOf("output format", ImmutableSet.of("json", "human")),
            "json: the same as --json.");
    root.jsonIf(() -> "json".equals(format.orNull()));
    return this;
  }

  /** Adds {@code -q}, which is {@code --quiet} under another name. */
  QemuOptions quiet() {
    Argument<Boolean> quiet = takes.flag("-q", "The same as --quiet.");
    root.quietIf(() -> quiet.or(false));
    return this;
  }

  /** Adds {@code -p}: progress is shown without it. */
  QemuOptions progress() {
    Argument<Boolean> unused =
        takes.flag("-p", "No effect: progress is shown on a terminal, without -p too.");
    return this;
  }

  /** Adds {@code -U} to a command that takes no image locks. */
  QemuOptions withoutLocks() {
    Argument<Boolean> unused =
        takes.flag("-U", "No effect: the command takes no image lock, and works beside a VM.");
    return this;
  }

  /**
   * Adds {@code -U} to a command that reads content. It would read an image while its VM writes to
   * it, and mix old and new content.
   */
  QemuOptions sharing() {
    Argument<Boolean> unused =
        takes.refusedFlag(
            "-U",
            "-U: an image that a process writes to is not read, because the result would mix old"
                + " and new content. Stop the VM, or read a snapshot of it",
            "Refused: an image that a process writes to has no consistent content.");
    return this;
  }

  /** Adds an option for a cache mode: files are read through the cache, and made durable. */
  QemuOptions cache(String name) {
    Argument<String> unused =
        takes.option(
            name,
            "CACHE",
            oneOf("cache mode", CACHE_MODES),
            "No effect: files are read through the cache, and a result is always durable.");
    return this;
  }

  /** Adds the options for the order of writes and the number of coroutines. */
  QemuOptions parallel() {
    Argument<Boolean> unusedOrder =
        takes.flag("-W", "No effect: the order of writes is chosen by the program.");
    Argument<Integer> unusedCount =
        takes.option("-m", "N", Numbers::whole, "No effect: all processors are used.");
    return this;
  }

  /** Adds {@code -f} to a command that works on qcow2 images alone. */
  QemuOptions qcow2Only(String otherwise) {
    Argument<ImageFormat> unused =
        takes.option(
            ImmutableList.of("-f", "--format"),
            "FORMAT",
            text -> {
              ImageFormat format = ImageFormat.ofLabel(text);
              if (format != ImageFormat.QCOW2) {
                throw new InvalidArgumentException("-f " + text + ": " + otherwise);
              }
              return format;
            },
            "qcow2, the only format of this command.");
    return this;
  }

  private static Function<String, String> oneOf(String what, ImmutableSet<String> values) {
    return text -> {
      if (!values.contains(text)) {
        throw new InvalidArgumentException(
            "'" + text + "' is no " + what + ": expected one of " + String.join(", ", values));
      }
      return text;
    };
  }
}
