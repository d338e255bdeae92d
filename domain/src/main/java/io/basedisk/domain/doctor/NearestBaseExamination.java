package io.basedisk.domain.doctor;

import io.basedisk.domain.chain.BackingChains;
import io.basedisk.domain.chain.KnownBases;
import io.basedisk.domain.doctor.Finding.Kind;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.Ports;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Looks whether the base that is recorded for an image is the nearest one in its chain. */
final class NearestBaseExamination {

  private final BaseDiskStore store;
  private final BackingChains chains;
  private final KnownBases known;
  private final Findings findings;

  NearestBaseExamination(Ports ports, BackingChains chains, Findings findings) {
    this.store = ports.store();
    this.known = KnownBases.of(ports.home(), store);
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
    Optional<Path> unknown = chains.directBacking(image).filter(file -> known.find(file).isEmpty());
    if (unknown.isPresent()) {
      foundUnrecorded(kind, image, unknown.get(), recorded);
      return;
    }
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

  /** Right below an image is a file that is no base: the image's owner can name any. */
  private void foundUnrecorded(Kind kind, Path image, Path file, @Nullable BaseDiskId recorded) {
    findings.add(
        kind,
        image,
        "the recorded base is "
            + nameOf(recorded)
            + ", and its header names "
            + file
            + ", which is no base; no operation reads that",
        new Remedy.ByHand(
            "if the header was rewritten, restore a snapshot, or name the recorded base in it; if"
                + " the file belongs there, record it as a foreign base when the disk is forked",
            true));
  }

  private boolean isRecordedOrNone(@Nullable BaseDiskId base) {
    return base == null || store.read(view -> view.findBase(base)).isPresent();
  }

  private static String nameOf(@Nullable BaseDiskId base) {
    return base == null ? "none" : base.value();
  }
}
