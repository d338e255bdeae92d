package io.basedisk.domain.testing;

import static io.basedisk.domain.testing.Records.NOON;
import static io.basedisk.domain.testing.Records.base;
import static io.basedisk.domain.testing.Records.id;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.error.AlreadyExistsException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BaseFingerprint;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.model.SnapshotName;
import io.basedisk.domain.model.artifact.ChainId;
import io.basedisk.domain.model.artifact.Chunk;
import io.basedisk.domain.model.artifact.Sha256;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a store does with bases as layers, and with the intents of imports. */
abstract class StoreLayersContract extends StoreContractPart {

  private static final ChainId LOW = chain(1);
  private static final ChainId MIDDLE = chain(2);
  private static final ChainId TOP = chain(3);
  private static final ImmutableList<Chunk> CHUNKS =
      ImmutableList.of(
          new Chunk(sha(4), 1, sha(5), Chunk.MAX_CONTENT_BYTES), new Chunk(sha(6), 7, sha(5), 9));

  private static Sha256 sha(int digit) {
    return new Sha256(String.valueOf(digit).repeat(64));
  }

  private static ChainId chain(int digit) {
    return new ChainId(sha(digit));
  }

  @BeforeEach
  void insertChain() {
    write(
        tx -> {
          tx.bases().insert(base("low00001").build());
          tx.bases().insert(base("middle01").on("low00001").build());
          tx.bases().insert(base("top00001").on("middle01").build());
          for (String id : new String[] {"low00001", "middle01", "top00001"}) {
            tx.bases().putFingerprint(id(id), fingerprint("a"));
          }
          tx.layers().putChainId(id("low00001"), LOW);
          tx.layers().putChainId(id("middle01"), MIDDLE);
          tx.layers().putChainId(id("top00001"), TOP);
          tx.layers().putChunks(id("middle01"), CHUNKS);
        });
  }

  private static BaseFingerprint fingerprint(@Nullable String digit) {
    return new BaseFingerprint(NOON, digit == null ? null : digit.repeat(64));
  }

  private Optional<ChainId> chainOf(String base) {
    return read(view -> view.layers().findChainId(id(base)));
  }

  @Test
  void a_base_is_found_by_its_chain_id() {
    assertEquals(ImmutableList.of("middle01"), ids(view -> view.layers().listByChainId(MIDDLE)));
    assertEquals(Optional.of(TOP), chainOf("top00001"));
    assertEquals(ImmutableList.of(), ids(view -> view.layers().listByChainId(chain(9))));
    assertEquals(Optional.empty(), chainOf("absent01"));
  }

  @Test
  void bases_with_one_chain_id_are_listed_newest_first() {
    write(
        tx -> {
          tx.bases().insert(base("later001").createdAt(NOON.plusSeconds(1)).build());
          tx.bases().insert(base("equal001").build());
          for (String id : new String[] {"later001", "equal001"}) {
            tx.bases().putFingerprint(id(id), fingerprint("b"));
            tx.layers().putChainId(id(id), LOW);
          }
        });

    assertEquals(
        ImmutableList.of("later001", "equal001", "low00001"),
        ids(view -> view.layers().listByChainId(LOW)));
  }

  @Test
  void another_digest_drops_the_chain_ids_of_the_base_and_above_and_its_chunks() {
    write(tx -> tx.bases().putFingerprint(id("middle01"), fingerprint("b")));

    assertEquals(Optional.of(LOW), chainOf("low00001"));
    assertEquals(Optional.empty(), chainOf("middle01"));
    assertEquals(Optional.empty(), chainOf("top00001"));
    assertEquals(ImmutableList.of(), read(view -> view.layers().listChunks(id("middle01"))));
  }

  @Test
  void a_fingerprint_without_a_digest_drops_them_too() {
    write(tx -> tx.bases().putFingerprint(id("low00001"), fingerprint(null)));

    assertEquals(Optional.empty(), chainOf("low00001"));
    assertEquals(Optional.empty(), chainOf("top00001"));
    assertEquals(CHUNKS, read(view -> view.layers().listChunks(id("middle01"))));
  }

  @Test
  void another_time_with_the_same_digest_drops_nothing() {
    write(
        tx ->
            tx.bases()
                .putFingerprint(
                    id("middle01"), new BaseFingerprint(NOON.plusSeconds(1), "a".repeat(64))));

    assertEquals(Optional.of(MIDDLE), chainOf("middle01"));
    assertEquals(CHUNKS, read(view -> view.layers().listChunks(id("middle01"))));
  }

  @Test
  void another_parent_drops_the_chain_ids_of_the_base_and_above() {
    write(tx -> tx.bases().putParent(id("middle01"), null));

    assertEquals(Optional.of(LOW), chainOf("low00001"));
    assertEquals(Optional.empty(), chainOf("middle01"));
    assertEquals(Optional.empty(), chainOf("top00001"));
    assertEquals(CHUNKS, read(view -> view.layers().listChunks(id("middle01"))));
  }

