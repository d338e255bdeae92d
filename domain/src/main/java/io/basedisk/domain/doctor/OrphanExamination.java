package io.basedisk.domain.doctor;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.chain.Layer;
import io.basedisk.domain.doctor.Finding.Kind;
import io.basedisk.domain.error.Remedy;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Collectors;

/** Examines an orphan: a base, a temporary file or a box directory without a record. */
final class OrphanExamination {

  private final HomeLayout home;
  private final BaseDiskStore store;
  private final DiskFiles files;
  private final Evidence evidence;
  private final BaseRecording recording;
  private final ChainExamination chains;
  private final ImageExamination images;
  private final Findings findings;

  OrphanExamination(
      HomeLayout home,
      BaseDiskStore store,
      DiskFiles files,
      Evidence evidence,
      BaseRecording recording,
      ChainExamination chains,
      ImageExamination images,
      Findings findings) {
    this.home = home;
    this.store = store;
    this.files = files;
    this.evidence = evidence;
    this.recording = recording;
    this.chains = chains;
    this.images = images;
    this.findings = findings;
  }

  void examine(Path orphan) {
    Optional<BaseDiskId> id = home.baseIdOf(orphan);
    if (id.isPresent()) {
      examineBase(id.get(), orphan);
    } else if (home.boxes().equals(orphan.getParent())) {
      findings.add(
          Kind.BOX_WITHOUT_RECORD,
          orphan,
          "no box is recorded there; it has " + contentOf(orphan),
          new Remedy.DiscardOrphan(orphan));
    } else {
      findings.add(
          Kind.LEFTOVER_TEMPORARY,
          orphan,
          "an operation left it, and it has no record",
          new Remedy.DiscardOrphan(orphan));
    }
  }

  private void examineBase(BaseDiskId id, Path file) {
    FileStatus status = files.status(file).orElse(null);
    if (status == null) {
      return;
    }
    ImmutableList<Path> standing = evidence.ofHeaders().filesBackingOnto(id);
    boolean isNeeded = standing.stream().anyMatch(this::isKnown);
    boolean saysWhatItIs =
        store.<Boolean>read(view -> recording.ownDescription(view, id, status).isPresent());
    boolean canBeBase = status.links() == 1;
    String detail =
        "it is not recorded"
            + (standing.isEmpty() ? "" : ", and " + standing.get(0) + " backs onto it")
            + (saysWhatItIs ? "; it says that it is a base of this home" : "")
            + (canBeBase ? "" : "; it has other names, so that it can't be a base");
    findings.add(
        canBeBase && (saysWhatItIs || !standing.isEmpty())
            ? new Finding(
                Kind.FILE_WITHOUT_RECORD, file, detail, new Repair.RecordBase(id, isNeeded))
            : new Finding(Kind.FILE_WITHOUT_RECORD, file, detail, new Remedy.DiscardOrphan(file)));
    ImmutableList<Layer> layers =
        standing.isEmpty() && !saysWhatItIs ? ImmutableList.of() : images.layersOf(file);
    if (!layers.isEmpty()) {
      chains.standsOnNoBase(file, status, layers);
    }
  }

  /** {@return whether an image that backs onto a base is a registered disk or a base itself} */
  private boolean isKnown(Path file) {
    return home.baseIdOf(file).isPresent()
        || store.read(view -> view.boxes().findByDisk(file)).isPresent();
  }

  private String contentOf(Path box) {
    Path disks = box.resolve(HomeLayout.DISKS);
    if (files.status(disks).filter(FileStatus::isDirectory).isEmpty()) {
      return "no disks directory";
    }
    ImmutableList<Path> content = files.list(disks);
    return content.isEmpty()
        ? "no disks"
        : content.stream()
            .map(file -> String.valueOf(file.getFileName()))
            .sorted()
            .collect(Collectors.joining(", "));
  }
}
