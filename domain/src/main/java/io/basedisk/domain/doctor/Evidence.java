package io.basedisk.domain.doctor;

import io.basedisk.domain.chain.BackingChains;
import io.basedisk.domain.error.BaseDiskException;
import io.basedisk.domain.gc.HeaderEvidence;
import io.basedisk.domain.gc.HeaderSurvey;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.port.Progress;
import java.nio.file.Path;
import javax.inject.Inject;
import org.jspecify.annotations.Nullable;

/** The headers' backing names, read when first needed. */
final class Evidence {

  private final HeaderSurvey survey;
  private final BackingChains chains;
  private @Nullable HeaderEvidence headers;

  @Inject
  Evidence(HeaderSurvey survey, BackingChains chains) {
    this.survey = survey;
    this.chains = chains;
  }

  HeaderEvidence ofHeaders() {
    if (headers == null) {
      headers = survey.runInterruptibly(Progress.NONE);
    }
    return headers;
  }

  /**
   * {@return whether a header may name the missing file of a base; true if a header can't be read}
   */
  boolean mayName(BaseDisk missing) {
    return ofHeaders().isBackedOnto(missing.id())
        || ofHeaders().unread().stream()
            .anyMatch(image -> mayReach(image, missing.diskInfo().basePath()));
  }

  private boolean mayReach(Path image, Path base) {
    try {
      return chains.reaches(image, base);
    } catch (BaseDiskException unreadable) {
      return true;
    }
  }
}
