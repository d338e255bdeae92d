package io.basedisk.domain;

import static io.basedisk.domain.testing.Fleet.HOME;
import static io.basedisk.domain.testing.Fleet.box;
import static io.basedisk.domain.testing.Fleet.disk;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.box.Boxes;
import io.basedisk.domain.error.BaseDiskException;
import io.basedisk.domain.image.SizeChange;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.ImageSource;
import io.basedisk.domain.model.RootfsKey;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.IntentRecords;
import io.basedisk.domain.port.Progress;
import io.basedisk.domain.port.StoreTransaction;
import io.basedisk.domain.port.StoreView;
import io.basedisk.domain.testing.BoundPorts;
import io.basedisk.domain.testing.Fleet;
import io.basedisk.domain.testing.InMemoryBaseDiskStore;
import io.basedisk.domain.testing.InMemoryDisks;
import io.basedisk.domain.testing.Repeats;
import io.basedisk.domain.testing.TestNotes;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Power cuts at every step of every operation, in every state of the files that POSIX allows then,
 * and again at every step of the recovery.
 *
 * <p>Before the recovery each disk is there and whole; after it, everything that must be true of a
 * home is. That this finds what it is to find is shown by protocols with one step taken out.
 */
@Tag("exploration")
final class PowerCutTest {

  private static final long EXHAUSTIVE = 100_000;
  private static final int MOST_SECOND_CUTS_A_MOMENT = 6;
  private static final int SECOND_CUTS_A_MOMENT =
      Repeats.of("basedisk.second-cuts", 2, MOST_SECOND_CUTS_A_MOMENT);
  private static final long SEED = Long.getLong("basedisk.seed", 20_261_122L);
  private static final Path ELSEWHERE = Path.of("/mnt/vm/disk.qcow2");

  @RegisterExtension private final TestNotes notes = new TestNotes();

  /**
   * An operation, and the fleet that it is on.
   *
   * @param about the boxes that it removes, or whose content it changes
   */
  private record Scenario(
      String name, Supplier<Fleet> fleet, Consumer<Fleet> operation, ImmutableSet<String> about) {

    Scenario(String name, Consumer<Fleet> operation, ImmutableSet<String> about) {
      this(name, PowerCutTest::fleet, operation, about);
    }

    Scenario(String name, Consumer<Fleet> operation) {
      this(name, operation, ImmutableSet.of());
    }
  }

  /** The home at one moment of an operation: what a cut then finds. */
  private record Moment(String nextStep, InMemoryDisks disks, InMemoryBaseDiskStore store) {}

