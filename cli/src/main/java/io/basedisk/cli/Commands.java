package io.basedisk.cli;

import com.google.common.collect.ImmutableList;

/** All commands. */
final class Commands {

  /** The names of all commands, in the order of the help page. */
  static final ImmutableList<NamedCommand> NAMES =
      ImmutableList.of(
          NamedCommand.of("demo"),
          NamedCommand.of("help"),
          NamedCommand.group(
              "home",
              ImmutableList.of(
                  "Shows, creates and relocates homes. A home is the directory with the store, the"
                      + " bases and the boxes."),
              "show",
              "init",
              "relocate"),
          NamedCommand.group(
              "box",
              ImmutableList.of(
                  "Creates, lists, renames, removes, compacts and grows boxes. A box is a VM or"
                      + " sandbox with its disk."),
              "create",
              "ls",
              "show",
              "path",
              "rename",
              "rm",
              "forget",
              "compact",
              "resize"),
          NamedCommand.group(
              "snapshot",
              ImmutableList.of(
                  "Creates, lists, restores, renames and removes snapshots. A snapshot is a named"
                      + " state of a box's disk."),
              "create",
              "ls",
              "restore",
              "rename",
              "rm",
              "prune"),
          NamedCommand.of("clone"),
          NamedCommand.of("adopt"),
          NamedCommand.group(
              "rootfs",
              ImmutableList.of(
                  "Manages the cache of shared root file systems. An entry is a base that belongs"
                      + " to no box and has a key.",
                  "To create a box on an entry, run 'box create BOX --rootfs KEY'."),
              "add",
              "ls",
              "rm",
              "prune"),
          NamedCommand.group(
              "base",
              ImmutableList.of(
                  "Creates, lists and removes base disks: the immutable files under boxes."),
              "create",
              "ls",
              "show",
              "rm"),
          NamedCommand.of("export"),
          NamedCommand.of("import"),
          NamedCommand.of("push"),
          NamedCommand.of("pull"),
          NamedCommand.of("gc"),
          NamedCommand.of("doctor"),
          NamedCommand.of("tree"),
          NamedCommand.of("du"),
          NamedCommand.of("which"),
          NamedCommand.of("log"),
          NamedCommand.group(
              "image",
              ImmutableList.of(
                  "Works on single image files outside a home, with the commands and output of"
                      + " qemu-img."),
              "create",
              "info",
              "check",
              "map",
              "compare",
              "read",
              "convert",
              "measure",
              "resize",
              "rebase"),
          NamedCommand.of("completion"));

  private Commands() {}

  /**
   * Constructs the command of one or two words. A switch links only the constructor that it calls;
   * a table of constructors would link all.
   */
  static Command make(String words, RootCommand root) {
    return switch (words) {
      case "demo" -> new DemoCommand(root);
      case "help" -> new HelpCommand(root);
      case "home show" -> new HomeShowCommand(root);
      case "home init" -> new HomeCommand.Init(root);
      case "home relocate" -> new HomeRelocateCommand(root);
      case "box create" -> new BoxCommand.Create(root);
      case "box ls" -> new BoxCommand.Ls(root);
      case "box show" -> new BoxCommand.Show(root);
      case "box path" -> new BoxCommand.DiskPath(root);
      case "box rename" -> new BoxCommand.Rename(root);
      case "box rm" -> new BoxCommand.Rm(root);
      case "box forget" -> new BoxCommand.Forget(root);
      case "box compact" -> new BoxCommand.Compact(root);
      case "box resize" -> new BoxCommand.Resize(root);
      case "snapshot create" -> new SnapshotCommand.Create(root);
      case "snapshot ls" -> new SnapshotCommand.Ls(root);
      case "snapshot restore" -> new SnapshotCommand.Restore(root);
      case "snapshot rename" -> new SnapshotCommand.Rename(root);
      case "snapshot rm" -> new SnapshotCommand.Rm(root);
      case "snapshot prune" -> new SnapshotPruneCommand(root);
      case "clone" -> new CloneCommand(root);
      case "adopt" -> new AdoptCommand(root);
      case "rootfs add" -> new RootfsCommand.Add(root);
      case "rootfs ls" -> new RootfsCommand.Ls(root);
      case "rootfs rm" -> new RootfsCommand.Rm(root);
      case "rootfs prune" -> new RootfsCommand.Prune(root);
      case "base create" -> new BaseCommand.Create(root);
      case "base ls" -> new BaseCommand.Ls(root);
      case "base show" -> new BaseCommand.Show(root);
      case "base rm" -> new BaseCommand.Rm(root);
      case "export" -> new ExportCommand(root);
      case "import" -> new ImportCommand(root);
      case "push" -> new PushCommand(root);
      case "pull" -> new PullCommand(root);
      case "gc" -> new GcCommand(root);
      case "doctor" -> new DoctorCommand(root);
      case "tree" -> new TreeCommand(root);
      case "du" -> new DuCommand(root);
      case "which" -> new WhichCommand(root);
      case "log" -> new LogCommand(root);
      case "image create" -> new ImageCreateCommand(root);
      case "image info" -> new ImageInfoCommand(root);
      case "image check" -> new ImageCheckCommand(root);
      case "image map" -> new ImageMapCommand(root);
      case "image compare" -> new ImageCompareCommand(root);
      case "image read" -> new ImageReadCommand(root);
      case "image convert" -> new ImageConvertCommand(root);
      case "image measure" -> new ImageMeasureCommand(root);
      case "image resize" -> new ImageResizeCommand(root);
      case "image rebase" -> new ImageRebaseCommand(root);
      case "completion" -> new CompletionCommand(root);
      default -> throw new IllegalArgumentException(words);
    };
  }
}
