package io.basedisk.domain.gc;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.KeepReason;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.StoreView;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * The plan of a collection of the whole store: the policy's verdict on every base. If the last
 * child of a base is collectable, the base may be collectable too.
 *
 * @param collectable the bases to delete, children before parents
 * @param kept the other bases, each with the reason to keep it, newest first; of equal times, by id
 */
public record CollectionPlan(
    ImmutableList<BaseDiskId> collectable, ImmutableMap<BaseDiskId, KeepReason> kept) {

  /**
   * {@return the plan for one state of the store}
   *
   * @param home paths of the home
   * @param view the state of the store
   * @param evidence the backing files in the headers; not changed
   * @param openedBy returns which process has a base's file open, as a clause
   */
  public static CollectionPlan of(
      HomeLayout home,
      StoreView view,
      HeaderEvidence evidence,
      Function<Path, Optional<String>> openedBy) {
    return new Planner(home, view, evidence.copy(), openedBy).plan();
  }

  /**
   * {@return kept bases, newest first; of equal times, by id}
   *
   * @param kept the bases, each with the reason to keep it
   * @param createdAt returns the time of a base
   */
  public static ImmutableMap<BaseDiskId, KeepReason> newestFirst(
      Map<BaseDiskId, KeepReason> kept, Function<BaseDiskId, Instant> createdAt) {
    Comparator<BaseDiskId> newestFirst = Comparator.comparing(createdAt).reversed();
    return kept.entrySet().stream()
        .sorted(Map.Entry.comparingByKey(newestFirst.thenComparing(Comparator.naturalOrder())))
        .collect(ImmutableMap.toImmutableMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  private static final class Planner {

    private final HomeLayout home;
    private final StoreView view;
    private final HeaderEvidence evidence;
    private final Function<Path, Optional<String>> openedBy;
    private final Map<BaseDiskId, KeepReason> kept = new LinkedHashMap<>();
    private final Set<BaseDiskId> collectable = new LinkedHashSet<>();
    private final Map<BaseDiskId, Instant> createdAt = new HashMap<>();

    /** For each base with a collectable child: the number of its other children. */
    private final Map<BaseDiskId, Integer> childrenLeft = new HashMap<>();

    Planner(
        HomeLayout home,
        StoreView view,
        HeaderEvidence evidence,
        Function<Path, Optional<String>> openedBy) {
      this.home = home;
      this.view = view;
      this.evidence = evidence;
      this.openedBy = openedBy;
    }

    CollectionPlan plan() {
      ImmutableList<BaseDisk> part = view.bases().listAfter(null, BaseDiskStore.BATCH);
      while (!part.isEmpty()) {
        part.forEach(this::judgeWithAncestors);
        part = view.bases().listAfter(part.get(part.size() - 1).id(), BaseDiskStore.BATCH);
      }
      return new CollectionPlan(
          ImmutableList.copyOf(collectable), newestFirst(kept, createdAt::get));
    }

    /**
     * Judges a base. If it is collectable and was its parent's last child, judges the parent again,
     * and so on.
     */
    private void judgeWithAncestors(BaseDisk first) {
      Optional<BaseDisk> base = Optional.of(first);
      while (base.isPresent()) {
        base = judge(base.get()) ? freedBy(base.get()) : Optional.empty();
      }
    }

    private boolean judge(BaseDisk base) {
      if (verdict(base) instanceof Verdict.Keep keep) {
        kept.put(base.id(), keep.reason());
        createdAt.put(base.id(), base.createdAt());
        return false;
      }
      kept.remove(base.id());
      collectable.add(base.id());
      evidence.forget(base.diskInfo().basePath());
      return true;
    }

    /**
     * {@return the parent of a collectable base, if the parent was kept before and has no other
     * child}
     */
    private Optional<BaseDisk> freedBy(BaseDisk gone) {
      BaseDiskId parent = gone.parentId();
      if (parent == null) {
        return Optional.empty();
      }
      childrenLeft.computeIfAbsent(parent, id -> view.bases().listChildren(id).size());
      int left = childrenLeft.merge(parent, -1, Integer::sum);
      return left == 0 && kept.containsKey(parent) ? view.bases().find(parent) : Optional.empty();
    }

    private Verdict verdict(BaseDisk base) {
      Holders holders = Holders.of(base.id(), someChildren(base.id()), view, evidence);
      Verdict verdict = CollectionPolicy.verdict(base, holders, home);
      return verdict instanceof Verdict.Keep
          ? verdict
          : CollectionPolicy.verdict(
              base,
              holders.andOpenedBy(openedBy.apply(base.diskInfo().basePath()).orElse(null)),
              home);
    }

    private ImmutableList<BaseDiskId> someChildren(BaseDiskId base) {
      Integer left = childrenLeft.get(base);
      if (left == null) {
        return view.bases().listChildIds(base, Holders.LIMIT);
      }
      return left == 0
          ? ImmutableList.of()
          : view.bases().listChildren(base).stream()
              .map(BaseDisk::id)
              .filter(child -> !collectable.contains(child))
              .limit(Holders.LIMIT)
              .collect(ImmutableList.toImmutableList());
    }
  }
}
