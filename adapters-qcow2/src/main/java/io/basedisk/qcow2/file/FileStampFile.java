package io.basedisk.qcow2.file;

import static com.google.common.base.Preconditions.checkNotNull;
import static java.nio.charset.StandardCharsets.US_ASCII;

import com.google.common.base.Strings;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.StoreStamp;
import io.basedisk.domain.port.StampFile;
import io.basedisk.qcow2.os.OperatingSystem;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import javax.inject.Inject;

/**
 * The store stamp as one line of fixed length in a file: the state, the number, and a checksum of
 * both. Only its owner can read the file.
 *
 * <p>A reader may see a part of a concurrent write. The checksum shows that, and the line is read
 * again. An interrupt does not affect reading or writing.
 */
public final class FileStampFile implements StampFile {

  private static final String COMMITTED = "committed";
  private static final String PENDING = "pending";

  private static final Pattern LINE =
      Pattern.compile("((committed|pending  ) ([0-9]{19})) ([0-9a-f]{8})\n");

  private static final int DIGITS = 19;
  private static final int LENGTH = 39;

  /** Limit of attempts to read a valid line while another process writes it. */
  private static final int ATTEMPTS = 5;

  private final OperatingSystem system;
  private final Path file;

  /**
   * @param system the system calls to use
   * @param home the home of the stamp; its directory must exist
   */
  @Inject
  public FileStampFile(OperatingSystem system, HomeLayout home) {
    this.system = checkNotNull(system);
    this.file = home.stampFile();
  }

  /**
   * {@inheritDoc}
   *
   * @throws io.basedisk.domain.error.StorageException if the file exists but can't be read
   */
  @Override
  public Optional<StoreStamp> read() {
    Optional<StoreStamp> stamp = Optional.empty();
    try {
      for (int i = 0; i < ATTEMPTS && stamp.isEmpty(); i++) {
        stamp = parse(new String(system.readStart(file, LENGTH), US_ASCII));
      }
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw Failure.of("read the stamp " + file, e);
    }
    return stamp;
  }

  /**
   * {@inheritDoc}
   *
   * @throws io.basedisk.domain.error.StorageException if the file can't be written
   */
  @Override
  public void write(StoreStamp stamp) {
    try {
      system.overwriteStart(file, line(stamp).getBytes(US_ASCII));
    } catch (IOException e) {
      throw Failure.of("write the stamp " + file, e);
    }
  }

  private static String line(StoreStamp stamp) {
    String state = stamp.isCommitted() ? COMMITTED : PENDING;
    String text =
        Strings.padEnd(state, COMMITTED.length(), ' ')
            + " "
            + Strings.padStart(Long.toString(stamp.number()), DIGITS, '0');
    return text + " " + checksum(text) + "\n";
  }

  private static Optional<StoreStamp> parse(String line) {
    Matcher matcher = LINE.matcher(line);
    if (!matcher.matches() || !checksum(matcher.group(1)).equals(matcher.group(4))) {
      return Optional.empty();
    }
    try {
      long number = Long.parseLong(matcher.group(3));
      return Optional.of(new StoreStamp(number, matcher.group(2).equals(COMMITTED)));
    } catch (NumberFormatException e) {
      return Optional.empty(); // Larger than any number that basedisk writes.
    }
  }

  private static String checksum(String text) {
    CRC32 checksum = new CRC32();
    checksum.update(text.getBytes(US_ASCII));
    return Strings.padStart(Long.toHexString(checksum.getValue()), Integer.BYTES * 2, '0');
  }
}
