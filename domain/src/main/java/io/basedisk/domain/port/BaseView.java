package io.basedisk.domain.port;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BaseFilter;
import io.basedisk.domain.model.BaseFingerprint;
import io.basedisk.domain.model.BaseName;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.RootfsKey;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The bases in a {@link StoreView}: immutable images, each with its parent. */
public interface BaseView {

  /**
   * {@return the base with an id; empty if there is none}
   *
   * @param id id of the base
   */
  Optional<BaseDisk> find(BaseDiskId id);

  /**
   * {@return the base with a file; empty if there is none}
   *
   * @param path path of the file, as it was recorded
   */
  Optional<BaseDisk> findByPath(Path path);

  /**
   * {@return the base of a source box with a name; empty if there is none}
   *
   * @param sourceBox the box; {@link BoxId#GLOBAL} for a rootfs
   * @param name name of the base
   */
  Optional<BaseDisk> findByName(BoxId sourceBox, BaseName name);

  /**
   * {@return the rootfs with a key; empty if there is none}
   *
   * @param key key of the rootfs
   */
  default Optional<BaseDisk> findByKey(RootfsKey key) {
    return findByName(BoxId.GLOBAL, key).filter(base -> base.kind() == BaseDiskKind.ROOTFS);
  }

  /**
   * {@return the bases that match a filter}
   *
   * @param filter the filter
   */
  ImmutableList<BaseDisk> list(BaseFilter filter);

  /**
   * {@return a page of all bases in the order of their ids} Page by page, the caller sees every
   * base in bounded memory.
   *
   * @param after the last base of the previous page, which may have been deleted since; null for
   *     the first page
   * @param limit maximum length of the page, 1 or more; only the last page is shorter
   */
  ImmutableList<BaseDisk> listAfter(@Nullable BaseDiskId after, int limit);

  /**
   * {@return the bases with a recorded parent}
   *
   * @param parent id of the parent
   */
  ImmutableList<BaseDisk> listChildren(BaseDiskId parent);

  /**
   * {@return the ids of the bases with a recorded parent, the last inserted first} Takes time
   * proportional to {@code limit}, not to the number of children.
   *
   * @param parent id of the parent
   * @param limit maximum number of ids, 1 or more
   */
  ImmutableList<BaseDiskId> listChildIds(BaseDiskId parent, int limit);

  /**
   * {@return the fingerprint of a base; empty if none was recorded}
   *
   * @param base id of the base
   */
  Optional<BaseFingerprint> findFingerprint(BaseDiskId base);
}