  @Test
  void chunks_are_replaced() {
    ImmutableList<Chunk> others = ImmutableList.of(new Chunk(sha(7), 2, sha(8), 3));
    write(tx -> tx.layers().putChunks(id("middle01"), others));

    assertEquals(others, read(view -> view.layers().listChunks(id("middle01"))));
    assertEquals(ImmutableList.of(), read(view -> view.layers().listChunks(id("low00001"))));
  }

  @Test
  void what_is_known_of_a_layer_goes_with_its_base() {
    write(
        tx -> {
          tx.layers().putChunks(id("top00001"), CHUNKS);
          tx.bases().delete(id("top00001"));
          tx.bases().insert(base("top00001").on("middle01").build());
        });

    assertEquals(Optional.empty(), chainOf("top00001"));
    assertEquals(ImmutableList.of(), read(view -> view.layers().listChunks(id("top00001"))));
  }

  @Test
  void what_is_recorded_of_a_layer_needs_its_base_and_its_digest() {
    write(tx -> insertBases(tx, "base0001"));

    assertNames(
        refused(NotFoundException.class, tx -> tx.layers().putChainId(id("absent01"), LOW)),
        "absent01");
    assertNames(
        refused(NotFoundException.class, tx -> tx.layers().putChunks(id("absent01"), CHUNKS)),
        "absent01");
    assertNames(
        refused(IllegalArgumentException.class, tx -> tx.layers().putChainId(id("base0001"), LOW)),
        "base0001");
    assertNames(
        refused(
            IllegalArgumentException.class, tx -> tx.layers().putChunks(id("base0001"), CHUNKS)),
        "base0001");
  }

  // Snapshots of an import.

  @Test
  void a_clone_base_becomes_a_snapshot_of_a_box() {
    write(
        tx ->
            tx.bases()
                .promoteToSnapshot(id("top00001"), BoxId.of("web"), new SnapshotName("nightly")));

    assertEquals(
        base("top00001").of("web").snapshot("nightly").on("middle01").build(),
        read(view -> view.bases().find(id("top00001"))).orElseThrow());
    assertEquals(Optional.of(TOP), chainOf("top00001"));
  }

  @Test
  void only_a_clone_base_becomes_a_snapshot_and_the_name_must_be_free() {
    write(tx -> tx.bases().insert(base("snap0001").of("web").snapshot("nightly").build()));
    BoxId web = BoxId.of("web");
    SnapshotName nightly = new SnapshotName("nightly");

    assertNames(
        refused(
            AlreadyExistsException.class,
            tx -> tx.bases().promoteToSnapshot(id("top00001"), web, nightly)),
        "web",
        "nightly");
    assertNames(
        refused(
            IllegalArgumentException.class,
            tx -> tx.bases().promoteToSnapshot(id("snap0001"), web, new SnapshotName("other"))),
        "snap0001");
    assertNames(
        refused(
            NotFoundException.class,
            tx -> tx.bases().promoteToSnapshot(id("absent01"), web, nightly)),
        "absent01");
    assertEquals(
        BaseDiskKind.CLONE_BASE,
        read(view -> view.bases().find(id("top00001"))).orElseThrow().kind());
  }

  // The bases that an import keeps.

  @Test
  void an_import_keeps_the_bases_that_it_records() {
    write(tx -> tx.intents().insert(Intents.importArtifact(7, "web", "import01")));
    write(
        tx -> {
          tx.bases().insert(base("import01").build());
          tx.intents().keepBase(new OperationId(7), id("import01"));
          tx.intents().keepBase(new OperationId(7), id("import01"));
        });

    assertEquals(
        Optional.of(Intents.importArtifact(7, "web", "import01").keeping(id("import01"))),
        read(view -> view.intents().find(new OperationId(7))));
    assertEquals(
        ImmutableList.of(new OperationId(7)),
        read(view -> view.intents().listNaming(id("import01"))));

    write(tx -> tx.intents().delete(new OperationId(7)));
    assertTrue(deleted(tx -> tx.bases().delete(id("import01"))));
  }

  @Test
  void only_the_intent_of_an_import_keeps_more_and_only_recorded_bases() {
    write(
        tx -> {
          tx.intents().insert(Intents.importArtifact(7, "web"));
          tx.intents().insert(Intents.createBoxes(8, "db"));
        });

    assertNames(
        refused(
            NotFoundException.class,
            tx -> tx.intents().keepBase(new OperationId(7), id("absent01"))),
        "absent01");
    assertNames(
        refused(
            NotFoundException.class,
            tx -> tx.intents().keepBase(new OperationId(9), id("low00001"))),
        "9");
    assertNames(
        refused(
            IllegalArgumentException.class,
            tx -> tx.intents().keepBase(new OperationId(8), id("low00001"))),
        "8");
  }
}
