package io.basedisk.oci.tar;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.primitives.Longs;
import io.basedisk.domain.model.Quoted;
import io.basedisk.oci.blob.FormatException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The records of an extended header (POSIX.1-2001, "pax Header Block"): a record is its length, a
 * space, the key, an equals sign, the value and a line feed.
 */
final class ExtendedHeader {

  private static final String PATH = "path";
  private static final String SIZE = "size";
  private static final String SPARSE = "GNU.sparse.";
  private static final int MAX_LENGTH_DIGITS = 8;

  private final Map<String, String> records = new HashMap<>();

  private ExtendedHeader() {}

  static ExtendedHeader parse(byte[] bytes) throws FormatException {
    ExtendedHeader header = new ExtendedHeader();
    int at = 0;
    while (at < bytes.length) {
      int space = indexOf(bytes, ' ', at, Math.min(bytes.length, at + MAX_LENGTH_DIGITS));
      int end = at + length(new String(bytes, at, space - at, ISO_8859_1));
      if (end <= space + 1 || end > bytes.length || bytes[end - 1] != '\n') {
        throw invalid();
      }
      int equals = indexOf(bytes, '=', space, end);
      header.records.put(
          new String(bytes, space + 1, equals - space - 1, UTF_8),
          new String(bytes, equals + 1, end - equals - 2, UTF_8));
      at = end;
    }
    header.check();
    return header;
  }

  private static int indexOf(byte[] bytes, char wanted, int from, int to) throws FormatException {
    for (int i = from; i < to; i++) {
      if (bytes[i] == wanted) {
        return i;
      }
    }
    throw invalid();
  }

  private static int length(String digits) throws FormatException {
    Long length = Longs.tryParse(digits);
    if (length == null || length <= 0 || length > Integer.MAX_VALUE / 2) {
      throw invalid();
    }
    return length.intValue();
  }

  private void check() throws FormatException {
    for (String key : records.keySet()) {
      if (key.startsWith(SPARSE)) {
        throw new FormatException(
            "a sparse file of the pax format: pack it with tar --format=gnu, or without --sparse");
      }
    }
  }

  private static FormatException invalid() {
    return new FormatException("an extended header is not valid");
  }

  /** {@return the name that replaces the member's} */
  Optional<String> path() {
    return Optional.ofNullable(records.get(PATH));
  }

  /** {@return the size that replaces the member's} */
  Optional<Long> size() throws FormatException {
    String text = records.get(SIZE);
    if (text == null) {
      return Optional.empty();
    }
    Long size = Longs.tryParse(text);
    if (size == null || size < 0) {
      throw new FormatException("an extended header has the size \"" + Quoted.of(text) + "\"");
    }
    return Optional.of(size);
  }
}
