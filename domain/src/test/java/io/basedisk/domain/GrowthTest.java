package io.basedisk.domain;

import static io.basedisk.domain.testing.Fleet.HOME;
import static io.basedisk.domain.testing.Fleet.box;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.base.Strings;
import com.google.common.collect.ImmutableList;
import io.basedisk.domain.box.Boxes.SnapshotsOnRemoval;
import io.basedisk.domain.collect.GarbageCollection;
import io.basedisk.domain.gc.CollectionReport;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.DiskInfo;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.model.Reference;
import io.basedisk.domain.model.SnapshotName;
import io.basedisk.domain.port.StoreTransaction;
import io.basedisk.domain.testing.Costs;
import io.basedisk.domain.testing.Fleet;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * That operations do as much in a large home as in a small one, and that what looks at the whole
 * home grows in proportion to it. Nothing is timed: what is counted is how often a port is asked,
 * and how much it answers.
 */
final class GrowthTest {

  private static final int SMALL = 20;
  private static final int LARGE = 200;
  private static final int THOUSAND = 1_000;
  private static final ByteSize DISK = new ByteSize(1L << 30);
  private static final SnapshotName FIRST = new SnapshotName("first");
  private static final SnapshotName SECOND = new SnapshotName("second");

  private final Costs costs = new Costs();
  private final Fleet fleet = new Fleet().with(costs::count);

  /** The records of what was made, to be inserted together. */
  private final List<Consumer<StoreTransaction>> records = new ArrayList<>();

  @Test
  void an_operation_costs_the_same_among_many_bases_and_boxes() {
    assertEquals(new GrowthTest().costsAmong(SMALL), new GrowthTest().costsAmong(LARGE));
  }

  private Map<String, Long> costsAmong(int others) {
    for (int i = 0; i < others; i++) {
      register(boxId(i), base(i, null));
    }
    insertRecords();
    // Before the first box in the home, all records are asked whether the boxes are away.
    fleet.create("first");
    return costsOfOperations();
  }

  @Test
  void an_operation_costs_the_same_where_many_boxes_and_bases_stand_on_the_same_base() {
    assertEquals(new GrowthTest().costsBeside(SMALL), new GrowthTest().costsBeside(LARGE));
  }

  private Map<String, Long> costsBeside(int others) {
    fleet.create("box");
    BaseDisk golden = fleet.useCases.snapshots().create(box("box"), new SnapshotName("golden"));
    for (int i = 0; i < others; i++) {
      register(boxId(i), golden.id());
      base(i, golden.id());
    }
    insertRecords();
    Map<String, Long> all = new LinkedHashMap<>();
    measure(all, "clone", () -> clone("box", "golden", "clone"));
    measure(all, "fork", () -> fleet.useCases.snapshots().create(box("clone"), FIRST));
    fleet.useCases.snapshots().create(box("clone"), SECOND);
    measure(all, "restore", () -> fleet.useCases.snapshots().restore(box("clone"), FIRST, null));
    measure(all, "collect", () -> fleet.useCases.snapshots().remove(box("clone"), SECOND));
    measure(all, "remove", () -> remove("clone"));
    return all;
  }

  private Map<String, Long> costsOfOperations() {
    Map<String, Long> all = new LinkedHashMap<>();
    measure(all, "create", () -> fleet.create("box"));
    measure(all, "fork", () -> fleet.useCases.snapshots().create(box("box"), FIRST));
    fleet.useCases.snapshots().create(box("box"), SECOND);
    measure(all, "clone", () -> clone("box", "first", "clone"));
    measure(all, "restore", () -> fleet.useCases.snapshots().restore(box("box"), FIRST, null));
    measure(all, "collect", () -> fleet.useCases.snapshots().remove(box("box"), SECOND));
    measure(all, "show", () -> fleet.useCases.boxes().get(box("clone")));
    measure(all, "tree", () -> fleet.useCases.lineage().treesOf(box("clone")));
    measure(all, "remove", () -> remove("clone"));
    measure(all, "remove with snapshots", () -> remove("box"));
    return all;
  }

  @Test
  void each_clone_of_a_batch_costs_the_same() {
    fleet.create("box");
    fleet.useCases.snapshots().create(box("box"), FIRST);
    long few = costs.of(() -> cloneMany(SMALL, "few-"));
    long many = costs.of(() -> cloneMany(LARGE, "many-"));
    assertTrue(many * SMALL <= few * LARGE, many + " for " + LARGE + ", " + few + " for " + SMALL);
  }

