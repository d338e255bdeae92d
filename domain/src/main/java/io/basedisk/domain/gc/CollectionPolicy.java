package io.basedisk.domain.gc;

import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.KeepReason;
import java.nio.file.Path;
import java.util.Optional;

/** Decides whether a base is deleted or kept. Any doubt keeps it. */
public final class CollectionPolicy {

  private CollectionPolicy() {}

  /**
   * {@return the verdict of a collection on a base}
   *
   * @param base the base
   * @param holders everything that holds the base
   * @param home paths of the home
   */
  public static Verdict verdict(BaseDisk base, Holders holders, HomeLayout home) {
    return ownReason(base)
        .or(() -> holderReason(holders))
        .or(() -> holders.holds().stream().findFirst().map(KeepReason.Held::new))
        .or(() -> placeReason(base, home))
        .<Verdict>map(Verdict.Keep::new)
        .orElseGet(Verdict.Collect::new);
  }

  /**
   * {@return the verdict on a base that a user removes} Its kind and its holds do not keep it. A
   * foreign base that nothing needs is given back: only its record is removed.
   *
   * @param base the base
   * @param holders everything that holds the base
   * @param home paths of the home
   */
  public static Verdict verdictOnRemoval(BaseDisk base, Holders holders, HomeLayout home) {
    return holderReason(holders)
        .or(() -> base.diskInfo().isForeign() ? Optional.empty() : placeReason(base, home))
        .<Verdict>map(Verdict.Keep::new)
        .orElseGet(Verdict.Collect::new);
  }

  /**
   * Keeps a base whose file is not its file in the bases directory: no other file is ever deleted.
   */
  private static Optional<KeepReason> placeReason(BaseDisk base, HomeLayout home) {
    Path file = base.diskInfo().basePath();
    if (base.diskInfo().isForeign()) {
      return Optional.of(new KeepReason.IsForeign(file));
    }
    return file.equals(home.baseFile(base.id()))
        ? Optional.empty()
        : Optional.of(new KeepReason.IsOutside(file));
  }

  /**
   * {@return whether a base is kept even if nothing needs it: a snapshot or a rootfs with a key
   * until a user removes it, a foreign base forever}
   *
   * @param base the base
   */
  public static boolean isKeptForItself(BaseDisk base) {
    return base.diskInfo().isForeign() || ownReason(base).isPresent();
  }

  private static Optional<KeepReason> ownReason(BaseDisk base) {
    return switch (base.kind()) {
      case SNAPSHOT ->
          Optional.of(
              new KeepReason.IsSnapshot(base.sourceBoxId(), base.snapshotName().orElse(null)));
      // A rootfs without a key was superseded by a newer entry.
      case ROOTFS -> base.rootfsKey().map(KeepReason.IsRootfs::new);
      case CLONE_BASE -> Optional.empty();
    };
  }

  private static Optional<KeepReason> holderReason(Holders holders) {
    if (!holders.boxes().isEmpty()) {
      return Optional.of(new KeepReason.ReferencedBy(holders.boxes()));
    }
    if (!holders.children().isEmpty()) {
      return Optional.of(new KeepReason.ParentOf(holders.children()));
    }
    if (!holders.intents().isEmpty()) {
      return Optional.of(new KeepReason.NamedByIntent(holders.intents().get(0)));
    }
    if (!holders.files().isEmpty()) {
      return Optional.of(new KeepReason.BackedOntoBy(holders.files().get(0)));
    }
    return Optional.ofNullable(holders.openedBy()).map(KeepReason.OpenIn::new);
  }
}
