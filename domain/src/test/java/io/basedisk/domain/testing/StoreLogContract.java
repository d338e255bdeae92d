package io.basedisk.domain.testing;

import static io.basedisk.domain.testing.Records.id;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ContiguousSet;
import com.google.common.collect.DiscreteDomain;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.Range;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.Cause;
import io.basedisk.domain.model.LogEntry;
import io.basedisk.domain.model.LogEvent;
import io.basedisk.domain.model.LogFilter;
import io.basedisk.domain.model.LoggedChange;
import io.basedisk.domain.model.Operation;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.port.LogView;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a store does with its log. */
abstract class StoreLogContract extends StoreContractPart {

  private static final Instant AT = Instant.ofEpochSecond(1_700_000_000);
  private static final LoggedChange BARE = LoggedChange.of(LogEvent.SWEPT);
  private static final LoggedChange FULL =
      new LoggedChange(
          LogEvent.FORKED,
          new Cause(Operation.FORK, new OperationId((1L << 62) - 1)),
          boxes("web-1", "web-2"),
          id("base0001"),
          "nightly \u202e 🦊",
          "a 'detail' with \u001b[31m");

  private static ImmutableList<BoxId> boxes(String... names) {
    return List.of(names).stream().map(BoxId::of).collect(ImmutableList.toImmutableList());
  }

  private static LoggedChange on(String... names) {
    return BARE.on(boxes(names).toArray(BoxId[]::new));
  }

  @Test
  void a_new_store_has_an_empty_log() {
    assertEquals(ImmutableList.of(), entries(LogFilter.ALL));
  }

  @Test
  void entries_come_back_in_order_with_all_they_have() {
    append(BARE, FULL);
    write(tx -> tx.log().append(AT.plusSeconds(1), ImmutableList.of(FULL)));

    ImmutableList<LogEntry> entries = entries(LogFilter.ALL);

    assertEquals(ImmutableList.of(BARE, FULL, FULL), changesOf(entries));
    assertEquals(
        ImmutableList.of(AT, AT, AT.plusSeconds(1)), entries.stream().map(LogEntry::at).toList());
    assertTrue(entries.get(0).number() >= 1, entries.toString());
    assertTrue(entries.get(0).number() < entries.get(1).number(), entries.toString());
    assertTrue(entries.get(1).number() < entries.get(2).number(), entries.toString());
  }

  @ParameterizedTest
  @EnumSource(LogEvent.class)
  void every_event_comes_back(LogEvent event) {
    append(LoggedChange.of(event));

    assertEquals(ImmutableList.of(LoggedChange.of(event)), changesOf(entries(LogFilter.ALL)));
  }

  @Test
  void no_changes_append_nothing() {
    append();

    assertEquals(ImmutableList.of(), entries(LogFilter.ALL));
  }

  @Test
  void an_entry_is_found_by_each_of_its_boxes_and_by_no_part_of_a_name() {
    append(on("web"), on("web-1", "web-2"), on("1"), on("xweb"), BARE);

    assertEquals(ImmutableList.of(on("web")), changesOf(entries(LogFilter.ALL.on(box("web")))));
    assertEquals(
        ImmutableList.of(on("web-1", "web-2")), changesOf(entries(LogFilter.ALL.on(box("web-1")))));
    assertEquals(
        ImmutableList.of(on("web-1", "web-2")), changesOf(entries(LogFilter.ALL.on(box("web-2")))));
    assertEquals(ImmutableList.of(), entries(LogFilter.ALL.on(box("eb"))));
  }

  @Test
  void a_limit_keeps_the_newest_entries_oldest_first() {
    append(on("a"), on("b"), on("a", "c"), on("d"), on("a"));

    assertEquals(ImmutableList.of(on("d"), on("a")), changesOf(entries(LogFilter.ALL.newest(2))));
    assertEquals(
        ImmutableList.of(on("a", "c"), on("a")),
        changesOf(entries(LogFilter.ALL.on(box("a")).newest(2))));
    assertEquals(5, entries(LogFilter.ALL.newest(9)).size());
  }

  @Test
  void a_follower_gets_each_later_entry_once() {
    append(on("a"), on("b"));
    long last = entries(LogFilter.ALL).get(1).number();

    assertEquals(ImmutableList.of(), entries(LogFilter.ALL.after(last)));

    append(on("c"), on("a"));

    assertEquals(ImmutableList.of(on("c"), on("a")), changesOf(entries(LogFilter.ALL.after(last))));
    assertEquals(
        ImmutableList.of(on("a")), changesOf(entries(LogFilter.ALL.after(last).on(box("a")))));
  }

  @Test
  void an_entry_happens_with_the_change_of_its_transaction_or_not_at_all() {
    append(on("a"));

    assertThrows(
        IllegalCallerException.class,
        () ->
            write(
                tx -> {
                  tx.log().append(AT, ImmutableList.of(on("b")));
                  assertEquals(2, tx.log().list(LogFilter.ALL).size());
                  throw new IllegalCallerException();
                }));

    assertEquals(ImmutableList.of(on("a")), changesOf(entries(LogFilter.ALL)));
    assertEquals(
        ImmutableList.of(on("a")),
        another().read(view -> changesOf(view.log().list(LogFilter.ALL))));
  }

  @Test
  void the_newest_entries_stay_and_the_oldest_are_dropped() {
    int most = LogView.KEPT + LogView.SURPLUS;
    write(tx -> appendMany(tx.log()::append, 2 * most + 7));

    ImmutableList<LogEntry> entries = entries(LogFilter.ALL);

    long newest = entries.get(entries.size() - 1).number();
    assertTrue(entries.size() >= LogView.KEPT, entries.size() + " entries");
    assertTrue(entries.size() < most, entries.size() + " entries");
    assertEquals(
        ContiguousSet.create(
                Range.openClosed(newest - entries.size(), newest), DiscreteDomain.longs())
            .asList(),
        entries.stream().map(LogEntry::number).toList());
    assertTrue(newest > 2L * most, "a number was given twice: " + newest);
    assertEquals("" + (2 * most + 6), entries.get(entries.size() - 1).change().detail());
  }

  private interface Append {
    void append(Instant at, List<LoggedChange> changes);
  }

  private static void appendMany(Append log, int count) {
    log.append(
        AT,
        ContiguousSet.closedOpen(0, count).stream()
            .map(number -> BARE.detailed(String.valueOf(number)))
            .toList());
  }

  private static BoxId box(String name) {
    return BoxId.of(name);
  }

  private void append(LoggedChange... changes) {
    write(tx -> tx.log().append(AT, ImmutableList.copyOf(changes)));
  }

  private ImmutableList<LogEntry> entries(LogFilter filter) {
    return read(view -> view.log().list(filter));
  }

  private static ImmutableList<LoggedChange> changesOf(List<LogEntry> entries) {
    return entries.stream().map(LogEntry::change).collect(ImmutableList.toImmutableList());
  }
}
