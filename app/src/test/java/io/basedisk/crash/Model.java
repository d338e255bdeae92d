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
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What the boxes of one actor must contain, and the log that says so to whoever outlives it.
 *
 * <p>A step is written to the log before it begins and after it has ended. So after a kill at most
 * one step is open, and everything is as before it or as after it. The log has to survive its
 * process, not the machine: what was written to it is in the page cache, and that is enough.
 *
 * <p>Not safe for many threads.
 */
final class Model implements AutoCloseable {

  private final Map<String, Content> boxes = new TreeMap<>();
  private final Map<String, Map<String, Content>> snapshots = new TreeMap<>();
  private final FileChannel log;
  private Optional<Step> open = Optional.empty();
  private long done;
  private long failed;

  private Model(FileChannel log) {
    this.log = log;
  }

  /** Opens the model of an actor, as its log has it; a line that a kill cut off is dropped. */
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

  /** Returns the step that was begun and has not ended. */
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

  /** Notes that the open step has happened. */
  void end() {
    write("done");
  }

  /** Notes that the open step has not happened. */
  void fail() {
    write("failed");
  }

  /** Notes what a box contains that was cloned from one whose content this does not know. */
  void adopt(String box, Content content) {
    write(
        "adopt "
            + box
            + " "
            + Arrays.stream(content.stamps())
                .mapToObj(Long::toString)
                .collect(Collectors.joining(",")));
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
      case FORK, COMPACT, COLLECT, CLONE_FOREIGN, FORK_FOREIGN -> {}
    }
  }
}
