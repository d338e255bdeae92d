package io.basedisk.cli;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.basedisk.app.BaseDisks;
import io.basedisk.cli.render.AdoptionDocument;
import io.basedisk.domain.adopt.AdoptionPlan;
import io.basedisk.domain.adopt.AdoptionRequest;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.model.ImageFormat;
import java.nio.file.Path;
import java.util.List;

/** {@code basedisk adopt}. */
final class AdoptCommand extends Command {

  private final Argument<Path> directory =
      takes.parameter("DIR", Path::of, "The directory with the disk files, at any depth.");

  private final Argument<ImageFormat> format =
      takes.option(
          "--format",
          "FORMAT",
          ImageFormat::ofLabel,
          "qcow2 or raw: the format of backing files if the image above them does not name it."
              + " Without this option, such images are left out.");

  private final Argument<List<Path>> allowed =
      takes.repeatableOption(
          "--allow-backing",
          "PATH",
          Path::of,
          "If an image in DIR names this file outside DIR as its backing file, record it as a"
              + " foreign base. In DIR: do not check that the owner of the image can read the file."
              + " May be repeated.");

  private final Argument<Boolean> intoHome =
      takes.flag(
          "--into-home",
          "Move the files into the home: by hard links or, from another file system, by copies."
              + " Raw files and files that can't move stay where they are.");

  private final Argument<Boolean> boxLite =
      takes.flag(
          "--boxlite",
          "DIR is a home of BoxLite, for example ~/.boxlite. Copy its boxes, snapshots, clones and"
              + " rootfs entries into the home. That home does not change.");

  private final Argument<Boolean> dryRun =
      takes.flag("--dry-run", "Change nothing; print the plan.");

  private final Argument<Boolean> yes = takes.flag("--yes", "Do not ask.");

  AdoptCommand(RootCommand root) {
    super(
        root,
        "Takes over the qcow2 disks in a directory, with their backing files. Files that other"
            + " images back onto become foreign bases, which basedisk never changes or deletes. The"
            + " other images become boxes.",
        "The files keep their place, name and owner, and no file changes, so that VMs may run on"
            + " the disks. A box is named after its file or, if that tells nothing or is not"
            + " unique, after its directory and file. With --into-home, stop the VMs first: the"
            + " files move, and their headers get the new backing names.",
        "All files of the plan are adopted, or none. Files that can't be adopted are left out, each"
            + " with the reason. If there is no home, the command creates it.",
        "With --boxlite, the files are copied, by shared blocks where the file system can. Stop the"
            + " boxes first: a box whose disk is in use is left out. Names stay if they are valid"
            + " and free; the plan prints the new names of the others.",
        "Exit code 0: done; 7: done, and a file was left out that the home does not have already.");
    examples(
        "  basedisk adopt /var/lib/libvirt/images --dry-run      what would become of each file",
        "  basedisk adopt /var/lib/libvirt/images --yes",
        "  basedisk adopt ~/.lima --into-home                    asks before it moves files",
        "  basedisk adopt --boxlite ~/.boxlite --dry-run         what would be copied");
  }

  @Override
  public Integer call() {
    return boxLite.or(false) ? adoptBoxLite() : adoptDirectory();
  }

  private Integer adoptBoxLite() {
    if (intoHome.or(false)
        || format.orNull() != null
        || !allowed.or(ImmutableList.of()).isEmpty()) {
      throw new InvalidArgumentException(
          "--boxlite can't be combined with --format, --allow-backing or --into-home");
    }
    return new BoxLiteAdoption(root, directory.get().toAbsolutePath())
        .run(dryRun.or(false), yes.or(false));
  }

  private Integer adoptDirectory() {
    AdoptionRequest request = request();
    AdoptionPlan plan = plan(request);
    AdoptionDocument document = new AdoptionDocument(plan, dryRun.or(false));
    if (!dryRun.or(false) && !plan.files().isEmpty()) {
      if (!yes.or(false)) {
        ask(plan);
      }
      root.runMakingHome(disks -> new AdoptionDocument(disks.adoption().adopt(plan), false));
    } else {
      root.print(document);
    }
    return (plan.leavesFilesOut() ? ExitCode.FINDINGS : ExitCode.DONE).number();
  }

  private AdoptionRequest request() {
    return new AdoptionRequest(
        directory.get().toAbsolutePath(),
        format.orNull(),
        allowed.or(ImmutableList.of()).stream()
            .map(Path::toAbsolutePath)
            .collect(ImmutableSet.toImmutableSet()),
        intoHome.or(false));
  }

  private AdoptionPlan plan(AdoptionRequest request) {
    return root.withHomeIfThere(
        home ->
            home == null
                ? BaseDisks.planAdoptionWithoutHome(
                    root.home(), request, root.unknownUseWithoutHome())
                : home.adoption().plan(request));
  }

  private void ask(AdoptionPlan plan) {
    ask(
        root,
        AdoptionDocument.linesOf(plan),
        (intoHome.or(false) ? "move into the home and adopt " : "adopt ")
            + AdoptionDocument.countOf(plan)
            + "?");
  }

  /**
   * Shows a plan and asks whether to carry it out.
   *
   * @throws RefusedException if the answer is no
   */
  static void ask(RootCommand root, ImmutableList<String> plan, String question) {
    if (root.console().canAsk()) {
      plan.forEach(root.console()::note);
    }
    boolean agreed =
        root.console()
            .confirm(question)
            .orElseThrow(
                () -> new InvalidArgumentException("there is no terminal to ask; give --yes"));
    if (!agreed) {
      throw new RefusedException("not confirmed; nothing was adopted");
    }
  }
}
