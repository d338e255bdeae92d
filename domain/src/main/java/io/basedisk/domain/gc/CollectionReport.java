package io.basedisk.domain.gc;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.KeepReason;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The result of a collection, or of its plan.
 *
 * @param collected the deleted bases, children before parents
 * @param freedBytes space that their files occupied, in bytes
 * @param kept the examined bases that were kept, each with the reason
 */
public record CollectionReport(
    ImmutableList<BaseDiskId> collected,
    long freedBytes,
    ImmutableMap<BaseDiskId, KeepReason> kept) {

  /** The report of a collection that found nothing to examine. */
  public static final CollectionReport NOTHING =
      new CollectionReport(ImmutableList.of(), 0, ImmutableMap.of());

  /**
   * {@return the report of this collection and a later one as one}
   *
   * @param later the report of the later collection
   */
  public CollectionReport and(CollectionReport later) {
    Map<BaseDiskId, KeepReason> stays = new LinkedHashMap<>(kept);
    stays.keySet().removeAll(later.collected());
    stays.putAll(later.kept());
    return new CollectionReport(
        ImmutableList.<BaseDiskId>builder().addAll(collected).addAll(later.collected()).build(),
        freedBytes + later.freedBytes(),
        ImmutableMap.copyOf(stays));
  }
}
