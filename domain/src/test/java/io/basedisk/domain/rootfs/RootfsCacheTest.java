package io.basedisk.domain.rootfs;

import static io.basedisk.domain.testing.Fleet.box;
import static io.basedisk.domain.testing.Fleet.disk;
import static io.basedisk.domain.testing.Fleet.guestRootfs;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.box.BoxDetails;
import io.basedisk.domain.error.AlreadyExistsException;
import io.basedisk.domain.error.BusyException;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.model.ImageSource;
import io.basedisk.domain.model.RootfsKey;
import io.basedisk.domain.port.EventListener;
import io.basedisk.domain.testing.Fleet;
import io.basedisk.domain.testing.InMemoryImageLocks;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The cache of shared root file systems. */
final class RootfsCacheTest {

  private static final RootfsKey KEY = new RootfsKey("debian");

  private final Fleet fleet = new Fleet();
  private final RootfsCache cache = fleet.useCases.rootfs();

  // Adding.

  @Test
  void an_entry_is_a_flat_base_of_no_box_under_its_key() {
    ImageSource image = fleet.image("a.qcow2", "installed");
    BaseDisk base = fleet.addRootfs("debian", image);
    fleet.disks.remove(image.file());

    assertEquals(BaseDiskKind.ROOTFS, base.kind());
    assertEquals(BoxId.GLOBAL, base.sourceBoxId());
    assertEquals(KEY, base.name());
    assertEquals(null, base.parentId());
    assertEquals("installed", fleet.disks.guestReads(base.diskInfo().basePath()).get(1L));
    assertEquals(0400, fleet.disks.status(base.diskInfo().basePath()).orElseThrow().mode());
    fleet.check();
  }

  @Test
  void the_same_content_is_the_same_entry_and_a_use_of_it() {
    BaseDisk first = fleet.addRootfs("debian", fleet.image("a.qcow2", "installed"));
    RootfsCache.Entry before = cache.find(KEY).orElseThrow();
    BaseDisk again = fleet.later(5).addRootfs("debian", fleet.image("b.qcow2", "installed"));

    assertEquals(first, again);
    assertEquals(before.digest(), cache.find(KEY).orElseThrow().digest());
    assertEquals(before.lastUsedAt().plusSeconds(5), cache.find(KEY).orElseThrow().lastUsedAt());
    fleet.check();
  }

  @Test
  void an_entry_says_which_image_it_was_added_from_first_however_it_is_used() {
    fleet.addRootfs("debian", fleet.image("a.qcow2", "installed"));
    fleet.later(5).addRootfs("debian", fleet.image("b.qcow2", "installed"));
    fleet.createOnRootfs("vm", "debian");

    assertEquals("/images/a.qcow2", cache.find(KEY).orElseThrow().origin());
  }

  @Test
  void another_content_takes_the_key_and_what_had_it_goes_at_once_if_nothing_needs_it() {
    BaseDisk old = fleet.addRootfs("debian", fleet.image("a.qcow2", "old"));
    BaseDisk next = fleet.addRootfs("debian", fleet.image("b.qcow2", "new"));

    assertEquals(ImmutableList.of(next), bases());
    assertFalse(fleet.exists(old));
    fleet.check();
  }

  @Test
  void a_superseded_version_leaves_with_its_last_box() {
    BaseDisk old = fleet.addRootfs("debian", fleet.image("a.qcow2", "old"));
    fleet.createOnRootfs("first", "debian");
    fleet.createOnRootfs("second", "debian");
    BaseDisk next = fleet.addRootfs("debian", fleet.image("b.qcow2", "new"));
    fleet.createOnRootfs("third", "debian");

    assertEquals("old", fleet.read("first").get(1L));
    assertEquals("new", fleet.read("third").get(1L));
    assertEquals(ImmutableList.of(next), bases());
    assertEquals(ImmutableList.of(), fleet.remove("first"));
    assertEquals(ImmutableList.of(old.id()), fleet.remove("second"));
    assertEquals(ImmutableList.of(), fleet.remove("third"));
    assertTrue(fleet.exists(next));
    fleet.check();
  }

