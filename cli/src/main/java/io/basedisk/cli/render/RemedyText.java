package io.basedisk.cli.render;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.error.Remedy;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The text of each {@link Remedy}. Only this class knows the commands and options that apply a
 * remedy. If one command does, the sentence ends with {@code : basedisk COMMAND}.
 */
public final class RemedyText {

  private static final String ALLOW_BACKING = "--allow-backing";

  private static final ImmutableMap<Class<? extends Remedy>, Function<Remedy, String>> WORDS =
      new Words()
          // The home.
          .of(
              Remedy.CheckHome.class,
              "check the path, and that its file system is mounted; --home DIR names another home;"
                  + " 'basedisk home init', 'box create', 'base create', 'rootfs add', 'import' and"
                  + " 'pull' create one")
          .of(
              Remedy.RelocateHome.class,
              "relocate the home to its present path; --dry-run shows the changes: basedisk home"
                  + " relocate")
          .of(Remedy.RelocateAsCopy.class, "relocate it as a copy: basedisk home relocate --copy")
          .of(Remedy.RelocateAsMoved.class, "relocate it as moved: basedisk home relocate --moved")
          .of(Remedy.SayMovedOrCopied.class, "give --moved if no other home is left, else --copy")
          .of(
              Remedy.RebuildStore.class,
              "mount the missing directory, or put the newest store of this home back; else rebuild"
                  + " the store from the files; --dry-run shows the records: basedisk doctor"
                  + " --rebuild")
          .of(
              Remedy.PutStoreBack.class,
              "put the store back from a backup, or rebuild it from the files: basedisk doctor"
                  + " --rebuild")
          .of(
              Remedy.MakeHomeWritable.class,
              "mount its file system for writing, or run the command as the owner of the home;"
                  + " commands that only read work")
          .of(
              Remedy.FreeSpace.class,
              "'box rm', 'snapshot rm', 'base rm', 'rootfs rm', 'rootfs prune' and 'gc' free space"
                  + " on a full file system too; if they fail, delete other files, or make it"
                  + " larger")
          .of(
              Remedy.RaiseLimit.class,
              limit ->
                  "if you trust the source, allow that many bytes: --max-bytes " + limit.bytes())
          .of(Remedy.RepairWithDoctor.class, "repair it: basedisk doctor --repair")
          // Names that do not exist, and names that are taken.
          .of(Remedy.NameBox.class, "'basedisk box ls' lists the boxes")
          .of(
              Remedy.NameSnapshot.class,
              name -> "'basedisk snapshot ls " + name.box() + "' lists its snapshots")
          .of(Remedy.NameRootfs.class, "'basedisk rootfs ls' lists the keys")
          .of(Remedy.NameBase.class, "'basedisk base ls' lists the bases")
          .of(
              Remedy.ChooseBoxName.class,
              "choose another name; 'basedisk box ls' lists those that are taken")
          .of(
              Remedy.ChooseSnapshotName.class,
              name ->
                  "choose another name; 'basedisk snapshot ls "
                      + name.box()
                      + "' lists those that are taken")
          .of(
              Remedy.ChooseRootfsKey.class,
              "choose another key, or give it other content with 'basedisk rootfs add'")
          .of(Remedy.ChooseFile.class, "name a file that does not exist, or delete it first")
          .of(
              Remedy.ChooseFileOrOverwrite.class,
              "name a file that does not exist, or replace what is there with --overwrite")
          .of(Remedy.ChooseOtherTarget.class, "name another file or device")
          .of(Remedy.UseHome.class, "use it as it is: 'basedisk home show' describes it")
          // Removals.
          .of(
              Remedy.RemoveSnapshotsToo.class,
              box ->
                  "to remove its snapshots too: basedisk box rm " + box.box() + " --with-snapshots")
          .of(
              Remedy.SeeDependents.class,
              base ->
                  "'basedisk base show "
                      + base.base()
                      + "' lists the boxes and bases on it; remove those first")
          // Operations.
          .of(Remedy.Repeat.class, "run the command again")
          .of(Remedy.FindOperation.class, "'basedisk doctor' lists the interrupted operations")
          .of(Remedy.WaitForOperation.class, "to wait for the operation to end: --wait SECONDS")
          .of(
              Remedy.SettleOperation.class,
              settle ->
                  "bring back the files that it expects, or settle it with the present disk:"
                      + " basedisk doctor --settle "
                      + settle.operation()
                      + " --keep-disk")
          // Files that are missing, changed or unknown.
          .of(
              Remedy.MountFileSystem.class,
              mount -> "check that the file system of " + mount.directory() + " is mounted")
          .of(
              Remedy.BringFileBack.class,
              back -> "mount the file system of " + back.file() + ", or put it back from a backup")
          .of(
              Remedy.BringBackingFileBack.class,
              "mount the file system of the missing file, or put it back from a backup")
          .of(Remedy.PutBackFromBackup.class, back -> "put " + back.file() + " back from a backup")
          .of(
              Remedy.PutBaseBack.class,
              back ->
                  "put " + back.file() + " back from a backup, or remove the boxes and bases on it")
          .of(
              Remedy.MakeReadable.class,
              unread -> "let this user read " + unread.file() + ", or put it back from a backup")
          .of(
              Remedy.PutDirectoryBack.class,
              back ->
                  "mount the file system of the disks in "
                      + back.directory()
                      + ", or put the box's own directory back")
          .of(
              Remedy.PutDiskInPlace.class,
              place ->
                  "put the box's own file or directory itself at "
                      + place.path()
                      + ", or remove the box with 'box rm'")
          .of(
              Remedy.RemoveOtherNames.class,
              names -> "remove the other hard links of " + names.disk())
          .of(
              Remedy.DiscardOrphan.class,
              "if you need it, copy it; then discard it: basedisk gc --discard-orphans")
          .of(
              Remedy.ChangeOwner.class,
              owner ->
                  "unless a VM needs its owner, give " + owner.file() + " to user " + owner.user())
          .of(
              Remedy.KeepOthersOut.class,
              shared -> "remove write permission for other users from " + shared.directory())
          .of(
              Remedy.NameDisksDirectory.class,
              unnamed -> "to make it a box: --disks-dir " + unnamed.disksDir())
          // Boxes.
          .of(
              Remedy.DeleteOrForget.class,
              own ->
                  "to delete the disks too, add --delete-disks; to keep them, unregister the box:"
                      + " basedisk box forget "
                      + own.box())
          // Bases.
          .of(
              Remedy.CompareContent.class,
              "compare its content with its digest: basedisk doctor --deep --repair")
          .of(
              Remedy.AcceptChanged.class,
              accept ->
                  "put the file back from a backup, or accept it as it is: basedisk doctor --repair"
                      + " --accept-changed "
                      + accept.base())
          // Images and VMs.
          .of(
              Remedy.AllowBacking.class,
              unallowed -> "to allow it: " + ALLOW_BACKING + " " + unallowed.file())
          .of(
              Remedy.SetBackingFormat.class,
              unknown ->
                  "set its format: 'basedisk image rebase -u "
                      + unknown.image()
                      + " -b "
                      + unknown.backing()
                      + " -F qcow2|raw'")
          .of(
              Remedy.MakeBackingAbsolute.class,
              relative ->
                  "make the name absolute: qemu-img rebase -u -b "
                      + relative.backing()
                      + " -F FORMAT "
                      + relative.image())
          .of(
              Remedy.ChangeBacking.class,
              cycle ->
                  "name another backing file: qemu-img rebase -u -b FILE -F FORMAT "
                      + cycle.image())
          .of(
              Remedy.QuestionHeader.class,
              header ->
                  "find out who wrote this header, and put "
                      + header.image()
                      + " back from a backup")
          .of(
              Remedy.RepairDisk.class,
              damaged -> "if no VM runs on it: qemu-img check -r all " + damaged.disk())
          .of(
              Remedy.FreeLeaks.class,
              leaking -> "if no VM runs on it: qemu-img check -r leaks " + leaking.disk())
          .of(
              Remedy.RepairImage.class,
              damaged ->
                  "'basedisk image check --repair all " + damaged.image() + "' may repair it")
          .of(
              Remedy.DropInternal.class,
              "to leave them in the base, give --drop-internal to 'snapshot create', 'base create',"
                  + " 'export' or 'push'")
          .of(
              Remedy.EndUse.class,
              "stop the VM or the program that uses it, then run the command again")
          .of(
              Remedy.ReleaseDevice.class,
              use ->
                  "'lsblk "
                      + use.device()
                      + "' shows the use; unmount the device, or name another one")
          .of(Remedy.StopVm.class, "stop the VM, and use --mode fork")
          .of(
              Remedy.PauseVm.class,
              "pause the VM first, with QMP \"stop\", which flushes its writes too")
          .of(
              Remedy.ConfirmUnused.class,
              "if you know that no process uses it: --unknown-use=trust-caller")
          .of(
              Remedy.LogIn.class,
              login -> "log in: 'docker login " + login.registry() + "', or the same with podman")
          .of(
              Remedy.CheckRegistry.class,
              check ->
                  "check the name "
                      + check.registry()
                      + " and the network, then run the command again")
          .of(
              Remedy.TrustAuthority.class,
              trust ->
                  "if "
                      + trust.registry()
                      + " has its own certificate authority: --ca-file FILE with its certificate")
          .of(
              Remedy.AllowPlainHttp.class,
              plain -> "if the network to " + plain.registry() + " is trusted: --plain-http")
          .build();