  private static final ImmutableList<Scenario> SCENARIOS =
      ImmutableList.of(
          new Scenario("fork", fleet -> fleet.fork("a")),
          new Scenario(
              "fork across file systems",
              fleet ->
                  fleet
                      .useCases
                      .bases()
                      .create(box("vm"), ELSEWHERE.getParent(), BaseDiskKind.CLONE_BASE, null)),
          new Scenario("copy", fleet -> fleet.copy("a", "copied")),
          new Scenario("create a box", fleet -> fleet.create("new")),
          new Scenario("clone an unwritten box", fleet -> fleet.cloneBox("b", "x", "y")),
          new Scenario("clone a written box", fleet -> fleet.cloneBox("a", "x")),
          new Scenario("remove a box", fleet -> fleet.remove("c"), ImmutableSet.of("c")),
          new Scenario(
              "remove a box with snapshots",
              fleet -> fleet.useCases.boxes().remove(box("a"), Boxes.SnapshotsOnRemoval.REMOVE),
              ImmutableSet.of("a")),
          new Scenario(
              "restore the snapshot that the disk is based on",
              PowerCutTest::fleetWithSnapshots,
              fleet -> fleet.restore("a", "old"),
              ImmutableSet.of("a")),
          new Scenario(
              "restore another snapshot",
              PowerCutTest::fleetWithSnapshots,
              fleet -> fleet.restore("a", "branch"),
              ImmutableSet.of("a")),
          new Scenario(
              "remove a snapshot",
              PowerCutTest::fleetWithSnapshots,
              fleet -> fleet.removeSnapshot("a", "branch"),
              ImmutableSet.of()),
          new Scenario(
              "demote a snapshot",
              PowerCutTest::fleetWithSnapshots,
              fleet -> fleet.removeSnapshot("a", "old"),
              ImmutableSet.of()),
          new Scenario(
              "import an image",
              PowerCutTest::fleetWithRootfs,
              fleet ->
                  fleet
                      .useCases
                      .boxes()
                      .createFromImage(
                          box("new"), ImageSource.qcow2(disk("a")), null, Progress.NONE),
              ImmutableSet.of()),
          new Scenario(
              "create a box on a rootfs",
              PowerCutTest::fleetWithRootfs,
              fleet -> fleet.createOnRootfs("new", "debian"),
              ImmutableSet.of()),
          new Scenario(
              "add a rootfs",
              PowerCutTest::fleetWithRootfs,
              fleet -> fleet.addRootfs("new", ImageSource.qcow2(disk("a"))),
              ImmutableSet.of()),
          new Scenario(
              "supersede a rootfs",
              PowerCutTest::fleetWithRootfs,
              fleet -> fleet.addRootfs("unused", ImageSource.qcow2(disk("a"))),
              ImmutableSet.of()),
          new Scenario(
              "build a rootfs",
              PowerCutTest::fleetWithRootfs,
              fleet ->
                  fleet
                      .useCases
                      .rootfs()
                      .getOrCreate(
                          new RootfsKey("new"),
                          image -> fleet.disks.createEmpty(image, new ByteSize(1 << 20))),
              ImmutableSet.of()),
          new Scenario(
              "attach a rootfs",
              PowerCutTest::fleetWithRootfs,
              fleet -> fleet.useCases.rootfs().attach(box("a"), new RootfsKey("debian")),
              ImmutableSet.of()),
          new Scenario(
              "prune the rootfs cache",
              PowerCutTest::fleetWithRootfs,
              fleet -> fleet.useCases.rootfs().prune(0),
              ImmutableSet.of()),
          new Scenario(
              "resize a box",
              fleet -> fleet.useCases.boxes().resize(box("a"), SizeChange.parse("+1G"))),
          new Scenario("compact a box down to its lowest base", fleet -> fleet.compact("c", 1)),
          new Scenario("compact a box that shares its layers", fleet -> fleet.compact("a", 1)));

  /**
   * One transaction and a collection, or one step in a file: nothing that an intent would have to
   * tell. The intent of a resize only keeps other operations away.
   */
  private static final ImmutableSet<String> WITHOUT_INTENT =
      ImmutableSet.of(
          "remove a snapshot", "demote a snapshot", "prune the rootfs cache", "resize a box");

  /** Returns a fleet that is durable but for the last writes of the guest of {@code a}. */
  private static Fleet fleet() {
    Fleet fleet = new Fleet();
    fleet.disks.mount(Path.of("/mnt"));
    fleet.disks.makeDisk(ELSEWHERE, 1 << 20);
    fleet.disks.guestWrites(ELSEWHERE, 1, "elsewhere");
    fleet.create("a", "c");
    fleet.write("a", 1, "of a");
    fleet.snapshot("a", "old");
    fleet.write("a", 2, "more of a");
    fleet.cloneBox("a", "b");
    fleet.write("a", 3, "still more of a");
    fleet.write("c", 1, "of c");
    fleet.fork("c");
    fleet.write("c", 2, "more of c");
    fleet.fork("c");
    fleet.check();
    fleet.disks.guestWritesWithoutFlush(disk("a"), 4, "not flushed");
    return fleet;
  }

  /** Returns a small fleet of boxes that have snapshots and a guest-rootfs disk. */
  private static Fleet fleetWithSnapshots() {
    Fleet fleet = new Fleet();
    fleet.disks.makeDisk(ELSEWHERE, 1 << 20);
    fleet.create("a", "maker");
    fleet.write("a", 1, "of a");
    fleet.snapshot("a", "old");
    fleet.write("a", 2, "more of a");
    fleet.fork("a");
    fleet.snapshot("a", "branch");
    fleet.restore("a", "old");
    fleet.write("a", 3, "on another way");
    fleet.attachGuestRootfs("a", fleet.fork("maker"));
    fleet.remove("maker");
    fleet.check();
    fleet.disks.guestWritesWithoutFlush(disk("a"), 4, "not flushed");
    return fleet;
  }

