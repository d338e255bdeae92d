package io.basedisk.domain.adopt;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static com.google.common.collect.ImmutableMap.toImmutableMap;

import com.google.common.base.Verify;
import com.google.common.collect.HashMultiset;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Maps;
import com.google.common.collect.Multiset;
import io.basedisk.domain.adopt.ForeignFiles.Located;
import io.basedisk.domain.error.BaseDiskException;
import io.basedisk.domain.error.Remedy;
import io.basedisk.domain.model.ForeignHome;
import io.basedisk.domain.model.ForeignHome.ForeignBase;
import io.basedisk.domain.model.ForeignHome.ForeignBox;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.port.ImageLocks;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Decides which disks of another program's home can be copied. A box or base can be if its file and
 * every file below it can be. It changes nothing. Not thread-safe.
 */
final class ForeignDisks {

  private static final Pattern BOX_ID = Pattern.compile("[A-Za-z0-9_-]{1,128}");
  private static final String BOXES = "boxes";
  private static final String CONTAINER_DISK = "disks/disk.qcow2";

  /** Suffix of the files that the other program keeps as raw images. */
  private static final String RAW_SUFFIX = ".ext4";

  private final Path root;
  private final ForeignFiles located;
  private final DiskImages images;
  private final ImageLocks imageLocks;
  private final ImageGraph graph;
  private final Verdicts verdicts;

  /**
   * @param root real path of the other home
   * @param home this home, which need not exist
   */
  ForeignDisks(
      Path root, HomeLayout home, DiskFiles files, DiskImages images, ImageLocks imageLocks) {
    this.root = root;
    this.images = images;
    this.imageLocks = imageLocks;
    this.located = new ForeignFiles(root, files, images);
    AdoptionRequest request = new AdoptionRequest(root, null, ImmutableSet.of(), false);
    this.graph = new ImageGraph(request, root, home, files, images, RecordedFiles.NONE);
    this.verdicts = new Verdicts(home, files, imageLocks, RecordedFiles.NONE, this::damageOf);
  }

  /**
   * A box or base of the other home. Exactly one of {@code node} and {@code fault} is null.
   *
   * @param <R> type of its record
   * @param record its record
   * @param path path of its file; the home if it has no valid one
   * @param node its file; null if it can't be copied
   * @param fault why it can't be copied; null if it can be
   */
  record Candidate<R>(R record, Path path, @Nullable ImageNode node, @Nullable Fault fault) {}

  /**
   * All boxes and bases.
   *
   * @param boxes the boxes, in the order of their records
   * @param bases the bases, in the order of their records
   */
  record Content(
      ImmutableList<Candidate<ForeignBox>> boxes, ImmutableList<Candidate<ForeignBase>> bases) {}

  /** {@return all boxes and bases of a home, with a verdict for each} */
  Content examine(ForeignHome foreign) {
    ImmutableMap<ForeignBox, Located> disks = Maps.toMap(foreign.boxes(), this::diskOf);
    ImmutableMap<ForeignBase, Located> bases =
        Maps.toMap(ImmutableSet.copyOf(foreign.bases()), base -> located.locate(base.path()));
    ImmutableMap<Path, ImageNode> nodes =
        graph.connect(located.all()).stream()
            .collect(toImmutableMap(ImageNode::path, node -> node));
    for (Located base : bases.values()) {
      ImageNode node = nodes.get(base.path());
      if (base.fault() == null && node != null && base.path().toString().endsWith(RAW_SUFFIX)) {
        node.markRaw();
      }
    }
    Multiset<Path> inUse = HashMultiset.create();
    disks.values().forEach(disk -> inUse.add(disk.path()));
    return new Content(
        candidates(disks, nodes, node -> faultOfDisk(node, inUse)),
        candidates(bases, nodes, node -> faultOfBase(node, inUse)));
  }

  private Located diskOf(ForeignBox box) {
    if (!BOX_ID.matcher(box.id()).matches()) {
      return new Located(root, null, Fault.of("the database has a box whose id is not valid"));
    }
    String directory = box.directory();
    return directory == null
        ? located.locate(root.resolve(BOXES).resolve(box.id()).resolve(CONTAINER_DISK))
        : located.locate(directory + "/" + CONTAINER_DISK);
  }

  /** Finds why a file can't be copied. */
  private interface Check {
    Optional<Fault> faultOf(ImageNode node);
  }

  private static <R> ImmutableList<Candidate<R>> candidates(
      Map<R, Located> files, ImmutableMap<Path, ImageNode> nodes, Check check) {
    return files.entrySet().stream()
        .map(entry -> candidate(entry.getKey(), entry.getValue(), nodes, check))
        .collect(toImmutableList());
  }

  private static <R> Candidate<R> candidate(
      R record, Located file, ImmutableMap<Path, ImageNode> nodes, Check check) {
    if (file.fault() != null) {
      return new Candidate<>(record, file.path(), null, file.fault());
    }
    ImageNode node = Verify.verifyNotNull(nodes.get(file.path()));
    Fault fault = check.faultOf(node).map(ForeignDisks::withoutOption).orElse(null);
    return new Candidate<>(record, file.path(), fault == null ? node : null, fault);
  }

  /** {@return a fault without the remedy that only an adoption of a directory has} */
  private static Fault withoutOption(Fault fault) {
    return fault.remedy() instanceof Remedy.AllowBacking ? Fault.of(fault.why()) : fault;
  }

  private Optional<Fault> faultOfDisk(ImageNode node, Multiset<Path> inUse) {
    if (inUse.count(node.path()) > 1) {
      return Optional.of(Fault.of("is the disk of several boxes"));
    }
    if (node.isNamed()) {
      return Optional.of(Fault.of("is the backing file of another image"));
    }
    return imageLocks
        .writtenBy(node.path())
        .map(who -> Fault.of("is " + who, new Remedy.EndUse(node.path())))
        .or(() -> verdicts.ofDisk(node));
  }

  private Optional<Fault> faultOfBase(ImageNode node, Multiset<Path> inUse) {
    return inUse.contains(node.path())
        ? Optional.of(Fault.of("is the disk of a box"))
        : verdicts.ofBase(node);
  }

  private Optional<Fault> damageOf(ImageNode node) {
    // The refcounts of a dirty image may be wrong, and its content is right.
    boolean isChecked =
        node.format() == ImageFormat.QCOW2
            && node.file().header() != null
            && !node.file().header().dirty();
    try {
      return isChecked && images.check(node.path()).errors() > 0
          ? Optional.of(Fault.of("is damaged", new Remedy.RepairImage(node.path())))
          : Optional.empty();
    } catch (BaseDiskException unreadable) {
      return Optional.of(Fault.of(node.path(), unreadable));
    }
  }
}
