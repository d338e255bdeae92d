package io.basedisk.qcow2.os;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The extended attributes of an open file or directory, by full name: {@code user.basedisk}. */
final class ExtendedAttributes {

  /** Name space of the extended attributes that a file's owner may set. */
  static final String USER = "user.";

  private final Descriptor file;

  ExtendedAttributes(Descriptor file) {
    this.file = file;
  }

  /**
   * {@return the names of all extended attributes; none if the file system does not support them}
   */
  ImmutableList<String> names() throws IOException {
    byte[] names;
    try {
      names = sized(buffer -> libc -> libc.flistxattr(file.number(), buffer, lengthOf(buffer)));
    } catch (SystemCallException e) {
      if (e.errno() == LibC.EOPNOTSUPP) {
        return ImmutableList.of();
      }
      throw e;
    }
    // A name is any bytes but zero; ISO 8859-1 keeps each byte.
    return Splitter.on('\0')
        .omitEmptyStrings()
        .splitToStream(new String(names, ISO_8859_1))
        .collect(toImmutableList());
  }

  /** {@return the value of an extended attribute; empty if the file does not have it} */
  Optional<byte[]> find(String name) throws IOException {
    byte[] bytes = encoded(name);
    try {
      return Optional.of(
          sized(buffer -> libc -> libc.fgetxattr(file.number(), bytes, buffer, lengthOf(buffer))));
    } catch (SystemCallException e) {
      if (e.errno() == LibC.ENODATA || e.errno() == LibC.EOPNOTSUPP) {
        return Optional.empty();
      }
      throw e;
    }
  }

  void set(String name, byte[] value) throws IOException {
    byte[] bytes = encoded(name);
    file.make(libc -> libc.fsetxattr(file.number(), bytes, value, value.length, 0));
  }

  void remove(String name) throws IOException {
    byte[] bytes = encoded(name);
    file.make(libc -> libc.fremovexattr(file.number(), bytes));
  }

  private static byte[] encoded(String name) {
    return (name + '\0').getBytes(ISO_8859_1);
  }

  /** A call that fills a buffer. Without a buffer, it returns the size needed. */
  @FunctionalInterface
  private interface FillingCall {
    SystemCalls.Call into(byte @Nullable [] buffer);
  }

  private static int lengthOf(byte @Nullable [] buffer) {
    return buffer == null ? 0 : buffer.length;
  }

  private byte[] sized(FillingCall call) throws IOException {
    while (true) {
      int size = (int) file.make(call.into(null));
      if (size == 0) {
        return new byte[0];
      }
      byte[] buffer = new byte[size];
      try {
        int filled = (int) file.make(call.into(buffer));
        return Arrays.copyOf(buffer, filled);
      } catch (SystemCallException e) {
        if (e.errno() != LibC.ERANGE) {
          throw e;
        }
        // It grew between the two calls.
      }
    }
  }
}
