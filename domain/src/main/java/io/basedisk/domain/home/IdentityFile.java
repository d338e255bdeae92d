package io.basedisk.domain.home;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.model.HomeId;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.port.DiskFiles;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.inject.Inject;

/**
 * The file {@code home.json}: the home's id and the version of its layout. It shows whether a store
 * belongs to this home. Thread-safe.
 */
public final class IdentityFile {

  /** The layout version that this program supports. */
  private static final int LAYOUT = 1;

  private static final int LIMIT = 4096;
  private static final Pattern ID = Pattern.compile("\"id\"\\s*:\\s*\"([0-9a-f]{32})\"");
  private static final Pattern LAYOUT_NUMBER =
      Pattern.compile("\"layout\"\\s*:\\s*([0-9]{1,9})\\b");

  private final HomeLayout home;
  private final DiskFiles files;

  /**
   * Creates the access to a home's file.
   *
   * @param home the layout of the home
   * @param files the files
   */
  @Inject
  public IdentityFile(HomeLayout home, DiskFiles files) {
    this.home = home;
    this.files = files;
  }

  /**
   * {@return the id in the file; empty if there is no file}
   *
   * @throws StorageException if the file can't be read, has no id, or has a newer layout
   */
  public Optional<HomeId> read() {
    Path file = home.identityFile();
    if (files.status(file).isEmpty()) {
      return Optional.empty();
    }
    String text = new String(files.read(file, LIMIT), UTF_8);
    Matcher id = ID.matcher(text);
    Matcher layout = LAYOUT_NUMBER.matcher(text);
    if (!id.find() || !layout.find()) {
      throw new StorageException(
          file + ": has no home id; remove the file, and it is written again");
    }
    if (Integer.parseInt(layout.group(1)) > LAYOUT) {
      throw new StorageException(
          file
              + ": the home has layout version "
              + layout.group(1)
              + ", this program supports "
              + LAYOUT);
    }
    return Optional.of(new HomeId(id.group(1)));
  }

  /**
   * Writes the id durably, replacing another one. A crash leaves the old file or the new one, and
   * perhaps a temporary file. Its name is always the same, so that the next write replaces it.
   *
   * @param id the id of the home
   */
  public void write(HomeId id) {
    Path temporary = temporary();
    files.remove(temporary);
    files.write(temporary, ("{\"id\":\"" + id + "\",\"layout\":" + LAYOUT + "}\n").getBytes(UTF_8));
    files.sync(temporary);
    files.rename(temporary, home.identityFile());
    files.sync(home.home());
  }

  /** Removes the temporary file of an interrupted {@link #write}, durably. */
  void discardWrite() {
    Path temporary = temporary();
    if (files.status(temporary).isPresent()) {
      files.remove(temporary);
      files.sync(home.home());
    }
  }

  private Path temporary() {
    return home.home().resolve("." + home.identityFile().getFileName() + ".new");
  }
}
