package io.basedisk.domain.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.base.Ascii;
import com.google.common.base.Joiner;
import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import io.basedisk.domain.error.InvalidArgumentException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which snapshots a retention keeps, and why. */
final class RetentionTest {

  /** 2026-11-23 is a Monday. */
  private static final String TIMES =
      "11-25T23 11-25T01 11-24T12 11-23T00 11-22T23 11-22T01 11-16T00 11-15T23 11-02T12";

  private static final ZoneId UTC = ZoneId.of("UTC");

  private static List<String> kept(Retention retention, String times, ZoneId zone) {
    ImmutableList.Builder<String> kept = ImmutableList.builder();
    retention
        .kept(Splitter.on(' ').splitToList(times), RetentionTest::instant, zone)
        .asMap()
        .forEach((time, reasons) -> kept.add(time + " " + Joiner.on('+').join(reasons)));
    return kept.build().stream().map(line -> line.substring(0, 9) + words(line)).toList();
  }

  private static String words(String line) {
    return Ascii.toLowerCase(line.substring(9));
  }

  private static Instant instant(String time) {
    return LocalDateTime.parse("2026-" + time + ":00").atZone(UTC).toInstant();
  }

  @ParameterizedTest
  @CsvSource({
    "1, 0, 0, 11-25T23 last",
    "2, 0, 0, 11-25T23 last; 11-25T01 last",
    "0, 1, 0, 11-25T23 daily",
    "0, 3, 0, 11-25T23 daily; 11-24T12 daily; 11-23T00 daily",
    "0, 4, 0, 11-25T23 daily; 11-24T12 daily; 11-23T00 daily; 11-22T23 daily",
    "0, 0, 1, 11-25T23 weekly",
    "0, 0, 2, 11-25T23 weekly; 11-22T23 weekly",
    "0, 0, 4, 11-25T23 weekly; 11-22T23 weekly; 11-15T23 weekly; 11-02T12 weekly",
    "0, 0, 99, 11-25T23 weekly; 11-22T23 weekly; 11-15T23 weekly; 11-02T12 weekly",
    "2, 2, 2, 11-25T23 last+daily+weekly; 11-25T01 last; 11-24T12 daily; 11-22T23 weekly",
  })
  void a_snapshot_stays_if_a_rule_keeps_it(int last, int daily, int weekly, String expected) {
    assertEquals(
        Splitter.on("; ").splitToList(expected),
        kept(new Retention(last, daily, weekly), TIMES, UTC));
  }

  @Test
  void days_without_a_snapshot_do_not_count() {
    assertEquals(
        List.of("11-25T23 daily", "11-02T12 daily"),
        kept(new Retention(0, 2, 0), "11-25T23 11-02T12", UTC));
  }

  @Test
  void days_and_weeks_begin_at_midnight_of_the_time_zone() {
    String times = "11-23T01 11-22T23 11-22T20";
    assertEquals(
        List.of("11-23T01 daily+weekly", "11-22T23 daily+weekly"),
        kept(new Retention(0, 9, 9), times, UTC));
    assertEquals(
        List.of("11-23T01 daily+weekly"),
        kept(new Retention(0, 9, 9), times, ZoneId.of("America/New_York")));
    assertEquals(
        List.of("11-23T01 daily+weekly", "11-22T20 daily+weekly"),
        kept(new Retention(0, 9, 9), times, ZoneId.of("Europe/Athens")));
  }

  @Test
  void a_week_goes_on_over_the_end_of_a_year() {
    List<String> weeks =
        new Retention(0, 0, 9)
            .kept(
                List.of("2027-01-04", "2027-01-03", "2026-12-28", "2026-12-27"),
                day -> Instant.parse(day + "T12:00:00Z"),
                UTC)
            .keySet()
            .asList();
    assertEquals(List.of("2027-01-04", "2027-01-03", "2026-12-27"), weeks);
  }

  @Test
  void without_snapshots_none_stays() {
    assertEquals(
        Set.of(), new Retention(1, 1, 1).<String>kept(List.of(), Instant::parse, UTC).keySet());
  }

  @ParameterizedTest
  @CsvSource({"0, 0, 0", "-1, 1, 1", "1, -1, 1", "1, 1, -1"})
  void numbers_that_keep_nothing_or_are_negative_are_refused(int last, int daily, int weekly) {
    assertThrows(InvalidArgumentException.class, () -> new Retention(last, daily, weekly));
  }
}
