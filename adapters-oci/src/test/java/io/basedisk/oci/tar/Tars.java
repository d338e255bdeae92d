package io.basedisk.oci.tar;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** Builds tar archives, also such as no program writes. */
public final class Tars {

  private static final int BLOCK = 512;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes);

  /** Adds a file. */
  @CanIgnoreReturnValue
  public Tars file(String name, byte[] content) {
    TarArchiveEntry entry = new TarArchiveEntry(name, true);
    entry.setName(name);
    return put(entry, content);
  }

  /** Adds a file. */
  @CanIgnoreReturnValue
  public Tars file(String name, String content) {
    return file(name, content.getBytes(UTF_8));
  }

  /** Adds a directory. */
  @CanIgnoreReturnValue
  public Tars directory(String name) {
    return put(new TarArchiveEntry(name + "/"), new byte[0]);
  }

  /** Adds a member of any type without content, which links to {@code /etc/passwd}. */
  @CanIgnoreReturnValue
  public Tars member(String name, char type) {
    TarArchiveEntry entry = new TarArchiveEntry(name, (byte) type);
    entry.setLinkName("/etc/passwd");
    return put(entry, new byte[0]);
  }

  /** Adds an extended header with one record. */
  @CanIgnoreReturnValue
  public Tars extended(String key, String value) {
    int length = key.length() + value.length() + 3;
    length += Integer.toString(length + Integer.toString(length).length()).length();
    return header('x', (length + " " + key + "=" + value + "\n").getBytes(UTF_8));
  }

  /** Adds a header about the next member: {@code x}, {@code g}, {@code L} or {@code K}. */
  @CanIgnoreReturnValue
  public Tars header(char type, byte[] content) {
    byte[] header = new byte[BLOCK];
    TarArchiveEntry entry = new TarArchiveEntry("headers/next", (byte) type);
    entry.setSize(content.length);
    entry.writeEntryHeader(header);
    return raw(header).raw(padded(content));
  }

  /** Adds a header that declares a size, and no content. */
  @CanIgnoreReturnValue
  public Tars declared(String name, long size) {
    byte[] header = new byte[BLOCK];
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setSize(size);
    entry.writeEntryHeader(header);
    return raw(header);
  }

  /**
   * Adds a sparse file of GNU's old format.
   *
   * @param name its name
   * @param realSize its length with the holes
   * @param data its data, which follows the header
   * @param parts offset and length of each of at most four parts
   */
  @CanIgnoreReturnValue
  public Tars sparse(String name, long realSize, byte[] data, long... parts) {
    byte[] header = new byte[BLOCK];
    TarArchiveEntry entry = new TarArchiveEntry(name, TarConstants.LF_GNUTYPE_SPARSE);
    entry.setSize(data.length);
    entry.writeEntryHeader(header);
    System.arraycopy("ustar  \0".getBytes(UTF_8), 0, header, 257, 8);
    Arrays.fill(header, 345, BLOCK, (byte) 0);
    for (int i = 0; i < parts.length; i++) {
      number(header, 386 + 12 * i, parts[i]);
    }
    number(header, 483, realSize);
    sign(header);
    raw(header);
    return raw(padded(data));
  }

  private static byte[] padded(byte[] data) {
    return Arrays.copyOf(data, (data.length + BLOCK - 1) / BLOCK * BLOCK);
  }

  /** A number as GNU tar has those that don't fit in octal digits. */
  private static void number(byte[] header, int at, long value) {
    header[at] = (byte) 0x80;
    for (int i = 0; i < 8; i++) {
      header[at + 11 - i] = (byte) (value >>> (8 * i));
    }
  }

  private static void sign(byte[] header) {
    Arrays.fill(header, 148, 156, (byte) ' ');
    int sum = 0;
    for (byte each : header) {
      sum += each & 0xFF;
    }
    System.arraycopy(String.format("%06o\0 ", sum).getBytes(UTF_8), 0, header, 148, 8);
  }

  /** Adds bytes as they are. */
  @CanIgnoreReturnValue
  public Tars raw(byte[] block) {
    try {
      tar.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    bytes.writeBytes(block);
    return this;
  }

  private Tars put(TarArchiveEntry entry, byte[] content) {
    entry.setSize(content.length);
    entry.setModTime(0);
    try {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU);
      tar.putArchiveEntry(entry);
      tar.write(content);
      tar.closeArchiveEntry();
      tar.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  /** Returns the archive with its end. */
  public byte[] bytes() {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    whole.writeBytes(withoutEnd());
    whole.writeBytes(new byte[2 * BLOCK]);
    return whole.toByteArray();
  }

  /** Returns the archive without the zero blocks at its end. */
  public byte[] withoutEnd() {
    return bytes.toByteArray();
  }
}
