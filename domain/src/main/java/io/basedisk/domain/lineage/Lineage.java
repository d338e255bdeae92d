package io.basedisk.domain.lineage;

import static com.google.common.base.Preconditions.checkNotNull;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.disk.RegisteredBoxes;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseFilter;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.Reference;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.StoreView;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.inject.Inject;
import javax.inject.Singleton;

/** The trees of bases, with the boxes that need them. Thread-safe. */
@Singleton
public final class Lineage {

  /**
   * A base with all bases above it.
   *
   * @param base the base, with the boxes that need it
   * @param children the bases whose parent it is, newest first
   */
  public record Node(BaseDetails base, ImmutableList<Node> children) {}

  private final BaseDiskStore store;

  @Inject
  Lineage(BaseDiskStore store) {
    this.store = store;
  }

  /** {@return the roots of all trees, newest first} */
  public ImmutableList<Node> trees() {
    return store.read(Lineage::allTrees);
  }

  private static ImmutableList<Node> allTrees(StoreView view) {
    return build(BaseDetails.of(view.bases().list(BaseFilter.ALL), true, view));
  }

  /**
   * {@return the roots of the trees that a box's disks belong to}
   *
   * @param box name of the box
   * @throws io.basedisk.domain.error.NotFoundException if the box does not exist
   */
  public ImmutableList<Node> treesOf(BoxId box) {
    return store.read(view -> treesOf(view, box));
  }

  private static ImmutableList<Node> treesOf(StoreView view, BoxId box) {
    RegisteredBoxes.require(view, box);
    return build(BaseDetails.of(basesInTreesOf(view, box), false, view));
  }

  /** {@return all trees, with the boxes that depend on no base and the holds} */
  public LineageReport report() {
    return store.read(
        view -> {
          ImmutableSet<BoxId> onBases =
              view.references().list().stream()
                  .map(Reference::box)
                  .collect(ImmutableSet.toImmutableSet());
          return new LineageReport(
              allTrees(view),
              view.boxes().list().stream()
                  .map(Box::id)
                  .filter(box -> !onBases.contains(box))
                  .collect(ImmutableList.toImmutableList()),
              view.holds().list());
        });
  }

  /**
   * {@return the trees that a box's disks belong to, and the holds on bases}
   *
   * @param box name of the box
   * @throws io.basedisk.domain.error.NotFoundException if the box does not exist
   */
  public LineageReport reportOf(BoxId box) {
    return store.read(
        view -> {
          ImmutableList<Node> trees = treesOf(view, box);
          return new LineageReport(
              trees,
              trees.isEmpty() ? ImmutableList.of(box) : ImmutableList.of(),
              view.holds().list());
        });
  }

  /**
   * {@return all bases of the trees that a box's disks belong to}
   *
   * @param view the state of the store
   * @param box name of the box
   */
  public static ImmutableList<BaseDisk> basesInTreesOf(StoreView view, BoxId box) {
    Map<BaseDiskId, BaseDisk> found = new LinkedHashMap<>();
    Deque<BaseDisk> toVisit = new ArrayDeque<>();
    for (Reference reference : view.references().listOf(box)) {
      toVisit.add(rootOf(view, view.bases().find(reference.base()).orElseThrow()));
    }
    while (!toVisit.isEmpty()) {
      BaseDisk base = toVisit.remove();
      if (found.put(base.id(), base) == null) {
        toVisit.addAll(view.bases().listChildren(base.id()));
      }
    }
    return ImmutableList.copyOf(found.values());
  }

  private static BaseDisk rootOf(StoreView view, BaseDisk base) {
    BaseDisk root = base;
    Optional<BaseDisk> parent = parentOf(view, root);
    while (parent.isPresent()) {
      root = parent.get();
      parent = parentOf(view, root);
    }
    return root;
  }

  private static Optional<BaseDisk> parentOf(StoreView view, BaseDisk base) {
    return Optional.ofNullable(base.parentId()).flatMap(view.bases()::find);
  }

  /** Builds nodes from the leaves to the roots. Not recursive, because chains can be long. */
  private static ImmutableList<Node> build(ImmutableList<BaseDetails> bases) {
    Map<BaseDiskId, Integer> childrenToCome = new HashMap<>();
    Map<BaseDiskId, Map<BaseDiskId, Node>> childNodes = new HashMap<>();
    Map<BaseDiskId, BaseDetails> details = new LinkedHashMap<>();
    for (BaseDetails detail : bases) {
      details.put(detail.base().id(), detail);
      childrenToCome.put(detail.base().id(), detail.children().size());
    }
    Deque<BaseDetails> ready = new ArrayDeque<>();
    details.values().stream().filter(d -> d.children().isEmpty()).forEach(ready::add);
    Map<BaseDiskId, Node> roots = new HashMap<>();
    while (!ready.isEmpty()) {
      BaseDetails detail = ready.remove();
      BaseDiskId id = detail.base().id();
      Map<BaseDiskId, Node> below = childNodes.getOrDefault(id, Map.of());
      List<Node> children = new ArrayList<>();
      detail.children().forEach(child -> children.add(checkNotNull(below.get(child))));
      Node node = new Node(detail, ImmutableList.copyOf(children));
      BaseDiskId parent = detail.base().parentId();
      if (parent == null) {
        roots.put(id, node);
        continue;
      }
      childNodes.computeIfAbsent(parent, unused -> new HashMap<>()).put(id, node);
      if (childrenToCome.merge(parent, -1, Integer::sum) == 0) {
        ready.add(checkNotNull(details.get(parent)));
      }
    }
    return details.keySet().stream()
        .filter(roots::containsKey)
        .map(roots::get)
        .collect(ImmutableList.toImmutableList());
  }
}
