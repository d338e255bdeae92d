package io.basedisk.domain.doctor;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.doctor.Finding.Kind;
import io.basedisk.domain.error.Remedy;
import java.nio.file.Path;

/** Collects the findings of one examination. */
final class Findings {

  private final ImmutableList.Builder<Finding> list = ImmutableList.builder();

  void add(Finding finding) {
    list.add(finding);
  }

  /** Adds a finding for the user to act on. */
  void add(Kind kind, Path file, String detail, Remedy remedy) {
    add(new Finding(kind, file, detail, remedy));
  }

  /** Adds a finding that a repair can repair. */
  void add(Kind kind, Path file, String detail, Repair repair) {
    add(new Finding(kind, file, detail, repair));
  }

  ImmutableList<Finding> list() {
    return list.build();
  }
}
