package io.basedisk.cli;

import com.google.common.collect.ImmutableList;

/** All commands. */
final class Commands {

  /** Their names, in the order in which help tells of them. */
  static final ImmutableList<NamedCommand> NAMES =
      ImmutableList.of(
          NamedCommand.of("demo"),
          NamedCommand.group(
              "home",
              ImmutableList.of(
                  "Shows and makes homes, and makes one usable that was moved or copied. A home is the"
                      + " directory with the store, the bases and the boxes."),
              "show",
              "init",
              "relocate"),
          NamedCommand.group(
              "box",
              ImmutableList.of(
                  "Creates, lists, removes and compacts boxes: VMs or sandboxes with a disk each."),
              "create",
              "ls",
              "show",
              "rm",
              "compact"),
          NamedCommand.group(
              "snapshot",
              ImmutableList.of(
                  "Takes, lists, restores and removes snapshots: named states of a box's disk that stay"
                      + " until removed."),
              "create",
              "ls",
              "restore",
              "rm"),
          NamedCommand.of("clone"),
          NamedCommand.group(
              "rootfs",
              ImmutableList.of(
                  "Adds, lists, removes and evicts shared root file systems: bases that belong to no box"
                      + " and are found by a key.",
                  "'box create BOX --rootfs KEY' makes a box on one."),
              "add",
              "ls",
              "rm",
              "prune"),
          NamedCommand.group(
              "base",
              ImmutableList.of(
                  "Creates, lists and removes base disks themselves: the immutable files."),
              "create",
              "ls",
              "show",
              "rm"),
          NamedCommand.of("gc"),
          NamedCommand.of("doctor"),
          NamedCommand.of("tree"),
          NamedCommand.of("du"),
          NamedCommand.group(
              "image",
              ImmutableList.of(
                  "Works on single image files that belong to no home, in the manner of qemu-img."),
              "create",
              "info",
              "check",
              "map",
              "compare",
              "read",
              "convert",
              "measure",
              "rebase"));

  private Commands() {}

  /**
   * Makes the command of those words. No table of constructors, each of which would be linked even
   * if another one is called.
   */
  static Command make(String words, RootCommand root) {
    return switch (words) {
      case "demo" -> new DemoCommand(root);
      case "home show" -> new HomeShowCommand(root);
      case "home init" -> new HomeCommand.Init(root);
      case "home relocate" -> new HomeRelocateCommand(root);
      case "box create" -> new BoxCommand.Create(root);
      case "box ls" -> new BoxCommand.Ls(root);
      case "box show" -> new BoxCommand.Show(root);
      case "box rm" -> new BoxCommand.Rm(root);
      case "box compact" -> new BoxCommand.Compact(root);
      case "snapshot create" -> new SnapshotCommand.Create(root);
      case "snapshot ls" -> new SnapshotCommand.Ls(root);
      case "snapshot restore" -> new SnapshotCommand.Restore(root);
      case "snapshot rm" -> new SnapshotCommand.Rm(root);
      case "clone" -> new CloneCommand(root);
      case "rootfs add" -> new RootfsCommand.Add(root);
      case "rootfs ls" -> new RootfsCommand.Ls(root);
      case "rootfs rm" -> new RootfsCommand.Rm(root);
      case "rootfs prune" -> new RootfsCommand.Prune(root);
      case "base create" -> new BaseCommand.Create(root);
      case "base ls" -> new BaseCommand.Ls(root);
      case "base show" -> new BaseCommand.Show(root);
      case "base rm" -> new BaseCommand.Rm(root);
      case "gc" -> new GcCommand(root);
      case "doctor" -> new DoctorCommand(root);
      case "tree" -> new TreeCommand(root);
      case "du" -> new DuCommand(root);
      case "image create" -> new ImageCommand.Create(root);
      case "image info" -> new ImageCommand.Info(root);
      case "image check" -> new ImageCheckCommand(root);
      case "image map" -> new ImageMapCommand(root);
      case "image compare" -> new ImageCompareCommand(root);
      case "image read" -> new ImageReadCommand(root);
      case "image convert" -> new ImageConvertCommand(root);
      case "image measure" -> new ImageMeasureCommand(root);
      case "image rebase" -> new ImageRebaseCommand(root);
      default -> throw new IllegalArgumentException(words);
    };
  }
}
