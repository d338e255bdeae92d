package io.basedisk.cli;

import io.basedisk.domain.error.BusyException;
import io.basedisk.domain.error.HomePartMissingException;
import io.basedisk.domain.error.HomeUnusableException;
import io.basedisk.domain.error.HomeUnusableException.Problem;
import io.basedisk.domain.error.NoHomeException;
import io.basedisk.domain.error.NoSpaceException;
import io.basedisk.domain.error.PartAwayException;
import io.basedisk.domain.error.UnallowedFileException;
import io.basedisk.domain.error.UnknownFormatException;
import io.basedisk.domain.error.UnseenOriginalException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/**
 * The next step after an error, in terms of commands and options. An error carries what that step
 * needs as data: a kind of error that has a next step is a class, and has its line here.
 */
final class Hints {

  private static final String ALLOW_BACKING = "--allow-backing";

  private Hints() {}

  /**
   * Returns what the user can do next, as a clause on one line; empty if the message says all.
   *
   * @param command the command that failed
   */
  static Optional<String> of(Throwable failure, CommandSpec command) {
    return Optional.ofNullable(find(failure, command));
  }

  private static @Nullable String find(Throwable failure, CommandSpec command) {
    if (failure instanceof ParameterException) {
      return "see '" + command.qualifiedName() + " --help'";
    }
    if (failure instanceof UnnamedHomeException) {
      return "give --home DIR, or set BASEDISK_HOME";
    }
    if (failure instanceof NoHomeException) {
      return "if a home should be there, check the path and that its file system is mounted; --home"
          + " DIR names another; 'basedisk home init', 'box create', 'base create' and 'rootfs add'"
          + " make one";
    }
    if (failure instanceof HomeUnusableException unusable) {
      return ofHome(unusable.problem());
    }
    if (failure instanceof UnseenOriginalException) {
      return "give --moved if there is no other one, or --copy";
    }
    if (failure instanceof HomePartMissingException missing) {
      return "check that the file system of " + missing.part() + " is mounted";
    }
    if (failure instanceof PartAwayException away) {
      return "check that the file system of " + away.part() + " is mounted";
    }
    if (failure instanceof NoSpaceException) {
      return "'box rm', 'snapshot rm', 'base rm', 'rootfs rm', 'rootfs prune' and 'gc' free space on a"
          + " full file system too; where they can't, delete other files, or make it larger";
    }
    if (failure instanceof UnallowedFileException unallowed && takes(command, ALLOW_BACKING)) {
      return "to allow it: " + ALLOW_BACKING + " " + unallowed.file();
    }
    if (failure instanceof UnknownFormatException unknown) {
      return "say which it is: 'basedisk image rebase -u "
          + unknown.image()
          + " -b "
          + unknown.backing()
          + " -F qcow2|raw'";
    }
    if (failure instanceof BusyException) {
      return "to wait for the operation to end: --wait SECONDS";
    }
    return null;
  }

  private static String ofHome(Problem problem) {
    return switch (problem) {
      case ELSEWHERE, RELOCATING ->
          "'basedisk home relocate --dry-run' shows what makes this home usable here";
      case FOREIGN_STORE ->
          "put the store of this home back, or rebuild it: 'basedisk doctor --rebuild --dry-run'";
      case OLDER_STORE, LOST_STORE ->
          "mount what is missing, or put the store back; else 'basedisk doctor --rebuild --dry-run'"
              + " shows what can be rebuilt from the files";
      case READ_ONLY ->
          "mount its file system for writing, or run this as the user that owns the home; commands"
              + " that only read work";
    };
  }

  private static boolean takes(CommandSpec command, String option) {
    return command.findOption(option) != null;
  }
}
