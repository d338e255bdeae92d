package io.basedisk.domain.rootfs;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.Remedy;
import io.basedisk.domain.lineage.BaseDetails;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BaseFilter;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.RootfsEntry;
import io.basedisk.domain.model.RootfsKey;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.StoreTransaction;
import io.basedisk.domain.port.StoreView;
import io.basedisk.domain.rootfs.RootfsCache.Entry;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;
import javax.inject.Inject;
import org.jspecify.annotations.Nullable;

/** Reads the cache's entries from the store, and records their uses. Thread-safe. */
final class RootfsEntries {

  private final BaseDiskStore store;
  private final InstantSource clock;

  @Inject
  RootfsEntries(BaseDiskStore store, InstantSource clock) {
    this.store = store;
    this.clock = clock;
  }

  /**
   * {@return the entry of a key; empty if there is none} Does not count as a use of it.
   *
   * @param key the key
   */
  Optional<Entry> find(RootfsKey key) {
    return store.read(view -> findBase(view, key).map(base -> entryOf(view, base)));
  }

  /** {@return every entry, newest first} Superseded versions are not entries. */
  ImmutableList<Entry> list() {
    return store.read(
        view ->
            listBases(view).stream()
                .filter(base -> base.name() != null)
                .map(base -> entryOf(view, base))
                .collect(ImmutableList.toImmutableList()));
  }

  /**
   * {@return the entry of a key that existed a moment ago}
   *
   * @throws NotFoundException if it was removed since
   */
  Entry require(RootfsKey key) {
    return find(key).orElseThrow(() -> new NotFoundException("rootfs " + key + " was removed"));
  }

  /**
   * Records a use of a key's entry.
   *
   * @param digest the digest that its content must have; null for any
   * @return the entry; empty if there is none
   */
  Optional<Entry> use(RootfsKey key, @Nullable String digest) {
    if (find(key).isEmpty()) {
      return Optional.empty();
    }
    return store.write(
        tx ->
            findBase(tx, key)
                .filter(base -> digest == null || digest.equals(digestOf(tx, base)))
                .map(
                    base -> {
                      noteUse(tx, base);
                      return entryOf(tx, base);
                    }));
  }

  /** Applies an action to the base of a key. Repeats it if the base was superseded and deleted. */
  @CanIgnoreReturnValue
  <T> T withEntry(RootfsKey key, Function<BaseDisk, T> action) {
    while (true) {
      BaseDisk base = store.read(view -> requireBase(view, key));
      try {
        return action.apply(base);
      } catch (NotFoundException e) {
        if (store.read(view -> view.bases().find(base.id())).isPresent()) {
          throw e;
        }
      }
    }
  }

  static ImmutableList<BaseDisk> listBases(StoreView view) {
    return view.bases().list(new BaseFilter(BoxId.GLOBAL, BaseDiskKind.ROOTFS));
  }

  static Optional<BaseDisk> findBase(StoreView view, RootfsKey key) {
    return view.bases().findByKey(key);
  }

  static BaseDisk requireBase(StoreView view, RootfsKey key) {
    return findBase(view, key)
        .orElseThrow(
            () -> new NotFoundException("no rootfs " + key, new Remedy.NameRootfs(key.value())));
  }

  private static Entry entryOf(StoreView view, BaseDisk base) {
    RootfsEntry entry = recordOf(view, base);
    return new Entry(
        BaseDetails.of(base, view), entry.digest(), entry.lastUsedAt(), entry.origin());
  }

  static @Nullable String digestOf(StoreView view, BaseDisk base) {
    return recordOf(view, base).digest();
  }

  /** {@return the record of an entry} An entry that was forked from a box may have none yet. */
  private static RootfsEntry recordOf(StoreView view, BaseDisk base) {
    return view.rootfs()
        .find(base.id())
        .orElseGet(() -> new RootfsEntry(null, base.createdAt(), null));
  }

  void noteUse(StoreTransaction tx, BaseDisk base) {
    tx.rootfs().put(base.id(), recordOf(tx, base).usedAt(clock.instant()));
  }
}