  /** Returns a small fleet with a rootfs that a box needs, and one that nothing needs. */
  private static Fleet fleetWithRootfs() {
    Fleet fleet = new Fleet();
    fleet.disks.makeDisk(ELSEWHERE, 1 << 20);
    fleet.addRootfs("debian", fleet.image("debian.qcow2", "installed"));
    fleet.addRootfs("unused", fleet.image("unused.qcow2", "unused"));
    fleet.createOnRootfs("a", "debian");
    fleet.write("a", 1, "of a");
    fleet.check();
    return fleet;
  }

  // The exploration.

  private static final class Exploration {

    private final Scenario scenario;
    private final UnaryOperator<BoundPorts> protocolChange;
    private final int secondCutsAMoment;
    private final Fleet fleet;
    private final Map<Path, Map<Long, String>> before;
    private final Map<Path, Map<Long, String>> after;
    private final Random random = new Random(SEED);
    private long cuts;
    private long secondCuts;

    Exploration(
        Scenario scenario, UnaryOperator<BoundPorts> protocolChange, int secondCutsAMoment) {
      this.scenario = scenario;
      this.protocolChange = protocolChange;
      this.secondCutsAMoment = secondCutsAMoment;
      fleet = scenario.fleet().get();
      before = contents(fleet);
      Fleet done = scenario.fleet().get();
      scenario.operation().accept(done);
      after = contents(done);
    }

    private static Map<Path, Map<Long, String>> contents(Fleet fleet) {
      Map<Path, Map<Long, String>> contents = new TreeMap<>();
      disksOf(fleet).forEach(disk -> contents.put(disk, fleet.disks.guestReads(disk)));
      return contents;
    }

    void run() {
      Fleet changed = fleet.with(protocolChange);
      List<Moment> moments = momentsOf(changed, scenario.operation());
      Moment last = moments.remove(moments.size() - 1);
      moments.forEach(moment -> cutAt(moment, false));
      cutAt(last, true);
    }

    private static List<Moment> momentsOf(Fleet fleet, Consumer<Fleet> operation) {
      List<Moment> moments = new ArrayList<>();
      fleet.beforeEachStep(
          step -> moments.add(new Moment(step, fleet.disks.copy(), fleet.store.copy())));
      operation.accept(fleet);
      fleet.beforeEachStep(step -> {});
      moments.add(new Moment("the end", fleet.disks.copy(), fleet.store.copy()));
      return moments;
    }

    private void cutAt(Moment moment, boolean isDone) {
      long states = moment.disks().powerCutStates();
      long tried = Math.min(states, EXHAUSTIVE);
      for (long i = 0; i < tried; i++) {
        long state = states <= EXHAUSTIVE ? i : random.nextLong(states);
        cuts++;
        String where = scenario.name() + ", cut before " + moment.nextStep() + ", state " + state;
        try {
          Fleet cut = fleet.afterPowerCut(moment.disks(), moment.store(), state);
          checkDisks(cut, isDone, false);
          List<Moment> recovery =
              momentsOf(cut.with(protocolChange), opened -> opened.useCases.recover());
          checkAll(cut, isDone);
          recovery.remove(recovery.size() - 1);
          recovery.forEach(second -> cutAgain(second, isDone));
        } catch (RuntimeException | AssertionError e) {
          throw new AssertionError(where + ": " + e.getMessage(), e);
        }
      }
    }

    private void cutAgain(Moment moment, boolean isDone) {
      long states = moment.disks().powerCutStates();
      long tried = Math.min(states, secondCutsAMoment);
      for (long i = 0; i < tried; i++) {
        long state = states <= secondCutsAMoment ? i : random.nextLong(states);
        secondCuts++;
        Fleet cut = fleet.afterPowerCut(moment.disks(), moment.store(), state);
        try {
          checkDisks(cut, isDone, false);
          cut.with(protocolChange).useCases.recover();
          checkAll(cut, isDone);
        } catch (RuntimeException | AssertionError e) {
          throw new AssertionError(
              "cut again before " + moment.nextStep() + ", state " + state + ": " + e.getMessage(),
              e);
        }
      }
    }

    private void checkAll(Fleet recovered, boolean isDone) {
      recovered.check();
      checkDisks(recovered, isDone, true);
    }

