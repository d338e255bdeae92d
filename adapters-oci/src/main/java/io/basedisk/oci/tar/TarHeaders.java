package io.basedisk.oci.tar;

import com.google.common.base.Splitter;
import io.basedisk.domain.model.Quoted;
import io.basedisk.oci.blob.FormatException;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.tar.TarUtils;
import org.apache.commons.compress.archivers.zip.ZipEncoding;
import org.apache.commons.compress.archivers.zip.ZipEncodingHelper;

/** What every reader of tar archives checks in a header. POSIX.1-1988 (ustar), and GNU's types. */
public final class TarHeaders {

  /** Size of a header, and the unit of a member's size in the archive. */
  public static final int BLOCK = 512;

  private static final int TYPE = 156;
  private static final int REAL_SIZE = 483;

  private static final ZipEncoding UTF_8 = ZipEncodingHelper.getZipEncoding("UTF-8");

  private TarHeaders() {}

  /**
   * {@return the entry of a header}
   *
   * @param header its {@link #BLOCK} bytes
   * @throws FormatException if it is not valid, or has a wrong checksum
   */
  public static TarArchiveEntry parse(byte[] header) throws FormatException {
    if (!isCheckSumRight(header)) {
      throw new FormatException("it is no tar archive: the checksum of a header is wrong");
    }
    byte[] readable = header.clone();
    if (header[TYPE] == TarConstants.LF_GNUTYPE_SPARSE) {
      // The library can't read one of 8 GiB or more here.
      Arrays.fill(readable, REAL_SIZE, REAL_SIZE + TarConstants.REALSIZELEN_GNU, (byte) 0);
    }
    try {
      return new TarArchiveEntry(readable, UTF_8);
    } catch (IOException | IllegalArgumentException e) {
      throw new FormatException("it is no tar archive: a header is not valid", e);
    }
  }

  private static boolean isCheckSumRight(byte[] header) {
    try {
      return TarUtils.verifyCheckSum(header);
    } catch (IllegalArgumentException e) {
      return false; // It is no number.
    }
  }

  /**
   * {@return the length of a sparse file with its holes}
   *
   * @param header the header of a sparse file, GNU tar's type {@code S}
   * @throws FormatException if it is not valid
   */
  static long realSize(byte[] header) throws FormatException {
    long size;
    try {
      size = TarUtils.parseOctalOrBinary(header, REAL_SIZE, TarConstants.REALSIZELEN_GNU);
    } catch (IllegalArgumentException e) {
      throw new FormatException("the size of a sparse file is not valid", e);
    }
    if (size < 0) {
      throw new FormatException("the size of a sparse file can't be " + size);
    }
    return size;
  }

  /**
   * {@return whether a block is the end of an archive}
   *
   * @param block its bytes
   */
  public static boolean isEnd(byte[] block) {
    for (byte each : block) {
      if (each != 0) {
        return false;
      }
    }
    return true;
  }

  /**
   * {@return a name without {@code ./} at the start}
   *
   * @param name the name of a member
   * @throws FormatException if the name leads out of the archive
   */
  public static String plain(String name) throws FormatException {
    List<String> parts = Splitter.on('/').splitToList(name);
    if (name.startsWith("/") || parts.contains("..")) {
      throw leadsOut(name);
    }
    String plain = name;
    while (plain.startsWith("./")) {
      plain = plain.substring(2);
    }
    return plain;
  }

  /**
   * {@return the error about a name that leads out of the archive}
   *
   * @param name the name of a member
   */
  public static FormatException leadsOut(String name) {
    return new FormatException(named(name) + ": the name leads out of the archive");
  }

  /**
   * {@return a member's name for messages}
   *
   * @param name the name
   */
  public static String named(String name) {
    return "member \"" + Quoted.of(name) + "\"";
  }
}
