package io.basedisk.crash;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.base.Splitter;
import io.basedisk.domain.testing.Content;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The expected content of one actor's boxes, kept in a log that survives the process.
 *
 * <p>The log has a line before and a line after each step. So after a kill at most one step is
 * open, and the home is in the state before or after it. The log has to survive its process, but
 * not the machine, so it is not synced.
 *
 * <p>Not thread-safe.
 */
final class Model implements AutoCloseable {

  private final Map<String, Content> boxes = new TreeMap<>();
  private final Map<String, Map<String, Content>> snapshots = new TreeMap<>();
  private final Map<String, Exported> artifacts = new TreeMap<>();
  private final FileChannel log;
  private Optional<Step> open = Optional.empty();
  private long done;
  private long failed;

  private Model(FileChannel log) {
    this.log = log;
  }

  /** Opens the model of an actor from its log. An incomplete last line is dropped. */
  static Model open(Path file) {
    try {
      FileChannel log = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      String text = Files.readString(file);
      int end = text.lastIndexOf('\n') + 1;
      log.truncate(end).position(end);
      Model model = new Model(log);
      Splitter.on('\n').omitEmptyStrings().split(text.substring(0, end)).forEach(model::replay);
      return model;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Map<String, Content> boxes() {
    return boxes;
  }

  Map<String, Content> snapshotsOf(String box) {
    return snapshots.getOrDefault(box, Map.of());
  }

  /**
   * What was exported.
   *
   * @param disk content of the box's disk then
   * @param snapshots content of the box's snapshots then; the artifact may have only some of them
   */
  record Exported(Content disk, Map<String, Content> snapshots) {}

  /** Returns the complete artifacts by their names. */
  Map<String, Exported> artifacts() {
    return artifacts;
  }

  /** Returns the open step. */
  Optional<Step> openStep() {
    return open;
  }

  long stepsDone() {
    return done;
  }

  long stepsFailed() {
    return failed;
  }

  void begin(Step step) {
    write("begin " + step);
  }

  /** Records that the open step has happened. */
  void end() {
    write("done");
  }

  /** Records that the open step has not happened. */
  void fail() {
    write("failed");
  }

  /** Records the content of a box that was cloned from a box of another actor. */
  void adopt(String box, Content content) {
    write(
        "adopt "
            + box
            + " "
            + Arrays.stream(content.stamps())
                .mapToObj(Long::toString)
                .collect(Collectors.joining(",")));
  }

  /** Records which snapshots of an artifact a box has that was imported from it. */
  void inherit(String box, String artifact, Collection<String> names) {
    write("inherit " + box + " " + artifact + " " + String.join(",", names));
  }

  @Override
  public void close() {
    try {
      log.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void write(String line) {
    try {
      log.write(ByteBuffer.wrap((line + "\n").getBytes(UTF_8)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    replay(line);
  }

  private void replay(String line) {
    if (line.startsWith("begin ")) {
      open = Optional.of(Step.parse(line.substring("begin ".length())));
    } else if (line.equals("done")) {
      apply(open.orElseThrow());
      open = Optional.empty();
      done++;
    } else if (line.equals("failed")) {
      open = Optional.empty();
      failed++;
    } else if (line.startsWith("inherit ")) {
      String[] words = line.split(" ", -1);
      Map<String, Content> inherited = new TreeMap<>(artifacts.get(words[2]).snapshots());
      inherited.keySet().retainAll(Splitter.on(',').splitToList(words[3]));
      snapshots.put(words[1], inherited);
    } else {
      String[] words = line.split(" ", -1);
      boxes.put(
          words[1],
          new Content(Arrays.stream(words[2].split(",", -1)).mapToLong(Long::parseLong).toArray()));
    }
  }

  private void apply(Step step) {
    switch (step.kind()) {
      case CREATE -> boxes.put(step.argument(0), Content.EMPTY);
      case WRITE ->
          boxes.computeIfPresent(
              step.argument(0),
              (box, content) ->
                  content.with(
                      Integer.parseInt(step.argument(1)), Long.parseLong(step.argument(2))));
      case SNAPSHOT, COPY ->
          snapshots
              .computeIfAbsent(step.argument(0), box -> new TreeMap<>())
              .put(step.argument(1), boxes.get(step.argument(0)));
      case RESTORE ->
          boxes.put(step.argument(0), snapshotsOf(step.argument(0)).get(step.argument(1)));
      case REMOVE_SNAPSHOT -> snapshotsOf(step.argument(0)).remove(step.argument(1));
      case CLONE, IMPORT ->
          step.newBoxes().forEach(box -> boxes.put(box, boxes.get(step.argument(0))));
      case CLONE_SNAPSHOT ->
          step.newBoxes()
              .forEach(box -> boxes.put(box, snapshotsOf(step.argument(0)).get(step.argument(1))));
      case REMOVE, REMOVE_WITH_SNAPSHOTS -> {
        boxes.remove(step.argument(0));
        snapshots.remove(step.argument(0));
      }
      case EXPORT ->
          artifacts.put(
              step.argument(1),
              new Exported(
                  boxes.get(step.argument(0)), new TreeMap<>(snapshotsOf(step.argument(0)))));
      case IMPORT_ARTIFACT -> boxes.put(step.argument(1), artifacts.get(step.argument(0)).disk());
      case FORK, COMPACT, COLLECT, CLONE_FOREIGN, FORK_FOREIGN -> {}
    }
  }
}
