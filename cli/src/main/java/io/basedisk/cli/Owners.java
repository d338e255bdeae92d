package io.basedisk.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.base.Splitter;
import com.google.common.primitives.Ints;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.model.FileOwner;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Parses {@code USER[:GROUP]}, names or numbers, as {@code chown} does. */
final class Owners {

  private static final int GROUP_ID_FIELD = 2;

  private Owners() {}

  /**
   * {@return the numeric ids} Without a group, returns the user's primary group.
   *
   * @throws InvalidArgumentException if the user or group does not exist
   */
  static FileOwner parse(String text) {
    int colon = text.indexOf(':');
    String user = colon < 0 ? text : text.substring(0, colon);
    if (user.isEmpty() || user.startsWith("-") || text.endsWith(":")) {
      throw new InvalidArgumentException("invalid owner \"" + text + "\": give USER[:GROUP]");
    }
    int userId =
        number(user)
            .or(() -> ask("id", "-u", "--", user).flatMap(Owners::number))
            .orElseThrow(() -> new InvalidArgumentException("no user \"" + user + "\""));
    return new FileOwner(userId, colon < 0 ? groupOf(user) : groupNamed(text.substring(colon + 1)));
  }

  private static int groupOf(String user) {
    return ask("id", "-g", "--", user)
        .flatMap(Owners::number)
        .orElseThrow(
            () ->
                new InvalidArgumentException(
                    "user " + user + " is not known here, nor its group: give USER:GROUP"));
  }

  private static int groupNamed(String group) {
    return number(group)
        .or(() -> ask("getent", "group", group).flatMap(Owners::groupIdIn))
        .orElseThrow(() -> new InvalidArgumentException("no group \"" + group + "\""));
  }

  private static Optional<Integer> groupIdIn(String entry) {
    List<String> fields = Splitter.on(':').splitToList(entry);
    return fields.size() > GROUP_ID_FIELD ? number(fields.get(GROUP_ID_FIELD)) : Optional.empty();
  }

  private static Optional<Integer> number(String text) {
    return Optional.ofNullable(Ints.tryParse(text)).filter(number -> number >= 0);
  }

  /** {@return the output of a program; empty if the program fails} */
  private static Optional<String> ask(String... command) {
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      process.getOutputStream().close();
      String answer = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
      return process.waitFor() == 0 ? Optional.of(answer) : Optional.empty();
    } catch (IOException noSuchProgram) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}
