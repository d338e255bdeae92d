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
 * Who pays for which base. A base stays as long as somebody <em>holds</em> it or a base above it: a
 * box, by a disk, or a snapshot or rootfs, by being one. What exactly one holds would go with that
 * one. Built in time and memory linear in the bases and references. Safe for many threads.
 */
public final class SpaceAccounts {

  private static final int NOBODY = -1;
  private static final int SEVERAL = -2;

  private final ImmutableList<BaseDisk> bases;
  private final Map<BaseDiskId, Integer> numbers = new HashMap<>();
  private final ImmutableListMultimap<BoxId, Reference> referencesOf;

  /** The boxes that have references; the place of one here is its number. */
  private final ImmutableList<BoxId> boxes;

  private final Map<BoxId, Integer> boxNumbers = new HashMap<>();
  private final Forest forest;
  private final int[] children;

  /** The numbers of all references' boxes, in the order of their bases' positions. */
  private final int[] users;

  /** Of each position, how many of {@link #users} come before it. */
  private final int[] usersBefore;

  private final long[] allocated;

  /** Of each base, what it and those below it occupy. */
  private final long[] allocatedToRoot;

  /** Of each base, who holds it: a box by its number, a base by its own after those of boxes. */
  private final int[] holders;

  /** Of each holder, what it alone holds. */
  private final long[] exclusive;

  /**
   * @param bases the bases, each with all that stand on it; one whose parent is not among them
   *     counts as having none
   * @param references what disks need of these bases; what they need of others is ignored
   * @param allocatedBytes what the file of a base occupies; asked once of each
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

  /** Returns the account of one of the bases. */
  public BaseSpace of(BaseDisk base) {
    int number = number(base.id());
    long alone = holders[number] == NOBODY ? allocated[number] : exclusive[boxes.size() + number];
    return new BaseSpace(base, allocated[number], alone, children[number], this);
  }

  /**
   * Returns the account of a box.
   *
   * @param allocatedBytes what its own disks occupy
   */
  public BoxSpace of(BoxId box, long allocatedBytes) {
    Integer number = boxNumbers.get(box);
    if (number == null) {
      return new BoxSpace(box, allocatedBytes, allocatedBytes, 0);
    }
    long alone = exclusive[number];
    return new BoxSpace(box, allocatedBytes, allocatedBytes + alone, needed(box) - alone);
  }

  /** Returns the bases that nobody holds, each after those that stand on it. */
  public ImmutableList<BaseDisk> unheld() {
    ImmutableList.Builder<BaseDisk> unheld = ImmutableList.builder();
    for (int i = bases.size(); i > 0; i--) {
      int base = forest.at(i);
      if (holders[base] == NOBODY) {
        unheld.add(bases.get(base));
      }
    }
    return unheld.build();
  }

  /** Returns the boxes with a disk that needs a base, directly or through other bases. */
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
    Arrays.fill(found, NOBODY);
    for (int i = bases.size(); i > 0; i--) {
      int base = forest.at(i);
      for (int user = usersBefore[i]; user < usersBefore[i + 1]; user++) {
        found[base] = together(found[base], users[user]);
      }
      if (CollectionPolicy.isKeptForItself(bases.get(base))) {
        found[base] = together(found[base], boxes.size() + base);
      }
      if (forest.endsCycle(base)) {
        // Recorded parents that form a cycle, which doctor finds, hold each other for good.
        found[base] = SEVERAL;
      }
      int below = forest.parent(base);
      found[below] = together(found[below], found[base]);
    }
    return found;
  }

  private static int together(int one, int other) {
    if (one == NOBODY || one == other) {
      return other;
    }
    return other == NOBODY ? one : SEVERAL;
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

  /** Returns what the bases occupy that the disks of a box need, each once. */
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
        // The way down from their common ancestor was counted with the one before.
        sum -= allocatedToRoot[forest.commonAncestor(byPosition[i - 1], byPosition[i])];
      }
    }
    return sum;
  }
}