  @Test
  void an_image_that_is_written_to_or_is_none_is_not_added() {
    ImageSource image = fleet.image("a.qcow2", "installed");
    try (InMemoryImageLocks.Open vm = fleet.imageLocks.startVm(image.file())) {
      assertThrows(RefusedException.class, () -> fleet.addRootfs("debian", image));
    }
    fleet.disks.writeBytes(Path.of("/garbage"), new byte[1000]);
    assertThrows(
        InvalidImageException.class,
        () -> fleet.addRootfs("debian", ImageSource.qcow2(Path.of("/garbage"))));
    assertEquals(ImmutableSet.of(), fleet.files());
    fleet.check();
  }

  @Test
  void a_rootfs_that_was_forked_from_a_box_is_an_entry_without_a_digest() {
    fleet.create("maker");
    BaseDisk base = fleet.useCases.bases().create(box("maker"), BaseDiskKind.ROOTFS, KEY);

    RootfsCache.Entry entry = cache.find(KEY).orElseThrow();

    assertEquals(base, entry.details().base());
    assertEquals(null, entry.digest());
    assertEquals(null, entry.origin());
    assertEquals(base.createdAt(), entry.lastUsedAt());
  }

  @Test
  void a_rootfs_that_was_forked_without_a_key_has_its_id_as_key_and_stays() {
    fleet.create("maker");
    BaseDisk base = fleet.useCases.bases().create(box("maker"), BaseDiskKind.ROOTFS, null);
    fleet.remove("maker");

    assertEquals(base.id().value(), String.valueOf(base.name()));
    assertTrue(fleet.useCases.bases().tryCollect(base.id()).collected().isEmpty());
    fleet.check();
  }

  // Building.

  @Test
  void what_a_builder_makes_is_the_entry_and_it_runs_once() {
    AtomicInteger runs = new AtomicInteger();
    RootfsCache.Builder builder =
        image -> {
          runs.incrementAndGet();
          fleet.disks.createEmpty(image, new ByteSize(1 << 20));
          fleet.disks.guestWritesWithoutFlush(image, 1, "built");
        };

    RootfsCache.Entry built = cache.getOrCreate(KEY, builder);
    RootfsCache.Entry again = cache.getOrCreate(KEY, builder);

    assertEquals(1, runs.get());
    assertEquals(built.details(), again.details());
    assertEquals(
        "built", fleet.disks.guestReads(built.details().base().diskInfo().basePath()).get(1L));
    fleet.check();
  }

  @Test
  void the_digest_of_what_was_built_is_that_of_the_same_content_from_an_image() {
    ImageSource image = fleet.image("a.qcow2", "same");
    cache.getOrCreate(
        KEY,
        built -> {
          fleet.disks.createEmpty(built, new ByteSize(1 << 30));
          fleet.disks.guestWrites(built, 1, "same");
        });

    assertEquals(cache.find(KEY).orElseThrow().details().base(), fleet.addRootfs("debian", image));
  }

  @Test
  void what_was_built_may_stand_on_a_base() {
    BaseDisk below = fleet.addRootfs("below", fleet.image("a.qcow2", "below"));
    RootfsCache.Entry built =
        cache.getOrCreate(KEY, image -> overlay(image, below.diskInfo().basePath()));

    assertEquals(below.id(), built.details().base().parentId());
    assertEquals(cache.find(new RootfsKey("below")).orElseThrow().digest(), built.digest());
    assertThrows(RefusedException.class, () -> cache.remove(new RootfsKey("below")));
    fleet.check();
  }

  @Test
  void what_can_be_no_base_is_not_recorded_and_leaves_nothing() {
    ImageSource elsewhere = fleet.image("a.qcow2", "elsewhere");
    assertNotBuilt(InvalidImageException.class, image -> {});
    assertNotBuilt(
        InvalidImageException.class, image -> fleet.disks.writeBytes(image, new byte[1000]));
    assertNotBuilt(InvalidImageException.class, image -> overlay(image, elsewhere.file()));
    assertNotBuilt(
        RefusedException.class,
        image -> {
          fleet.disks.createEmpty(image, new ByteSize(1 << 20));
          InMemoryImageLocks.Open unused = fleet.imageLocks.openForWriting(image);
        });
    assertNotBuilt(
        RefusedException.class,
        image -> {
          fleet.disks.createEmpty(image, new ByteSize(1 << 20));
          fleet.disks.link(image, Path.of("/images/second-name"));
        });
    fleet.disks.remove(Path.of("/images/second-name"));
    assertNotBuilt(
        IllegalStateException.class,
        image -> {
          fleet.disks.createEmpty(image, new ByteSize(1 << 20));
          throw new IllegalStateException("the builder fails");
        });

    cache.getOrCreate(KEY, image -> fleet.disks.createEmpty(image, new ByteSize(1 << 20)));
    fleet.check();
  }

