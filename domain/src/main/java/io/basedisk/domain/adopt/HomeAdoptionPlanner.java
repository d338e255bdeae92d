package io.basedisk.domain.adopt;

import com.google.common.base.Strings;
import com.google.common.base.Verify;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.adopt.ForeignDisks.Candidate;
import io.basedisk.domain.adopt.HomeAdoptionPlan.Entry;
import io.basedisk.domain.adopt.ImageNode.Below;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.model.BackingFile;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BaseName;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.ForeignHome.ForeignBase;
import io.basedisk.domain.model.ForeignHome.ForeignBox;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.model.RecordTimes;
import io.basedisk.domain.model.intent.NewBox;
import io.basedisk.domain.model.intent.PlannedBase;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.port.ForeignHomeReader;
import io.basedisk.domain.port.ImageLocks;
import io.basedisk.domain.protocol.AdoptHomeProtocol;
import io.basedisk.domain.protocol.CopiedFile;
import io.basedisk.domain.protocol.CopiedFile.Target;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Plans the adoption of another program's home. It changes nothing. For one plan. */
final class HomeAdoptionPlanner {

  private static final String INTERRUPTED_SNAPSHOT = ".snapshot_pending";
  private static final ImmutableSet<String> AT_REST = ImmutableSet.of("stopped", "configured");

  private final HomeLayout home;
  private final DiskFiles files;
  private final DiskImages images;
  private final ImageLocks imageLocks;
  private final ForeignHomeReader reader;
  private final RecordedFiles recorded;
  private final RandomGenerator random;
  private final OperationId operation;
  private final Instant now;
  private final ForeignNames names;
  private final FreeBoxNames boxNames;
  private final Map<Path, BaseDiskId> ids = new HashMap<>();

  /** The adopted boxes, by their ids in the other home. */
  private final Map<String, BoxId> boxes = new HashMap<>();

  private final Map<ImageNode, Naming> namings = new LinkedHashMap<>();
  private final List<UnadoptedFile> leftOut = new ArrayList<>();

  /**
   * @param earlier a plan whose ids and time the new plan has too; null for none
   */
  HomeAdoptionPlanner(
      @Nullable HomeAdoptionPlan earlier,
      HomeLayout home,
      DiskFiles files,
      DiskImages images,
      ImageLocks imageLocks,
      ForeignHomeReader reader,
      RecordedFiles recorded,
      RandomGenerator random,
      InstantSource clock) {
    this.home = home;
    this.files = files;
    this.images = images;
    this.imageLocks = imageLocks;
    this.reader = reader;
    this.recorded = recorded;
    this.random = random;
    this.operation = earlier == null ? OperationId.mint(random) : earlier.operation();
    this.now = earlier == null ? RecordTimes.now(clock) : earlier.at();
    this.names = new ForeignNames(recorded);
    this.boxNames = new FreeBoxNames(recorded::isTaken);
    if (earlier != null) {
      earlier.copies().forEach(this::keepId);
    }
  }

  private void keepId(CopiedFile earlier) {
    if (earlier.target() instanceof Target.Base base) {
      ids.put(earlier.source(), base.base().id());
    }
  }

  /** What the other home says about a file, in the words of this home. */
  private sealed interface Naming {

    record OfBox(BoxId box, Instant createdAt, @Nullable String formerName, @Nullable String note)
        implements Naming {}

    record OfBase(
        BoxId sourceBox,
        @Nullable BaseName name,
        BaseDiskKind kind,
        Instant createdAt,
        @Nullable String formerName)
        implements Naming {}
  }

  HomeAdoptionPlan plan(Path directory) {
    Path root = rootOf(directory);
    ForeignDisks.Content content =
        new ForeignDisks(root, home, files, images, imageLocks).examine(reader.read(root));
    content.boxes().forEach(this::nameBox);
    for (BaseDiskKind kind : ImmutableList.of(BaseDiskKind.SNAPSHOT, BaseDiskKind.ROOTFS)) {
      content.bases().stream().filter(base -> base.record().kind() == kind).forEach(this::nameBase);
    }
    ImmutableSet<ImageNode> copied = ImageGraph.bottomUp(ImmutableList.copyOf(namings.keySet()));
    content.bases().stream()
        .filter(base -> base.record().kind() == BaseDiskKind.CLONE_BASE)
        .forEach(base -> nameCloneBase(base, copied));
    return new HomeAdoptionPlan(
        root,
        operation,
        entries(copied),
        ImmutableList.sortedCopyOf(
            Comparator.comparing(UnadoptedFile::file).thenComparing(UnadoptedFile::why), leftOut),
        now);
  }

  private Path rootOf(Path directory) {
    Path root = files.realPath(directory);
    if (files.status(root).filter(FileStatus::isDirectory).isEmpty()) {
      throw new InvalidArgumentException(directory + ": is not a directory");
    }
    if (root.startsWith(home.home())) {
      throw new RefusedException(directory + ": is in the home");
    }
    return root;
  }

  // Names.

  private void nameBox(Candidate<ForeignBox> candidate) {
    ForeignBox box = candidate.record();
    if (candidate.node() == null) {
      leaveOut(candidate);
      return;
    }
    String former = Strings.isNullOrEmpty(box.name()) ? box.id() : box.name();
    BoxId name = boxNames.give(former);
    boxes.put(box.id(), name);
    namings.put(
        candidate.node(),
        new Naming.OfBox(
            name, timeOf(box.createdAt()), changed(former, name.value()), noteOf(candidate)));
  }

