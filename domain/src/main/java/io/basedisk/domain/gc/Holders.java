package io.basedisk.domain.gc;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.DeletingBase;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.port.StoreView;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Everything that may hold a base: the guards of which each is enough to keep it.
 *
 * @param boxes the boxes that reference it
 * @param children the bases that have it as parent, those included whose file is yet to go
 * @param intents the operations under way that name it
 * @param files the files whose headers say that they back onto it
 * @param openedBy who has its file open; null if nobody has
 */
public record Holders(
    ImmutableList<BoxId> boxes,
    ImmutableList<BaseDiskId> children,
    ImmutableList<OperationId> intents,
    ImmutableList<Path> files,
    @Nullable String openedBy) {

  /** Returns what holds {@code base}, by the store and by the headers that were read. */
  public static Holders of(BaseDiskId base, StoreView view, HeaderEvidence evidence) {
    return new Holders(
        view.dependentBoxes(base),
        childrenOf(base, view),
        view.intentsNaming(base),
        evidence.filesBackingOnto(base),
        null);
  }

  /** Returns the same, and who has the file open. */
  public Holders andOpenedBy(@Nullable String who) {
    return new Holders(boxes, children, intents, files, who);
  }

  private static ImmutableList<BaseDiskId> childrenOf(BaseDiskId base, StoreView view) {
    Stream<BaseDiskId> going =
        view.listDeleting().stream()
            .filter(deleting -> base.equals(deleting.parentId()))
            .map(DeletingBase::id);
    return Stream.concat(view.children(base).stream().map(BaseDisk::id), going)
        .collect(ImmutableList.toImmutableList());
  }
}
