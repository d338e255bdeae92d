package io.basedisk.cli.demo;

import static com.google.common.base.Preconditions.checkNotNull;

import com.google.common.collect.ImmutableList;
import io.basedisk.app.BaseDisks;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BoxId;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The guests of all present disks and bases. A base has a guest that only reads: it expects the
 * content that the disk had when it became the base.
 */
final class Guests {

  private final BaseDisks disks;
  private final Map<String, Guest> guests = new LinkedHashMap<>();

  Guests(BaseDisks disks) {
    this.disks = disks;
  }

  /** Starts the guest of a box with the present content of its disk. */
  Guest start(BoxId box, Path disk) {
    Guest guest = Guest.of(name(box), disk, disks);
    add(guest);
    return guest;
  }

  /** Starts the guest of a box whose disk must read as a base. */
  void startClone(BaseDisk base, BoxId box, Path disk) {
    add(get(name(base)).copy(name(box), disk));
  }

  /** Expects a base to read, from now on, as the disk of the box reads now. */
  void freeze(BaseDisk base, BoxId box) {
    add(of(box).copy(name(base), base.diskInfo().basePath()));
  }

  /** {@return the guest of a box} */
  Guest of(BoxId box) {
    return get(name(box));
  }

  void stop(BoxId box) {
    guests.remove(name(box));
  }

  void stopAll() {
    guests.clear();
  }

  /** Reads back, for each guest, all that it knows of its disk. */
  ImmutableList<Check> verify() {
    return guests.values().stream().map(Guest::verify).collect(ImmutableList.toImmutableList());
  }

  /** {@return the files of the disks and bases} */
  ImmutableList<Path> disks() {
    return guests.values().stream().map(Guest::disk).collect(ImmutableList.toImmutableList());
  }

  private void add(Guest guest) {
    guests.put(guest.name(), guest);
  }

  private Guest get(String name) {
    return checkNotNull(guests.get(name), "no guest reads %s", name);
  }

  private static String name(BoxId box) {
    return "box " + box;
  }

  private static String name(BaseDisk base) {
    return "base " + base.id();
  }
}
