package io.basedisk.domain.image;

import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.model.ByteSize;

/**
 * A new size of a disk: absolute, or relative to the present size.
 *
 * @param bytes the new size, or the number of bytes to add
 * @param isAdded whether {@code bytes} is added to the present size
 */
public record SizeChange(ByteSize bytes, boolean isAdded) {

  /**
   * {@return a new absolute size}
   *
   * @param size the new size
   */
  public static SizeChange to(ByteSize size) {
    return new SizeChange(size, false);
  }

  /**
   * Parses a size such as {@code 20G}, or a number of bytes to add such as {@code +5G}.
   *
   * @param text the text
   * @return the new size
   * @throws InvalidArgumentException if the text has another form
   */
  public static SizeChange parse(String text) {
    boolean isAdded = text.startsWith("+");
    return new SizeChange(ByteSize.parse(isAdded ? text.substring(1) : text), isAdded);
  }

  /**
   * {@return the new size of a disk in bytes, rounded up to a multiple of 512}
   *
   * @param name the disk's name in messages
   * @param present the disk's present size in bytes
   * @throws InvalidArgumentException if the new size is less than the present one, or does not fit
   *     in 63 bits
   */
  public long of(Object name, long present) {
    ByteSize size = absolute(name, present).roundedUpTo(ByteSize.SECTOR);
    if (size.bytes() < present) {
      throw new InvalidArgumentException(
          name
              + ": has "
              + present
              + " bytes, and a disk can't shrink to "
              + size
              + ": what its guest has behind the new end would be lost. Shrink the guest's file"
              + " system, and copy it to a new, smaller disk in the guest");
    }
    return size.bytes();
  }

  private ByteSize absolute(Object name, long present) {
    try {
      return isAdded ? new ByteSize(Math.addExact(present, bytes.bytes())) : bytes;
    } catch (ArithmeticException e) {
      throw new InvalidArgumentException(name + ": the new size is too large", e);
    }
  }
}
