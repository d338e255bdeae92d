package io.basedisk.domain.testing;

import static io.basedisk.domain.testing.Records.base;
import static io.basedisk.domain.testing.Records.basePath;
import static io.basedisk.domain.testing.Records.id;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.error.AlreadyExistsException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseFilter;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.DeletingBase;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What a store does with bases that may be unneeded or are about to go. */
abstract class StorePendingDeletesContract extends StoreContractPart {

  @Test
  void bases_that_wait_to_be_collected_are_listed_by_id() {
    write(tx -> insertBases(tx, "base0002", "base0003", "base0001"));
    write(tx -> tx.pendingDeletes().insertCollectPending(id("base0002")));
    write(tx -> tx.pendingDeletes().insertCollectPending(id("base0001")));

    assertEquals(
        ImmutableList.of(id("base0001"), id("base0002")),
        read(view -> view.pendingDeletes().listCollectPending()));
  }

  @Test
  void a_base_waits_to_be_collected_once() {
    write(tx -> insertBases(tx, "base0001"));
    write(tx -> tx.pendingDeletes().insertCollectPending(id("base0001")));

    write(tx -> tx.pendingDeletes().insertCollectPending(id("base0001")));

    assertEquals(
        ImmutableList.of(id("base0001")), read(view -> view.pendingDeletes().listCollectPending()));
  }

  @Test
  void a_base_that_waits_to_be_collected_is_recorded() {
    assertNames(
        refused(
            NotFoundException.class,
            tx -> tx.pendingDeletes().insertCollectPending(id("base0001"))),
        "base0001");
  }

  @Test
  void a_base_may_wait_no_longer() {
    write(tx -> insertBases(tx, "base0001", "base0002"));
    write(
        tx -> {
          tx.pendingDeletes().insertCollectPending(id("base0001"));
          tx.pendingDeletes().insertCollectPending(id("base0002"));
        });

    write(tx -> tx.pendingDeletes().deleteCollectPending(id("base0001")));

    assertEquals(
        ImmutableList.of(id("base0002")), read(view -> view.pendingDeletes().listCollectPending()));
  }

  @Test
  void dropping_a_note_that_is_not_there_does_nothing() {
    write(
        tx -> {
          tx.pendingDeletes().deleteCollectPending(id("base0001"));
          tx.pendingDeletes().delete(id("base0001"));
        });
  }

  @Test
  void a_base_that_waits_to_be_collected_can_be_deleted_and_waits_no_longer() {
    write(tx -> insertBases(tx, "base0001"));
    write(tx -> tx.pendingDeletes().insertCollectPending(id("base0001")));

    assertTrue(deleted(tx -> tx.bases().delete(id("base0001"))));

    assertEquals(ImmutableList.of(), read(view -> view.pendingDeletes().listCollectPending()));
  }

  @Test
  void bases_of_a_box_that_wait_to_be_collected_can_be_deleted_and_wait_no_longer() {
    write(tx -> insertBases(tx, "base0001", "base0002"));
    write(tx -> tx.pendingDeletes().insertCollectPending(id("base0001")));

    write(tx -> tx.bases().deleteOf(BoxId.of("src")));

    assertEquals(ImmutableList.of(), read(view -> view.pendingDeletes().listCollectPending()));
  }

  @Test
  void bases_about_to_go_are_listed_by_id_with_every_field() {
    DeletingBase onBase = new DeletingBase(id("gone0002"), Path.of("/ü 2"), id("base0001"));
    DeletingBase alone = new DeletingBase(id("gone0001"), Path.of("/1"), null);
    write(
        tx -> {
          insertBases(tx, "base0001");
          tx.pendingDeletes().insert(onBase);
          tx.pendingDeletes().insert(alone);
        });

    assertEquals(ImmutableList.of(alone, onBase), read(view -> view.pendingDeletes().list()));
  }

  @Test
  void bases_about_to_go_are_found_by_their_parent_ordered_by_id() {
    DeletingBase second = new DeletingBase(id("gone0002"), Path.of("/2"), id("base0001"));
    DeletingBase first = new DeletingBase(id("gone0001"), Path.of("/1"), id("base0001"));
    write(
        tx -> {
          insertBases(tx, "base0001", "base0002");
          tx.pendingDeletes().insert(second);
          tx.pendingDeletes().insert(first);
          tx.pendingDeletes()
              .insert(new DeletingBase(id("gone0003"), Path.of("/3"), id("base0002")));
          tx.pendingDeletes().insert(new DeletingBase(id("gone0004"), Path.of("/4"), null));
        });

    assertEquals(
        ImmutableList.of(first, second),
        read(view -> view.pendingDeletes().listChildren(id("base0001"))));
    assertEquals(
        ImmutableList.of(), read(view -> view.pendingDeletes().listChildren(id("gone0004"))));
  }

