package io.basedisk.domain.port;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseFilter;
import io.basedisk.domain.model.BaseFingerprint;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.SnapshotName;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The bases of a {@link StoreView}: immutable images, each with the parent that it stands on. */
public interface BaseView {

  /** Returns the base with that id. */
  Optional<BaseDisk> find(BaseDiskId id);

  /** Returns the base whose file is {@code path}, compared as it was recorded. */
  Optional<BaseDisk> findByPath(Path path);

  /** Returns the base of that name that was forked from {@code sourceBox}. */
  Optional<BaseDisk> findByName(BoxId sourceBox, SnapshotName name);

  /** Returns the bases that pass {@code filter}. */
  ImmutableList<BaseDisk> list(BaseFilter filter);

  /**
   * Returns bases in the order of their ids: a part of a walk through all of them, which need not
   * be in memory at once.
   *
   * @param after the last base of the part before, which need not exist any more; null for the
   *     first part
   * @param limit how many at most, 1 or more; fewer are returned where no more follow
   */
  ImmutableList<BaseDisk> listAfter(@Nullable BaseDiskId after, int limit);

  /** Returns the bases whose recorded parent is {@code parent}. */
  ImmutableList<BaseDisk> listChildren(BaseDiskId parent);

  /**
   * Returns the ids of the bases whose recorded parent is {@code parent}, the latest insertions
   * first. Costs time in proportion to {@code limit}, however many children there are.
   *
   * @param limit how many at most, 1 or more
   */
  ImmutableList<BaseDiskId> listChildIds(BaseDiskId parent, int limit);

  /** Returns the fingerprint of a base; empty if none was recorded. */
  Optional<BaseFingerprint> findFingerprint(BaseDiskId base);
}
