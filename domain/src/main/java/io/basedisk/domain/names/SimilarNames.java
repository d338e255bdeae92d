package io.basedisk.domain.names;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Iterables;
import io.basedisk.domain.error.Remedy;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BaseFilter;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.StoreView;
import java.util.function.Function;
import javax.inject.Inject;
import javax.inject.Singleton;
import org.jspecify.annotations.Nullable;

/**
 * The names in a home that are similar to one that does not exist. Reads records only, and of a
 * large home a limited number. Thread-safe.
 */
@Singleton
public final class SimilarNames {

  /** The number of boxes, or of bases, that are compared in the order of their names. */
  static final int MAX_COMPARED = 100_000;

  private static final int PAGE = 1000;

  private final BaseDiskStore store;

  @Inject
  SimilarNames(BaseDiskStore store) {
    this.store = store;
  }

  /**
   * {@return the names that may be meant; at most three}
   *
   * @param remedy the remedy of an error; there are no names unless it is to name another box,
   *     snapshot, rootfs or base
   */
  public ImmutableList<String> to(Remedy remedy) {
    return store.read(
        view -> {
          if (remedy instanceof Remedy.NameBox box) {
            return boxes(view, box.missing());
          } else if (remedy instanceof Remedy.NameBase base) {
            return bases(view, base.missing());
          } else if (remedy instanceof Remedy.NameSnapshot snapshot) {
            BaseFilter all = new BaseFilter(BoxId.of(snapshot.box()), BaseDiskKind.SNAPSHOT);
            return named(view, all, snapshot.missing());
          } else if (remedy instanceof Remedy.NameRootfs rootfs) {
            BaseFilter all = new BaseFilter(null, BaseDiskKind.ROOTFS);
            return named(view, all, rootfs.missing());
          }
          return ImmutableList.of();
        });
  }

  private static ImmutableList<String> boxes(StoreView view, String missing) {
    return closest(
        missing, (after, limit) -> view.boxes().listAfter(after, limit), Box::id, BoxId::value);
  }

  private static ImmutableList<String> bases(StoreView view, String missing) {
    return closest(
        missing,
        (after, limit) -> view.bases().listAfter(after, limit),
        BaseDisk::id,
        id -> id.value());
  }

  private static ImmutableList<String> named(StoreView view, BaseFilter filter, String missing) {
    ClosestWords closest = new ClosestWords(missing);
    for (BaseDisk base : view.bases().list(filter)) {
      if (base.name() != null) {
        closest.add(base.name().value());
      }
    }
    return closest.get();
  }

  /** Lists a page of records after the one with an id. */
  private interface Pages<T, I> {
    ImmutableList<T> after(@Nullable I last, int limit);
  }

  private static <T, I> ImmutableList<String> closest(
      String missing, Pages<T, I> pages, Function<T, I> idOf, Function<I, String> textOf) {
    ClosestWords closest = new ClosestWords(missing);
    @Nullable I last = null;
    for (int compared = 0; compared < MAX_COMPARED; compared += PAGE) {
      ImmutableList<T> page = pages.after(last, PAGE);
      page.forEach(record -> closest.add(textOf.apply(idOf.apply(record))));
      if (page.size() < PAGE) {
        break;
      }
      last = idOf.apply(Iterables.getLast(page));
    }
    return closest.get();
  }
}