  @Test
  void the_parent_of_a_base_about_to_go_is_recorded() {
    assertNames(
        refused(
            NotFoundException.class,
            tx ->
                tx.pendingDeletes()
                    .insert(
                        new DeletingBase(id("gone0001"), basePath("gone0001"), id("absent01")))),
        "absent01");
  }

  @Test
  void a_base_goes_once() {
    write(tx -> tx.pendingDeletes().insert(deleting("gone0001")));

    assertNames(
        refused(
            AlreadyExistsException.class, tx -> tx.pendingDeletes().insert(deleting("gone0001"))),
        "gone0001");
  }

  @Test
  void a_recorded_base_is_not_about_to_go() {
    write(tx -> insertBases(tx, "base0001"));

    assertNames(
        refused(
            AlreadyExistsException.class, tx -> tx.pendingDeletes().insert(deleting("base0001"))),
        "base0001");
  }

  @Test
  void the_file_of_a_recorded_base_is_not_about_to_go() {
    write(tx -> insertBases(tx, "base0001"));

    assertNames(
        refused(
            AlreadyExistsException.class,
            tx ->
                tx.pendingDeletes()
                    .insert(new DeletingBase(id("gone0001"), basePath("base0001"), null))),
        basePath("base0001").toString());
  }

  @Test
  void a_record_becomes_a_note_that_its_file_is_to_go_in_one_transaction() {
    write(
        tx -> {
          insertBases(tx, "base0001");
          tx.bases().insert(base("base0002").on("base0001").build());
        });

    write(
        tx -> {
          tx.bases().delete(id("base0002"));
          tx.pendingDeletes()
              .insert(new DeletingBase(id("base0002"), basePath("base0002"), id("base0001")));
        });

    assertEquals(ImmutableList.of("base0001"), ids(view -> view.bases().list(BaseFilter.ALL)));
    assertEquals(id("base0002"), read(view -> view.pendingDeletes().list()).get(0).id());
  }

  @Test
  void a_base_about_to_go_is_not_recorded_again() {
    write(tx -> tx.pendingDeletes().insert(deleting("gone0001")));

    assertNames(
        refused(
            AlreadyExistsException.class,
            tx -> tx.bases().insert(base("gone0001").at(Path.of("/else")).build())),
        "gone0001");
  }

  @Test
  void the_file_of_a_base_about_to_go_is_not_recorded_again() {
    write(tx -> tx.pendingDeletes().insert(deleting("gone0001")));

    assertNames(
        refused(
            AlreadyExistsException.class,
            tx -> tx.bases().insert(base("base0001").at(basePath("gone0001")).build())),
        basePath("gone0001").toString());
  }

  @Test
  void a_base_about_to_go_is_not_planned() {
    write(tx -> tx.pendingDeletes().insert(deleting("gone0001")));
    BaseDisk again = base("gone0001").at(Path.of("/else")).build();

    assertNames(
        refused(
            AlreadyExistsException.class,
            tx -> tx.intents().insert(Intents.fork(7, "box-1", again))),
        "gone0001");
  }

  @Test
  void the_file_of_a_base_about_to_go_is_not_planned() {
    write(tx -> tx.pendingDeletes().insert(deleting("gone0001")));
    BaseDisk other = base("base0001").at(basePath("gone0001")).build();

    assertNames(
        refused(
            AlreadyExistsException.class,
            tx -> tx.intents().insert(Intents.fork(7, "box-1", other))),
        basePath("gone0001").toString());
  }

  @Test
  void an_id_is_free_when_its_file_is_gone() {
    write(tx -> tx.pendingDeletes().insert(deleting("gone0001")));

    write(tx -> tx.pendingDeletes().delete(id("gone0001")));

    write(tx -> insertBases(tx, "gone0001"));
    assertEquals(ImmutableList.of(), read(view -> view.pendingDeletes().list()));
  }

  @Test
  void the_parent_is_free_when_its_childs_file_is_gone() {
    write(tx -> insertBases(tx, "base0001"));
    write(
        tx ->
            tx.pendingDeletes()
                .insert(new DeletingBase(id("gone0001"), basePath("gone0001"), id("base0001"))));

    write(tx -> tx.pendingDeletes().delete(id("gone0001")));

    assertTrue(deleted(tx -> tx.bases().delete(id("base0001"))));
  }

  private DeletingBase deleting(String id) {
    return new DeletingBase(id(id), basePath(id), null);
  }
}
