package io.basedisk.domain.protocol;

import static com.google.common.base.Preconditions.checkNotNull;

import io.basedisk.domain.model.OperationId;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The names of an operation's temporary files: hidden, with the operation's id. */
public final class Temporaries {

  private static final Pattern NAME = Pattern.compile("\\..+\\.([1-9][0-9]{0,18})\\.(?:tmp|old)");

  private Temporaries() {}

  /** {@return the temporary name, beside {@code path}, of the file that will be renamed to it} */
  static Path of(OperationId id, Path path) {
    return path.resolveSibling("." + path.getFileName() + "." + id + ".tmp");
  }

  /** {@return the second name, beside {@code path}, of a file that another one replaces} */
  static Path rollbackLink(OperationId id, Path path) {
    return path.resolveSibling("." + path.getFileName() + "." + id + ".old");
  }

  /** {@return the directory of a file of a box or base, where its temporaries are too} */
  static Path directoryOf(Path file) {
    return checkNotNull(file.getParent());
  }

  /** {@return whether a file has the name of a temporary file} */
  static boolean isTemporary(Path file) {
    return operationOf(file).isPresent();
  }

  /**
   * {@return the operation in a temporary file's name; empty if the name is not a temporary's}
   *
   * @param file the path of the file
   */
  public static Optional<OperationId> operationOf(Path file) {
    Matcher matcher = NAME.matcher(String.valueOf(file.getFileName()));
    if (!matcher.matches()) {
      return Optional.empty();
    }
    try {
      long id = Long.parseLong(matcher.group(1));
      return OperationId.isValid(id) ? Optional.of(new OperationId(id)) : Optional.empty();
    } catch (NumberFormatException tooLarge) {
      return Optional.empty();
    }
  }
}
