package io.basedisk.app.cli;

import com.google.common.collect.ImmutableList;
import io.basedisk.app.BaseDisks;
import io.basedisk.app.cli.render.Document;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.model.WhenLocksCantBeAsked;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The command {@code basedisk} itself: the options that every command has, and what they mean. */
@Command(
    name = "basedisk",
    description = {
      "Manages the immutable base disks under a fleet of VM disks: forks a qcow2 disk into a base"
          + " and an overlay, keeps track of who depends on what, and reclaims a base the moment"
          + " nothing needs it, never earlier.",
      "",
      "New here? 'basedisk demo' shows everything on a scratch home."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  basedisk box create web-1 --size 10G     a box with an empty disk",
      "  basedisk snapshot create web-1 clean     a named point to return to",
      "  basedisk clone web-1@clean web-2 web-3   two boxes that share its content",
      "  basedisk rootfs add debian debian.qcow2  a root file system that boxes share",
      "  basedisk tree                            who stands on whom",
      "  basedisk box rm web-2                    with what only it needed",
      "",
      "SIZE takes K, M, G or T: powers of 1024. A box name is a letter or digit, then letters,"
          + " digits, '.', '_' or '-'; 128 characters at most. A snapshot name has 1 to 255 bytes,"
          + " no '/', '\\' or control character, and no leading '.' or '-'."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:failed: a file operation or the store",
      "2:wrong usage, or an invalid name or size",
      "3:refused: in use, busy, or depended on",
      "4:not found",
      "5:the image is not valid, or not safe to open",
      "6:it exists already",
      "7:done, with findings: something was found that is left"
    },
    synopsisSubcommandLabel = "COMMAND",
    versionProvider = Version.class)
final class RootCommand {

  /** Its commands, in the order in which its help tells of them. {@link Program} adds them. */
  static final ImmutableList<NamedCommand> COMMANDS =
      ImmutableList.of(
          NamedCommand.of("demo", DemoCommand.class),
          NamedCommand.of(
              "box",
              BoxCommand.class,
              NamedCommand.of("create", BoxCommand.Create.class),
              NamedCommand.of("ls", BoxCommand.Ls.class),
              NamedCommand.of("show", BoxCommand.Show.class),
              NamedCommand.of("rm", BoxCommand.Rm.class),
              NamedCommand.of("compact", BoxCommand.Compact.class)),
          NamedCommand.of(
              "snapshot",
              SnapshotCommand.class,
              NamedCommand.of("create", SnapshotCommand.Create.class),
              NamedCommand.of("ls", SnapshotCommand.Ls.class),
              NamedCommand.of("restore", SnapshotCommand.Restore.class),
              NamedCommand.of("rm", SnapshotCommand.Rm.class)),
          NamedCommand.of("clone", CloneCommand.class),
          NamedCommand.of(
              "rootfs",
              RootfsCommand.class,
              NamedCommand.of("add", RootfsCommand.Add.class),
              NamedCommand.of("ls", RootfsCommand.Ls.class),
              NamedCommand.of("rm", RootfsCommand.Rm.class),
              NamedCommand.of("prune", RootfsCommand.Prune.class)),
          NamedCommand.of(
              "base",
              BaseCommand.class,
              NamedCommand.of("create", BaseCommand.Create.class),
              NamedCommand.of("ls", BaseCommand.Ls.class),
              NamedCommand.of("show", BaseCommand.Show.class),
              NamedCommand.of("rm", BaseCommand.Rm.class)),
          NamedCommand.of("gc", GcCommand.class),
          NamedCommand.of("doctor", DoctorCommand.class),
          NamedCommand.of("tree", TreeCommand.class),
          NamedCommand.of("du", DuCommand.class),
          NamedCommand.of(
              "image",
              ImageCommand.class,
              NamedCommand.of("create", ImageCommand.Create.class),
              NamedCommand.of("info", ImageCommand.Info.class),
              NamedCommand.of("check", ImageCheckCommand.class),
              NamedCommand.of("map", ImageMapCommand.class),
              NamedCommand.of("compare", ImageCompareCommand.class),
              NamedCommand.of("read", ImageReadCommand.class),
              NamedCommand.of("convert", ImageConvertCommand.class),
              NamedCommand.of("measure", ImageMeasureCommand.class),
              NamedCommand.of("rebase", ImageRebaseCommand.class)));

