package io.basedisk.oci.tar;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.basedisk.oci.blob.FormatException;
import io.basedisk.oci.stream.ContentInput;
import io.basedisk.oci.stream.ContentSink;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.jspecify.annotations.Nullable;

/**
 * Reads a tar archive in order, in bounded memory. Names, sizes and kinds come from ustar headers,
 * from GNU's long names and from extended (pax) headers. Sparse files of GNU's old format are read.
 * Not thread-safe.
 */
public final class TarStream {

  /** Limit of an extended header or a long name. */
  private static final int MAX_EXTENDED_BYTES = 1 << 20;

  private final ContentInput input;

  /** The bytes up to the next header: what is left of the member, and its padding. */
  private long unread;

  private long padding;
  private @Nullable SparseMap sparse;
  private boolean isEnd;

  // What the headers before a member say of it.
  private @Nullable String longName;
  private @Nullable ExtendedHeader extended;

  /**
   * Creates a reader.
   *
   * @param input the archive
   */
  public TarStream(ContentInput input) {
    this.input = input;
  }

  /**
   * {@return the next member; empty after the last} What was not copied of the one before is
   * skipped. At the end, the whole stream is read.
   *
   * @throws FormatException if the archive is not valid, is cut off, or has a name that leads out
   *     of it
   */
  public Optional<TarMember> next() throws FormatException {
    while (!isEnd) {
      input.copy(unread + padding, ContentSink.NONE);
      byte[] block = input.readBytes(TarHeaders.BLOCK);
      if (TarHeaders.isEnd(block)) {
        isEnd = true;
        input.copyRest(ContentSink.NONE);
      } else {
        Optional<TarMember> member = take(block);
        if (member.isPresent()) {
          return member;
        }
      }
    }
    return Optional.empty();
  }

  /**
   * Copies the content of the last member, which is a file.
   *
   * @param sink takes the content
   * @throws FormatException if the archive is not valid or is cut off
   */
  public void copy(ContentSink sink) throws FormatException {
    long bytes = unread;
    unread = 0;
    SparseMap map = sparse;
    if (map != null) {
      map.copy(input, sink);
    } else {
      input.copy(bytes, sink);
    }
  }

  /** {@return the member of a header; empty if the header is about the next member} */
  private Optional<TarMember> take(byte[] header) throws FormatException {
    TarArchiveEntry entry = TarHeaders.parse(header);
    String name = entry.getName();
    sparse = null;
    begin(name, entry.getSize());
    byte type = entry.getLinkFlag();
    if (type == TarConstants.LF_PAX_EXTENDED_HEADER_LC) {
      extended = ExtendedHeader.parse(content(name));
    } else if (type == TarConstants.LF_PAX_GLOBAL_EXTENDED_HEADER) {
      checkGlobal(name);
    } else if (type == TarConstants.LF_GNUTYPE_LONGNAME) {
      longName = text(content(name));
    } else if (type != TarConstants.LF_GNUTYPE_LONGLINK) {
      return Optional.of(member(header, entry));
    }
    return Optional.empty();
  }

  private void begin(String name, long bytes) throws FormatException {
    if (bytes < 0 || bytes > Long.MAX_VALUE - TarHeaders.BLOCK) {
      throw new FormatException(TarHeaders.named(name) + ": its size can't be " + bytes);
    }
    unread = bytes;
    padding = -bytes & (TarHeaders.BLOCK - 1);
  }

  private byte[] content(String name) throws FormatException {
    if (unread > MAX_EXTENDED_BYTES) {
      throw new FormatException(
          TarHeaders.named(name) + ": an extended header of " + unread + " bytes");
    }
    byte[] content = input.readBytes((int) unread);
    unread = 0;
    return content;
  }

  /** A global header that names or sizes members would apply to all of them. */
  private void checkGlobal(String name) throws FormatException {
    ExtendedHeader global = ExtendedHeader.parse(content(name));
    if (global.path().isPresent() || global.size().isPresent()) {
      throw new FormatException(TarHeaders.named(name) + ": a global header with a name or a size");
    }
  }

  /** A long name ends with a NUL. */
  private static String text(byte[] content) {
    int end = 0;
    while (end < content.length && content[end] != 0) {
      end++;
    }
    return new String(content, 0, end, UTF_8);
  }

  private TarMember member(byte[] header, TarArchiveEntry entry) throws FormatException {
    String name = longName != null ? longName : entry.getName();
    if (extended != null) {
      name = extended.path().orElse(name);
      Optional<Long> size = extended.size();
      if (size.isPresent()) {
        begin(name, size.get());
        entry.setSize(size.get());
      }
    }
    longName = null;
    extended = null;
    TarMember.Kind kind = kind(entry, name);
    if (isHeaderAlone(entry)) {
      begin(name, 0);
    }
    if (entry.isOldGNUSparse()) {
      SparseMap map = SparseMap.read(header, entry, input);
      sparse = map;
      return new TarMember(plain(name), kind, map.bytes());
    }
    return new TarMember(plain(name), kind, kind == TarMember.Kind.FILE ? entry.getSize() : 0);
  }

  /** Of these types, a size says nothing: no content follows. The containers' tools agree. */
  private static boolean isHeaderAlone(TarArchiveEntry entry) {
    return switch (entry.getLinkFlag()) {
      case TarConstants.LF_DIR,
          TarConstants.LF_LINK,
          TarConstants.LF_SYMLINK,
          TarConstants.LF_CHR,
          TarConstants.LF_BLK,
          TarConstants.LF_FIFO ->
          true;
      default -> false;
    };
  }

  /** Programs before POSIX have a slash at the end of a directory's name, and no type for it. */
  private static TarMember.Kind kind(TarArchiveEntry entry, String name) {
    return switch (entry.getLinkFlag()) {
      case TarConstants.LF_DIR -> TarMember.Kind.DIRECTORY;
      case TarConstants.LF_LINK, TarConstants.LF_SYMLINK -> TarMember.Kind.LINK;
      case TarConstants.LF_NORMAL, TarConstants.LF_GNUTYPE_SPARSE -> TarMember.Kind.FILE;
      case TarConstants.LF_OLDNORM ->
          name.endsWith("/") ? TarMember.Kind.DIRECTORY : TarMember.Kind.FILE;
      default -> TarMember.Kind.SPECIAL;
    };
  }

  private static String plain(String name) throws FormatException {
    String plain = TarHeaders.plain(name);
    while (plain.endsWith("/")) {
      plain = plain.substring(0, plain.length() - 1);
    }
    return plain;
  }
}
