package io.basedisk.domain.adopt;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.base.Verify;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.adopt.AdoptionPlan.Entry;
import io.basedisk.domain.adopt.ImageNode.Below;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.model.RecordTimes;
import io.basedisk.domain.model.intent.AdoptedFile;
import io.basedisk.domain.model.intent.AdoptedFile.Move;
import io.basedisk.domain.model.intent.AdoptedFile.Role;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.port.ImageLocks;
import io.basedisk.domain.protocol.AdoptProtocol;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Plans the adoption of a directory. It changes nothing. Not thread-safe. */
final class AdoptionPlanner {

  private final AdoptionRequest request;
  private final HomeLayout home;
  private final DiskFiles files;
  private final DiskImages images;
  private final ImageLocks imageLocks;
  private final RecordedFiles recorded;
  private final RandomGenerator random;
  private final InstantSource clock;
  private final OperationId operation;
  private final Map<Path, BaseDiskId> ids = new HashMap<>();

  /**
   * @param earlier a plan whose ids the new plan has too; null for none
   */
  AdoptionPlanner(
      AdoptionRequest request,
      @Nullable AdoptionPlan earlier,
      HomeLayout home,
      DiskFiles files,
      DiskImages images,
      ImageLocks imageLocks,
      RecordedFiles recorded,
      RandomGenerator random,
      InstantSource clock) {
    this.request = request;
    this.home = home;
    this.files = files;
    this.images = images;
    this.imageLocks = imageLocks;
    this.recorded = recorded;
    this.random = random;
    this.clock = clock;
    this.operation = earlier == null ? OperationId.mint(random) : earlier.operation();
    if (earlier != null) {
      for (AdoptedFile file : earlier.adopted()) {
        if (file.role() instanceof Role.Base base) {
          ids.put(file.path(), base.id());
        }
      }
    }
  }

  AdoptionPlan plan() {
    Path root = rootOf(request.directory());
    TreeScan.Content content = new TreeScan(files, images).run(root);
    Collection<ImageNode> nodes =
        new ImageGraph(request, root, home, files, images, recorded)
            .connect(content.files().values());
    Verdicts verdicts = new Verdicts(home, files, imageLocks, recorded, node -> Optional.empty());
    Map<ImageNode, Fault> faults = new HashMap<>();
    List<ImageNode> disks = new ArrayList<>();
    for (ImageNode node : nodes) {
      if (!node.isNamed()) {
        Optional<Fault> fault = verdicts.ofDisk(node);
        fault.ifPresentOrElse(found -> faults.put(node, found), () -> disks.add(node));
      }
    }
    ImmutableSet<ImageNode> adopted = ImageGraph.bottomUp(disks);
    for (ImageNode node : nodes) {
      if (node.isNamed() && !adopted.contains(node)) {
        faults.put(
            node,
            verdicts
                .ofBase(node)
                .orElseGet(() -> Fault.of("only images that are left out back onto it")));
      }
    }
    return new AdoptionPlan(
        request,
        operation,
        entries(adopted.asList(), root),
        leftOut(content, faults),
        RecordTimes.now(clock));
  }

  private Path rootOf(Path directory) {
    Path root = files.realPath(directory);
    if (files.status(root).filter(FileStatus::isDirectory).isEmpty()) {
      throw new InvalidArgumentException(directory + ": is not a directory");
    }
    if (root.startsWith(home.home())) {
      throw new RefusedException(directory + ": is in the home, which has its files already");
    }
    for (Path above = root; above != null; above = above.getParent()) {
      if (TreeScan.isHome(above, files)) {
        throw new RefusedException(directory + ": is in " + above + ", a home of basedisk");
      }
    }
    return root;
  }

  private static ImmutableList<UnadoptedFile> leftOut(
      TreeScan.Content content, Map<ImageNode, Fault> faults) {
    List<UnadoptedFile> all = new ArrayList<>(content.leftOut());
    faults.forEach((node, fault) -> all.add(fault.about(node.path())));
    return all.stream()
        .sorted(Comparator.comparing(UnadoptedFile::file))
        .collect(toImmutableList());
  }

  private ImmutableList<Entry> entries(ImmutableList<ImageNode> adopted, Path root) {
    ImmutableMap<Path, BoxId> names =
        new BoxNames(root, recorded::isTaken)
            .of(
                adopted.stream()
                    .filter(node -> !node.isNamed())
                    .map(ImageNode::path)
                    .collect(toImmutableList()));
    Map<ImageNode, Role> roles = new HashMap<>();
    for (ImageNode node : adopted) {
      BoxId box = names.get(node.path());
      roles.put(node, box == null ? new Role.Base(idOf(node.path())) : new Role.BoxDisk(box));
    }
    HomePlacement placement =
        new HomePlacement(images, imageLocks, node -> targetOf(roles.get(node)));
    if (request.intoHome()) {
      placement.decide(adopted);
    }
    Map<ImageNode, Integer> depths = new HashMap<>();
    ImmutableList.Builder<Entry> entries = ImmutableList.builder();
    for (ImageNode node : adopted) {
      depths.put(node, depthOf(node, depths));
      entries.add(entry(node, roles, placement, depths.getOrDefault(node, 0)));
    }
    return entries.build();
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

  private Path targetOf(@Nullable Role role) {
    return role instanceof Role.BoxDisk disk
        ? AdoptedFile.targetOf(home, disk.box())
        : home.baseFile(((Role.Base) Verify.verifyNotNull(role)).id());
  }

  private int depthOf(ImageNode node, Map<ImageNode, Integer> depths) {
    if (node.below() instanceof Below.Node below) {
      return 1 + depths.getOrDefault(below.node(), 0);
    }
    return node.below() instanceof Below.Recorded base ? recorded.layersOf(base.base().id()) : 0;
  }

  private Entry entry(
      ImageNode node, Map<ImageNode, Role> roles, HomePlacement placement, int depth) {
    Role role = Verify.verifyNotNull(roles.get(node));
    FileStatus status = node.file().status();
    String whyStays = request.intoHome() ? placement.whyStays(node).orElse(null) : null;
    Move move =
        request.intoHome() && whyStays == null
            ? AdoptProtocol.moveOf(
                operation, node.path(), targetOf(role), status, placement.patchOf(node))
            : null;
    return new Entry(
        new AdoptedFile(
            node.path(),
            status.identity(),
            status.version(),
            node.format(),
            node.virtualSize(),
            role,
            parentOf(node, roles),
            move),
        depth,
        whyStays);
  }

  private static @Nullable BaseDiskId parentOf(ImageNode node, Map<ImageNode, Role> roles) {
    if (node.below() instanceof Below.Recorded recorded) {
      return recorded.base().id();
    }
    return node.below() instanceof Below.Node below
            && roles.get(below.node()) instanceof Role.Base base
        ? base.id()
        : null;
  }
}
