package io.basedisk.domain.doctor;

import static io.basedisk.domain.testing.Examined.findings;
import static io.basedisk.domain.testing.Examined.only;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.doctor.Doctor.Depth;
import io.basedisk.domain.doctor.Finding.Kind;
import io.basedisk.domain.error.InterruptedOperationException;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.Remedy;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseFingerprint;
import io.basedisk.domain.model.ImageCheck;
import io.basedisk.domain.port.Progress;
import io.basedisk.domain.testing.Fleet;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A base that may have changed: if a digest is recorded, its content decides. */
final class ChangedBaseTest {

  private static final Instant LATER = Instant.parse("2300-06-01T12:00:00.123456789Z");

  private final Fleet fleet = new Fleet();
  private BaseDisk base;
  private Path file;

  @BeforeEach
  void aBoxOnABase() {
    fleet.create("web");
    fleet.write("web", 1, "first");
    base = fleet.fork("web");
    file = base.diskInfo().basePath();
  }

  private Doctor doctor() {
    return fleet.useCases.doctor();
  }

  private BaseFingerprint fingerprint() {
    return fleet.store.read(view -> view.bases().findFingerprint(base.id())).orElseThrow();
  }

  @Test
  void the_first_deep_look_records_the_canonical_digest() {
    assertEquals(null, fingerprint().digest());
    doctor().examine(Depth.METADATA);
    assertEquals(null, fingerprint().digest());
    doctor().examine(Depth.CONTENT);
    assertEquals(fleet.disks.digest(file, Progress.NONE), fingerprint().digest());
  }

  @Test
  void the_same_bytes_with_another_time_are_recorded_by_a_deep_repair() {
    doctor().examine(Depth.CONTENT);
    fleet.disks.setModifiedAt(file, LATER);
    Finding shallow = only(fleet);
    assertEquals(Kind.BASE_CHANGED, shallow.kind());
    assertEquals(new Remedy.CompareContent(base.id().value()), shallow.remedy());
    assertEquals(ImmutableList.of(shallow), doctor().repair(Depth.METADATA).findings());

    Finding deep = only(fleet, Depth.CONTENT);
    assertEquals(Kind.BASE_TIME_DIFFERS, deep.kind());
    assertFalse(deep.remedy().isLossy());
    Doctor.Report repair = doctor().repair(Depth.CONTENT);
    assertEquals(ImmutableList.of(deep), repair.repaired());
    assertEquals(ImmutableList.of(), repair.findings());
    assertEquals(LATER, fingerprint().modifiedAt());
    assertEquals(ImmutableList.of(), findings(fleet));
    fleet.cloneBox("web", "clone"); // A base that is not intact is refused.
    fleet.check();
  }

  @Test
  void other_bytes_behind_another_time_are_left() {
    doctor().examine(Depth.CONTENT);
    fleet.disks.alterSecretly(file);
    fleet.disks.setModifiedAt(file, LATER);
    Finding finding = only(fleet, Depth.CONTENT);
    assertEquals(Kind.BASE_CHANGED, finding.kind());
    assertTrue(finding.remedy().isLossy());
    assertEquals(ImmutableList.of(), doctor().repair(Depth.CONTENT).repaired());
    RefusedException refusal =
        assertThrows(
            RefusedException.class, () -> doctor().acceptChanged(base.id(), Progress.NONE));
    assertTrue(refusal.getMessage().contains("digest"), refusal::getMessage);
  }

  @Test
  void a_changed_base_without_a_digest_is_accepted_if_a_person_says_so() {
    fleet.disks.guestWrites(file, 9, "longer");
    Finding finding = only(fleet, Depth.CONTENT);
    assertEquals(new Remedy.AcceptChanged(base.id().value()), finding.remedy());
    assertTrue(finding.remedy().isLossy());
    assertEquals(ImmutableList.of(), doctor().repair(Depth.CONTENT).repaired());
    assertEquals(null, fingerprint().digest());

    doctor().acceptChanged(base.id(), Progress.NONE);
    assertEquals(fleet.disks.digest(file, Progress.NONE), fingerprint().digest());
    assertEquals(
        fleet.disks.status(file).orElseThrow().length(),
        fleet.find(base).orElseThrow().diskInfo().sizeBytes());
    assertEquals(ImmutableList.of(), doctor().examine(Depth.CONTENT).findings());
    fleet.cloneBox("web", "clone");
  }

  @Test
  void a_base_is_accepted_only_if_it_was_changed_and_is_whole() {
    assertThrows(
        NotFoundException.class,
        () -> doctor().acceptChanged(new BaseDiskId("none0001"), Progress.NONE));
    assertThrows(RefusedException.class, () -> doctor().acceptChanged(base.id(), Progress.NONE));
    fleet.disks.setModifiedAt(file, LATER);
    fleet.disks.damage(file, new ImageCheck(1, 0));
    assertThrows(
        InvalidImageException.class, () -> doctor().acceptChanged(base.id(), Progress.NONE));
    assertEquals(null, fingerprint().digest());
    fleet.disks.remove(file);
    assertThrows(NotFoundException.class, () -> doctor().acceptChanged(base.id(), Progress.NONE));
  }

  @Test
  void a_time_beyond_2262_is_one_like_any_other() {
    fleet.disks.setModifiedAt(Fleet.disk("web"), LATER);
    BaseDisk late = fleet.fork("web");
    assertEquals(
        LATER,
        fleet
            .store
            .read(view -> view.bases().findFingerprint(late.id()))
            .orElseThrow()
            .modifiedAt());
    assertEquals(ImmutableList.of(), doctor().examine(Depth.CONTENT).findings());
    assertEquals(ImmutableList.of(), doctor().examine(Depth.CONTENT).findings());
  }

  @Test
  void a_deep_look_tells_how_far_it_is() {
    fleet.write("web", 2, "second");
    fleet.fork("web");
    List<Long> told = new ArrayList<>();
    List<Long> totals = new ArrayList<>();
    doctor()
        .examine(
            Depth.CONTENT,
            (done, total) -> {
              told.add(done);
              totals.add(total);
            });
    assertEquals(told.stream().sorted().toList(), told);
    assertEquals(1, totals.stream().distinct().count());
    assertEquals(totals.get(0), told.get(told.size() - 1));
  }

  @Test
  void an_interrupt_ends_an_examination_and_a_repair() {
    for (Depth depth : Depth.values()) {
      Thread.currentThread().interrupt();
      assertThrows(InterruptedOperationException.class, () -> doctor().examine(depth));
      assertTrue(Thread.interrupted());
      Thread.currentThread().interrupt();
      assertThrows(InterruptedOperationException.class, () -> doctor().repair(depth));
      assertTrue(Thread.interrupted());
    }
    assertEquals(null, fingerprint().digest());
  }
}
