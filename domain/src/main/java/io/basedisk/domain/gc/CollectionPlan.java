package io.basedisk.domain.gc;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.LinkedHashMultimap;
import com.google.common.collect.SetMultimap;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseFilter;
import io.basedisk.domain.model.KeepReason;
import io.basedisk.domain.port.StoreView;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a collection of the whole store would take, in that order, and why the rest stays: the
 * policy applied to every base, cascades included.
 *
 * @param collectable the bases that may go, each after those that stand on it
 * @param kept the bases that stay, with the reason
 */
public record CollectionPlan(
    ImmutableList<BaseDiskId> collectable, ImmutableMap<BaseDiskId, KeepReason> kept) {

  /**
   * Returns the plan for one state of the store.
   *
   * @param evidence what every header says; not changed
   * @param openedBy who has a base's file open
   */
  public static CollectionPlan of(
      StoreView view, HeaderEvidence evidence, Function<Path, Optional<String>> openedBy) {
    return new Planner(view, evidence.copy(), openedBy).plan();
  }

  private static final class Planner {

    private final StoreView view;
    private final HeaderEvidence evidence;
    private final Function<Path, Optional<String>> openedBy;
    private final Map<BaseDiskId, BaseDisk> bases = new LinkedHashMap<>();
    private final SetMultimap<BaseDiskId, BaseDiskId> children = LinkedHashMultimap.create();
    private final Map<BaseDiskId, KeepReason> kept = new LinkedHashMap<>();
    private final ImmutableList.Builder<BaseDiskId> collectable = ImmutableList.builder();

    Planner(StoreView view, HeaderEvidence evidence, Function<Path, Optional<String>> openedBy) {
      this.view = view;
      this.evidence = evidence;
      this.openedBy = openedBy;
      for (BaseDisk base : view.listBases(BaseFilter.ALL)) {
        bases.put(base.id(), base);
        if (base.parentId() != null) {
          children.put(base.parentId(), base.id());
        }
      }
    }

    CollectionPlan plan() {
      Deque<BaseDisk> toJudge = new ArrayDeque<>(bases.values());
      while (!toJudge.isEmpty()) {
        BaseDisk base = toJudge.remove();
        if (verdict(base) instanceof Verdict.Keep keep) {
          kept.put(base.id(), keep.reason());
        } else {
          collect(base, toJudge);
        }
      }
      return new CollectionPlan(collectable.build(), ImmutableMap.copyOf(kept));
    }

    private void collect(BaseDisk base, Deque<BaseDisk> toJudge) {
      kept.remove(base.id());
      collectable.add(base.id());
      evidence.forget(base.diskInfo().basePath());
      BaseDisk parent = base.parentId() == null ? null : bases.get(base.parentId());
      if (parent != null) {
        children.remove(parent.id(), base.id());
        if (kept.containsKey(parent.id())) {
          toJudge.add(parent);
        }
      }
    }

    private Verdict verdict(BaseDisk base) {
      Holders holders = holders(base);
      Verdict verdict = CollectionPolicy.verdict(base, holders);
      return verdict instanceof Verdict.Keep
          ? verdict
          : CollectionPolicy.verdict(
              base, holders.andOpenedBy(openedBy.apply(base.diskInfo().basePath()).orElse(null)));
    }

    private Holders holders(BaseDisk base) {
      return new Holders(
          view.dependentBoxes(base.id()),
          ImmutableList.copyOf(children.get(base.id())),
          view.intentsNaming(base.id()),
          evidence.filesBackingOnto(base.id()),
          null);
    }
  }
}
