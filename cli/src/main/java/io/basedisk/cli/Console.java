package io.basedisk.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.collect.ImmutableMap;
import io.basedisk.cli.render.Document;
import io.basedisk.cli.render.Json;
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

  private final OutputStream bytes;
  private final PrintWriter out;
  private final PrintWriter err;
  private final ImmutableMap<String, String> environment;
  private final OutputScreen screen;
  private final @Nullable PrintStream terminal;
  private final @Nullable BufferedReader answers;
  private final List<String> heldNotes = new ArrayList<>();

  /** Makes a console whose standard error is no terminal. */
  Console(OutputStream out, OutputStream err, Map<String, String> environment) {
    this(out, err, environment, false);
  }

  /**
   * @param isTerminal whether {@code err} is a terminal
   */
  Console(OutputStream out, OutputStream err, Map<String, String> environment, boolean isTerminal) {
    this(out, err, environment, isTerminal, null);
  }

  /**
   * @param isTerminal whether {@code err} is a terminal
   * @param answers the user's answers to questions on {@code err}; null if there is no user
   */
  Console(
      OutputStream out,
      OutputStream err,
      Map<String, String> environment,
      boolean isTerminal,
      @Nullable InputStream answers) {
    this(out, err, environment, isTerminal, answers, OutputScreen.NONE);
  }

  /**
   * @param isTerminal whether {@code err} is a terminal
   * @param answers the user's answers to questions on {@code err}; null if there is no user
   * @param screen what {@code out} shows
   */
  Console(
      OutputStream out,
      OutputStream err,
      Map<String, String> environment,
      boolean isTerminal,
      @Nullable InputStream answers,
      OutputScreen screen) {
    this.screen = screen;
    this.answers =
        answers == null ? null : new BufferedReader(new InputStreamReader(answers, UTF_8));
    this.bytes = out;
    this.terminal = isTerminal ? new PrintStream(err, true, UTF_8) : null;
    this.out = new PrintWriter(new OutputStreamWriter(out, UTF_8), false);
    this.err = new PrintWriter(new OutputStreamWriter(err, UTF_8), true);
    this.environment = ImmutableMap.copyOf(environment);
  }

  /** {@return standard output for a binary result} */
  OutputStream bytes() {
    return bytes;
  }

  /** {@return what standard output shows} */
  OutputScreen screen() {
    return screen;
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
    return terminal == null ? ProgressLine.unseen() : ProgressLine.on(terminal, task);
  }

  /** Asks the user a question; empty if there is no terminal. */
  Optional<Boolean> confirm(String question) {
    if (terminal == null || answers == null) {
      return Optional.empty();
    }
    err.print("basedisk: " + Text.line(question) + " [y/N] ");
    err.flush();
    try {
      String answer = answers.readLine();
      return Optional.of(answer != null && answer.strip().matches("(?i)y|yes"));
    } catch (IOException e) {
      throw new StorageException("cannot read the answer: " + e.getMessage(), e);
    }
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

  /** Writes a note to standard error. */
  void note(String message) {
    err.println("basedisk: " + Text.line(message));
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
