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
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.model.RootfsEntry;
import io.basedisk.domain.model.SnapshotName;
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

/** That SQLite finds by an index what is looked up by a key: no plan has a scan. */
class QueryPlanTest {

  private static final BoxId BOX = BoxId.of("box-1");

  @TempDir private static Path directory;
  private static Database database;

  @BeforeAll
  static void insertRecords() {
    database = new Database(directory.resolve("basedisk.db"), Duration.ofHours(1));
    try (Connections connections = Connections.open(database);
        Session session = Session.begin(connections, "BEGIN IMMEDIATE")) {
      StoreTransaction tx = new SqliteTransaction(session);
      tx.insertBase(base("base0001").of("box-1").snapshot("nightly").build());
      tx.insertBase(base("base0002").of("src-2").build());
      tx.insertBase(base("base0003").rootfs("debian").build());
      tx.insertBox(box("box-1").build());
      tx.insertBox(box("box-2").build());
      tx.insertIntent(Intents.createBoxes(7, "box-7"));
      session.commit();
    }
  }

  static Stream<Arguments> lookUps() {
    return Stream.of(
        work("findBase", tx -> tx.findBase(id("base0001"))),
        work("findBaseByPath", tx -> tx.findBaseByPath(basePath("base0001"))),
        work("findBaseByName", tx -> tx.findBaseByName(BOX, new SnapshotName("nightly"))),
        work("listBases of a box", tx -> tx.listBases(new BaseFilter(BOX, null))),
        work("listBases of a kind", tx -> tx.listBases(new BaseFilter(null, BaseDiskKind.ROOTFS))),
        work(
            "listBases of a box and a kind",
            tx -> tx.listBases(new BaseFilter(BOX, BaseDiskKind.SNAPSHOT))),
        work("children", tx -> tx.children(id("base0001"))),
        work("findRootfsEntry", tx -> tx.findRootfsEntry(id("base0001"))),
        work("basesAfter", tx -> tx.basesAfter(id("base0001"), 9)),
        work("someChildren", tx -> tx.someChildren(id("base0001"), 9)),
        work("boxesAfter", tx -> tx.boxesAfter(BOX, 9)),
        work("someDependentBoxes", tx -> tx.someDependentBoxes(id("base0001"), 9)),
        work("deletingChildren", tx -> tx.deletingChildren(id("base0001"))),
        work("findBox", tx -> tx.findBox(BOX)),
        work("findBoxByDisksDir", tx -> tx.findBoxByDisksDir(disksDir("box-1"))),
        work("findBoxByDisk", tx -> tx.findBoxByDisk(disksDir("box-1").resolve("disk.qcow2"))),
        work("directoryInode", tx -> tx.directoryInode(BOX)),
        work("holdsOn", tx -> tx.holdsOn(id("base0001"))),
        work("referencesTo", tx -> tx.referencesTo(id("base0001"))),
        work("referencesOf", tx -> tx.referencesOf(BOX)),
        work("hasDependents", tx -> tx.hasDependents(id("base0001"))),
        work("dependentBoxes", tx -> tx.dependentBoxes(id("base0001"))),
        work("findIntent", tx -> tx.findIntent(new OperationId(7))),
        work("intentsNaming", tx -> tx.intentsNaming(id("base0001"))));
  }

  static Stream<Arguments> changes() {
    return Stream.of(
        work("insertBase", tx -> tx.insertBase(base("base0009").on("base0001").build())),
        work("deleteBase", tx -> tx.deleteBase(id("base0002"))),
        work("deleteBasesOf", tx -> tx.deleteBasesOf(BoxId.of("src-2"))),
        work("demoteToCloneBase", tx -> tx.demoteToCloneBase(id("base0001"))),
        work("supersedeRootfs", tx -> tx.supersedeRootfs(id("base0003"))),
        work(
            "putRootfsEntry",
            tx -> tx.putRootfsEntry(id("base0001"), new RootfsEntry(null, Instant.EPOCH))),
        work("insertBox", tx -> tx.insertBox(box("box-9").build())),
        work("deleteBox", tx -> tx.deleteBox(BoxId.of("box-2"))),
        work("putDirectoryInode", tx -> tx.putDirectoryInode(BOX, 12)),
        work(
            "insertHold", tx -> tx.insertHold(new Hold(id("base0001"), Hold.Reason.REBUILT, null))),
        work(
            "removeHold", tx -> tx.removeHold(new Hold(id("base0001"), Hold.Reason.REBUILT, null))),
        work("countWrite", tx -> tx.countWrite(7)),
        work("putReference", tx -> tx.putReference(reference("base0001", "box-1"))),
        work("removeReferencesOf", tx -> tx.removeReferencesOf(BOX)),
        work("insertIntent", tx -> tx.insertIntent(Intents.createBoxes(9, "box-9"))),
        work("removeIntent", tx -> tx.removeIntent(new OperationId(7))),
        work("insertCollectPending", tx -> tx.insertCollectPending(id("base0001"))),
        work("removeCollectPending", tx -> tx.removeCollectPending(id("base0001"))),
        work(
            "insertDeleting",
            tx -> tx.insertDeleting(new DeletingBase(id("gone0001"), Path.of("/gone"), null))),
        work("removeDeleting", tx -> tx.removeDeleting(id("gone0002"))));
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

  /** The rows that an insert of several has are scanned too, and are in no table. */
  private static boolean isScanOfTable(String step) {
    return step.startsWith("SCAN") && !step.endsWith("VALUES CLAUSE");
  }

  @Test
  void a_list_of_one_kind_of_one_box_walks_only_those() {
    List<String> plan = planOf(tx -> tx.listBases(new BaseFilter(BOX, BaseDiskKind.SNAPSHOT)));

    assertTrue(plan.get(0).contains("(kind=? AND source_box_id=?)"), plan.toString());
  }

  /** Else the first few of many would cost a look at all of them, to sort them. */
  @ParameterizedTest
  @MethodSource("parts")
  void a_part_of_a_list_is_found_in_its_order(Consumer<StoreTransaction> lookUp) {
    List<String> plan = planOf(lookUp);

    assertFalse(plan.stream().anyMatch(step -> step.contains("TEMP B-TREE")), plan.toString());
  }

  static Stream<Arguments> parts() {
    return Stream.of(
        work("basesAfter", tx -> tx.basesAfter(id("base0001"), 9)),
        work("someChildren", tx -> tx.someChildren(id("base0001"), 9)),
        work("boxesAfter", tx -> tx.boxesAfter(BOX, 9)),
        work("findBoxByDisksDir", tx -> tx.findBoxByDisksDir(disksDir("box-1"))),
        work("someDependentBoxes", tx -> tx.someDependentBoxes(id("base0001"), 9)));
  }

  /** Else each deletion of what the key refers to would walk the table that it is in. */
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
    // A connection of its own: it keeps the statements of this work only.
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
