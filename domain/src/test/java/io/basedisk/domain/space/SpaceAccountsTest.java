package io.basedisk.domain.space;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.Reference;
import io.basedisk.domain.testing.Records;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Which box or snapshot holds which base, on generated forests. */
final class SpaceAccountsTest {

  private static final int LONG = 100_000;
  private static final int LEVELS = 10_000;

  private static String name(int base) {
    return String.format("b%07d", base);
  }

  /** Returns the size of a base. Sizes of other bases never add up to it. */
  private static long bytes(BaseDisk base) {
    return 1L << (Integer.parseInt(base.id().value().substring(1)) % 40);
  }

  private static SpaceAccounts accounts(List<BaseDisk> bases, List<Reference> references) {
    return new SpaceAccounts(
        ImmutableList.copyOf(bases), ImmutableList.copyOf(references), SpaceAccountsTest::bytes);
  }

  private static ImmutableList<BaseDisk> chain(int length) {
    return IntStream.range(0, length)
        .mapToObj(
            base ->
                base == 0
                    ? Records.base(name(0)).build()
                    : Records.base(name(base)).on(name(base - 1)).build())
        .collect(toImmutableList());
  }

  @Test
  @Tag("exploration")
  void a_chain_of_a_hundred_thousand_bases_is_exclusive_to_its_box() {
    ImmutableList<BaseDisk> bases = chain(LONG);
    SpaceAccounts accounts =
        new SpaceAccounts(
            bases, ImmutableList.of(Records.reference(name(LONG - 1), "a")), base -> 1);

    assertEquals(new BoxSpace(BoxId.of("a"), 0, LONG, 0), accounts.of(BoxId.of("a"), 0));
    assertEquals(ImmutableSet.of(BoxId.of("a")), accounts.of(bases.get(0)).sharedWith());
  }

  @Test
  @Tag("exploration")
  void a_box_at_each_of_ten_thousand_levels_shares_the_bases_below_it() {
    ImmutableList<BaseDisk> bases = chain(LEVELS);
    List<Reference> references = new ArrayList<>();
    for (int base = 0; base < LEVELS; base++) {
      references.add(Records.reference(name(base), "box" + base));
      // Far apart in one tree, so that a walk from one to the other would take long.
      references.add(
          Records.reference(
              name((base + LEVELS / 2) % LEVELS), "box" + base, DiskSlot.GUEST_ROOTFS));
    }
    SpaceAccounts accounts = new SpaceAccounts(bases, ImmutableList.copyOf(references), base -> 1);

    for (int box = 0; box < LEVELS; box++) {
      int needed = Math.max(box, (box + LEVELS / 2) % LEVELS) + 1;
      assertEquals(needed, accounts.of(BoxId.of("box" + box), 0).sharedBytes());
    }
    assertEquals(2, accounts.of(bases.get(LEVELS - 1)).sharedWith().size());
  }

  @Test
  void bases_in_a_cycle_of_parents_are_exclusive_to_no_box() {
    BaseDisk zero = Records.base(name(0)).on(name(1)).build();
    BaseDisk one = Records.base(name(1)).on(name(0)).build();
    BaseDisk above = Records.base(name(2)).on(name(1)).build();
    SpaceAccounts accounts =
        accounts(
            ImmutableList.of(above, zero, one), ImmutableList.of(Records.reference(name(2), "a")));

    assertEquals(bytes(above), accounts.of(BoxId.of("a"), 0).exclusiveBytes());
    assertEquals(0, accounts.of(zero).exclusiveBytes() + accounts.of(one).exclusiveBytes());
    assertEquals(ImmutableList.of(), accounts.unheld());
  }

