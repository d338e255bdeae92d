package io.basedisk.domain.space;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableListMultimap;
import com.google.common.collect.ImmutableSortedSet;
import io.basedisk.domain.gc.CollectionPolicy;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.Reference;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * Assigns the space of bases to their <em>holders</em>. A holder is a box with a disk, a snapshot,
 * or a rootfs with a key; it holds its base and all bases below. A base with exactly one holder is
 * freed when the holder is removed. Built in time and memory linear in the number of bases and
 * references. Thread-safe.
 */
public final class SpaceAccounts {

  private static final int NONE = -1;
  private static final int SEVERAL = -2;

  private final ImmutableList<BaseDisk> bases;
  private final Map<BaseDiskId, Integer> numbers = new HashMap<>();
  private final ImmutableListMultimap<BoxId, Reference> referencesOf;

  /** The boxes that have references. A box's index here is its number. */
  private final ImmutableList<BoxId> boxes;

  private final Map<BoxId, Integer> boxNumbers = new HashMap<>();
  private final Forest forest;
  private final int[] children;

  /** The number of the box of each reference, ordered by the position of its base. */
  private final int[] users;

  /** For each position, the number of {@link #users} before it. */
  private final int[] usersBefore;

  private final long[] allocated;

  /** For each base, the space of it and of all bases below it. */
  private final long[] allocatedToRoot;

  /**
   * For each base, its holder: {@link #NONE}, {@link #SEVERAL}, the number of a box, or the number
   * of boxes plus that of a base.
   */
  private final int[] holders;

  /** For each holder, the space that it alone holds. */
  private final long[] exclusive;

  /**
   * Makes accounts of bases.
   *
   * @param bases the bases, with all bases above each of them; a parent that is not among them is
   *     ignored
   * @param references references from disks to bases; references to other bases are ignored
   * @param allocatedBytes returns the space that a base's file occupies, in bytes; called once for
   *     each base
   */
  public SpaceAccounts(
      ImmutableList<BaseDisk> bases,
      ImmutableList<Reference> references,
      ToLongFunction<? super BaseDisk> allocatedBytes) {
    this.bases = bases;
    bases.forEach(base -> numbers.put(base.id(), numbers.size()));
    referencesOf =
        references.stream()
            .filter(reference -> numbers.containsKey(reference.base()))
            .collect(
                ImmutableListMultimap.toImmutableListMultimap(
                    Reference::box, reference -> reference));
    boxes = referencesOf.keySet().asList();
    boxes.forEach(box -> boxNumbers.put(box, boxNumbers.size()));
    forest = new Forest(parents());
    children = countChildren();
    usersBefore = new int[bases.size() + 2];
    users = new int[referencesOf.size()];
    placeUsers();
    allocated = bases.stream().mapToLong(allocatedBytes).toArray();
    allocatedToRoot = sumToRoots();
    holders = findHolders();
    exclusive = sumOfHolders();
  }

  /**
   * {@return the space of a base}
   *
   * @param base one of the bases
   */
  public BaseSpace of(BaseDisk base) {
    int number = number(base.id());
    long alone = holders[number] == NONE ? allocated[number] : exclusive[boxes.size() + number];
    return new BaseSpace(base, allocated[number], alone, children[number], this);
  }

  /**
   * {@return the space of a box}
   *
   * @param box name of the box
   * @param allocatedBytes space that its disks occupy, in bytes
   */
  public BoxSpace of(BoxId box, long allocatedBytes) {
    Integer number = boxNumbers.get(box);
    if (number == null) {
      return new BoxSpace(box, allocatedBytes, allocatedBytes, 0);
    }
    long alone = exclusive[number];
    return new BoxSpace(box, allocatedBytes, allocatedBytes + alone, needed(box) - alone);
  }