    /** Each disk reads as before or, if the operation is about it, as after. */
    private void checkDisks(Fleet cut, boolean isDone, boolean isRecovered) {
      ImmutableSet<Path> registered = disksOf(cut);
      before.forEach(
          (disk, content) -> {
            if (registered.contains(disk)) {
              checkContent(disk, content, cut.disks.guestReads(disk), isDone);
            } else {
              assertTrue(isAbout(disk), () -> disk + " is no box's any more");
            }
          });
      if (isRecovered && isDone) {
        assertEquals(after.keySet(), registered);
      }
    }

    private boolean isAbout(Path disk) {
      return scenario.about().stream().anyMatch(box -> disk(box).equals(disk));
    }

    private void checkContent(
        Path disk, Map<Long, String> expected, Map<Long, String> actual, boolean isDone) {
      if (isAbout(disk) && (isDone || actual.equals(after.get(disk)))) {
        assertEquals(after.get(disk), actual, () -> "content of " + disk);
        return;
      }
      boolean mayLackLastWrite = disk.equals(disk("a")) && !(isDone && isForkOfA());
      if (mayLackLastWrite && !actual.equals(expected)) {
        Map<Long, String> flushed = new TreeMap<>(expected);
        flushed.remove(4L);
        assertEquals(flushed, actual, () -> "content of " + disk);
      } else {
        assertEquals(expected, actual, () -> "content of " + disk);
      }
    }

    private boolean isForkOfA() {
      return scenario.name().equals("fork") || scenario.name().equals("clone a written box");
    }

    private static ImmutableSet<Path> disksOf(Fleet fleet) {
      return Stream.concat(
              fleet.store.read(view -> view.boxes().list()).stream()
                  .map((Box box) -> box.disk(DiskSlot.CONTAINER)),
              Stream.of(ELSEWHERE))
          .collect(ImmutableSet.toImmutableSet());
    }
  }

  @TestFactory
  Stream<DynamicTest> a_power_cut_at_any_step_and_again_in_the_recovery_loses_nothing() {
    return SCENARIOS.stream()
        .map(
            scenario ->
                DynamicTest.dynamicTest(
                    scenario.name(),
                    () -> {
                      Exploration exploration =
                          new Exploration(scenario, UnaryOperator.identity(), SECOND_CUTS_A_MOMENT);
                      notes.add("power cuts, %s: seed %d", scenario.name(), SEED);
                      exploration.run();
                      notes.add(
                          "%d states, then %d in the recovery",
                          exploration.cuts, exploration.secondCuts);
                    }));
  }

  // That the exploration finds what is wrong: protocols with one step taken out.

  /** Returns ports whose calls of one port go through {@code around}. */
  private static <T> T around(Class<T> port, T real, Function<Call, Object> around) {
    return port.cast(
        Proxy.newProxyInstance(
            PowerCutTest.class.getClassLoader(),
            new Class<?>[] {port},
            (proxy, method, arguments) -> {
              Call call =
                  new Call(
                      method.getName(),
                      arguments == null ? List.of() : List.of(arguments),
                      () -> {
                        try {
                          return method.invoke(real, arguments);
                        } catch (InvocationTargetException e) {
                          throw unchecked(e.getCause());
                        } catch (IllegalAccessException e) {
                          throw new AssertionError(e);
                        }
                      });
              return around.apply(call);
            }));
  }

  private static RuntimeException unchecked(Throwable cause) {
    if (cause instanceof Error error) {
      throw error;
    }
    return (RuntimeException) cause;
  }

  private record Call(String method, List<?> arguments, Supplier<Object> real) {
    Object proceed() {
      return real.get();
    }
  }

  private static BoundPorts withFiles(BoundPorts ports, Function<Call, Object> around) {
    return ports.withFiles(around(DiskFiles.class, ports.files(), around));
  }

  /** Leaves out the sync of one path, the {@code n}-th that the operation asks for. */
  private static UnaryOperator<BoundPorts> withoutSync(int n, AtomicInteger count) {
    return ports ->
        withFiles(
            ports,
            call -> {
              if (!call.method().equals("sync")) {
                return call.proceed();
              }
              List<Path> paths = new ArrayList<>();
              for (Object path : pathsOf(call.arguments().get(0))) {
                if (count.getAndIncrement() != n) {
                  paths.add((Path) path);
                }
              }
              ports.files().sync(ImmutableList.copyOf(paths));
              return null;
            });
  }

