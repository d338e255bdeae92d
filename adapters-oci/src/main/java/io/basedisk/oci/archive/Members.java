package io.basedisk.oci.archive;

import com.google.common.collect.ImmutableMap;
import io.basedisk.oci.blob.FormatException;
import io.basedisk.oci.tar.TarHeaders;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;

/**
 * The members of a tar archive, from its headers alone. The archive is hostile: a member that could
 * be more than plain bytes under a plain name is refused by its name.
 *
 * <p>POSIX.1-1988 (ustar) headers, with GNU's binary sizes. Extended (pax) headers are skipped if
 * they change neither name nor size of the next member.
 */
final class Members {

  private static final int MAX_MEMBERS = 100_000;
  private static final int MAX_EXTENDED_BYTES = 64 << 10;

  /** A record is its length, a space, the key, an equals sign, the value and a line feed. */
  private static final Pattern CHANGING_RECORD =
      Pattern.compile("(?m)^\\d+ (path|size|linkpath|hdrcharset|GNU\\.sparse[^=]*)=");

  /** Where a member's bytes are. */
  record Member(long start, long bytes) {}

  private final FileChannel file;
  private final long length;
  private final Map<String, Member> found = new LinkedHashMap<>();
  private int count;

  private Members(FileChannel file, long length) {
    this.file = file;
    this.length = length;
  }

  /** {@return the regular files in an archive, by their names} */
  static ImmutableMap<String, Member> of(FileChannel file) throws IOException, FormatException {
    Members members = new Members(file, file.size());
    members.scan();
    return ImmutableMap.copyOf(members.found);
  }

  private void scan() throws IOException, FormatException {
    if (length >= Integer.BYTES) {
      refuseCompressed(ByteBuffer.wrap(read(0, Integer.BYTES)).getInt());
    }
    long at = 0;
    while (true) {
      byte[] header = read(at, TarHeaders.BLOCK);
      if (TarHeaders.isEnd(header)) {
        return;
      }
      if (++count > MAX_MEMBERS) {
        throw new FormatException("it has more than " + MAX_MEMBERS + " members");
      }
      at = next(at + TarHeaders.BLOCK, TarHeaders.parse(header));
    }
  }

  /** Takes a member in, and returns the offset of the next header. */
  private long next(long start, TarArchiveEntry entry) throws IOException, FormatException {
    String name = entry.getName();
    long bytes = entry.getSize();
    if (bytes < 0 || bytes > length - start) {
      throw new FormatException(
          TarHeaders.named(name)
              + ": "
              + bytes
              + " bytes are declared, the archive has "
              + (length - start));
    }
    if (entry.isPaxHeader() || entry.isGlobalPaxHeader()) {
      checkExtended(name, start, bytes);
    } else if (entry.isDirectory()) {
      plain(name);
    } else if (isFile(entry)) {
      if (found.put(plain(name), new Member(start, bytes)) != null) {
        throw new FormatException(TarHeaders.named(name) + ": it occurs twice");
      }
    } else {
      throw new FormatException(
          TarHeaders.named(name) + ": it is " + kind(entry) + ", not a regular file");
    }
    return start + (bytes + TarHeaders.BLOCK - 1) / TarHeaders.BLOCK * TarHeaders.BLOCK;
  }

  private byte[] read(long at, int bytes) throws IOException, FormatException {
    ByteBuffer buffer = ByteBuffer.allocate(bytes);
    while (buffer.hasRemaining()) {
      if (file.read(buffer, at + buffer.position()) < 0) {
        throw new FormatException("the archive is cut off: its end is missing");
      }
    }
    return buffer.array();
  }

  /** {@return the name without a leading "./"; a name that leads elsewhere is refused} */
  private static String plain(String name) throws FormatException {
    if (name.indexOf('\\') >= 0) {
      throw TarHeaders.leadsOut(name);
    }
    return TarHeaders.plain(name);
  }

  /** A sparse file has a type of its own, or an extended header that says so. */
  private static boolean isFile(TarArchiveEntry entry) {
    byte type = entry.getLinkFlag();
    return type == '0' || type == 0;
  }

  private static String kind(TarArchiveEntry entry) {
    if (entry.isSymbolicLink() || entry.isLink()) {
      return "a link";
    }
    return entry.isSparse() ? "a sparse file" : "of type '" + (char) entry.getLinkFlag() + "'";
  }

  /** Refuses an extended header that gives the next member another name, size or form. */
  private void checkExtended(String name, long start, long bytes)
      throws IOException, FormatException {
    if (bytes > MAX_EXTENDED_BYTES) {
      throw new FormatException(
          TarHeaders.named(name) + ": an extended header of " + bytes + " bytes");
    }
    String records = new String(read(start, (int) bytes), StandardCharsets.UTF_8);
    Matcher changed = CHANGING_RECORD.matcher(records);
    if (changed.find()) {
      throw new FormatException(
          TarHeaders.named(name) + ": an extended header with \"" + changed.group(1) + "\"");
    }
  }

  private static void refuseCompressed(int magic) throws FormatException {
    if (magic == 0x28B52FFD) {
      throw new FormatException("it is compressed: decompress it with zstd -d first");
    }
    if (magic >>> 16 == 0x1F8B) {
      throw new FormatException("it is compressed: decompress it with gzip -d first");
    }
  }
}
