package io.basedisk.domain.doctor;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.doctor.Finding.Kind;
import java.nio.file.Path;

/** What one examination has found so far. */
final class Findings {

  private final ImmutableList.Builder<Finding> list = ImmutableList.builder();

  void add(Kind kind, Path file, String detail, Remedy remedy) {
    list.add(new Finding(kind, file, detail, remedy));
  }

  ImmutableList<Finding> list() {
    return list.build();
  }
}
