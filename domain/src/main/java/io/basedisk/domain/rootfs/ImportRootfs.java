package io.basedisk.domain.rootfs;

import io.basedisk.domain.gc.HeaderEvidence;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.Cause;
import io.basedisk.domain.model.ImageSource;
import io.basedisk.domain.model.Operation;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.model.RootfsKey;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.port.Progress;
import io.basedisk.domain.port.StoreView;
import io.basedisk.domain.protocol.Collector;
import io.basedisk.domain.rootfs.RootfsCache.Entry;
import io.basedisk.domain.source.SourceImages;
import java.util.Optional;
import javax.inject.Inject;

/** Adds a copy of an image's content. Thread-safe. */
final class ImportRootfs {

  private final DiskImages images;
  private final Collector collector;
  private final SourceImages sources;
  private final RootfsEntries entries;
  private final NewRootfs newRootfs;

  @Inject
  ImportRootfs(
      DiskImages images,
      Collector collector,
      SourceImages sources,
      RootfsEntries entries,
      NewRootfs newRootfs) {
    this.images = images;
    this.collector = collector;
    this.sources = sources;
    this.entries = entries;
    this.newRootfs = newRootfs;
  }

  /** Adds an entry as {@link RootfsCache#add} does. */
  Entry run(RootfsKey key, ImageSource source, String origin, Progress progress) {
    Optional<OperationId> made = Optional.empty();
    try (SourceImages.Guarded guarded = sources.open(source)) {
      String digest = images.contentDigest(guarded.image(), progress.pass(0, 2));
      ByteSize size = new ByteSize(guarded.image().virtualSize());
      Optional<Entry> same = entries.use(key, digest);
      if (same.isEmpty()) {
        made =
            newRootfs.make(
                key,
                tx -> requireNotSame(tx, key, digest),
                image -> images.importImage(image, guarded.image(), size, progress.pass(1, 2)),
                image -> digest,
                origin);
      }
    }
    collector.collectAfter(
        made.map(id -> new Cause(Operation.ADD_ROOTFS, id)).orElse(null), HeaderEvidence::none);
    return entries.require(key);
  }

  private static void requireNotSame(StoreView view, RootfsKey key, String digest) {
    if (RootfsEntries.findBase(view, key)
        .filter(base -> digest.equals(RootfsEntries.digestOf(view, base)))
        .isPresent()) {
      throw new NewRootfs.AlreadyThere();
    }
  }
}
