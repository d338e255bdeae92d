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
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Everything that holds a base. One holder is enough to keep it. If many boxes or bases hold it,
 * only a few are listed: otherwise the removal of each of a thousand clones would list all others.
 *
 * @param boxes boxes that reference the base; empty only if no box does
 * @param children bases and deleting bases whose parent is the base; empty only if there are none
 * @param intents running operations that name the base
 * @param files files whose headers name the base
 * @param holds holds on the base
 * @param openedBy the process that has the base's file open, as a clause; null if no process has
 */
public record Holders(
    ImmutableList<BoxId> boxes,
    ImmutableList<BaseDiskId> children,
    ImmutableList<OperationId> intents,
    ImmutableList<Path> files,
    ImmutableList<Hold> holds,
    @Nullable String openedBy) {

  /** One more than a message names, so that it can add "and others". */
  static final int LIMIT = KeepReason.MAX_NAMED + 1;

  /**
   * {@return the holders of a base, from the store and from headers}
   *
   * @param base id of the base
   * @param view the state of the store
   * @param evidence the backing files in the headers
   */
  public static Holders of(BaseDiskId base, StoreView view, HeaderEvidence evidence) {
    return of(base, someChildrenOf(base, view), view, evidence);
  }

  /**
   * {@return the same with other children: a plan for the whole store leaves out those that it has
   * taken, and those whose file is yet to go, since they go before anything that it takes}
   */
  static Holders of(
      BaseDiskId base,
      ImmutableList<BaseDiskId> children,
      StoreView view,
      HeaderEvidence evidence) {
    return new Holders(
        view.references().listDependents(base, LIMIT),
        children,
        view.intents().listNaming(base),
        evidence.filesBackingOnto(base),
        view.holds().listOn(base),
        null);
  }

  /**
   * {@return the holders of a base besides bases that are removed before it}
   *
   * @param base id of the base
   * @param removed ids of those bases
   * @param view the state of the store
   * @param evidence the backing files in the headers
   */
  public static Holders besides(
      BaseDiskId base, Set<BaseDiskId> removed, StoreView view, HeaderEvidence evidence) {
    ImmutableList<BaseDiskId> children =
        view.bases().listChildIds(base, removed.size() + LIMIT).stream()
            .filter(child -> !removed.contains(child))
            .limit(LIMIT)
            .collect(ImmutableList.toImmutableList());
    return of(base, children, view, evidence);
  }

  /**
   * {@return these holders with the process that has the file open}
   *
   * @param who the process, as a clause; null for none
   */
  public Holders andOpenedBy(@Nullable String who) {
    return new Holders(boxes, children, intents, files, holds, who);
  }

  private static ImmutableList<BaseDiskId> someChildrenOf(BaseDiskId base, StoreView view) {
    Stream<BaseDiskId> going =
        view.pendingDeletes().listChildren(base).stream().map(DeletingBase::id);
    return Stream.concat(view.bases().listChildIds(base, LIMIT).stream(), going)
        .limit(LIMIT)
        .collect(ImmutableList.toImmutableList());
  }
}