  private RemedyText() {}

  /**
   * {@return a remedy as a clause on one line}
   *
   * @param remedy the remedy
   */
  public static String of(Remedy remedy) {
    return Optional.ofNullable(WORDS.get(remedy.getClass())).orElseThrow().apply(remedy);
  }

  /**
   * {@return a remedy as a clause on one line; empty if it needs an option that the command that
   * failed does not have}
   *
   * @param remedy the remedy
   * @param hasOption whether that command has an option
   */
  public static Optional<String> of(Remedy remedy, Predicate<String> hasOption) {
    boolean isPossible = !(remedy instanceof Remedy.AllowBacking) || hasOption.test(ALLOW_BACKING);
    return isPossible ? Optional.of(of(remedy)) : Optional.empty();
  }

  /** {@return the kinds of remedy that have words} */
  static ImmutableSet<Class<? extends Remedy>> kinds() {
    return WORDS.keySet();
  }

  /** Collects the words of each kind, which sees only remedies of that kind. */
  private static final class Words {

    private final ImmutableMap.Builder<Class<? extends Remedy>, Function<Remedy, String>> words =
        ImmutableMap.builder();

    <R extends Remedy> Words of(Class<R> kind, Function<R, String> text) {
      words.put(kind, remedy -> text.apply(kind.cast(remedy)));
      return this;
    }

    Words of(Class<? extends Remedy> kind, String text) {
      words.put(kind, remedy -> text);
      return this;
    }

    ImmutableMap<Class<? extends Remedy>, Function<Remedy, String>> build() {
      return words.buildOrThrow();
    }
  }
}
