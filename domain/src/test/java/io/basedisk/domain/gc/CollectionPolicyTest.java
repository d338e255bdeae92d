package io.basedisk.domain.gc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.KeepReason;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.testing.Records;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The policy of collection, as a table. */
final class CollectionPolicyTest {

  private static final BaseDisk CLONE_BASE = Records.base("base0001").build();
  private static final BaseDisk SNAPSHOT = Records.base("base0002").snapshot("daily").build();

  private static final Holders NOTHING =
      new Holders(
          ImmutableList.of(), ImmutableList.of(), ImmutableList.of(), ImmutableList.of(), null);
  private static final ImmutableList<BoxId> BOX = ImmutableList.of(BoxId.of("box-1"));
  private static final ImmutableList<BaseDiskId> CHILD =
      ImmutableList.of(new BaseDiskId("child001"));
  private static final ImmutableList<OperationId> INTENT = ImmutableList.of(new OperationId(5));
  private static final ImmutableList<Path> FILE = ImmutableList.of(Path.of("/disk"));

  private static Stream<Holders> eachGuardAlone() {
    return Stream.of(
        new Holders(BOX, ImmutableList.of(), ImmutableList.of(), ImmutableList.of(), null),
        new Holders(ImmutableList.of(), CHILD, ImmutableList.of(), ImmutableList.of(), null),
        new Holders(ImmutableList.of(), ImmutableList.of(), INTENT, ImmutableList.of(), null),
        new Holders(ImmutableList.of(), ImmutableList.of(), ImmutableList.of(), FILE, null),
        NOTHING.andOpenedBy("open in process 7 (qemu)"));
  }

  @Test
  void a_clone_base_that_nothing_holds_is_collected() {
    assertEquals(new Verdict.Collect(), CollectionPolicy.verdict(CLONE_BASE, NOTHING));
  }

  @Test
  void a_snapshot_that_nothing_holds_stays_unless_it_is_removed() {
    assertInstanceOf(Verdict.Keep.class, CollectionPolicy.verdict(SNAPSHOT, NOTHING));
    assertEquals(new Verdict.Collect(), CollectionPolicy.verdictOnRemoval(NOTHING));
  }

  @ParameterizedTest
  @MethodSource("eachGuardAlone")
  void each_guard_alone_keeps_a_base(Holders holders) {
    assertInstanceOf(Verdict.Keep.class, CollectionPolicy.verdict(CLONE_BASE, holders));
    assertInstanceOf(Verdict.Keep.class, CollectionPolicy.verdictOnRemoval(holders));
  }

  @Test
  void a_reason_says_who_holds_the_base() {
    assertEquals("needed by box box-1", new KeepReason.ReferencedBy(BOX).describe());
    assertEquals("needed by base child001", new KeepReason.ParentOf(CHILD).describe());
    assertEquals(
        "needed by operation 5, which is under way",
        new KeepReason.NamedByIntent(INTENT.get(0)).describe());
    assertEquals(
        "the header of /disk says that it backs onto it",
        new KeepReason.BackedOntoBy(FILE.get(0)).describe());
  }
}
