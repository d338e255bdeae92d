package io.basedisk.qcow2.check;

import io.basedisk.qcow2.format.ClusterGeometry;
import io.basedisk.qcow2.format.HostOffset;
import io.basedisk.qcow2.format.L2Entry;
import io.basedisk.qcow2.image.ImageFile;
import java.nio.ByteBuffer;

/**
 * A buffer for one L2 table at a time: each {@link #read} replaces the table before.
 *
 * <p>Specification: "Cluster mapping", "L2 table entry"; "Extended L2 Entries".
 */
final class L2Table {

  private final ImageFile file;
  private final ByteBuffer bytes;
  private final long[] words;
  private final int wordsPerEntry;

  L2Table(ImageFile file, ClusterGeometry geometry) {
    this.file = file;
    this.bytes = ByteBuffer.allocate(geometry.clusterSize());
    this.words = new long[geometry.clusterSize() / Long.BYTES];
    this.wordsPerEntry = geometry.l2EntrySize() / Long.BYTES;
  }

  /**
   * Reads the table at {@code start}, aligned or not. Bytes beyond the end of the file are zeros.
   */
  void read(HostOffset start) {
    file.read(start.bytes(), bytes.clear());
    bytes.flip().asLongBuffer().get(words);
  }

  /** {@return the number of entries} */
  int size() {
    return words.length / wordsPerEntry;
  }

  /** Changes the first 64 bits of an entry in the buffer. */
  void setBits(int index, long bits) {
    words[index * wordsPerEntry] = bits;
  }

  /** Writes the entries from {@code first} to {@code last} to the table at {@code start}. */
  void write(HostOffset start, int first, int last) {
    int from = first * wordsPerEntry;
    int count = (last + 1 - first) * wordsPerEntry;
    ByteBuffer source = ByteBuffer.allocate(count * Long.BYTES);
    source.asLongBuffer().put(words, from, count);
    file.write(start.plus((long) from * Long.BYTES), source);
  }

  L2Entry entry(int index) {
    int first = index * wordsPerEntry;
    return new L2Entry(words[first], wordsPerEntry == 1 ? 0 : words[first + 1]);
  }
}
