package io.basedisk.cli;

import com.google.common.base.Joiner;
import com.google.common.collect.ImmutableList;
import io.basedisk.app.BaseDisks;
import io.basedisk.cli.render.BaseDocuments;
import io.basedisk.cli.render.Sizes;
import io.basedisk.cli.render.Text;
import io.basedisk.domain.box.BoxDetails;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.RootfsKey;
import io.basedisk.domain.model.SnapshotName;
import java.nio.file.Path;
import java.util.List;

/** Questions before data is dropped. Each names what goes. */
final class Questions {

  /** The number of things that a question names; it counts the others. */
  private static final int NAMED = 4;

  private Questions() {}

  /** Before boxes go, with their snapshots. */
  static String removeBoxes(BaseDisks disks, ImmutableList<BoxId> boxes) {
    if (boxes.size() == 1) {
      return removeBox(disks, boxes.get(0));
    }
    int snapshots = boxes.stream().mapToInt(box -> disks.snapshots().list(box).size()).sum();
    return "remove "
        + boxes.size()
        + " boxes ("
        + some(textsOf(boxes))
        + ") with their disks"
        + (snapshots == 0 ? "" : " and " + Text.count(snapshots, "snapshot"))
        + "?";
  }

  private static String removeBox(BaseDisks disks, BoxId box) {
    BoxDetails details = disks.boxes().get(box);
    ImmutableList<String> snapshots = snapshotsOf(disks, box);
    return "remove box "
        + box
        + " with its disk "
        + details.box().disk(DiskSlot.CONTAINER)
        + (details.disk() instanceof BoxDetails.DiskState.Known known
            ? " (virtual size " + Sizes.human(known.virtualSize()) + ")"
            : "")
        + (snapshots.isEmpty() ? "" : " and its " + counted(snapshots))
        + "?";
  }

  /** Before a box is unregistered and its snapshots go. */
  static String forgetBox(BaseDisks disks, BoxId box) {
    return "unregister box " + box + " and remove its " + counted(snapshotsOf(disks, box)) + "?";
  }

  private static ImmutableList<String> snapshotsOf(BaseDisks disks, BoxId box) {
    return disks.snapshots().list(box).stream()
        .map(snapshot -> String.valueOf(snapshot.base().name()))
        .collect(ImmutableList.toImmutableList());
  }

  private static String counted(ImmutableList<String> snapshots) {
    return Text.count(snapshots.size(), "snapshot") + " (" + some(snapshots) + ")";
  }

  /** Before the present content of a disk goes. */
  static String restore(BoxId box, SnapshotName snapshot) {
    return "drop all that was written to box "
        + box
        + " since its last snapshot (--save-as NAME keeps it), and restore "
        + snapshot
        + "?";
  }

  /** Before snapshots go. */
  static String removeSnapshots(BoxId box, ImmutableList<SnapshotName> snapshots) {
    return "remove "
        + (snapshots.size() == 1 ? "snapshot " + snapshots.get(0) : counted(textsOf(snapshots)))
        + " of box "
        + box
        + "?";
  }

  /** Before bases go. */
  static String removeBases(BaseDisks disks, ImmutableList<BaseDiskId> ids) {
    return "remove "
        + (ids.size() == 1
            ? "base " + BaseDocuments.described(BaseCommand.require(disks, ids.get(0)).base())
            : ids.size() + " bases (" + some(textsOf(ids)) + ")")
        + "?";
  }

  /** Before entries of the rootfs cache go. */
  static String removeRootfs(ImmutableList<RootfsKey> keys) {
    return "remove rootfs " + some(textsOf(keys)) + "?";
  }

  /** Before unused entries of the rootfs cache go. */
  static String pruneRootfs(BaseDisks disks, long maxBytes) {
    ImmutableList<String> unused =
        disks.rootfs().list().stream()
            .filter(
                entry ->
                    entry.details().referencedBy().isEmpty()
                        && entry.details().children().isEmpty())
            .map(entry -> String.valueOf(entry.details().base().name()))
            .collect(ImmutableList.toImmutableList());
    return "remove unused rootfs entries"
        + (unused.isEmpty() ? "" : " (" + some(unused) + ")")
        + ", least recently used first, until the cache occupies at most "
        + Sizes.human(maxBytes)
        + "?";
  }

  /** Before orphans go. */
  static String discard(List<Path> orphans) {
    return "delete "
        + Text.count(orphans.size(), "orphan")
        + " for good: "
        + some(orphans.stream().map(Path::toString).collect(ImmutableList.toImmutableList()))
        + "?";
  }

  /** {@return whether there is something to ask about; otherwise the command fails} */
  static boolean hasSnapshot(BaseDisks disks, BoxId box, SnapshotName name) {
    return disks.snapshots().list(box).stream()
        .anyMatch(snapshot -> name.equals(snapshot.base().name()));
  }

  private static ImmutableList<String> textsOf(ImmutableList<?> names) {
    return names.stream().map(Object::toString).collect(ImmutableList.toImmutableList());
  }

  private static String some(ImmutableList<String> names) {
    String first = Joiner.on(", ").join(names.subList(0, Math.min(NAMED, names.size())));
    return names.size() <= NAMED ? first : first + " and " + (names.size() - NAMED) + " more";
  }
}