  private final Console console;

  @Option(
      names = "--home",
      paramLabel = "DIR",
      scope = ScopeType.INHERIT,
      description =
          "The home directory; otherwise $BASEDISK_HOME, otherwise ~/.basedisk. It is made on"
              + " first use.")
  private @Nullable Path home;

  @Option(
      names = "--json",
      scope = ScopeType.INHERIT,
      description = "Print the result as one JSON document, for programs.")
  private boolean json;

  @Option(
      names = "--quiet",
      scope = ScopeType.INHERIT,
      description = "Print no progress and no notes: the result and errors alone.")
  private boolean quiet;

  @Option(
      names = "--wait",
      paramLabel = "SECONDS",
      defaultValue = "0",
      scope = ScopeType.INHERIT,
      description =
          "How long to wait for a box on which another operation is under way; 0 to be refused at"
              + " once.")
  private Duration patience = Duration.ZERO;

  @Option(
      names = "--when-locks-cant-be-asked",
      paramLabel = "DECISION",
      scope = ScopeType.INHERIT,
      description =
          "Decides, once for all users of the home, what to do where it can't be told who has an"
              + " image open (some network file systems, macOS): 'keep-everything', as an undecided"
              + " home does too: no base is collected, no disk forked, restored or removed, no image mended or"
              + " rebased; 'trust-caller': you see to it that no VM runs on them. Where there is no home, it"
              + " is for this command alone.")
  private @Nullable WhenLocksCantBeAsked whenLocksCantBeAsked;

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "Print the stack trace of an error.")
  private boolean debug;

  RootCommand(Console console) {
    this.console = console;
  }

  boolean json() {
    return json;
  }

  boolean quiet() {
    return quiet;
  }

  boolean debug() {
    return debug;
  }

  Console console() {
    return console;
  }

  /** Returns the home that the command is about, which may not exist yet. */
  Path home() {
    if (home != null) {
      if (home.toString().isEmpty()) {
        throw new InvalidArgumentException("--home is empty");
      }
      return home;
    }
    String fromEnvironment = console.environment("BASEDISK_HOME");
    return fromEnvironment.isEmpty()
        ? Path.of(System.getProperty("user.home"), ".basedisk")
        : Path.of(fromEnvironment);
  }

  /** Opens the home, and has what happens in it noted on standard error. */
  BaseDisks open() {
    Notes notes = new Notes(this::note);
    BaseDisks.Builder builder = BaseDisks.builder().home(home()).listener(notes).patience(patience);
    if (whenLocksCantBeAsked != null) {
      builder.whenLocksCantBeAsked(whenLocksCantBeAsked);
    }
    BaseDisks disks = builder.open();
    notes.endOfOpening();
    return disks;
  }

  /** Opens the home, runs {@code command} on it, prints its result and returns the exit code. */
  <D extends Document> int run(
      Function<? super BaseDisks, ? extends D> command, Function<? super D, ExitCode> codeOf) {
    try (BaseDisks disks = open()) {
      D document = command.apply(disks);
      print(document);
      return codeOf.apply(document).number();
    }
  }

  /** Opens the home, runs {@code command} on it and prints its result. */
  int run(Function<? super BaseDisks, ? extends Document> command) {
    try (BaseDisks disks = open()) {
      return print(command.apply(disks));
    }
  }

  /**
   * Checks that no file is the home's, and returns what to do with one where it can't be told who
   * has it open: what was decided for the home, or what the user says where there is none.
   *
   * @throws io.basedisk.domain.error.RefusedException if the home manages one
   */
  WhenLocksCantBeAsked refuseManaged(Iterable<Path> files) {
    return new HomeGuard(home(), this::open)
        .refuseManaged(files)
        .orElse(
            whenLocksCantBeAsked == null
                ? WhenLocksCantBeAsked.KEEP_EVERYTHING
                : whenLocksCantBeAsked);
  }

  /** Shows on a terminal how far a long command is, unless the user wants none of it. */
  ProgressLine progress(String task) {
    return quiet ? ProgressLine.unseen() : console.progress(task);
  }

  int print(Document document) {
    console.print(document, json);
    return ExitCode.DONE.number();
  }

  /** Prints something worth knowing that is no result, unless the user wants none of it. */
  void note(String message) {
    if (!quiet) {
      console.note(message);
    }
  }
}
