package io.basedisk.cli;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.basedisk.app.BaseDisks;
import io.basedisk.app.RelocatableHome;
import io.basedisk.cli.render.Document;
import io.basedisk.domain.error.BaseDiskException;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.error.NoHomeException;
import io.basedisk.domain.model.UnknownUsePolicy;
import io.basedisk.domain.port.ImageTools;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ScopeType;

/** The command {@code basedisk} itself, with the global options that every command accepts. */
final class RootCommand {

  private final Console console;
  private ImmutableList<String> similarNames = ImmutableList.of();
  private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this);
  private final Arguments takes = new Arguments(spec, ScopeType.INHERIT);

  private final List<BooleanSupplier> jsonToo = new ArrayList<>();
  private final List<BooleanSupplier> quietToo = new ArrayList<>();

  private final Argument<Path> home =
      takes.option(
          "--home",
          "DIR",
          Path::of,
          "The home directory. Default: $BASEDISK_HOME, else $HOME/.basedisk. Only 'box create',"
              + " 'base create', 'rootfs add', 'import', 'pull', 'adopt' and 'home init' create it.");
  private final Argument<Boolean> json =
      takes.flag("--json", "Print the result as one JSON document.");
  private final Argument<Boolean> quiet =
      takes.flag("--quiet", "Print only the result and errors: no progress, no notes.");
  private final Argument<Duration> timeout =
      takes.option(
          "--wait",
          "SECONDS",
          Durations::parse,
          "If another operation runs on the box, wait up to SECONDS for it to end. Default: 0.");
  private final Argument<UnknownUsePolicy> unknownUse =
      takes.option(
          "--unknown-use",
          "POLICY",
          UnknownUsePolicyName::parse,
          "What to do if the file system can't say whether a process has an image open (some"
              + " network file systems, macOS). 'keep': treat it as in use; collect no base, and"
              + " fork, restore, remove, repair or rebase no image. 'trust-caller': treat it as"
              + " unused; you make sure that no VM runs on it. Set once per home, for all its"
              + " users; unless set, 'keep'. Without a home, it applies to this command only.");
  private final Argument<UnknownUsePolicy> earlierUnknownUse =
      takes.hiddenOption("--when-locks-cant-be-asked", UnknownUsePolicyName::parse);
  private final Argument<ColorChoice> color =
      takes.option(
          "--color",
          "WHEN",
          ColorChoice::parse,
          "'auto': colours on a terminal, unless NO_COLOR is set. 'always' or 'never'. Default:"
              + " auto.");
  private final Argument<Boolean> debug =
      takes.flag("--debug", "Print the stack trace of an error.");

  RootCommand(Console console) {
    this.console = console;
    spec.name("basedisk").versionProvider(new Version());
    spec.usageMessage()
        .description(
            "Manages the immutable base disks under a fleet of VM disks. Forks a qcow2 disk into a"
                + " base and an overlay, records which boxes and bases depend on each base, and"
                + " reclaims a base as soon as nothing needs it, never earlier.",
            "",
            "To see the main job on a scratch home, run 'basedisk demo'.")
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
                "7", "done, with findings: a problem is left, or images differ",
                "141", "the reader of standard output closed the pipe"))
        .footerHeading("%nExamples:%n")
        .footer(
            "  basedisk box create web-1 --size 10G     a box with an empty disk",
            "  basedisk snapshot create web-1 clean     a named state to restore",
            "  basedisk clone web-1@clean web-2 web-3   two boxes that share its content",
            "  basedisk rootfs add debian debian.qcow2  a root file system that boxes share",
            "  basedisk tree                            the lineage of boxes and bases",
            "  basedisk box rm web-2                    the box, and bases that only it needs",
            "",
            "SIZE takes K, M, G, T, P or E, also as KiB to EiB: powers of 1024, as in 10G or 1.5 GiB."
                + " A box name is a letter or digit, then"
                + " letters, digits, '.', '_' or '-'; 128 characters at most. A snapshot name has 1"
                + " to 255 bytes, no '/', '\\' or control character, and no leading '.' or '-'.");
  }

  /** {@return picocli's description of the program, without its commands} */
  CommandSpec spec() {
    return spec;
  }

  boolean json() {
    return json.or(false) || jsonToo.stream().anyMatch(BooleanSupplier::getAsBoolean);
  }

  /** Adds another option of a command that stands for {@code --json}. */
  void jsonIf(BooleanSupplier given) {
    jsonToo.add(given);
  }

  boolean quiet() {
    return quiet.or(false) || quietToo.stream().anyMatch(BooleanSupplier::getAsBoolean);
  }

  /** Adds another option of a command that stands for {@code --quiet}. */
  void quietIf(BooleanSupplier given) {
    quietToo.add(given);
  }

  boolean debug() {
    return debug.or(false);
  }

  ColorChoice color() {
    return color.or(ColorChoice.AUTO);
  }

  /** {@return the names that the user may have meant, if the command named one that is missing} */
  ImmutableList<String> similarNames() {
    return similarNames;
  }

  Console console() {
    return console;
  }

  /**
   * {@return the home of this command, which may not exist yet}
   *
   * @throws UnnamedHomeException if neither an option nor the environment says where it is
   */
  Path home() {
    return findHome().orElseThrow(UnnamedHomeException::new);
  }

  /**
   * {@return the home of this command; empty if neither an option nor the environment names one}
   * Does not use Java's {@code user.home}, which comes from the password database and may differ
   * from {@code $HOME}, or be "?".
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

  /** {@return the home that the command line names; empty if it names none} */
  Optional<Path> givenHome() {
    return Optional.ofNullable(home.orNull());
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
   * Opens the home, and notes its events on standard error.
   *
   * @throws io.basedisk.domain.error.NoHomeException if no home is there
   */
  BaseDisks open() {
    return open(builder -> builder.createIfMissing(false));
  }

  /** Opens the home with the settings of the options and those that {@code how} adds. */
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
        BaseDisks.builder().home(home()).operationTimeout(timeout.or(Duration.ZERO));
    unknownUse().ifPresent(builder::unknownUsePolicy);
    return builder;
  }

  private Optional<UnknownUsePolicy> unknownUse() {
    return Optional.ofNullable(
        unknownUse.isGiven() ? unknownUse.get() : earlierUnknownUse.orNull());
  }

  /** Opens the home, runs {@code command} on it, prints its result and returns the exit code. */
  <D extends Document> int run(
      Function<? super BaseDisks, ? extends D> command, Function<? super D, ExitCode> codeOf) {
    return use(
        open(),
        disks -> {
          D document = command.apply(disks);
          print(document);
          return codeOf.apply(document).number();
        });
  }

  /** Runs work on an open home and closes it. Looks up names that are similar to a missing one. */
  private int use(BaseDisks home, Function<? super BaseDisks, Integer> work) {
    try (home) {
      try {
        return work.apply(home);
      } catch (BaseDiskException failure) {
        similarNames = failure.remedy().map(home.similarNames()::to).orElse(ImmutableList.of());
        throw failure;
      }
    }
  }

  /** Opens the home, runs {@code work} on it and returns its exit code. */
  int runWork(Function<? super BaseDisks, Integer> work) {
    return use(open(), work);
  }

  /** Opens the home, runs {@code command} on it and prints its result. */
  int run(Function<? super BaseDisks, ? extends Document> command) {
    return run(command, document -> ExitCode.DONE);
  }

  /** Opens or creates the home, runs {@code command} on it and prints its result. */
  int runMakingHome(Function<? super BaseDisks, ? extends Document> command) {
    return use(
        open(builder -> builder.createIfMissing(true)), disks -> print(command.apply(disks)));
  }

  /**
   * Runs work on the home or, if there is none, on nothing.
   *
   * @param work gets the open home; null if there is no home
   */
  <T> T withHomeIfThere(Function<? super @Nullable BaseDisks, ? extends T> work) {
    try (BaseDisks home = openIfThere()) {
      return work.apply(home);
    }
  }

  /** {@return what to do where the system can't say which process has an image open} */
  UnknownUsePolicy unknownUseWithoutHome() {
    return unknownUse().orElse(UnknownUsePolicy.KEEP);
  }

  /**
   * Creates the home, runs {@code command} on it and prints its result.
   *
   * @throws io.basedisk.domain.error.AlreadyExistsException if a home is there already
   */
  int runOnNewHome(Function<? super BaseDisks, ? extends Document> command) {
    return use(open(BaseDisks.Builder::requireNew), disks -> print(command.apply(disks)));
  }

  /** {@return tools that read images without opening a home} */
  ImageTools images() {
    return BaseDisks.imagesWithoutHome(unknownUseWithoutHome());
  }

  /**
   * Runs work that writes image files. If there is a home, uses its tools, which refuse to write
   * the files that it manages.
   */
  <T> T withImages(Function<? super ImageTools, ? extends T> work) {
    try (BaseDisks home = openIfThere()) {
      return work.apply(home == null ? images() : home.images());
    }
  }

  /** Runs work that writes image files and has no result. */
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

  /** Shows the progress of a long command on a terminal, unless {@code --quiet} is given. */
  ProgressLine progress(String task) {
    return quiet() ? ProgressLine.unseen() : console.progress(task);
  }

  int print(Document document) {
    console.print(document, json());
    return ExitCode.DONE.number();
  }

  /**
   * Prints a result to standard error, because standard output has something else. {@code --quiet}
   * leaves it out, unless it is JSON. That is alone there, without notes.
   */
  int printAside(Document document) {
    if (json()) {
      console.dropHeldNotes();
    }
    if (json() || !quiet()) {
      console.printAside(document, json());
    }
    return ExitCode.DONE.number();
  }

  /**
   * Prints a note beside the result, unless {@code --quiet} is given. With {@code --json} the note
   * is held until the command succeeds, because an error must be alone on standard error.
   */
  void note(String message) {
    if (!quiet() && json()) {
      console.holdNote(message);
    } else if (!quiet()) {
      console.note(message);
    }
  }
}
