package io.basedisk.domain.testing.walk;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.gc.CollectionReport;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseFilter;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.model.RootfsKey;
import io.basedisk.domain.model.SnapshotName;
import io.basedisk.domain.testing.Content;
import io.basedisk.domain.testing.walk.FleetModel.ModelBox;
import java.nio.file.Path;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

/** One step of a walk: the world, the model, and the dice that choose what the step is about. */
final class Scene {

  private static final int BOXES = 8;
  private static final int NAMES = 4;
  private static final ByteSize LARGEST = ByteSize.parse("4M");

  private final World world;
  private final FleetModel model;
  private final Random random;
  private final ImmutableSet<BaseDiskId> basesBefore;
  private String description;
  private ImmutableSet<BaseDiskId> collected = ImmutableSet.of();
  private final Set<Mistake> mistakes = EnumSet.noneOf(Mistake.class);

  /**
   * @param what the name of what is done
   */
  Scene(World world, FleetModel model, Random random, String what) {
    this.world = world;
    this.model = model;
    this.random = random;
    this.basesBefore = baseIds();
    this.description = what;
  }

  World world() {
    return world;
  }

  FleetModel model() {
    return model;
  }

  /** Notes what the step is about, before it is done. */
  void isAbout(Object... arguments) {
    description += " " + ImmutableList.copyOf(arguments);
  }

  String description() {
    return description;
  }

  /** Notes what the step says that it has collected; by default, nothing. */
  void collected(CollectionReport report) {
    collected(report.collected());
  }

  /** Notes what the step has to collect, which it does not say. */
  void collected(Collection<BaseDiskId> gone) {
    collected = ImmutableSet.copyOf(gone);
  }

  /** Notes a mistake that the step makes. */
  void makes(Mistake mistake) {
    mistakes.add(mistake);
  }

  Set<Mistake> mistakes() {
    return mistakes;
  }

  /** What went is what was said to have gone. */
  void checkReport() {
    ImmutableSet<BaseDiskId> now = baseIds();
    assertEquals(
        basesBefore.stream()
            .filter(base -> !now.contains(base))
            .collect(ImmutableSet.toImmutableSet()),
        collected,
        "bases that went, and those reported as collected");
  }

  private ImmutableSet<BaseDiskId> baseIds() {
    return bases().stream().map(BaseDisk::id).collect(ImmutableSet.toImmutableSet());
  }

  ImmutableList<BaseDisk> bases() {
    return world.store().read(view -> view.bases().list(BaseFilter.ALL));
  }

  // What there is to do something to.

  boolean hasBox() {
    return !model.boxes().isEmpty();
  }

  boolean hasFreeBox() {
    return !freeBoxes(model).isEmpty();
  }

  boolean hasNamedSnapshot() {
    return !model.namedSnapshots().isEmpty();
  }

  boolean hasBase() {
    return !bases().isEmpty();
  }

  boolean hasRootfs() {
    return !model.rootfs().isEmpty();
  }

  // What the dice choose.

  /** Returns an element of {@code all}, which must not be empty. */
  <T> T any(Collection<T> all) {
    return List.copyOf(all).get(random.nextInt(all.size()));
  }

  boolean oneIn(int chances) {
    return random.nextInt(chances) == 0;
  }

  int upTo(int most) {
    return 1 + random.nextInt(most);
  }

  ModelBox anyBox() {
    return any(model.boxes());
  }

  /** Returns the names that a box may have and none has. */
  private static ImmutableList<BoxId> freeBoxes(FleetModel model) {
    return IntStream.range(0, BOXES)
        .mapToObj(i -> BoxId.of("box-" + i))
        .filter(box -> !model.hasBox(box))
        .collect(ImmutableList.toImmutableList());
  }

  BoxId freeBox() {
    return any(freeBoxes(model));
  }

  /** Returns new names for up to three boxes. */
  ImmutableList<BoxId> freeBoxes() {
    ImmutableList<BoxId> free = freeBoxes(model);
    int first = random.nextInt(free.size());
    return free.subList(first, Math.min(free.size(), first + upTo(3)));
  }

  /** Returns a free name. */
  BoxId unknownBox() {
    return BoxId.of("unknown-" + random.nextInt(NAMES));
  }

  /**
   * Returns the names that are free for what is made of {@code source}. There are few, so that each
   * is used again and again.
   */
  ImmutableList<SnapshotName> freeNames(BoxId source) {
    return IntStream.range(0, NAMES)
        .mapToObj(i -> new SnapshotName("name-" + i))
        .filter(name -> !model.hasName(source, name))
        .collect(ImmutableList.toImmutableList());
  }

  /** Returns one of them; null for none, if none is free. */
  SnapshotName freeName(BoxId source) {
    ImmutableList<SnapshotName> free = freeNames(source);
    return free.isEmpty() ? null : any(free);
  }

  /** Returns the keys of no rootfs, as few as the names. */
  ImmutableList<RootfsKey> freeKeys() {
    return IntStream.range(0, NAMES)
        .mapToObj(i -> new RootfsKey("name-" + i))
        .filter(key -> model.rootfs(key).isEmpty())
        .collect(ImmutableList.toImmutableList());
  }

  /** Returns a key of a rootfs, free or not. */
  RootfsKey anyKey() {
    return new RootfsKey("name-" + random.nextInt(NAMES));
  }

  /** Returns a name that has not been there, and won't be again. */
  SnapshotName uniqueName() {
    return new SnapshotName(unique());
  }

  /** Returns a key that has not been there, and won't be again. */
  RootfsKey uniqueKey() {
    return new RootfsKey(unique());
  }

  private String unique() {
    return "unique-" + Long.toHexString(random.nextLong());
  }

  ByteSize size() {
    return new ByteSize(Content.VIRTUAL_SIZE.bytes() * upTo(2));
  }

  /** Returns a larger size than that, or the same if it is large enough. */
  ByteSize largerThan(ByteSize size) {
    return new ByteSize(
        Math.min(LARGEST.bytes(), size.bytes() + Content.VIRTUAL_SIZE.bytes() / upTo(2)));
  }

  /** Returns a size for a disk on that base: its own, by null, or one that is not less. */
  ByteSize sizeOn(ByteSize base) {
    return oneIn(2) ? null : largerThan(base);
  }

  /** Has the guest of a box write to a few blocks, in the world and in the model. */
  void write(ModelBox box, DiskSlot slot) {
    box.disks().put(slot, write(box.disk(slot), box.disks().get(slot)));
  }

  /**
   * Writes to a few blocks of an image.
   *
   * @return what it contains now
   */
  Content write(Path image, Content before) {
    Content content = before;
    for (int i = upTo(3); i > 0; i--) {
      int block = random.nextInt(content.blocks());
      long stamp = random.nextInt(1, Integer.MAX_VALUE);
      world.write(image, block, stamp);
      content = content.with(block, stamp);
    }
    return content;
  }

  /** Makes an empty overlay, as another program does, and returns what it contains. */
  Content overlay(Path image, BaseDisk base) {
    Path file = base.diskInfo().basePath();
    world
        .images()
        .createOverlay(
            image, file, ImageFormat.QCOW2, new ByteSize(base.diskInfo().containerDiskBytes()));
    world.files().sync(ImmutableList.of(image, image.getParent()));
    return world.read(file);
  }
}
