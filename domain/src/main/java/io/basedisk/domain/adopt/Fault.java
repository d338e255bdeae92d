package io.basedisk.domain.adopt;

import io.basedisk.domain.error.BaseDiskException;
import io.basedisk.domain.error.Remedy;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Why a file can't be adopted.
 *
 * @param why the reason, as a clause for people
 * @param remedy what the user can do about it; null if the reason says it
 * @param isRecorded whether the reason is that the home has the file already
 */
record Fault(String why, @Nullable Remedy remedy, boolean isRecorded) {

  static Fault of(String why) {
    return new Fault(why, null, false);
  }

  static Fault of(String why, Remedy remedy) {
    return new Fault(why, remedy, false);
  }

  static Fault recorded(String why) {
    return new Fault(why, null, true);
  }

  /** {@return the fault that an error about a file tells, without the path in front} */
  static Fault of(Path file, BaseDiskException error) {
    String message = String.valueOf(error.getMessage());
    String prefix = file + ": ";
    return new Fault(
        message.startsWith(prefix) ? message.substring(prefix.length()) : message,
        error.remedy().orElse(null),
        false);
  }

  UnadoptedFile about(Path file) {
    return new UnadoptedFile(file, why, remedy, isRecorded);
  }
}
