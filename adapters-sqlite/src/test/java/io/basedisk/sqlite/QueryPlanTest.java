package io.basedisk.sqlite;

import static io.basedisk.domain.testing.Records.base;
import static io.basedisk.domain.testing.Records.basePath;
import static io.basedisk.domain.testing.Records.box;
import static io.basedisk.domain.testing.Records.disksDir;
import static io.basedisk.domain.testing.Records.id;
import static io.basedisk.domain.testing.Records.reference;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BaseFilter;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.DeletingBase;
import io.basedisk.domain.model.Hold;
import io.basedisk.domain.model.LogEvent;
import io.basedisk.domain.model.LogFilter;
import io.basedisk.domain.model.LoggedChange;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.model.RootfsEntry;
import io.basedisk.domain.model.SnapshotName;
import io.basedisk.domain.model.artifact.ChainId;
import io.basedisk.domain.model.artifact.Sha256;
import io.basedisk.domain.port.StoreTransaction;
import io.basedisk.domain.testing.Intents;
import io.basedisk.sqlite.Connections.PooledConnection;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** SQLite uses an index for each query by key: no plan has a scan. */
class QueryPlanTest {

  private static final BoxId BOX = BoxId.of("box-1");
  private static final ChainId CHAIN = new ChainId(new Sha256("0".repeat(64)));

  @TempDir private static Path directory;
  private static Database database;

  @BeforeAll
  static void insertRecords() {
    database = new Database(directory.resolve("basedisk.db"), Duration.ofHours(1));
    try (Connections connections = Connections.open(database);
        Session session = Session.begin(connections, "BEGIN IMMEDIATE")) {
      StoreTransaction tx = new SqliteTransaction(session);
      tx.bases().insert(base("base0001").of("box-1").snapshot("nightly").build());
      tx.bases().insert(base("base0002").of("src-2").build());
      tx.bases().insert(base("base0003").rootfs("debian").build());
      tx.boxes().insert(box("box-1").build());
      tx.boxes().insert(box("box-2").build());
      tx.intents().insert(Intents.createBoxes(7, "box-7"));
      session.commit();
    }
  }

  static Stream<Arguments> lookUps() {
    return Stream.of(
        work("bases.find", tx -> tx.bases().find(id("base0001"))),
        work("bases.findByPath", tx -> tx.bases().findByPath(basePath("base0001"))),
        work("bases.findByName", tx -> tx.bases().findByName(BOX, new SnapshotName("nightly"))),
        work("bases.list of a box", tx -> tx.bases().list(new BaseFilter(BOX, null))),
        work(
            "bases.list of a kind",
            tx -> tx.bases().list(new BaseFilter(null, BaseDiskKind.ROOTFS))),
        work(
            "bases.list of a box and a kind",
            tx -> tx.bases().list(new BaseFilter(BOX, BaseDiskKind.SNAPSHOT))),
        work("bases.listChildren", tx -> tx.bases().listChildren(id("base0001"))),
        work("layers.findChainId", tx -> tx.layers().findChainId(id("base0001"))),
        work("layers.listByChainId", tx -> tx.layers().listByChainId(CHAIN)),
        work("layers.listChunks", tx -> tx.layers().listChunks(id("base0001"))),
        work("rootfs.find", tx -> tx.rootfs().find(id("base0001"))),
        work("bases.listAfter", tx -> tx.bases().listAfter(id("base0001"), 9)),
        work("bases.listChildIds", tx -> tx.bases().listChildIds(id("base0001"), 9)),
        work("boxes.listAfter", tx -> tx.boxes().listAfter(BOX, 9)),
        work(
            "references.listDependents with a limit",
            tx -> tx.references().listDependents(id("base0001"), 9)),
        work("pendingDeletes.listChildren", tx -> tx.pendingDeletes().listChildren(id("base0001"))),
        work("boxes.find", tx -> tx.boxes().find(BOX)),
        work("boxes.findByDisksDir", tx -> tx.boxes().findByDisksDir(disksDir("box-1"))),
        work(
            "boxes.findByDisk",
            tx -> tx.boxes().findByDisk(disksDir("box-1").resolve("disk.qcow2"))),
        work("boxes.findDirectoryInode", tx -> tx.boxes().findDirectoryInode(BOX)),
        work("holds.listOn", tx -> tx.holds().listOn(id("base0001"))),
        work("references.listTo", tx -> tx.references().listTo(id("base0001"))),
        work("references.listOf", tx -> tx.references().listOf(BOX)),
        work("references.hasDependents", tx -> tx.references().hasDependents(id("base0001"))),
        work("references.listDependents", tx -> tx.references().listDependents(id("base0001"))),
        work("log.list", tx -> tx.log().list(LogFilter.ALL.after(7).on(BOX).newest(9))),
        work("intents.find", tx -> tx.intents().find(new OperationId(7))),
        work("intents.listNaming", tx -> tx.intents().listNaming(id("base0001"))));
  }