  private static List<?> pathsOf(Object argument) {
    return argument instanceof List<?> list ? list : List.of(argument);
  }

  private static int syncsOf(Scenario scenario) {
    AtomicInteger count = new AtomicInteger();
    scenario.operation().accept(scenario.fleet().get().with(withoutSync(-1, count)));
    return count.get();
  }

  @TestFactory
  Stream<DynamicTest> without_any_single_sync_the_exploration_finds_a_loss() {
    return SCENARIOS.stream()
        .flatMap(
            scenario ->
                IntStream.range(0, syncsOf(scenario))
                    .mapToObj(
                        n ->
                            DynamicTest.dynamicTest(
                                scenario.name() + " without sync " + n,
                                () -> assertFound(scenario, withoutSync(n, new AtomicInteger())))));
  }

  private static void assertFound(Scenario scenario, UnaryOperator<BoundPorts> change) {
    // One cut shows most losses, and is explored twenty times as fast as one and another.
    Optional<Throwable> found =
        found(new Exploration(scenario, change, 0))
            .or(() -> found(new Exploration(scenario, change, MOST_SECOND_CUTS_A_MOMENT)));
    assertTrue(
        found
            .filter(loss -> loss instanceof AssertionError || loss instanceof BaseDiskException)
            .isPresent(),
        () -> "found " + found);
  }

  private static Optional<Throwable> found(Exploration exploration) {
    try {
      exploration.run();
      return Optional.empty();
    } catch (RuntimeException | AssertionError loss) {
      return Optional.of(loss);
    }
  }

  @TestFactory
  Stream<DynamicTest> with_a_rename_in_place_of_the_link_the_exploration_finds_a_loss() {
    return SCENARIOS.stream()
        .filter(scenario -> scenario.name().equals("fork"))
        .map(
            scenario ->
                DynamicTest.dynamicTest(
                    scenario.name(),
                    () ->
                        assertFound(
                            scenario,
                            ports ->
                                withFiles(
                                    ports,
                                    call -> {
                                      if (!call.method().equals("link")) {
                                        return call.proceed();
                                      }
                                      ports
                                          .files()
                                          .rename(
                                              (Path) call.arguments().get(0),
                                              (Path) call.arguments().get(1));
                                      return true;
                                    }))));
  }

  /** A store that forgets intents. */
  private record ForgetfulStore(BaseDiskStore store) implements BaseDiskStore {
    @Override
    public <T> T read(Function<? super StoreView, ? extends T> work) {
      return store.read(work);
    }

    @Override
    public <T> T write(Function<? super StoreTransaction, ? extends T> work) {
      return store.write(
          tx ->
              work.apply(
                  around(
                      StoreTransaction.class,
                      tx,
                      call ->
                          call.method().equals("intents")
                              ? forgetful(tx.intents())
                              : call.proceed())));
    }

    private static IntentRecords forgetful(IntentRecords intents) {
      return around(
          IntentRecords.class,
          intents,
          call -> call.method().equals("insert") ? null : call.proceed());
    }

    @Override
    public void close() {
      store.close();
    }
  }

  @TestFactory
  Stream<DynamicTest> without_the_intent_the_exploration_finds_a_loss() {
    return SCENARIOS.stream()
        .filter(scenario -> !WITHOUT_INTENT.contains(scenario.name()))
        .map(
            scenario ->
                DynamicTest.dynamicTest(
                    scenario.name(),
                    () ->
                        assertFound(
                            scenario,
                            ports -> ports.withStore(new ForgetfulStore(ports.store())))));
  }

  @Test
  void a_file_that_was_never_synced_may_be_torn_lost_or_whole() {
    InMemoryDisks disks = new InMemoryDisks().withDirectory(HOME.bases());
    Path file = HOME.bases().resolve("x");
    disks.writeBytes(file, new byte[] {1, 2});
    ImmutableSet.Builder<Optional<Long>> lengths = ImmutableSet.builder();
    for (long state = 0; state < disks.powerCutStates(); state++) {
      lengths.add(disks.afterPowerCut(state).status(file).map(status -> status.length()));
    }
    assertEquals(
        ImmutableSet.of(Optional.empty(), Optional.of(0L), Optional.of(2L)), lengths.build());
  }
}
