package io.basedisk.domain.rebuild;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.basedisk.domain.model.BaseDescription;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BaseName;
import io.basedisk.domain.model.BoxId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Gives each base its kind, source box and name, from its description. If two bases of a source box
 * have the same name, the newer one gets it.
 */
final class BaseNames {

  private static final String RECOVERED = "recovered-";

  private final UnaryOperator<Instant> recordable;
  private final Map<BaseDiskId, Origin> origins = new HashMap<>();
  private final Set<Claim> taken = new HashSet<>();
  private final List<BaseDiskId> unknown = new ArrayList<>();

  private BaseNames(UnaryOperator<Instant> recordable) {
    this.recordable = recordable;
  }

  /**
   * The description of a base for its record.
   *
   * @param kind the kind
   * @param sourceBox the box of whose disk the base was made
   * @param name the name; null for none
   * @param createdAt when the base was made
   */
  record Origin(BaseDiskKind kind, BoxId sourceBox, @Nullable BaseName name, Instant createdAt) {}

  // The text: a key and a snapshot's name of the same text are one name in the store.
  private record Claim(BoxId sourceBox, String name) {}

  /**
   * The result for all bases.
   *
   * @param origins the kind, source box and name of each base
   * @param unknown the bases whose kind and name are not known, or whose name another base has;
   *     ordered by id
   */
  record Settled(ImmutableMap<BaseDiskId, Origin> origins, ImmutableList<BaseDiskId> unknown) {}

  /**
   * {@return the result for {@code bases}}
   *
   * @param recordable limits a file's time to what a record may have
   */
  static Settled of(ImmutableList<FoundBase> bases, UnaryOperator<Instant> recordable) {
    return new BaseNames(recordable).settle(bases);
  }

  private Settled settle(ImmutableList<FoundBase> bases) {
    List<FoundBase> newestFirst = new ArrayList<>(bases);
    newestFirst.sort(
        Comparator.comparing((FoundBase base) -> describedOrigin(base).createdAt())
            .thenComparing(base -> base.status().modifiedAt())
            .thenComparing(FoundBase::id)
            .reversed());
    List<BaseDiskId> nameless = new ArrayList<>();
    for (FoundBase base : newestFirst) {
      Origin origin = describedOrigin(base);
      origins.put(base.id(), origin);
      boolean mustHaveName = origin.kind() != BaseDiskKind.CLONE_BASE || origin.name() != null;
      if (mustHaveName && !take(origin.sourceBox(), origin.name())) {
        nameless.add(base.id());
      } else if (base.description() == null) {
        unknown.add(base.id());
      }
    }
    // After all described names are taken: a made-up name must not take one of them.
    nameless.forEach(this::makeUpName);
    return new Settled(ImmutableMap.copyOf(origins), ImmutableList.sortedCopyOf(unknown));
  }

  private boolean take(BoxId sourceBox, @Nullable BaseName name) {
    return name != null && taken.add(new Claim(sourceBox, name.value()));
  }

  private void makeUpName(BaseDiskId id) {
    origins.computeIfPresent(
        id,
        (same, origin) ->
            new Origin(origin.kind(), origin.sourceBox(), newName(id, origin), origin.createdAt()));
    unknown.add(id);
  }

  private BaseName newName(BaseDiskId id, Origin origin) {
    BaseName name = BaseName.of(origin.kind(), RECOVERED + id);
    for (int number = 2; !take(origin.sourceBox(), name); number++) {
      name = BaseName.of(origin.kind(), RECOVERED + id + "-" + number);
    }
    return name;
  }

  private Origin describedOrigin(FoundBase base) {
    BaseDescription said = base.description();
    if (said == null) {
      return new Origin(
          BaseDiskKind.CLONE_BASE,
          BoxId.GLOBAL,
          null,
          recordable.apply(base.status().modifiedAt()));
    }
    Instant createdAt = recordable.apply(said.createdAt());
    if (said.kind() == BaseDiskKind.ROOTFS) {
      return new Origin(BaseDiskKind.ROOTFS, BoxId.GLOBAL, said.name(), createdAt);
    }
    boolean isSnapshot =
        said.kind() == BaseDiskKind.SNAPSHOT && !said.sourceBox().equals(BoxId.GLOBAL);
    return new Origin(
        isSnapshot ? BaseDiskKind.SNAPSHOT : BaseDiskKind.CLONE_BASE,
        said.sourceBox(),
        said.name(),
        createdAt);
  }
}
