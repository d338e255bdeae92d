package io.basedisk.domain.gc;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.DeletingBase;
import io.basedisk.domain.model.Hold;
import io.basedisk.domain.model.KeepReason;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.port.StoreView;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Everything that may hold a base: the guards of which each is enough to keep it. Where many boxes
 * or bases do, a few of them stand for all, since to list a thousand clones would make the removal
 * of each cost as much.
 *
 * @param boxes boxes that reference it; none only if none does
 * @param children bases that have it as parent, those included whose file is yet to go; none only
 *     if none has
 * @param intents the operations under way that name it
 * @param files the files whose headers say that they back onto it
 * @param holds the holds on it
 * @param openedBy who has its file open; null if nobody has
 */
public record Holders(
    ImmutableList<BoxId> boxes,
    ImmutableList<BaseDiskId> children,
    ImmutableList<OperationId> intents,
    ImmutableList<Path> files,
    ImmutableList<Hold> holds,
    @Nullable String openedBy) {

  /** One more than is named: whether there are more is to be known. */
  static final int ENOUGH = KeepReason.MOST_NAMED + 1;

  /** Returns what holds {@code base}, by the store and by the headers that were read. */
  public static Holders of(BaseDiskId base, StoreView view, HeaderEvidence evidence) {
    return new Holders(
        view.references().listDependents(base, ENOUGH),
        someChildrenOf(base, view),
        view.intents().listNaming(base),
        evidence.filesBackingOnto(base),
        view.holds().listOn(base),
        null);
  }

  /** Returns the same, and who has the file open. */
  public Holders andOpenedBy(@Nullable String who) {
    return new Holders(boxes, children, intents, files, holds, who);
  }

  private static ImmutableList<BaseDiskId> someChildrenOf(BaseDiskId base, StoreView view) {
    Stream<BaseDiskId> going =
        view.pendingDeletes().listChildren(base).stream().map(DeletingBase::id);
    return Stream.concat(view.bases().listChildIds(base, ENOUGH).stream(), going)
        .limit(ENOUGH)
        .collect(ImmutableList.toImmutableList());
  }
}
