package io.basedisk.domain.gc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.DiskInfo;
import io.basedisk.domain.model.Hold;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.model.KeepReason;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.testing.Records;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The collection policy, as a table. */
final class CollectionPolicyTest {

  private static final BaseDisk CLONE_BASE = Records.base("base0001").build();
  private static final BaseDisk SNAPSHOT = Records.base("base0002").snapshot("daily").build();

  private static final HomeLayout HOME = new HomeLayout(Path.of("/home"));
  private static final Holders NOTHING =
      new Holders(
          ImmutableList.of(),
          ImmutableList.of(),
          ImmutableList.of(),
          ImmutableList.of(),
          ImmutableList.of(),
          null);
  private static final ImmutableList<BoxId> BOX = ImmutableList.of(BoxId.of("box-1"));
  private static final ImmutableList<BaseDiskId> CHILD =
      ImmutableList.of(new BaseDiskId("child001"));
  private static final ImmutableList<OperationId> INTENT = ImmutableList.of(new OperationId(5));
  private static final ImmutableList<Path> FILE = ImmutableList.of(Path.of("/disk"));

  private static Stream<Holders> eachGuardAlone() {
    return Stream.of(
        new Holders(
            BOX,
            ImmutableList.of(),
            ImmutableList.of(),
            ImmutableList.of(),
            ImmutableList.of(),
            null),
        new Holders(
            ImmutableList.of(),
            CHILD,
            ImmutableList.of(),
            ImmutableList.of(),
            ImmutableList.of(),
            null),
        new Holders(
            ImmutableList.of(),
            ImmutableList.of(),
            INTENT,
            ImmutableList.of(),
            ImmutableList.of(),
            null),
        new Holders(
            ImmutableList.of(),
            ImmutableList.of(),
            ImmutableList.of(),
            FILE,
            ImmutableList.of(),
            null),
        NOTHING.andOpenedBy("open in process 7 (qemu)"));
  }

  @Test
  void an_unheld_clone_base_is_collected() {
    assertEquals(new Verdict.Collect(), CollectionPolicy.verdict(CLONE_BASE, NOTHING, HOME));
  }

  @Test
  void an_unheld_snapshot_is_kept_unless_a_user_removes_it() {
    assertInstanceOf(Verdict.Keep.class, CollectionPolicy.verdict(SNAPSHOT, NOTHING, HOME));
    assertEquals(new Verdict.Collect(), CollectionPolicy.verdictOnRemoval(SNAPSHOT, NOTHING, HOME));
  }

  @Test
  void a_hold_keeps_a_base_unless_a_user_removes_it() {
    Hold hold = new Hold(CLONE_BASE.id(), Hold.Reason.REBUILT, null);
    Holders held =
        new Holders(
            ImmutableList.of(),
            ImmutableList.of(),
            ImmutableList.of(),
            ImmutableList.of(),
            ImmutableList.of(hold),
            null);
    assertEquals(
        new Verdict.Keep(new KeepReason.Held(hold)),
        CollectionPolicy.verdict(CLONE_BASE, held, HOME));
    assertEquals(new Verdict.Collect(), CollectionPolicy.verdictOnRemoval(CLONE_BASE, held, HOME));
  }

  @Test
  void a_base_whose_record_names_another_file_is_kept() {
    BaseDisk outside = Records.base("base0003").at(Path.of("/home/bases/../secret")).build();
    assertInstanceOf(Verdict.Keep.class, CollectionPolicy.verdict(outside, NOTHING, HOME));
    assertInstanceOf(Verdict.Keep.class, CollectionPolicy.verdictOnRemoval(outside, NOTHING, HOME));
  }

  @Test
  void a_foreign_base_is_kept_until_a_user_removes_it() {
    Path file = Path.of("/srv/golden.img");
    BaseDisk foreign =
        new BaseDisk(
            CLONE_BASE.id(),
            BoxId.GLOBAL,
            null,
            BaseDiskKind.CLONE_BASE,
            new DiskInfo(file, ImageFormat.RAW, true, 1 << 20, 1 << 20),
            null,
            Records.NOON);
    assertEquals(
        new Verdict.Keep(new KeepReason.IsForeign(file)),
        CollectionPolicy.verdict(foreign, NOTHING, HOME));
    assertInstanceOf(
        Verdict.Collect.class, CollectionPolicy.verdictOnRemoval(foreign, NOTHING, HOME));
  }

  @ParameterizedTest
  @MethodSource("eachGuardAlone")
  void each_holder_alone_keeps_a_base(Holders holders) {
    assertInstanceOf(Verdict.Keep.class, CollectionPolicy.verdict(CLONE_BASE, holders, HOME));
    assertInstanceOf(
        Verdict.Keep.class, CollectionPolicy.verdictOnRemoval(CLONE_BASE, holders, HOME));
  }

  @Test
  void a_reason_names_the_holder() {
    assertEquals("needed by box box-1", new KeepReason.ReferencedBy(BOX).describe());
    assertEquals("needed by base child001", new KeepReason.ParentOf(CHILD).describe());
    assertEquals(
        "needed by operation 5, which is under way",
        new KeepReason.NamedByIntent(INTENT.get(0)).describe());
    assertEquals(
        "the header of /disk names it as backing file",
        new KeepReason.BackedOntoBy(FILE.get(0)).describe());
  }
}
