package io.basedisk.domain.testing;

import static io.basedisk.domain.testing.Records.NOON;
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
import io.basedisk.domain.model.BaseFingerprint;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.DeletingBase;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.FileIdentity;
import io.basedisk.domain.model.HeaderPatch;
import io.basedisk.domain.model.Hold;
import io.basedisk.domain.model.Hold.Reason;
import io.basedisk.domain.model.HomeId;
import io.basedisk.domain.model.HomeIdentity;
import io.basedisk.domain.model.LogEvent;
import io.basedisk.domain.model.LogFilter;
import io.basedisk.domain.model.LoggedChange;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.model.Relocation;
import io.basedisk.domain.model.Relocation.HeaderRewrite;
import io.basedisk.domain.model.UnknownUsePolicy;
import io.basedisk.domain.model.artifact.ChainId;
import io.basedisk.domain.model.artifact.Sha256;
import io.basedisk.domain.model.intent.BoxClaim;
import io.basedisk.domain.model.intent.Intent;
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

  /** Runs {@code work} in a write transaction of the store under test. */
  final void write(Consumer<StoreTransaction> work) {
    store().change(work);
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
    return store().write(deletion::test);
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

  /** Bases of several boxes and kinds. */
  void insertMixed() {
    write(
        tx -> {
          tx.bases().insert(base("base0001").of("box-1").snapshot("one").build());
          tx.bases().insert(base("base0002").of("box-1").build());
          tx.bases().insert(base("base0003").of("box-2").snapshot("one").build());
          tx.bases().insert(base("base0004").rootfs("one").build());
          tx.bases().insert(base("base0005").of("box-1").snapshot("two").build());
        });
  }

  static void insertBases(StoreTransaction tx, String... ids) {
    for (String id : ids) {
      tx.bases().insert(base(id).build());
    }
  }

  static void insertBoxes(StoreTransaction tx, String... names) {
    for (String name : names) {
      tx.boxes().insert(box(name).build());
    }
  }

  /** One record of every sort, with every field set. */
  static void insertOneOfEach(StoreTransaction tx) {
    insertBases(tx, "base0001", "base0002");
    insertBoxes(tx, "box-1");
    tx.references().put(reference("base0002", "box-1"));
    tx.intents().insert(fullIntent());
    tx.pendingDeletes().insertCollectPending(id("base0002"));
    tx.pendingDeletes()
        .insert(new DeletingBase(id("gone0001"), basePath("gone0001"), id("base0001")));
    tx.boxes().putDirectoryInode(BoxId.of("box-1"), 4711);
    tx.holds()
        .insert(new Hold(id("base0001"), Reason.FORGOTTEN_BOX, Path.of("/elsewhere/x.qcow2")));
    tx.bases().putFingerprint(id("base0001"), new BaseFingerprint(NOON, "0".repeat(64)));
    tx.layers().putChainId(id("base0001"), new ChainId(new Sha256("1".repeat(64))));
    tx.home().putIdentity(homeIdentity(1));
    tx.home().countWrite(0);
    tx.home().insertRelocation(relocation());
    tx.home().decideUnknownUsePolicy(UnknownUsePolicy.TRUST_CALLER);
    tx.log().append(Instant.EPOCH, ImmutableList.of(LoggedChange.of(LogEvent.SWEPT)));
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
        view.bases().list(BaseFilter.ALL),
        view.boxes().list(),
        ImmutableSet.copyOf(view.references().list()),
        view.intents().list(),
        view.pendingDeletes().listCollectPending(),
        view.pendingDeletes().list(),
        view.boxes().list().stream()
            .flatMapToLong(box -> view.boxes().findDirectoryInode(box.id()).stream())
            .boxed()
            .toList(),
        view.holds().list(),
        view.layers().listByChainId(new ChainId(new Sha256("1".repeat(64)))),
        view.home().findIdentity().stream().toList(),
        LongStream.of(view.home().writeNumber()).filter(number -> number > 0).boxed().toList(),
        view.home().findRelocation().stream().toList(),
        view.home().findUnknownUsePolicy().stream().toList(),
        view.log().list(LogFilter.ALL));
  }
}
