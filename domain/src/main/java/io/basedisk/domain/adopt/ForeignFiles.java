package io.basedisk.domain.adopt;

import io.basedisk.domain.error.BaseDiskException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.Remedy;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.ForeignHome;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the files that another program's database names. Opens only regular files in that program's
 * home. Not thread-safe.
 */
final class ForeignFiles {

  /** Suffix of the mark beside a base that is not completely copied. */
  private static final String PENDING = ".copy-pending";

  private final Path root;
  private final DiskFiles files;
  private final DiskImages images;
  private final Map<Path, ScannedFile> scanned = new LinkedHashMap<>();

  /**
   * @param root real path of the other home
   */
  ForeignFiles(Path root, DiskFiles files, DiskImages images) {
    this.root = root;
    this.files = files;
    this.images = images;
  }

  /**
   * A file that the database names.
   *
   * @param path its path; the home if it has no valid one
   * @param file the file; null if it can't be used
   * @param fault why the file can't be used; null if it can be
   */
  record Located(Path path, @Nullable ScannedFile file, @Nullable Fault fault) {}

  /**
   * {@return a file}
   *
   * @param path path of the file, as the database has it
   */
  Located locate(String path) {
    Path named;
    try {
      named = Path.of(path);
    } catch (InvalidPathException e) {
      return new Located(root, null, Fault.of("the database names a file that no path can name"));
    }
    if (!named.isAbsolute() || path.length() >= ForeignHome.MAX_TEXT) {
      return new Located(
          root, null, Fault.of("the database names a file without an absolute path"));
    }
    return locate(named);
  }

  /** {@return a file with an absolute path} */
  Located locate(Path named) {
    try {
      Path real = files.realPath(named);
      Fault fault = faultOf(named, real);
      return fault == null
          ? new Located(real, scanned(real), null)
          : new Located(named, null, fault);
    } catch (NotFoundException missing) {
      return new Located(named, null, Fault.of("is missing", new Remedy.BringFileBack(named)));
    } catch (BaseDiskException unusable) {
      return new Located(named, null, Fault.of(named, unusable));
    }
  }

  private @Nullable Fault faultOf(Path named, Path real) {
    if (!real.startsWith(root)) {
      return Fault.of("is outside " + root);
    }
    FileStatus status = files.getStatus(named);
    if (!status.isRegularFile()) {
      return Fault.of("is " + status.type().describe());
    }
    return files.status(pendingMarkOf(real)).isPresent()
        ? Fault.of("was not completely copied by the other program")
        : null;
  }

  private static Path pendingMarkOf(Path file) {
    String name = String.valueOf(file.getFileName());
    int suffix = name.lastIndexOf('.');
    return file.resolveSibling((suffix < 0 ? name : name.substring(0, suffix)) + PENDING);
  }

  private ScannedFile scanned(Path real) {
    return scanned.computeIfAbsent(
        real, file -> ScannedFile.of(file, files.getStatus(file), images));
  }

  /** {@return the located files, each once} */
  Collection<ScannedFile> all() {
    return scanned.values();
  }
}