  @Test
  @Tag("exploration")
  void on_random_forests_exclusive_bytes_are_freed_by_removing_the_holder() {
    for (int seed = 0; seed < 200; seed++) {
      Sample sample = new Sample(new Random(seed));
      SpaceAccounts accounts = accounts(sample.bases, sample.references);
      String where = "seed " + seed;
      for (BoxId box : sample.boxes()) {
        Set<BaseDisk> needed = sample.needed(box);
        Set<BaseDisk> freed = sample.freedWithout(box, null);
        BoxSpace space = accounts.of(box, 7);
        assertEquals(7 + sum(freed), space.exclusiveBytes(), where);
        assertEquals(sum(needed) - sum(freed), space.sharedBytes(), where);
      }
      for (BaseDisk base : sample.bases) {
        long expected =
            sample.freedWithout(null, null).contains(base)
                ? bytes(base)
                : sum(sample.freedWithout(null, base));
        assertEquals(expected, accounts.of(base).exclusiveBytes(), where);
        assertEquals(sample.boxesOn(base), accounts.of(base).sharedWith(), where);
      }
      assertEquals(sample.collectable(null, null), ImmutableSet.copyOf(accounts.unheld()), where);
    }
  }

  private static long sum(Set<BaseDisk> bases) {
    return bases.stream().mapToLong(SpaceAccountsTest::bytes).sum();
  }

  /** A few bases and disks, with a simple calculation of their space. */
  private static final class Sample {

    final List<BaseDisk> bases = new ArrayList<>();
    final List<Reference> references = new ArrayList<>();

    Sample(Random random) {
      int count = 1 + random.nextInt(14);
      for (int i = 0; i < count; i++) {
        Records.BaseBuilder base = Records.base(name(i));
        if (i > 0 && random.nextInt(5) > 0) {
          base.on(name(random.nextInt(i)));
        }
        if (random.nextInt(5) == 0) {
          base.snapshot("s" + i);
        }
        bases.add(base.build());
      }
      for (int box = 0; box < random.nextInt(8); box++) {
        for (DiskSlot slot : DiskSlot.values()) {
          if (random.nextInt(3) > 0) {
            references.add(Records.reference(name(random.nextInt(count)), "box" + box, slot));
          }
        }
      }
    }

    ImmutableSet<BoxId> boxes() {
      return references.stream().map(Reference::box).collect(ImmutableSet.toImmutableSet());
    }

    /** Returns the bases that a collection would delete without a box and a snapshot. */
    Set<BaseDisk> collectable(BoxId box, BaseDisk snapshot) {
      Set<BaseDisk> staying = new HashSet<>();
      for (BaseDisk base : bases) {
        boolean isHeld =
            (base.name() != null && !base.equals(snapshot))
                || references.stream()
                    .anyMatch(r -> r.base().equals(base.id()) && !r.box().equals(box));
        if (isHeld) {
          staying.addAll(chain(base));
        }
      }
      Set<BaseDisk> going = new HashSet<>(bases);
      going.removeAll(staying);
      return going;
    }

    /** Returns the bases that a collection would delete only then. */
    Set<BaseDisk> freedWithout(BoxId box, BaseDisk snapshot) {
      Set<BaseDisk> freed = collectable(box, snapshot);
      if (box != null || snapshot != null) {
        freed.removeAll(collectable(null, null));
      }
      return freed;
    }

    Set<BaseDisk> needed(BoxId box) {
      Set<BaseDisk> needed = new HashSet<>();
      references.stream()
          .filter(r -> r.box().equals(box))
          .forEach(r -> needed.addAll(chain(find(r.base().value()))));
      return needed;
    }

    ImmutableSet<BoxId> boxesOn(BaseDisk base) {
      return boxes().stream()
          .filter(box -> needed(box).contains(base))
          .collect(ImmutableSet.toImmutableSet());
    }

    private BaseDisk find(String id) {
      return bases.stream().filter(b -> b.id().value().equals(id)).findFirst().orElseThrow();
    }

    private List<BaseDisk> chain(BaseDisk base) {
      List<BaseDisk> chain = new ArrayList<>(Arrays.asList(base));
      while (chain.get(chain.size() - 1).parentId() != null) {
        chain.add(find(chain.get(chain.size() - 1).parentId().value()));
      }
      return chain;
    }
  }
}
