package io.basedisk.cli;

import io.basedisk.domain.error.InvalidArgumentException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations on the command line: digits, then s, m, h or d; without a unit, seconds. */
final class Durations {

  private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})([smhd]?)");
  private static final Map<String, ChronoUnit> UNITS =
      Map.of(
          "", ChronoUnit.SECONDS,
          "s", ChronoUnit.SECONDS,
          "m", ChronoUnit.MINUTES,
          "h", ChronoUnit.HOURS,
          "d", ChronoUnit.DAYS);

  private Durations() {}

  /**
   * Parses a duration.
   *
   * @throws InvalidArgumentException if the text is no duration
   */
  static Duration parse(String text) {
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      throw new InvalidArgumentException("expected a duration such as 30s, 5m, 2h or 1d");
    }
    return Duration.of(
        Long.parseLong(matcher.group(1)), UNITS.getOrDefault(matcher.group(2), ChronoUnit.SECONDS));
  }
}
