package io.basedisk.cli;

import com.google.common.collect.ImmutableMap;
import io.basedisk.app.BaseDisks;
import io.basedisk.app.RelocatableHome;
import io.basedisk.cli.render.Document;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.error.NoHomeException;
import io.basedisk.domain.model.UnknownUsePolicy;
import io.basedisk.domain.port.ImageTools;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ScopeType;

/** The command {@code basedisk} itself: the options that every command has, and what they mean. */
final class RootCommand {

  private final Console console;
  private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this);
  private final Arguments takes = new Arguments(spec, ScopeType.INHERIT);

  private final Argument<Path> home =
      takes.option(
          "--home",
          "DIR",
          Path::of,
          "The home directory; otherwise $BASEDISK_HOME, otherwise $HOME/.basedisk. 'box create',"
              + " 'base create', 'rootfs add' and 'home init' make it; no other command does.");
  private final Argument<Boolean> json =
      takes.flag("--json", "Print the result as one JSON document, for programs.");
  private final Argument<Boolean> quiet =
      takes.flag("--quiet", "Print no progress and no notes: the result and errors alone.");
  private final Argument<Duration> patience =
      takes.option(
          "--wait",
          "SECONDS",
          Durations::parse,
          "How long to wait for a box on which another operation is under way; 0 to be refused at"
              + " once.");
  private final Argument<UnknownUsePolicy> unknownUsePolicy =
      takes.option(
          "--when-locks-cant-be-asked",
          "DECISION",
          UnknownUsePolicy::ofLabel,
          "Decides, once for all users of the home, what to do where it can't be told who has an"
              + " image open (some network file systems, macOS): 'keep-everything', as an undecided"
              + " home does too: no base is collected, no disk forked, restored or removed, no image"
              + " mended or rebased; 'trust-caller': you see to it that no VM runs on them. Where"
              + " there is no home, it is for this command alone.");
  private final Argument<Boolean> debug =
      takes.flag("--debug", "Print the stack trace of an error.");

  RootCommand(Console console) {
    this.console = console;
    spec.name("basedisk").versionProvider(new Version());
    spec.usageMessage()
        .description(
            "Manages the immutable base disks under a fleet of VM disks: forks a qcow2 disk into a"
                + " base and an overlay, keeps track of who depends on what, and reclaims a base the"
                + " moment nothing needs it, never earlier.",
            "",
            "New here? 'basedisk demo' shows everything on a scratch home.")
        .synopsisSubcommandLabel("COMMAND")
        .exitCodeListHeading("%nExit codes:%n")
        .exitCodeList(
            ImmutableMap.of(
                "0", "done",
                "1", "failed: a file operation or the store",
                "2", "wrong usage, or an invalid name or size",
                "3", "refused: in use, busy, or depended on",
                "4", "not found",
                "5", "the image is not valid, or not safe to open",
                "6", "it exists already",
                "7", "done, with findings: something was found that is left"))
        .footerHeading("%nExamples:%n")
        .footer(
            "  basedisk box create web-1 --size 10G     a box with an empty disk",
            "  basedisk snapshot create web-1 clean     a named point to return to",
            "  basedisk clone web-1@clean web-2 web-3   two boxes that share its content",
            "  basedisk rootfs add debian debian.qcow2  a root file system that boxes share",
            "  basedisk tree                            who stands on whom",
            "  basedisk box rm web-2                    with what only it needed",
            "",
            "SIZE takes K, M, G or T: powers of 1024. A box name is a letter or digit, then letters,"
                + " digits, '.', '_' or '-'; 128 characters at most. A snapshot name has 1 to 255"
                + " bytes, no '/', '\\' or control character, and no leading '.' or '-'.");
  }

  /** Returns how picocli has it, without its commands. */
  CommandSpec spec() {
    return spec;
  }

  boolean json() {
    return json.or(false);
  }

  boolean quiet() {
    return quiet.or(false);
  }

  boolean debug() {
    return debug.or(false);
  }

  Console console() {
    return console;
  }

  /**
   * Returns the home that the command is about, which may not exist yet.
   *
   * @throws UnnamedHomeException if neither an option nor the environment says where it is
   */
  Path home() {
    return findHome().orElseThrow(UnnamedHomeException::new);
  }

  /**
   * Returns the home that the command is about; empty if neither an option nor the environment says
   * where it is. Java's {@code user.home} is not asked: it is the home directory in the password
   * database, which is not what {@code $HOME} says, or "?".
   */
  Optional<Path> findHome() {
    if (home.isGiven()) {
      if (home.get().toString().isEmpty()) {
        throw new InvalidArgumentException("--home is empty");
      }
      return Optional.of(home.get());
    }
    Optional<Path> named = pathIn("BASEDISK_HOME");
    return named.isPresent() ? named : pathIn("HOME").map(user -> user.resolve(".basedisk"));
  }

  private Optional<Path> pathIn(String variable) {
    String value = console.environment(variable);
    try {
      return value.isEmpty() ? Optional.empty() : Optional.of(Path.of(value));
    } catch (InvalidPathException e) {
      throw new InvalidArgumentException("$" + variable + " is not a path: " + e.getMessage(), e);
    }
  }

  /**
   * Opens the home, and has what happens in it noted on standard error.
   *
   * @throws io.basedisk.domain.error.NoHomeException if there is none
   */
  BaseDisks open() {
    return open(builder -> builder.createIfMissing(false));
  }

  /** Opens a home in the way that {@code how} adds to what the options say. */
  private BaseDisks open(UnaryOperator<BaseDisks.Builder> how) {
    Notes notes = new Notes(this::note);
    BaseDisks disks = how.apply(builder().listener(notes)).open();
    notes.endOfOpening();
    return disks;
  }

  /**
   * Opens the home to relocate it.
   *
   * @throws io.basedisk.domain.error.NoHomeException if there is none
   */
  RelocatableHome openRelocatable() {
    return builder().openRelocatable();
  }

  private BaseDisks.Builder builder() {
    BaseDisks.Builder builder =
        BaseDisks.builder().home(home()).operationTimeout(patience.or(Duration.ZERO));
    if (unknownUsePolicy.isGiven()) {
      builder.unknownUsePolicy(unknownUsePolicy.get());
    }
    return builder;
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

  /** Opens the home, or makes it if there is none, runs {@code command} and prints its result. */
  int runMakingHome(Function<? super BaseDisks, ? extends Document> command) {
    try (BaseDisks disks = open(builder -> builder.createIfMissing(true))) {
      return print(command.apply(disks));
    }
  }

  /**
   * Makes the home, runs {@code command} on it and prints its result.
   *
   * @throws io.basedisk.domain.error.AlreadyExistsException if there is one
   */
  int runOnNewHome(Function<? super BaseDisks, ? extends Document> command) {
    try (BaseDisks disks = open(BaseDisks.Builder::requireNew)) {
      return print(command.apply(disks));
    }
  }

  /** Returns the tools for images that are only read, for which no home is opened. */
  ImageTools images() {
    return BaseDisks.imagesWithoutHome(unknownUsePolicy.or(UnknownUsePolicy.KEEP));
  }

  /**
   * Runs work that writes image files: on the tools of the home, which refuse what it manages; or,
   * where there is no home, on tools that know none.
   */
  <T> T withImages(Function<? super ImageTools, ? extends T> work) {
    try (BaseDisks home = openIfThere()) {
      return work.apply(home == null ? images() : home.images());
    }
  }

  /** Does the same with work that has no result. */
  void onImages(Consumer<? super ImageTools> work) {
    boolean unused =
        withImages(
            tools -> {
              work.accept(tools);
              return true;
            });
  }

  private @Nullable BaseDisks openIfThere() {
    try {
      return open();
    } catch (NoHomeException e) {
      return null;
    }
  }

  /** Shows on a terminal how far a long command is, unless the user wants none of it. */
  ProgressLine progress(String task) {
    return quiet() ? ProgressLine.unseen() : console.progress(task);
  }

  int print(Document document) {
    console.print(document, json());
    return ExitCode.DONE.number();
  }

  /**
   * Prints something worth knowing that is no result, unless the user wants none of it. Under
   * {@code --json} it waits until the command has ended well: an error is alone on standard error.
   */
  void note(String message) {
    if (!quiet() && json()) {
      console.holdNote(message);
    } else if (!quiet()) {
      console.note(message);
    }
  }
}
