package io.basedisk.domain.testing;

import static io.basedisk.domain.testing.Records.base;
import static io.basedisk.domain.testing.Records.basePath;
import static io.basedisk.domain.testing.Records.box;
import static io.basedisk.domain.testing.Records.id;
import static io.basedisk.domain.testing.Records.reference;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseFilter;
import io.basedisk.domain.model.BoxClaim;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.DeletingBase;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.FileIdentity;
import io.basedisk.domain.model.HeaderPatch;
import io.basedisk.domain.model.Hold;
import io.basedisk.domain.model.Hold.Reason;
import io.basedisk.domain.model.HomeId;
import io.basedisk.domain.model.HomeIdentity;
import io.basedisk.domain.model.Intent;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.model.Relocation;
import io.basedisk.domain.model.Relocation.HeaderRewrite;
import io.basedisk.domain.model.UnknownUsePolicy;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.StoreTransaction;
import io.basedisk.domain.port.StoreView;
import java.nio.file.Path;
import java.time.Instant;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.LongStream;

/** What the parts of {@link BaseDiskStoreContract} share. */
abstract class StoreContractPart {

  /** A time that file systems may give: a 64-bit number of seconds, not of nanoseconds. */
  static final Instant FAR_AWAY = Instant.ofEpochSecond(9_000_000_000_000_000L, 999_999_999);

  /** Returns the store under test, which was empty when the test began. */
  abstract BaseDiskStore store();

  /** Opens another store object on the same data, which is closed when the test has ended. */
  abstract BaseDiskStore another();

  /** Runs {@code work}, which has no result, in a write transaction of {@code store}. */
  static void write(BaseDiskStore store, Consumer<StoreTransaction> work) {
    store.write(
        tx -> {
          work.accept(tx);
          return null;
        });
  }

  void write(Consumer<StoreTransaction> work) {
    write(store(), work);
  }

  <T> T read(Function<StoreView, T> work) {
    return store().read(work);
  }

  /** Returns whether {@code condition} is true of the store now. */
  final boolean shows(Predicate<StoreView> condition) {
    return store().<Boolean>read(condition::test);
  }

  /** Runs a deletion and returns what it said: whether there was anything. */
  final boolean deleted(Predicate<StoreTransaction> deletion) {
    return store().<Boolean>write(deletion::test);
  }

  /** Asserts that {@code work} fails with that very error, and returns it. */
  <E extends RuntimeException> E refused(Class<E> type, Consumer<StoreTransaction> work) {
    E error = assertThrows(type, () -> write(work));
    assertEquals(type, error.getClass());
    return error;
  }

  /** Asserts that the message is of one line that has all {@code parts}. */
  static void assertNames(Throwable error, String... parts) {
    for (String part : parts) {
      assertTrue(error.getMessage().contains(part), error.getMessage());
    }
    assertFalse(error.getMessage().contains("\n"), error.getMessage());
  }

  ImmutableList<String> ids(Function<StoreView, ImmutableList<BaseDisk>> list) {
    return read(list).stream()
        .map(base -> base.id().value())
        .collect(ImmutableList.toImmutableList());
  }

  static void insertBases(StoreTransaction tx, String... ids) {
    for (String id : ids) {
      tx.insertBase(base(id).build());
    }
  }

  static void insertBoxes(StoreTransaction tx, String... names) {
    for (String name : names) {
      tx.insertBox(box(name).build());
    }
  }

  /** One record of every sort, with every field set. */
  static void insertOneOfEach(StoreTransaction tx) {
    insertBases(tx, "base0001", "base0002");
    insertBoxes(tx, "box-1");
    tx.putReference(reference("base0002", "box-1"));
    tx.insertIntent(fullIntent());
    tx.insertCollectPending(id("base0002"));
    tx.insertDeleting(new DeletingBase(id("gone0001"), basePath("gone0001"), id("base0001")));
    tx.putDirectoryInode(BoxId.of("box-1"), 4711);
    tx.insertHold(new Hold(id("base0001"), Reason.FORGOTTEN_BOX, Path.of("/elsewhere/x.qcow2")));
    tx.putHomeIdentity(homeIdentity(1));
    tx.countWrite(0);
    tx.insertRelocation(relocation());
    tx.decideUnknownUsePolicy(UnknownUsePolicy.TRUST_CALLER);
  }

  static Intent fullIntent() {
    BoxClaim box = new BoxClaim(BoxId.of("new-1"), Path.of("/elsewhere/ü/new-1"));
    return Intents.fork(
        7,
        box,
        Intents.disk(DiskSlot.GUEST_ROOTFS, box.disk(DiskSlot.GUEST_ROOTFS), -5, Long.MAX_VALUE),
        base("plan0001").of("new-1").snapshot("nightly").on("base0001").build());
  }

  /** An identity that has that digit in it. */
  static HomeIdentity homeIdentity(int digit) {
    return new HomeIdentity(
        new HomeId(String.valueOf(digit).repeat(32)),
        Path.of("/home" + digit + "/ü"),
        new FileIdentity(-digit, Long.MAX_VALUE - digit));
  }

  /** A relocation with every field set. */
  static Relocation relocation() {
    return new Relocation(
        new OperationId(77),
        homeIdentity(1),
        homeIdentity(2),
        ImmutableList.of(
            new HeaderRewrite(
                Path.of("/home2/ü/bases/base0002.qcow2"),
                12,
                0444,
                new HeaderPatch(16, "0000000a", "0000000c")),
            new HeaderRewrite(
                Path.of("/elsewhere/ü/disk.qcow2"), -1, 0640, new HeaderPatch(0, "", ""))),
        ImmutableList.of(BoxId.of("box-2"), BoxId.of("box-1")));
  }

  /** Everything that a view shows. */
  static ImmutableList<Object> everything(StoreView view) {
    return ImmutableList.of(
        view.listBases(BaseFilter.ALL),
        view.listBoxes(),
        ImmutableSet.copyOf(view.listReferences()),
        view.listIntents(),
        view.listCollectPending(),
        view.listDeleting(),
        view.listBoxes().stream()
            .flatMapToLong(box -> view.directoryInode(box.id()).stream())
            .boxed()
            .toList(),
        view.listHolds(),
        view.homeIdentity().stream().toList(),
        LongStream.of(view.writeNumber()).filter(number -> number > 0).boxed().toList(),
        view.findRelocation().stream().toList(),
        view.unknownUsePolicy().stream().toList());
  }
}