  private void assertNotBuilt(Class<? extends RuntimeException> how, RootfsCache.Builder builder) {
    assertThrows(how, () -> cache.getOrCreate(KEY, builder));
    assertEquals(ImmutableSet.of(), fleet.files());
    assertEquals(Optional.empty(), cache.find(KEY));
    fleet.check();
  }

  @Test
  void one_of_many_threads_builds_and_all_get_what_it_built() throws Exception {
    RootfsCache waiting =
        fleet
            .with(ports -> ports.withListener(EventListener.NONE).withTimeout(Duration.ofHours(1)))
            .useCases
            .rootfs();
    AtomicInteger runs = new AtomicInteger();
    Callable<BaseDisk> ask =
        () ->
            waiting
                .getOrCreate(
                    KEY,
                    image -> {
                      runs.incrementAndGet();
                      fleet.disks.createEmpty(image, new ByteSize(1 << 20));
                    })
                .details()
                .base();
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Callable<BaseDisk>> all = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        all.add(ask);
      }
      ImmutableSet.Builder<BaseDisk> got = ImmutableSet.builder();
      for (Future<BaseDisk> one : threads.invokeAll(all)) {
        got.add(one.get());
      }
      assertEquals(bases(), got.build().asList());
    } finally {
      threads.shutdownNow();
    }
    assertEquals(1, runs.get());
    fleet.check();
  }

  @Test
  void who_asks_while_another_builds_and_does_not_wait_is_told_that_it_is_busy() {
    cache.getOrCreate(
        KEY,
        image -> {
          assertThrows(
              BusyException.class,
              () -> cache.getOrCreate(KEY, other -> assertTrue(false, "it was built twice")));
          fleet.disks.createEmpty(image, new ByteSize(1 << 20));
        });
    fleet.check();
  }

  // Boxes on entries.

  @Test
  void a_box_on_an_entry_is_a_use_of_it_and_may_be_larger() {
    BaseDisk base = fleet.addRootfs("debian", fleet.image("a.qcow2", "installed"));
    RootfsCache.Entry before = cache.find(KEY).orElseThrow();
    BoxDetails created =
        fleet.later(5).useCases.rootfs().createBox(box("web"), KEY, new ByteSize(2L << 30));

    assertEquals(base.id(), created.baseId());
    assertEquals(new BoxDetails.DiskState.Known(2L << 30, 1), created.disk());
    assertEquals(before.lastUsedAt().plusSeconds(5), cache.find(KEY).orElseThrow().lastUsedAt());
    assertThrows(
        InvalidArgumentException.class,
        () -> cache.createBox(box("small"), KEY, new ByteSize(512)));
    assertThrows(
        NotFoundException.class, () -> cache.createBox(box("b"), new RootfsKey("none"), null));
    fleet.check();
  }

  @Test
  void an_attached_rootfs_is_an_overlay_that_counts_as_any_other() {
    BaseDisk base = fleet.addRootfs("debian", fleet.image("a.qcow2", "installed"));
    fleet.create("web");
    fleet.disks.setOwner(disk("web"), 1000, 1000);
    fleet.disks.setMode(disk("web"), 0640);

    cache.attach(box("web"), KEY);

    assertEquals("installed", fleet.disks.guestReads(guestRootfs("web")).get(1L));
    assertEquals(0640, fleet.disks.status(guestRootfs("web")).orElseThrow().mode());
    assertEquals(1000, fleet.disks.status(guestRootfs("web")).orElseThrow().owner());
    assertThrows(RefusedException.class, () -> cache.remove(KEY));
    assertEquals(ImmutableList.of(), cache.prune(0).keys());
    fleet.check();
    fleet.remove("web");
    assertEquals(ImmutableList.of(base.id()), cache.remove(KEY).collected());
    assertEquals(ImmutableSet.of(), fleet.files());
  }

  @Test
  void an_attached_rootfs_is_not_replaced_and_a_restore_drops_it() {
    fleet.addRootfs("debian", fleet.image("a.qcow2", "installed"));
    fleet.create("web");
    fleet.snapshot("web", "clean");
    cache.attach(box("web"), KEY);
    fleet.disks.guestWrites(guestRootfs("web"), 1, "mine");

    assertThrows(AlreadyExistsException.class, () -> cache.attach(box("web"), KEY));
    assertEquals("mine", fleet.disks.guestReads(guestRootfs("web")).get(1L));

    fleet.restore("web", "clean");
    cache.attach(box("web"), KEY);

    assertEquals("installed", fleet.disks.guestReads(guestRootfs("web")).get(1L));
    fleet.check();
  }

  @Test
  void an_attached_rootfs_that_the_user_removed_is_replaced_and_its_base_goes() {
    BaseDisk old = fleet.addRootfs("debian", fleet.image("a.qcow2", "old"));
    fleet.create("web");
    cache.attach(box("web"), KEY);
    fleet.disks.remove(guestRootfs("web"));
    fleet.addRootfs("debian", fleet.image("b.qcow2", "new"));

    cache.attach(box("web"), KEY);

    assertEquals("new", fleet.disks.guestReads(guestRootfs("web")).get(1L));
    assertFalse(fleet.exists(old));
    fleet.check();
  }

  // Removal and eviction.

  @Test
  void an_entry_that_a_box_needs_is_not_removed_and_the_box_is_named() {
    fleet.addRootfs("debian", fleet.image("a.qcow2", "installed"));
    fleet.createOnRootfs("web", "debian");

    String message = assertThrows(RefusedException.class, () -> cache.remove(KEY)).getMessage();

    assertTrue(message.contains("debian") && message.contains("box web"), message);
    assertThrows(NotFoundException.class, () -> cache.remove(new RootfsKey("none")));
    fleet.check();
  }

  @Test
  void the_least_recently_used_are_evicted_first_down_to_the_budget() {
    long bytes = 0;
    for (String key : ImmutableList.of("a", "b", "c", "d")) {
      BaseDisk base = fleet.later(1).addRootfs(key, fleet.image(key, key));
      bytes = fleet.disks.status(base.diskInfo().basePath()).orElseThrow().allocatedBytes();
    }
    fleet.later(1).createOnRootfs("web", "a");
    fleet.remove("web");
    fleet.createOnRootfs("user", "b");

    assertEquals(ImmutableList.of(), cache.prune(4 * bytes).keys());
    RootfsCache.Pruned pruned = cache.prune(2 * bytes + 1);

    assertEquals(ImmutableList.of(new RootfsKey("c"), new RootfsKey("d")), pruned.keys());
    assertEquals(2 * bytes, pruned.report().freedBytes());
    assertEquals(ImmutableList.of(new RootfsKey("a")), cache.prune(0).keys());
    assertEquals(1, bases().size(), "what a box needs stays whatever the budget");
    fleet.check();
  }

  @Test
  void an_entry_that_only_a_header_or_a_process_holds_is_not_evicted() {
    BaseDisk a = fleet.addRootfs("a", fleet.image("a.qcow2", "a"));
    BaseDisk b = fleet.addRootfs("b", fleet.image("b.qcow2", "b"));
    fleet.create("web");
    fleet.disks.remove(disk("web"));
    overlay(disk("web"), a.diskInfo().basePath());
    try (InMemoryImageLocks.Open reader =
        fleet.imageLocks.openForReading(b.diskInfo().basePath())) {
      assertEquals(ImmutableList.of(), cache.prune(0).keys());
    }
    assertEquals(ImmutableList.of(new RootfsKey("b")), cache.prune(0).keys());
    assertThrows(InvalidArgumentException.class, () -> cache.prune(-1));
  }

  @Test
  void an_evicted_entry_is_built_again() {
    RootfsCache.Builder builder = image -> fleet.disks.createEmpty(image, new ByteSize(1 << 20));
    BaseDisk first = cache.getOrCreate(KEY, builder).details().base();
    cache.prune(0);

    assertNotEquals(first.id(), cache.getOrCreate(KEY, builder).details().base().id());
    fleet.check();
  }

  private ImmutableList<BaseDisk> bases() {
    return cache.list().stream()
        .map(entry -> entry.details().base())
        .collect(ImmutableList.toImmutableList());
  }

  private void overlay(Path image, Path backing) {
    fleet.disks.createOverlay(image, backing, ImageFormat.QCOW2, new ByteSize(1 << 30));
  }
}
