package io.basedisk.qcow2.format;

import com.google.common.collect.ImmutableList;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The header extensions of an image, in the order of the file, unknown ones included.
 *
 * <p>Specification: "Header extensions".
 *
 * @param list all extensions, in the order of the file
 */
public record HeaderExtensions(ImmutableList<HeaderExtension> list) {

  /** No extensions at all. */
  public static final HeaderExtensions NONE = new HeaderExtensions(ImmutableList.of());

  private static final int END = 0;
  private static final int PREFIX_SIZE = 8;
  private static final int ALIGNMENT = 8;

  /**
   * Reads the extensions from {@code start} to the end mark, or to {@code end} without an end mark.
   *
   * @param names how to decode the backing file's format
   * @throws FormatException also if one type occurs twice: the specification does not say which one
   *     counts
   */
  static HeaderExtensions parse(HeaderWindow window, int start, int end, FormatText.Reading names)
      throws FormatException {
    ImmutableList.Builder<HeaderExtension> list = ImmutableList.builder();
    Set<Integer> types = new HashSet<>();
    int at = start;
    while (at < end) {
      if (end - at < PREFIX_SIZE) {
        throw new FormatException("a header extension is longer than the header");
      }
      ByteBuffer prefix = window.bytes(at, PREFIX_SIZE);
      int type = prefix.getInt();
      int length = prefix.getInt();
      at += PREFIX_SIZE;
      if (length < 0 || length > end - at) {
        throw new FormatException(
            "header extension 0x" + Integer.toHexString(type) + " is longer than the header");
      }
      if (type == END) {
        break;
      }
      if (!types.add(type)) {
        throw new FormatException(
            "header extension 0x" + Integer.toHexString(type) + " occurs twice");
      }
      list.add(HeaderExtension.parse(type, window.bytes(at, length), names));
      at += padded(length);
    }
    return new HeaderExtensions(list.build());
  }

  /**
   * {@return the extension of one type}
   *
   * @param <T> the type of the extension
   * @param kind the class of the extension
   */
  public <T extends HeaderExtension> Optional<T> find(Class<T> kind) {
    return list.stream().filter(kind::isInstance).map(kind::cast).findFirst();
  }

  /** {@return the number of bytes that {@link #encode} writes} */
  int encodedSize() {
    return PREFIX_SIZE
        + list.stream().mapToInt(e -> PREFIX_SIZE + padded(e.data().remaining())).sum();
  }

  /** Writes the extensions and the end mark. */
  void encode(ByteBuffer target) {
    for (HeaderExtension extension : list) {
      ByteBuffer data = extension.data();
      int length = data.remaining();
      target.putInt(extension.type()).putInt(length).put(data);
      target.put(new byte[padded(length) - length]);
    }
    target.putInt(END).putInt(0);
  }

  private static int padded(int length) {
    return (length + ALIGNMENT - 1) & -ALIGNMENT;
  }
}
