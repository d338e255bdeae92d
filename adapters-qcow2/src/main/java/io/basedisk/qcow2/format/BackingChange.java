package io.basedisk.qcow2.format;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.model.BackingFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The new bytes of a header that gets another backing file, or none. All other fields and
 * extensions stay, unknown ones included. Unknown autoclear features are cleared, as the
 * specification demands of every writer.
 *
 * <p>Specification: "Header", "Header extensions".
 *
 * @param start the header's bytes, to the end of its extensions
 * @param nameAt offset of the new name
 * @param name the name's bytes; empty for no backing file
 * @param apart whether the new name overwrites nothing that the old header needs
 */
public record BackingChange(ByteBuffer start, HostOffset nameAt, ByteBuffer name, boolean apart) {

  private static final int ALIGNMENT = 8;

  /**
   * Plans a change.
   *
   * @param file the file to read
   * @param header the header of {@code file}
   * @param backing null for none
   * @return the planned change
   * @throws FormatException if the new header does not fit the first cluster
   */
  public static BackingChange of(FileBytes file, Header header, @Nullable BackingFile backing)
      throws FormatException {
    HeaderExtensions extensions = withFormat(header.extensions(), backing);
    byte[] name = backing == null ? new byte[0] : backing.name().getBytes(StandardCharsets.UTF_8);
    if (name.length > BackingFile.MAX_NAME_BYTES) {
      throw new FormatException("the backing file's name of " + name.length + " bytes is too long");
    }
    int end = header.headerLength() + extensions.encodedSize();
    int cluster = header.geometry().clusterSize();
    ByteBuffer old = file.read(HostOffset.NOWHERE, header.headerLength());
    int oldEnd = header.headerLength() + header.extensions().encodedSize();
    BackingNameField oldName = BackingNameField.of(file, header);
    int oldNameAt = oldName.nameLength() == 0 ? cluster : oldName.nameAt();
    int oldNameEnd = oldName.nameEnd();
    int before = aligned(Math.max(end, oldEnd));
    int behind = aligned(Math.max(before, oldNameEnd));
    boolean fitsBefore = before + name.length <= oldNameAt;
    int nameAt = fitsBefore ? before : behind;
    boolean apart = nameAt + name.length <= cluster && end <= Math.min(nameAt, oldNameAt);
    if (!apart) {
      nameAt = aligned(end);
    }
    if (nameAt + name.length > cluster) {
      throw new FormatException("the backing file's name does not fit the header's cluster");
    }
    return new BackingChange(
        start(header, old, extensions, name.length == 0 ? 0 : nameAt, name.length),
        new HostOffset(nameAt),
        ByteBuffer.wrap(name),
        apart);
  }

  private static int aligned(int at) {
    return (at + ALIGNMENT - 1) & -ALIGNMENT;
  }

  private static HeaderExtensions withFormat(
      HeaderExtensions extensions, @Nullable BackingFile backing) {
    String format = backing == null ? null : backing.format();
    ImmutableList.Builder<HeaderExtension> list = ImmutableList.builder();
    boolean named = false;
    for (HeaderExtension extension : extensions.list()) {
      if (!(extension instanceof BackingFormatExtension)) {
        list.add(extension);
      } else if (format != null) {
        list.add(new BackingFormatExtension(format)); // Keeps the order.
        named = true;
      }
    }
    if (format != null && !named) {
      list.add(new BackingFormatExtension(format));
    }
    return new HeaderExtensions(list.build());
  }

  private static ByteBuffer start(
      Header header, ByteBuffer old, HeaderExtensions extensions, int nameAt, int nameLength) {
    ByteBuffer start = ByteBuffer.allocate(header.headerLength() + extensions.encodedSize());
    start.put(old.duplicate());
    start.putLong(8, nameAt).putInt(16, nameLength);
    if (header.version() > 2) {
      FeatureBits features = header.features();
      long unknown = features.unknown(Feature.Kind.AUTOCLEAR);
      int autoclearAt = (int) Header.AUTOCLEAR_FEATURES_FIELD.bytes();
      start.putLong(autoclearAt, features.autoclear() & ~unknown);
    }
    extensions.encode(start);
    return start.flip();
  }
}
