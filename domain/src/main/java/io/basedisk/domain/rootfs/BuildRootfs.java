package io.basedisk.domain.rootfs;

import io.basedisk.domain.chain.BackingChains;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.RootfsKey;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.port.Progress;
import io.basedisk.domain.rootfs.RootfsCache.Entry;
import io.basedisk.domain.source.SourceImages;
import java.nio.file.Path;
import java.util.Optional;
import javax.inject.Inject;

/** Builds a missing entry. Thread-safe. */
final class BuildRootfs {

  private final DiskImages images;
  private final BackingChains chains;
  private final SourceImages sources;
  private final RootfsEntries entries;
  private final NewRootfs newRootfs;

  @Inject
  BuildRootfs(
      DiskImages images,
      BackingChains chains,
      SourceImages sources,
      RootfsEntries entries,
      NewRootfs newRootfs) {
    this.images = images;
    this.chains = chains;
    this.sources = sources;
    this.entries = entries;
    this.newRootfs = newRootfs;
  }

  /** {@return or builds an entry as {@link RootfsCache#getOrCreate} does} */
  Entry run(RootfsKey key, RootfsCache.Builder builder) {
    Optional<Entry> found = entries.use(key, null);
    while (found.isEmpty()) {
      newRootfs.make(
          key,
          tx -> {
            if (RootfsEntries.findBase(tx, key).isPresent()) {
              throw new NewRootfs.AlreadyThere();
            }
          },
          builder::build,
          this::digestOfBuilt,
          null);
      found = entries.use(key, null);
    }
    return found.get();
  }

  private String digestOfBuilt(Path image) {
    BaseDiskId parent = chains.nearestBase(image).orElse(null);
    return images.contentDigest(sources.inspectNewBase(image, parent), Progress.NONE);
  }
}
