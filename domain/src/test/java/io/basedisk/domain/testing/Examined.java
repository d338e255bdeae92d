package io.basedisk.domain.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.doctor.Doctor;
import io.basedisk.domain.doctor.Doctor.Depth;
import io.basedisk.domain.doctor.Finding;
import io.basedisk.domain.doctor.Finding.Kind;
import java.nio.file.Path;

/** What the doctor says of a home in memory. */
public final class Examined {

  private Examined() {}

  public static ImmutableSet<Kind> kinds(ImmutableList<Finding> findings) {
    return findings.stream().map(Finding::kind).collect(ImmutableSet.toImmutableSet());
  }

  public static ImmutableList<Finding> findings(Fleet fleet) {
    return fleet.useCases.doctor().examine(Depth.METADATA).findings();
  }

  /** Returns the one finding that there is, at that depth. */
  public static Finding only(Fleet fleet, Depth depth) {
    ImmutableList<Finding> findings = fleet.useCases.doctor().examine(depth).findings();
    assertEquals(1, findings.size(), findings::toString);
    return findings.get(0);
  }

  /** Returns the one finding that there is. */
  public static Finding only(Fleet fleet) {
    return only(fleet, Depth.METADATA);
  }

  /** Fails unless there is this one finding about that file, and a repair changes nothing. */
  public static Finding assertOnlyAndLeft(Fleet fleet, Kind kind, Path file) {
    Finding finding = only(fleet);
    assertEquals(kind, finding.kind(), finding::toString);
    assertEquals(file, finding.file(), finding::toString);
    Doctor.Report repair = fleet.useCases.doctor().repair(Depth.METADATA);
    assertEquals(ImmutableList.of(), repair.repaired());
    assertEquals(ImmutableList.of(finding), repair.findings());
    return finding;
  }

  /** Fails unless a repair mends those kinds of findings and leaves none. */
  public static ImmutableList<Finding> assertMended(Fleet fleet, Kind... kinds) {
    Doctor.Report repair = fleet.useCases.doctor().repair(Depth.METADATA);
    assertEquals(ImmutableList.of(), repair.findings());
    assertEquals(ImmutableSet.copyOf(kinds), kinds(repair.repaired()));
    assertEquals(ImmutableList.of(), findings(fleet));
    return repair.repaired();
  }
}
