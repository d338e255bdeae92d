package io.basedisk.domain.model;

import com.google.common.base.Preconditions;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.Lists;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A change of the home's records, as the log tells it.
 *
 * @param event what happened
 * @param cause the operation that made the change; null if it was made without an intent, such as
 *     the removal of a snapshot
 * @param boxes the boxes that it concerns, at most {@link #MAX_BOXES}
 * @param base the base that was made or removed, or that the boxes use now; null for none
 * @param name name of the snapshot or key of the rootfs; null for none
 * @param detail more for people, on one line, at most {@link #MAX_DETAIL} characters; null for
 *     nothing
 */
public record LoggedChange(
    LogEvent event,
    @Nullable Cause cause,
    ImmutableList<BoxId> boxes,
    @Nullable BaseDiskId base,
    @Nullable String name,
    @Nullable String detail) {

  /** The most boxes of one change: an operation on more boxes has several entries. */
  public static final int MAX_BOXES = 100;

  /** The most characters of a detail. */
  public static final int MAX_DETAIL = 1_000;

  private static final String CUT = "…";

  /**
   * Checks the values.
   *
   * @param event see {@link #event}
   * @param cause see {@link #cause}
   * @param boxes see {@link #boxes}
   * @param base see {@link #base}
   * @param name see {@link #name}
   * @param detail see {@link #detail}
   * @throws IllegalArgumentException if there are too many boxes, or the detail is too long
   */
  public LoggedChange {
    Preconditions.checkArgument(boxes.size() <= MAX_BOXES, "%s boxes", boxes.size());
    Preconditions.checkArgument(
        detail == null || detail.length() <= MAX_DETAIL, "a detail of too many characters");
  }

  /**
   * {@return a change without details}
   *
   * @param event what happened
   */
  public static LoggedChange of(LogEvent event) {
    return new LoggedChange(event, null, ImmutableList.of(), null, null, null);
  }

  /**
   * {@return a change of a base: with its id, its name, its source box, and its kind as the detail}
   *
   * @param event what happened
   * @param base the base
   */
  public static LoggedChange of(LogEvent event, BaseDisk base) {
    return new LoggedChange(
        event,
        null,
        base.sourceBoxId().equals(BoxId.GLOBAL)
            ? ImmutableList.of()
            : ImmutableList.of(base.sourceBoxId()),
        base.id(),
        base.name() == null ? null : base.name().value(),
        base.kind().label());
  }

  /**
   * {@return this change with the operation that made it}
   *
   * @param operation the operation; null for none
   */
  public LoggedChange causedBy(@Nullable Cause operation) {
    return new LoggedChange(event, operation, boxes, base, name, detail);
  }

  /**
   * {@return this change with other boxes}
   *
   * @param others the boxes
   */
  public LoggedChange on(BoxId... others) {
    return new LoggedChange(event, cause, ImmutableList.copyOf(others), base, name, detail);
  }

  /**
   * {@return this change with another base}
   *
   * @param other id of the base; null for none
   */
  public LoggedChange onBase(@Nullable BaseDiskId other) {
    return new LoggedChange(event, cause, boxes, other, name, detail);
  }

  /**
   * {@return this change with a name}
   *
   * @param value name of the snapshot; null for none
   */
  public LoggedChange named(@Nullable SnapshotName value) {
    return new LoggedChange(
        event, cause, boxes, base, value == null ? null : value.value(), detail);
  }

  /**
   * {@return this change with a detail, which is cut if it is too long}
   *
   * @param text the detail
   */
  public LoggedChange detailed(String text) {
    return new LoggedChange(event, cause, boxes, base, name, limited(text));
  }

  private static String limited(String text) {
    if (text.length() <= MAX_DETAIL) {
      return text;
    }
    int end = MAX_DETAIL - CUT.length();
    return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end) + CUT;
  }

  /**
   * {@return this change for any number of boxes, as changes of at most {@link #MAX_BOXES} boxes
   * each}
   *
   * @param all the boxes
   */
  public ImmutableList<LoggedChange> onEach(List<BoxId> all) {
    if (all.isEmpty()) {
      return ImmutableList.of(on());
    }
    return Lists.partition(all, MAX_BOXES).stream()
        .map(part -> on(part.toArray(BoxId[]::new)))
        .collect(ImmutableList.toImmutableList());
  }
}
