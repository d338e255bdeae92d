package io.basedisk.domain.testing;

import static io.basedisk.domain.testing.Records.NOON;
import static io.basedisk.domain.testing.Records.base;
import static io.basedisk.domain.testing.Records.id;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.RootfsEntry;
import io.basedisk.domain.model.RootfsKey;
import org.junit.jupiter.api.Test;

/** What a store knows of the rootfs cache. */
abstract class StoreRootfsContract extends StoreContractPart {

  @Test
  void a_superseded_rootfs_has_no_key_and_is_else_the_same() {
    BaseDisk rootfs = base("base0001").rootfs("debian:12").build();
    write(tx -> tx.bases().insert(rootfs));
    write(tx -> tx.rootfs().put(id("base0001"), new RootfsEntry("0123abcd", NOON, null)));

    write(tx -> tx.rootfs().supersede(id("base0001")));

    BaseDisk superseded = read(view -> view.bases().find(id("base0001"))).orElseThrow();
    assertEquals(BaseDiskKind.ROOTFS, superseded.kind());
    assertEquals(BoxId.GLOBAL, superseded.sourceBoxId());
    assertEquals(null, superseded.name());
    assertEquals(rootfs.diskInfo(), superseded.diskInfo());
    assertTrue(read(view -> view.rootfs().find(id("base0001"))).isPresent());
  }

  @Test
  void the_key_of_a_superseded_rootfs_is_free_at_once() {
    write(tx -> tx.bases().insert(base("base0001").rootfs("debian:12").build()));
    write(
        tx -> {
          tx.rootfs().supersede(id("base0001"));
          tx.rootfs().supersede(id("base0001"));
          tx.bases().insert(base("base0002").rootfs("debian:12").build());
        });

    assertEquals(
        id("base0002"),
        read(view -> view.bases().findByName(BoxId.GLOBAL, new RootfsKey("debian:12")))
            .orElseThrow()
            .id());
  }

  @Test
  void only_a_rootfs_is_superseded() {
    write(tx -> tx.bases().insert(base("base0001").of("box-1").snapshot("nightly").build()));

    refused(IllegalArgumentException.class, tx -> tx.rootfs().supersede(id("base0001")));
    assertNames(
        refused(NotFoundException.class, tx -> tx.rootfs().supersede(id("none0001"))), "none0001");
  }

  @Test
  void what_the_rootfs_cache_knows_is_kept_to_the_nanosecond_and_replaced() {
    RootfsEntry first = new RootfsEntry(null, NOON.plusNanos(123_456_789), "/images/ü.qcow2");
    RootfsEntry second = new RootfsEntry("0123abcd", NOON.plusSeconds(1L << 32), null);
    write(tx -> insertBases(tx, "base0001"));

    assertTrue(read(view -> view.rootfs().find(id("base0001"))).isEmpty());

    write(tx -> tx.rootfs().put(id("base0001"), first));

    assertEquals(first, read(view -> view.rootfs().find(id("base0001"))).orElseThrow());

    write(tx -> tx.rootfs().put(id("base0001"), second));

    assertEquals(second, read(view -> view.rootfs().find(id("base0001"))).orElseThrow());
  }

  @Test
  void what_the_rootfs_cache_knows_goes_with_its_base_and_needs_it() {
    write(tx -> insertBases(tx, "base0001"));
    write(tx -> tx.rootfs().put(id("base0001"), new RootfsEntry(null, NOON, null)));
    write(tx -> tx.bases().delete(id("base0001")));
    write(tx -> insertBases(tx, "base0001"));

    assertTrue(read(view -> view.rootfs().find(id("base0001"))).isEmpty());
    assertNames(
        refused(
            NotFoundException.class,
            tx -> tx.rootfs().put(id("none0001"), new RootfsEntry(null, NOON, null))),
        "none0001");
  }
}
