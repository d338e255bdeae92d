package io.basedisk.domain.doctor;

import static io.basedisk.domain.testing.Fleet.HOME;
import static io.basedisk.domain.testing.Fleet.disk;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.doctor.Doctor.Depth;
import io.basedisk.domain.doctor.Finding.Kind;
import io.basedisk.domain.error.HomeUnusableException;
import io.basedisk.domain.error.HomeUnusableException.Problem;
import io.basedisk.domain.error.Remedy;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseFingerprint;
import io.basedisk.domain.model.HomeIdentity;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.port.Progress;
import io.basedisk.domain.testing.Fleet;
import io.basedisk.domain.testing.InMemoryBaseDiskStore;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** In a home that may not be changed, the first finding says so, and nothing changes. */
final class UnusableHomeTest {

  private final Fleet fleet = new Fleet();
  private BaseDisk base;

  @BeforeEach
  void aBoxOnABase() {
    fleet.create("web");
    fleet.write("web", 1, "first");
    base = fleet.fork("web");
  }

  private static void assertRefuses(Fleet home, Problem problem) {
    Doctor doctor = home.useCases.doctor();
    for (Runnable change :
        ImmutableList.<Runnable>of(
            () -> doctor.repair(Depth.METADATA),
            () -> doctor.settle(new OperationId(7)),
            () -> doctor.acceptChanged(new BaseDiskId("none0001"), Progress.NONE))) {
      HomeUnusableException refusal = assertThrows(HomeUnusableException.class, change::run);
      assertEquals(problem, refusal.problem());
    }
  }

  @Test
  void an_older_store_is_the_first_finding_and_no_digest_is_recorded() {
    InMemoryBaseDiskStore older = fleet.store.copy();
    fleet.write("web", 2, "second");
    fleet.fork("web");
    Fleet home = new Fleet(fleet.disks, older, fleet.stamp);
    home.useCases.recover();
    ImmutableList<Finding> findings = home.useCases.doctor().examine(Depth.CONTENT).findings();
    Finding first = findings.get(0);
    assertEquals(Kind.HOME_UNUSABLE, first.kind());
    assertEquals(HOME.home(), first.file());
    assertEquals(new Remedy.RebuildStore(), first.remedy());
    assertEquals(
        ImmutableList.of(Kind.HOME_UNUSABLE, Kind.REFERENCE_DIFFERS, Kind.FILE_WITHOUT_RECORD),
        findings.stream().map(Finding::kind).toList());
    Optional<BaseFingerprint> print = older.read(view -> view.bases().findFingerprint(base.id()));
    assertEquals(Optional.empty(), print.map(BaseFingerprint::digest));
    assertRefuses(home, Problem.OLDER_STORE);
  }

  @Test
  void a_home_elsewhere_has_that_finding_alone() {
    fleet.store.change(
        tx -> {
          HomeIdentity here = tx.home().findIdentity().orElseThrow();
          tx.home()
              .putIdentity(new HomeIdentity(here.id(), Path.of("/home/of/old"), here.directory()));
          tx.home().movePaths(HOME.home(), Path.of("/home/of/old"));
        });
    Fleet home = new Fleet(fleet.disks, fleet.store.reopen(), fleet.stamp);
    home.useCases.recover();
    ImmutableList<Finding> findings = home.useCases.doctor().examine(Depth.CONTENT).findings();
    assertEquals(1, findings.size(), findings::toString);
    assertEquals(new Remedy.RelocateHome(), findings.get(0).remedy());
    assertRefuses(home, Problem.ELSEWHERE);
    assertEquals(true, home.disks.status(disk("web")).isPresent());
  }
}
