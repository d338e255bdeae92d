package io.basedisk.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.jr.ob.JSON;
import com.google.common.base.Splitter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The program, run in this process on one home. */
public final class Cli {

  private final Path home;

  public Cli(Path home) {
    this.home = home;
  }

  /** The outcome of one command line. */
  public record Result(int code, String out, String err) {

    /** Returns the JSON object that was printed, if the command succeeded. */
    public Map<String, Object> object() {
      assertEquals(0, code, err);
      try {
        return JSON.std.mapFrom(out);
      } catch (IOException e) {
        throw new UncheckedIOException(out, e);
      }
    }

    /** Returns the JSON array that was printed, if the command succeeded. */
    public List<Object> array() {
      assertEquals(0, code, err);
      try {
        return JSON.std.listFrom(out);
      } catch (IOException e) {
        throw new UncheckedIOException(out, e);
      }
    }

    /**
     * Asserts that the command failed with that code, and printed no result, a one-line reason and
     * at most one hint.
     */
    public void assertError(int expected) {
      assertEquals(expected, code, err);
      assertEquals("", out);
      List<String> lines = errors();
      assertTrue(lines.size() == 1 || lines.size() == 2, err);
      assertTrue(lines.get(0).startsWith("basedisk: "), err);
      assertFalse(lines.get(0).startsWith("basedisk: hint: "), err);
      lines.stream().skip(1).forEach(line -> assertTrue(line.startsWith("basedisk: hint: "), err));
    }

    /** Returns the lines on standard error. */
    public List<String> errors() {
      return Splitter.on('\n').omitEmptyStrings().splitToList(err);
    }
  }

  public Path home() {
    return home;
  }

  /** Runs a command on the home. */
  public Result run(String... args) {
    return runAnywhere(
        Map.of(), Stream.concat(Stream.of("--home", home.toString()), Stream.of(args)));
  }

  /** Runs a command that must succeed, and returns its JSON object. */
  public Map<String, Object> json(String... args) {
    return withJson(args).object();
  }

  /** Runs a command that must succeed, and returns its JSON array. */
  public List<Object> jsonList(String... args) {
    return withJson(args).array();
  }

  private Result withJson(String... args) {
    return run(Stream.concat(Stream.of("--json"), Stream.of(args)).toArray(String[]::new));
  }

  private static Result runAnywhere(Map<String, String> environment, Stream<String> args) {
    return runAnywhere(environment, args.toArray(String[]::new));
  }

  /** Runs a command on the home, and returns its output on a terminal beside its result. */
  public String onTerminal(String... args) {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Console console = new Console(new ByteArrayOutputStream(), err, Map.of(), true);
    String[] command =
        Stream.concat(Stream.of("--home", home.toString()), Stream.of(args)).toArray(String[]::new);
    new Program(console).run(command);
    return err.toString(UTF_8);
  }

  /** Runs a command without a home, with an environment. */
  public static Result runAnywhere(Map<String, String> environment, String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code = new Program(new Console(out, err, environment)).run(args);
    return new Result(code, out.toString(UTF_8), err.toString(UTF_8));
  }
}
