package io.basedisk.domain.doctor;

import io.basedisk.domain.chain.BackingChains;
import io.basedisk.domain.doctor.Finding.Kind;
import io.basedisk.domain.gc.HeaderEvidence;
import io.basedisk.domain.gc.HeaderSurvey;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.Ports;
import io.basedisk.domain.protocol.Temporaries;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Looks at a file in the bases directory that may be nobody's. */
final class StrayFileExamination {

  private final HomeLayout home;
  private final BaseDiskStore store;
  private final HeaderSurvey survey;
  private final Findings findings;

  /** What headers say and the store does not; read when it is first needed. */
  private @Nullable HeaderEvidence evidence;

  StrayFileExamination(Ports ports, BackingChains chains, Findings findings) {
    this.home = ports.home();
    this.store = ports.store();
    this.survey = new HeaderSurvey(ports, chains);
    this.findings = findings;
  }

  void examine(Path file) {
    Optional<BaseDiskId> id = home.baseIdOf(file);
    if (id.isPresent()) {
      if (isUnknown(id.get(), file)) {
        foundUnknownBase(id.get(), file);
      }
    } else if (Temporaries.operationOf(file)
        .filter(operation -> store.read(view -> view.findIntent(operation)).isEmpty())
        .isPresent()) {
      findings.add(
          Kind.LEFTOVER_TEMPORARY,
          file,
          "it is left of an operation",
          new Remedy.ByHand("basedisk gc removes it", false));
    }
  }

  private boolean isUnknown(BaseDiskId id, Path file) {
    return store.<Boolean>read(
        view ->
            view.findBase(id).isEmpty()
                && view.listDeleting().stream().noneMatch(gone -> gone.id().equals(id))
                && view.listIntents().stream().noneMatch(intent -> intent.files().contains(file)));
  }

  private void foundUnknownBase(BaseDiskId id, Path file) {
    boolean isNeeded = !evidence().filesBackingOnto(id).isEmpty();
    findings.add(
        Kind.FILE_WITHOUT_RECORD,
        file,
        isNeeded ? "it is not recorded, and something backs onto it" : "it is not recorded",
        isNeeded
            ? new Remedy.Adopt(id)
            : new Remedy.ByHand("basedisk gc removes it; copy it away if you need it", true));
  }

  private HeaderEvidence evidence() {
    if (evidence == null) {
      evidence = survey.run();
    }
    return evidence;
  }
}