  private @Nullable String noteOf(Candidate<ForeignBox> candidate) {
    Path disksDir = Verify.verifyNotNull(candidate.path().getParent());
    if (files.status(disksDir.resolveSibling(INTERRUPTED_SNAPSHOT)).isPresent()) {
      return "the other program has not completed a snapshot of it";
    }
    String status = candidate.record().status();
    return status == null || AT_REST.contains(status)
        ? null
        : "the other program calls it " + status + ", and no process writes to its disk";
  }

  private void nameBase(Candidate<ForeignBase> candidate) {
    ForeignBase base = candidate.record();
    ImageNode node = candidate.node();
    BoxId source = base.kind() == BaseDiskKind.ROOTFS ? BoxId.GLOBAL : boxes.get(base.box());
    String former = Strings.nullToEmpty(base.name());
    if (node == null) {
      leaveOut(candidate);
    } else if (source == null) {
      leaveOut(candidate, "is a snapshot of a box that is left out, or gone");
    } else if (namings.get(node) instanceof Naming.OfBase other) {
      boolean isSame = other.sourceBox().equals(source) && other.kind() == base.kind();
      if (!isSame || !former.equals(formerNameOf(other))) {
        leaveOut(candidate, "has two names; it is copied under the other one");
      }
    } else {
      BaseName name =
          base.kind() == BaseDiskKind.ROOTFS
              ? names.rootfs(former)
              : names.snapshot(source, former);
      namings.put(
          node,
          new Naming.OfBase(
              source, name, base.kind(), timeOf(base.createdAt()), changed(former, name.value())));
    }
  }

  private static String formerNameOf(Naming.OfBase naming) {
    return naming.formerName() != null
        ? naming.formerName()
        : Verify.verifyNotNull(naming.name()).value();
  }

  private void nameCloneBase(Candidate<ForeignBase> candidate, ImmutableSet<ImageNode> copied) {
    ImageNode node = candidate.node();
    if (node == null) {
      leaveOut(candidate);
    } else if (!copied.contains(node)) {
      leaveOut(candidate, "no box, snapshot or rootfs entry that is copied needs it");
    } else {
      ForeignBase base = candidate.record();
      namings.putIfAbsent(
          node,
          new Naming.OfBase(
              boxes.getOrDefault(base.box(), BoxId.GLOBAL),
              null,
              BaseDiskKind.CLONE_BASE,
              timeOf(base.createdAt()),
              null));
    }
  }

  private void leaveOut(Candidate<?> candidate) {
    leftOut.add(Verify.verifyNotNull(candidate.fault()).about(candidate.path()));
  }

  private void leaveOut(Candidate<?> candidate, String why) {
    leftOut.add(Fault.of(why).about(candidate.path()));
  }

  private static @Nullable String changed(String former, String name) {
    return former.isEmpty() || former.equals(name) ? null : former;
  }

  /** {@return a time of the other database; the present one if it can't be right} */
  private Instant timeOf(long seconds) {
    return seconds > 0 && seconds <= now.getEpochSecond() ? Instant.ofEpochSecond(seconds) : now;
  }

  // Copies.

  private ImmutableList<Entry> entries(ImmutableSet<ImageNode> copied) {
    Map<ImageNode, Integer> depths = new HashMap<>();
    ImmutableList.Builder<Entry> entries = ImmutableList.builder();
    for (ImageNode node : copied) {
      int depth =
          node.below() instanceof Below.Node below ? 1 + depths.getOrDefault(below.node(), 0) : 0;
      depths.put(node, depth);
      entries.add(entry(node, depth));
    }
    return entries.build();
  }

  private Entry entry(ImageNode node, int depth) {
    long length = node.file().status().length();
    Naming naming = namings.get(node);
    if (naming instanceof Naming.OfBox box) {
      NewBox newBox = NewBox.in(home, box.box());
      Target disk = new Target.Disk(newBox, parentOf(node));
      CopiedFile file = copy(node, newBox.disk(), disk, box.createdAt());
      return new Entry(file, depth, length, box.formerName(), box.note());
    }
    // A base that has no record in the other home.
    Naming.OfBase base =
        naming instanceof Naming.OfBase known
            ? known
            : new Naming.OfBase(BoxId.GLOBAL, null, BaseDiskKind.CLONE_BASE, now, null);
    BaseDiskId id = idOf(node.path());
    Path path = home.baseFile(id);
    PlannedBase planned =
        new PlannedBase(id, path, base.sourceBox(), base.name(), base.kind(), parentOf(node));
    CopiedFile file = copy(node, path, new Target.Base(planned), base.createdAt());
    return new Entry(file, depth, length, base.formerName(), null);
  }

  private CopiedFile copy(ImageNode node, Path path, Target target, Instant createdAt) {
    FileStatus status = node.file().status();
    return new CopiedFile(
        node.path(),
        status.identity(),
        status.version(),
        node.format(),
        backingOf(node),
        node.virtualSize(),
        AdoptHomeProtocol.fileOf(operation, path),
        target,
        createdAt);
  }

  private static @Nullable BackingFile backingOf(ImageNode node) {
    return node.format() == ImageFormat.RAW || node.file().header() == null
        ? null
        : node.file().header().backing();
  }

  private @Nullable BaseDiskId parentOf(ImageNode node) {
    return node.below() instanceof Below.Node below ? idOf(below.node().path()) : null;
  }

  private BaseDiskId idOf(Path file) {
    BaseDiskId known = ids.get(file);
    if (known != null) {
      return known;
    }
    BaseDiskId id =
        BaseDiskId.mintUnused(random, taken -> ids.containsValue(taken) || recorded.isTaken(taken));
    ids.put(file, id);
    return id;
  }
}
