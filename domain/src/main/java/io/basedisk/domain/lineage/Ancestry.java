package io.basedisk.domain.lineage;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.Reference;
import io.basedisk.domain.port.StoreView;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The bases below a disk or a base, from the store's records. */
public final class Ancestry {

  private Ancestry() {}

  /**
   * {@return the recorded base of a box's disk; empty if it has none}
   *
   * @param view the state of the store
   * @param box name of the box
   * @param slot slot of the disk
   */
  public static Optional<BaseDiskId> baseOf(StoreView view, BoxId box, DiskSlot slot) {
    return view.references().listOf(box).stream()
        .filter(reference -> reference.slot() == slot)
        .map(Reference::base)
        .findFirst();
  }

  /**
   * {@return a base and the recorded bases below it, top first}
   *
   * @param view the state of the store
   * @param top id of the base; null for none, with an empty result
   */
  public static ImmutableList<BaseDisk> from(StoreView view, @Nullable BaseDiskId top) {
    Map<BaseDiskId, BaseDisk> bases = new LinkedHashMap<>();
    Optional<BaseDisk> next = Optional.ofNullable(top).flatMap(view.bases()::find);
    while (next.isPresent() && bases.putIfAbsent(next.get().id(), next.get()) == null) {
      next = Optional.ofNullable(next.get().parentId()).flatMap(view.bases()::find);
    }
    return ImmutableList.copyOf(bases.values());
  }

  /**
   * {@return the files of a base and of the recorded bases below it, top first}
   *
   * @param view the state of the store
   * @param top id of the base; null for none, with an empty result
   */
  public static ImmutableList<Path> filesFrom(StoreView view, @Nullable BaseDiskId top) {
    return from(view, top).stream()
        .map(base -> base.diskInfo().basePath())
        .collect(ImmutableList.toImmutableList());
  }
}
