package io.basedisk.domain.doctor;

import io.basedisk.domain.chain.BackingChains;
import io.basedisk.domain.doctor.Finding.Kind;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.port.BaseDiskStore;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Looks whether the base that is recorded for an image is the nearest one in its chain. */
final class NearestBaseExamination {

  private final BaseDiskStore store;
  private final BackingChains chains;
  private final Findings findings;

  NearestBaseExamination(BaseDiskStore store, BackingChains chains, Findings findings) {
    this.store = store;
    this.chains = chains;
    this.findings = findings;
  }

  /**
   * Compares what is recorded with the chain of {@code image}, which is whole.
   *
   * @param remedy what records the base that it is given
   */
  void compare(
      Kind kind,
      Path image,
      @Nullable BaseDiskId recorded,
      Function<@Nullable BaseDiskId, Remedy> remedy) {
    BaseDiskId byHeader = chains.nearestBase(image).orElse(null);
    if (!Objects.equals(byHeader, recorded)) {
      findings.add(
          kind,
          image,
          "the recorded base is "
              + nameOf(recorded)
              + ", the nearest base in its chain "
              + nameOf(byHeader),
          isRecordedOrNone(byHeader)
              ? remedy.apply(byHeader)
              : new Remedy.ByHand("record base " + byHeader + " first: repair again", false));
    }
  }

  private boolean isRecordedOrNone(@Nullable BaseDiskId base) {
    return base == null || store.read(view -> view.findBase(base)).isPresent();
  }

  private static String nameOf(@Nullable BaseDiskId base) {
    return base == null ? "none" : base.value();
  }
}