  static Stream<Arguments> changes() {
    return Stream.of(
        work("bases.insert", tx -> tx.bases().insert(base("base0009").on("base0001").build())),
        work("bases.delete", tx -> tx.bases().delete(id("base0002"))),
        work("bases.deleteOf", tx -> tx.bases().deleteOf(BoxId.of("src-2"))),
        work("bases.demoteToCloneBase", tx -> tx.bases().demoteToCloneBase(id("base0001"))),
        work("rootfs.supersede", tx -> tx.rootfs().supersede(id("base0003"))),
        work(
            "rootfs.put",
            tx -> tx.rootfs().put(id("base0001"), new RootfsEntry(null, Instant.EPOCH, null))),
        work("boxes.insert", tx -> tx.boxes().insert(box("box-9").build())),
        work("boxes.delete", tx -> tx.boxes().delete(BoxId.of("box-2"))),
        work("boxes.putDirectoryInode", tx -> tx.boxes().putDirectoryInode(BOX, 12)),
        work(
            "holds.insert",
            tx -> tx.holds().insert(new Hold(id("base0001"), Hold.Reason.REBUILT, null))),
        work(
            "holds.delete",
            tx -> tx.holds().delete(new Hold(id("base0001"), Hold.Reason.REBUILT, null))),
        work(
            "log.append",
            tx -> tx.log().append(Instant.EPOCH, List.of(LoggedChange.of(LogEvent.SWEPT)))),
        work("home.countWrite", tx -> tx.home().countWrite(7)),
        work("references.put", tx -> tx.references().put(reference("base0001", "box-1"))),
        work("references.deleteOf", tx -> tx.references().deleteOf(BOX)),
        work("intents.insert", tx -> tx.intents().insert(Intents.createBoxes(9, "box-9"))),
        work("intents.delete", tx -> tx.intents().delete(new OperationId(7))),
        work(
            "pendingDeletes.insertCollectPending",
            tx -> tx.pendingDeletes().insertCollectPending(id("base0001"))),
        work(
            "pendingDeletes.deleteCollectPending",
            tx -> tx.pendingDeletes().deleteCollectPending(id("base0001"))),
        work(
            "pendingDeletes.insert",
            tx ->
                tx.pendingDeletes()
                    .insert(new DeletingBase(id("gone0001"), Path.of("/gone"), null))),
        work("pendingDeletes.delete", tx -> tx.pendingDeletes().delete(id("gone0002"))));
  }

  private static Arguments work(String name, Consumer<StoreTransaction> work) {
    return Arguments.argumentSet(name, work);
  }

  @ParameterizedTest
  @MethodSource("lookUps")
  void a_look_up_by_a_key_uses_an_index(Consumer<StoreTransaction> lookUp) {
    List<String> plan = planOf(lookUp);

    assertTrue(plan.stream().anyMatch(step -> step.startsWith("SEARCH")), plan.toString());
    assertFalse(plan.stream().anyMatch(QueryPlanTest::isScanOfTable), plan.toString());
  }

