package io.basedisk.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.collect.ImmutableMap;
import io.basedisk.cli.render.Document;
import io.basedisk.cli.render.Json;
import io.basedisk.cli.render.ScreenWriter;
import io.basedisk.cli.render.Style;
import io.basedisk.cli.render.Text;
import io.basedisk.domain.error.StorageException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The surroundings of the program: standard output for results, standard error for everything else,
 * and the environment. Both streams are UTF-8 in any locale, as JSON requires.
 */
final class Console {

  private final PipedOutput bytes;
  private final ScreenWriter out;
  private final PrintWriter err;
  private final ImmutableMap<String, String> environment;
  private final OutputScreen screen;
  private final OutputScreen errorScreen;
  private final @Nullable PrintStream terminal;
  private ProgressLine progress = ProgressLine.unseen();
  private Style style = Style.PLAIN;
  private Style errorStyle = Style.PLAIN;
  private final ConsoleInput input;
  private final BufferedReader answers;
  private final List<String> heldNotes = new ArrayList<>();

  /** Makes a console whose standard error is no terminal. */
  Console(OutputStream out, OutputStream err, Map<String, String> environment) {
    this(out, err, environment, false);
  }

  /**
   * @param isTerminal whether {@code err} is a terminal
   */
  Console(OutputStream out, OutputStream err, Map<String, String> environment, boolean isTerminal) {
    this(out, err, environment, isTerminal, ConsoleInput.NONE, OutputScreen.NONE);
  }

  /**
   * @param isTerminal whether {@code err} is a terminal
   * @param answers the user's answers to questions on {@code err}
   */
  Console(
      OutputStream out,
      OutputStream err,
      Map<String, String> environment,
      boolean isTerminal,
      InputStream answers) {
    this(out, err, environment, isTerminal, new ConsoleInput(answers, true), OutputScreen.NONE);
  }

  /**
   * @param isTerminal whether {@code err} is a terminal
   * @param input standard input; from a terminal, the user's answers to questions on {@code err}
   * @param screen what {@code out} shows
   */
  Console(
      OutputStream out,
      OutputStream err,
      Map<String, String> environment,
      boolean isTerminal,
      ConsoleInput input,
      OutputScreen screen) {
    this.screen = screen;
    this.input = input;
    this.answers = new BufferedReader(new InputStreamReader(input.stream(), UTF_8));
    this.bytes = new PipedOutput(out);
    this.terminal = isTerminal ? new PrintStream(err, true, UTF_8) : null;
    this.out = new ScreenWriter(new OutputStreamWriter(bytes, UTF_8), screen::columns);
    this.err = new PrintWriter(new OutputStreamWriter(err, UTF_8), true);
    this.environment = ImmutableMap.copyOf(environment);
    this.errorScreen = new OutputScreen(isTerminal, this.environment, "/dev/stderr");
    useColors(ColorChoice.AUTO);
  }

  /** {@return standard output for a binary result} */
  OutputStream bytes() {
    return bytes;
  }

  /** {@return standard input} */
  ConsoleInput input() {
    return input;
  }

  /** {@return what standard output shows} */
  OutputScreen screen() {
    return screen;
  }

  /** Gives both streams colours, or none. */
  void useColors(ColorChoice when) {
    style = screen.style(when);
    out.use(style);
    errorStyle = errorScreen.style(when);
  }

  /** {@return whether standard output has colours} */
  boolean isColored() {
    return style == Style.COLORED;
  }

  /** {@return whether standard output is a pipe that its reader closed} */
  boolean isClosedByReader() {
    return bytes.isClosedByReader();
  }

  PrintWriter out() {
    return out;
  }

  PrintWriter err() {
    return err;
  }

  /** {@return an environment variable; empty if it is not set} */
  String environment(String name) {
    return environment.getOrDefault(name, "");
  }

  /** Shows the progress of a task, if standard error is a terminal. */
  ProgressLine progress(String task) {
    if (terminal != null) {
      progress = ProgressLine.on(terminal, errorScreen.columns(), task);
    }
    return progress;
  }

  /** {@return whether there is a user on a terminal to ask} */
  boolean canAsk() {
    return terminal != null && input.isTerminal();
  }

  /** Asks the user a question; empty if there is no terminal. */
  Optional<Boolean> confirm(String question) {
    if (!canAsk()) {
      return Optional.empty();
    }
    ask(question);
    try {
      String answer = answers.readLine();
      if (answer == null) {
        // The user ended the input, and the cursor is still behind the question.
        err.println();
      }
      return Optional.of(answer != null && answer.strip().matches("(?i)y|yes"));
    } catch (IOException e) {
      throw new StorageException("cannot read the answer: " + e.getMessage(), e);
    }
  }

  private void ask(String question) {
    err.print("basedisk: " + Text.line(question) + " [y/N] ");
    err.flush();
  }

  /** Writes a result to standard output. */
  void print(Document document, boolean json) {
    if (json) {
      try {
        Json.write(out, document::writeJson);
      } catch (UncheckedIOException e) {
        throw new StorageException("cannot write to standard output", e);
      }
    } else {
      document.writeText(out);
    }
  }

  /** Writes a result to standard error, because standard output has something else. */
  void printAside(Document document, boolean json) {
    if (json) {
      Json.write(err, document::writeJson);
    } else {
      document.writeText(err);
    }
  }

  /** Writes a note to standard error. */
  void note(String message) {
    printLine("basedisk: " + marked(Text.line(message)));
  }

  /** Writes an error to standard error. */
  void error(String message) {
    printLine(errorStyle.error("basedisk:") + " " + Text.line(message));
  }

  /** Writes a line in place of the progress line, which may be shown again below it. */
  private void printLine(String line) {
    progress.printing(() -> err.println(line));
  }

  private String marked(String note) {
    int end = note.indexOf(": ") + 1;
    String mark = note.substring(0, end);
    return switch (mark) {
      case "warning:" -> errorStyle.warning(mark) + note.substring(end);
      case "hint:" -> errorStyle.strong(mark) + note.substring(end);
      default -> note;
    };
  }

  /** Holds a note until {@link #flush} or {@link #dropHeldNotes}. */
  void holdNote(String message) {
    heldNotes.add(message);
  }

  /** Drops the held notes. */
  void dropHeldNotes() {
    heldNotes.clear();
  }

  /**
   * Flushes both streams and writes the held notes.
   *
   * @throws StorageException if standard output did not accept the whole result
   */
  void flush() {
    err.flush();
    if (out.checkError()) {
      throw new StorageException("cannot write to standard output");
    }
    heldNotes.forEach(this::note);
    heldNotes.clear();
    err.flush();
  }
}