  @Test
  void a_chain_goes_in_one_cascade_and_each_base_costs_the_same() {
    long few = new GrowthTest().costOfCascade(SMALL);
    long many = costOfCascade(LARGE);
    assertTrue(many * SMALL <= few * LARGE, many + " for " + LARGE + ", " + few + " for " + SMALL);
  }

  @Tag("exploration")
  @Test
  void a_chain_of_a_thousand_goes_in_one_cascade() {
    assertTrue(costOfCascade(THOUSAND) > THOUSAND);
  }

  private long costOfCascade(int length) {
    fleet.create("box");
    for (int i = 0; i < length - 1; i++) {
      base(i, i == 0 ? null : baseId(i - 1));
    }
    BaseDiskId top = base(length - 1, baseId(length - 2));
    records.add(tx -> tx.pendingDeletes().insertCollectPending(top));
    insertRecords();
    return costs.of(() -> assertEquals(length, collect(top).collected().size()));
  }

  private CollectionReport collect(BaseDiskId base) {
    return fleet.useCases.bases().tryCollect(base);
  }

  @Test
  void a_collection_of_everything_costs_the_same_for_each_base() {
    long few = new GrowthTest().costOfCollection(SMALL);
    long many = costOfCollection(LARGE);
    assertTrue(many * SMALL <= few * LARGE, many + " for " + LARGE + ", " + few + " for " + SMALL);
  }

  /**
   * Half of the bases have a box, and half of the rest back onto a base that may be collected with
   * all below it.
   */
  private long costOfCollection(int bases) {
    BaseDiskId parent = base(bases, null);
    for (int i = 0; i < bases; i++) {
      BaseDiskId base = base(i, i % 4 == 1 ? parent : null);
      if (i % 2 == 0) {
        register(boxId(i), base);
      }
    }
    insertRecords();
    return costs.of(
        () ->
            assertEquals(
                bases / 2 + 1,
                fleet
                    .useCases
                    .garbageCollection()
                    .collect(GarbageCollection.Scope.DEFAULT)
                    .bases()
                    .collected()
                    .size()));
  }

  // What a home is made of.

  private void measure(Map<String, Long> all, String operation, Runnable work) {
    all.put(operation, costs.of(work));
  }

  private void clone(String source, String snapshot, String name) {
    fleet
        .useCases
        .clones()
        .cloneSnapshot(box(source), new SnapshotName(snapshot), ImmutableList.of(box(name)));
  }

  private void cloneMany(int count, String prefix) {
    ImmutableList.Builder<BoxId> names = ImmutableList.builder();
    for (int i = 0; i < count; i++) {
      names.add(box(prefix + i));
    }
    fleet.useCases.clones().cloneSnapshot(box("box"), FIRST, names.build());
  }

  private void remove(String box) {
    fleet.useCases.boxes().remove(box(box), SnapshotsOnRemoval.REMOVE);
  }

  private static BoxId boxId(int number) {
    return box("other-" + number);
  }

  private static BaseDiskId baseId(int number) {
    return new BaseDiskId("b" + Strings.padStart(Integer.toString(number), 7, '0'));
  }

  private BaseDiskId base(int number, @Nullable BaseDiskId parent) {
    BaseDiskId id = baseId(number);
    Path file = HOME.baseFile(id);
    if (parent == null) {
      fleet.disks.createEmpty(file, DISK);
    } else {
      fleet.disks.createOverlay(file, HOME.baseFile(parent), ImageFormat.QCOW2, DISK);
    }
    records.add(
        tx ->
            tx.bases()
                .insert(
                    new BaseDisk(
                        id,
                        BoxId.GLOBAL,
                        null,
                        BaseDiskKind.CLONE_BASE,
                        new DiskInfo(file, DISK.bytes(), 0),
                        parent,
                        fleet.ports.now())));
    return id;
  }

  /** Registers a box whose disks are away. */
  private void register(BoxId box, BaseDiskId base) {
    records.add(
        tx -> {
          tx.boxes().insert(new Box(box, Path.of("/away", box.value()), fleet.ports.now()));
          tx.references().put(new Reference(base, box, DiskSlot.CONTAINER));
        });
  }

  private void insertRecords() {
    fleet.store.change(tx -> records.forEach(record -> record.accept(tx)));
  }
}