  @ParameterizedTest
  @MethodSource("changes")
  void a_change_looks_at_no_whole_table(Consumer<StoreTransaction> change) {
    List<String> plan = planOf(change);

    assertFalse(plan.stream().anyMatch(QueryPlanTest::isScanOfTable), plan.toString());
  }

  /** An insert of several rows scans its values, which are not in a table. */
  private static boolean isScanOfTable(String step) {
    return step.startsWith("SCAN") && !step.endsWith("VALUES CLAUSE");
  }

  @Test
  void a_list_of_one_kind_of_one_box_walks_only_those() {
    List<String> plan = planOf(tx -> tx.bases().list(new BaseFilter(BOX, BaseDiskKind.SNAPSHOT)));

    assertTrue(plan.get(0).contains("(kind=? AND source_box_id=?)"), plan.toString());
  }

  /** Otherwise a query for the first few rows would read all rows, to sort them. */
  @ParameterizedTest
  @MethodSource("parts")
  void a_part_of_a_list_is_found_in_its_order(Consumer<StoreTransaction> lookUp) {
    List<String> plan = planOf(lookUp);

    assertFalse(plan.stream().anyMatch(step -> step.contains("TEMP B-TREE")), plan.toString());
  }

  static Stream<Arguments> parts() {
    return Stream.of(
        work("bases.listAfter", tx -> tx.bases().listAfter(id("base0001"), 9)),
        work("bases.listChildIds", tx -> tx.bases().listChildIds(id("base0001"), 9)),
        work("boxes.listAfter", tx -> tx.boxes().listAfter(BOX, 9)),
        work("boxes.findByDisksDir", tx -> tx.boxes().findByDisksDir(disksDir("box-1"))),
        work(
            "references.listDependents with a limit",
            tx -> tx.references().listDependents(id("base0001"), 9)));
  }

  /** Otherwise each deletion of a referenced row would scan the table with the foreign key. */
  @Test
  void every_foreign_key_has_an_index() {
    try (Connections connections = Connections.open(database);
        Session session = Session.begin(connections, "BEGIN")) {
      List<String> without =
          session
              .sql()
              .fetch(
                  """
                  SELECT t.name || '.' || k."from"
                  FROM sqlite_schema AS t, pragma_foreign_key_list(t.name) AS k
                  WHERE t.type = 'table' AND NOT EXISTS (
                    SELECT 1 FROM pragma_index_list(t.name) AS i, pragma_index_info(i.name) AS c
                    WHERE c.seqno = 0 AND c.name = k."from")
                  """)
              .into(String.class);

      assertEquals(ImmutableList.of(), without);
    }
  }

  /** Returns the plans of the statements that {@code work} runs. */
  private static List<String> planOf(Consumer<StoreTransaction> work) {
    // A new connection, whose cache has the statements of this work only.
    try (Connections connections = Connections.open(database)) {
      PooledConnection connection = connections.take();
      connections.giveBack(connection);
      try (Session session = Session.begin(connections, "BEGIN IMMEDIATE")) {
        work.accept(new SqliteTransaction(session));
      }
      return plansOf(connection.jdbc().kept(), connection.jdbc());
    }
  }

  private static List<String> plansOf(Set<String> statements, Connection connection) {
    assertFalse(statements.isEmpty());
    List<String> plans = new ArrayList<>();
    for (String sql : statements) {
      try (Statement statement = connection.createStatement();
          ResultSet plan = statement.executeQuery("EXPLAIN QUERY PLAN " + sql)) {
        while (plan.next()) {
          plans.add(plan.getString("detail"));
        }
      } catch (SQLException e) {
        throw new AssertionError(sql, e);
      }
    }
    return plans;
  }
}
