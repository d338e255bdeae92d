package io.basedisk.oci.tar;

import io.basedisk.oci.blob.FormatException;
import io.basedisk.oci.stream.ContentInput;
import io.basedisk.oci.stream.ContentSink;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveSparseEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveStructSparse;

/**
 * Where a sparse file has data: GNU tar's format of type {@code S} ("Old GNU Format").
 *
 * @param bytes length of the file with its holes
 * @param parts its data, in ascending order
 */
record SparseMap(long bytes, List<TarArchiveStructSparse> parts) {

  /** Bounds the memory: 32 MiB. */
  private static final int MAX_PARTS = 1 << 20;

  /**
   * Reads the map of a sparse member: from its header, and from the blocks after it.
   *
   * @param header the header
   * @param entry what is in it
   * @param input the archive after the header
   * @throws FormatException if the parts overlap, are out of order or beyond the end, or are other
   *     than the member's data
   */
  static SparseMap read(byte[] header, TarArchiveEntry entry, ContentInput input)
      throws FormatException {
    List<TarArchiveStructSparse> parts = new ArrayList<>();
    add(entry.getSparseHeaders(), parts);
    boolean isContinued = entry.isExtended();
    while (isContinued) {
      TarArchiveSparseEntry more = parse(input.readBytes(TarHeaders.BLOCK));
      add(more.getSparseHeaders(), parts);
      isContinued = more.isExtended();
    }
    SparseMap map = new SparseMap(TarHeaders.realSize(header), parts);
    map.check(entry.getSize());
    return map;
  }

  private static TarArchiveSparseEntry parse(byte[] block) throws FormatException {
    try {
      return new TarArchiveSparseEntry(block);
    } catch (IOException | IllegalArgumentException e) {
      throw new FormatException("the map of a sparse file is not valid", e);
    }
  }

  /** An unused place in a block has no length, and offset 0. */
  private static void add(List<TarArchiveStructSparse> found, List<TarArchiveStructSparse> parts)
      throws FormatException {
    for (TarArchiveStructSparse part : found) {
      if (part.getNumbytes() > 0) {
        parts.add(part);
      }
    }
    if (parts.size() > MAX_PARTS) {
      throw new FormatException("a sparse file has more than " + MAX_PARTS + " parts");
    }
  }

  private void check(long dataBytes) throws FormatException {
    long end = 0;
    long sum = 0;
    for (TarArchiveStructSparse part : parts) {
      if (part.getOffset() < end || part.getNumbytes() > bytes - part.getOffset()) {
        throw new FormatException("the parts of a sparse file overlap, or are beyond its end");
      }
      end = part.getOffset() + part.getNumbytes();
      sum += part.getNumbytes();
    }
    if (sum != dataBytes) {
      throw new FormatException(
          "the parts of a sparse file have " + sum + " bytes, its data has " + dataBytes);
    }
  }

  void copy(ContentInput input, ContentSink sink) throws FormatException {
    long at = 0;
    for (TarArchiveStructSparse part : parts) {
      sink.hole(part.getOffset() - at);
      input.copy(part.getNumbytes(), sink);
      at = part.getOffset() + part.getNumbytes();
    }
    sink.hole(bytes - at);
  }
}
