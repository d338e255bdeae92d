package io.basedisk.qcow2.os;

import com.google.common.collect.ImmutableList;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Comparator;
import java.util.Optional;

/**
 * A POSIX access control list, as Linux stores it in an extended attribute: version 2 of
 * linux/posix_acl_xattr.h. All numbers are little-endian.
 *
 * @param entries the entries, in the order that the kernel demands: by tag, then by id
 */
record AccessList(ImmutableList<Entry> entries) {

  static final String ATTRIBUTE = "system.posix_acl_access";

  private static final int VERSION = 2;
  private static final int HEADER_LENGTH = 4;
  private static final int ENTRY_LENGTH = 8;

  private static final int NO_ID = -1;
  private static final int READ = 4;
  private static final int READ_AND_EXECUTE = 5;
  private static final int ALL = 7;

  private static final Comparator<Entry> ORDER =
      Comparator.comparingInt(Entry::tag)
          .thenComparing((a, b) -> Integer.compareUnsigned(a.id, b.id));

  // Tags: the file's owner, a named user, the file's group, the mask (the upper limit for named
  // users
  // and all groups), and all other users.
  private static final int USER_OBJ = 0x01;
  private static final int USER = 0x02;
  private static final int GROUP_OBJ = 0x04;
  private static final int MASK = 0x10;
  private static final int OTHER = 0x20;

  /**
   * Permissions of one class of users.
   *
   * @param permissions three bits: read, write, execute
   * @param id id of the user or group of a named entry
   */
  record Entry(int tag, int permissions, int id) {

    boolean isFor(int user) {
      return tag == USER && id == user;
    }
  }

  /** {@return the list that is equivalent to permission bits} */
  static AccessList ofMode(int mode) {
    return new AccessList(
        ImmutableList.of(
            new Entry(USER_OBJ, (mode >> 6) & ALL, NO_ID),
            new Entry(GROUP_OBJ, (mode >> 3) & ALL, NO_ID),
            new Entry(OTHER, mode & ALL, NO_ID)));
  }

  /** Reads a list; empty if its version is unknown. */
  static Optional<AccessList> parse(byte[] value) {
    ByteBuffer bytes = ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN);
    if (value.length % ENTRY_LENGTH != HEADER_LENGTH || bytes.getInt() != VERSION) {
      return Optional.empty();
    }
    ImmutableList.Builder<Entry> entries = ImmutableList.builder();
    while (bytes.hasRemaining()) {
      entries.add(
          new Entry(
              Short.toUnsignedInt(bytes.getShort()),
              Short.toUnsignedInt(bytes.getShort()),
              bytes.getInt()));
    }
    return Optional.of(new AccessList(entries.build()));
  }

  byte[] encode() {
    ByteBuffer bytes =
        ByteBuffer.allocate(HEADER_LENGTH + entries.size() * ENTRY_LENGTH)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putInt(VERSION);
    for (Entry entry : entries) {
      bytes.putShort((short) entry.tag).putShort((short) entry.permissions).putInt(entry.id);
    }
    return bytes.array();
  }

  /**
   * {@return this list with an entry that lets a user read, and without all write permissions} All
   * other permissions stay.
   */
  AccessList readableBy(int user) {
    int mask = mask();
    ImmutableList.Builder<Entry> changed = ImmutableList.builder();
    changed.add(new Entry(USER, READ, user));
    changed.add(new Entry(MASK, (mask & READ_AND_EXECUTE) | READ, NO_ID));
    for (Entry entry : entries) {
      if (entry.tag != MASK && !entry.isFor(user)) {
        // The new mask lets the user read. It must not give others what the old mask denied.
        int limit = entry.tag == USER_OBJ || entry.tag == OTHER ? ALL : mask;
        int permissions = entry.permissions & limit & READ_AND_EXECUTE;
        changed.add(new Entry(entry.tag, permissions, entry.id));
      }
    }
    return new AccessList(ImmutableList.sortedCopyOf(ORDER, changed.build()));
  }

  /** {@return the upper limit of the permissions of named entries and the group} */
  private int mask() {
    return entries.stream()
        .filter(entry -> entry.tag == MASK)
        .mapToInt(Entry::permissions)
        .findFirst()
        .orElse(ALL);
  }
}
