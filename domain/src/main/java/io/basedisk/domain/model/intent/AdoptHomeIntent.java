package io.basedisk.domain.model.intent;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.base.Preconditions;
import com.google.common.collect.ImmutableList;
import io.basedisk.domain.model.Operation;
import io.basedisk.domain.model.OperationId;
import java.nio.file.Path;
import java.time.Instant;
import java.util.stream.Stream;

/**
 * The intent of an adoption of another program's home: its disks are copied into this home, all of
 * them or none.
 *
 * <p>A complete disk of a box has {@code startedAt} as its modification time until a VM writes to
 * it.
 *
 * @param id id of the operation
 * @param newDisks the new boxes with their disks
 * @param newBases the files of the new bases, in the bases directory
 * @param startedAt time at which the operation began, in whole seconds
 */
public record AdoptHomeIntent(
    OperationId id,
    ImmutableList<NewDisk> newDisks,
    ImmutableList<NewFile> newBases,
    Instant startedAt)
    implements Intent {

  /**
   * A file that the operation makes under a temporary name.
   *
   * @param path its path when it is complete
   * @param temporary its temporary path, in the same directory
   */
  public record NewFile(Path path, Path temporary) {

    /**
     * Checks the values.
     *
     * @param path see {@link #path}
     * @param temporary see {@link #temporary}
     * @throws IllegalArgumentException if the paths are in different directories
     */
    public NewFile {
      IntentChecks.requireBeside(path, temporary);
    }
  }

  /**
   * A new box with its container disk.
   *
   * @param box the box
   * @param temporary temporary path of its disk
   */
  public record NewDisk(NewBox box, Path temporary) {

    /**
     * Checks the values.
     *
     * @param box see {@link #box}
     * @param temporary see {@link #temporary}
     * @throws IllegalArgumentException if the paths are in different directories
     */
    public NewDisk {
      IntentChecks.requireBeside(box.disk(), temporary);
    }

    /** {@return the disk as a file that is made} */
    public NewFile file() {
      return new NewFile(box.disk(), temporary);
    }
  }

  /**
   * Checks the values.
   *
   * @param id see {@link #id}
   * @param newDisks see {@link #newDisks}
   * @param newBases see {@link #newBases}
   * @param startedAt see {@link #startedAt}
   * @throws IllegalArgumentException if there is neither a box nor a base
   */
  public AdoptHomeIntent {
    Preconditions.checkArgument(
        !newDisks.isEmpty() || !newBases.isEmpty(), "operation %s must adopt a file", id);
  }

  @Override
  public Operation operation() {
    return Operation.ADOPT_HOME;
  }

  /** {@return the claims on the new boxes} */
  @Override
  public ImmutableList<BoxClaim> boxes() {
    return newDisks.stream().map(disk -> disk.box().claim()).collect(toImmutableList());
  }

  /** {@return the files and directories: four for each box, then two for each base} */
  @Override
  public ImmutableList<Path> createdFiles() {
    return Stream.concat(
            newDisks.stream()
                .flatMap(
                    disk ->
                        Stream.of(
                            disk.box().directory(),
                            disk.box().disksDir(),
                            disk.temporary(),
                            disk.box().disk())),
            newBases.stream().flatMap(base -> Stream.of(base.temporary(), base.path())))
        .collect(toImmutableList());
  }

  /** {@return all files that the operation makes} */
  public ImmutableList<NewFile> files() {
    return Stream.concat(newDisks.stream().map(NewDisk::file), newBases.stream())
        .collect(toImmutableList());
  }
}