  /** {@return the bases without a holder, children before parents} */
  public ImmutableList<BaseDisk> unheld() {
    ImmutableList.Builder<BaseDisk> unheld = ImmutableList.builder();
    for (int i = bases.size(); i > 0; i--) {
      int base = forest.at(i);
      if (holders[base] == NONE) {
        unheld.add(bases.get(base));
      }
    }
    return unheld.build();
  }

  /** {@return the boxes whose disks need a base, directly or through other bases} */
  ImmutableSortedSet<BoxId> boxesOn(BaseDiskId base) {
    int number = number(base);
    return Arrays.stream(
            users, usersBefore[forest.position(number)], usersBefore[forest.end(number)])
        .mapToObj(boxes::get)
        .collect(ImmutableSortedSet.toImmutableSortedSet(Comparator.naturalOrder()));
  }

  private int number(BaseDiskId base) {
    Integer number = numbers.get(base);
    if (number == null) {
      throw new IllegalArgumentException("base " + base + " is not among the bases");
    }
    return number;
  }

  private int[] parents() {
    return bases.stream()
        .mapToInt(base -> numbers.getOrDefault(base.parentId(), Forest.NONE))
        .toArray();
  }

  private int[] countChildren() {
    int[] count = new int[bases.size() + 1];
    for (int base = 0; base < bases.size(); base++) {
      count[forest.parent(base)]++;
    }
    return count;
  }

  private void placeUsers() {
    for (Reference reference : referencesOf.values()) {
      usersBefore[forest.position(number(reference.base())) + 1]++;
    }
    Arrays.parallelPrefix(usersBefore, Integer::sum);
    int[] next = usersBefore.clone();
    for (int box = 0; box < boxes.size(); box++) {
      for (Reference reference : referencesOf.get(boxes.get(box))) {
        users[next[forest.position(number(reference.base()))]++] = box;
      }
    }
  }

  private long[] sumToRoots() {
    long[] sums = new long[bases.size() + 1];
    for (int i = 1; i <= bases.size(); i++) {
      int base = forest.at(i);
      sums[base] = allocated[base] + sums[forest.parent(base)];
    }
    return sums;
  }

  private int[] findHolders() {
    int[] found = new int[bases.size() + 1];
    Arrays.fill(found, NONE);
    for (int i = bases.size(); i > 0; i--) {
      int base = forest.at(i);
      for (int user = usersBefore[i]; user < usersBefore[i + 1]; user++) {
        found[base] = together(found[base], users[user]);
      }
      if (CollectionPolicy.isKeptForItself(bases.get(base))) {
        found[base] = together(found[base], boxes.size() + base);
      }
      if (forest.endsCycle(base)) {
        // In a cycle of recorded parents, which the doctor reports, each base keeps the others.
        found[base] = SEVERAL;
      }
      int below = forest.parent(base);
      found[below] = together(found[below], found[base]);
    }
    return found;
  }

  private static int together(int one, int other) {
    if (one == NONE || one == other) {
      return other;
    }
    return other == NONE ? one : SEVERAL;
  }

  private long[] sumOfHolders() {
    long[] sums = new long[boxes.size() + bases.size()];
    for (int base = 0; base < bases.size(); base++) {
      if (holders[base] >= 0) {
        sums[holders[base]] += allocated[base];
      }
    }
    return sums;
  }

  /** {@return the space of all bases that a box's disks need; each base counts once} */
  private long needed(BoxId box) {
    int[] byPosition =
        referencesOf.get(box).stream()
            .map(reference -> number(reference.base()))
            .sorted(Comparator.comparingInt(forest::position))
            .mapToInt(Integer::intValue)
            .toArray();
    long sum = 0;
    for (int i = 0; i < byPosition.length; i++) {
      sum += allocatedToRoot[byPosition[i]];
      if (i > 0) {
        // The bases from their common ancestor down were counted with the previous base.
        sum -= allocatedToRoot[forest.commonAncestor(byPosition[i - 1], byPosition[i])];
      }
    }
    return sum;
  }
}
