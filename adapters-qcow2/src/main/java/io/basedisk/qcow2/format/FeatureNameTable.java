package io.basedisk.qcow2.format;

import com.google.common.collect.ImmutableList;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Names of features, so that software that does not know a feature can name it in a message.
 *
 * <p>Specification: "Header extensions", "Feature name table".
 *
 * @param entries the names, in the order of the file
 */
public record FeatureNameTable(ImmutableList<Entry> entries) implements HeaderExtension {

  static final int TYPE = 0x6803f857;
  private static final int ENTRY_SIZE = 48;
  private static final int NAME_SIZE = 46;

  /**
   * The name of one feature.
   *
   * @param kind number of a {@link Feature.Kind}, or any other byte
   * @param bit number of the feature's bit
   * @param name at most 46 bytes; for messages and listings only
   */
  public record Entry(int kind, int bit, String name) {

    private static Entry parse(ByteBuffer data) {
      int kind = Byte.toUnsignedInt(data.get());
      int bit = Byte.toUnsignedInt(data.get());
      int length = 0;
      while (length < NAME_SIZE && data.get(data.position() + length) != 0) {
        length++;
      }
      return new Entry(kind, bit, FormatText.shown(data.slice(data.position(), length)));
    }

    private void encode(ByteBuffer target) {
      int start = target.position();
      byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
      target.put((byte) kind).put((byte) bit).put(bytes, 0, Math.min(bytes.length, NAME_SIZE));
      target.position(start + ENTRY_SIZE);
    }
  }

  static FeatureNameTable parse(ByteBuffer data) {
    ImmutableList.Builder<Entry> entries = ImmutableList.builder();
    for (int at = 0; at + ENTRY_SIZE <= data.remaining(); at += ENTRY_SIZE) {
      entries.add(Entry.parse(data.slice(at, ENTRY_SIZE)));
    }
    return new FeatureNameTable(entries.build());
  }

  /**
   * {@return a feature's name, if this table has one}
   *
   * @param kind the kind of feature
   * @param bit number of the bit, 0 to 63
   */
  public Optional<String> nameOf(Feature.Kind kind, int bit) {
    return entries.stream()
        .filter(entry -> entry.kind() == kind.number() && entry.bit() == bit)
        .map(Entry::name)
        .findFirst();
  }

  @Override
  public int type() {
    return TYPE;
  }

  @Override
  public ByteBuffer data() {
    ByteBuffer data = ByteBuffer.allocate(entries.size() * ENTRY_SIZE);
    entries.forEach(entry -> entry.encode(data));
    return data.flip();
  }
}
