package io.basedisk.domain.model.intent;

import io.basedisk.domain.model.BaseDiskId;
import java.nio.file.Path;

/**
 * The file of one of several bases that an operation creates.
 *
 * @param id id of the base
 * @param file path of its file
 * @param temporary temporary path of its file, beside {@code file}
 */
public record NewBaseFile(BaseDiskId id, Path file, Path temporary) {

  /**
   * Checks the values.
   *
   * @param id see {@link #id}
   * @param file see {@link #file}
   * @param temporary see {@link #temporary}
   * @throws IllegalArgumentException if the values contradict each other
   */
  public NewBaseFile {
    IntentChecks.requireBeside(file, temporary);
  }
}
