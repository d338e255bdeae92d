package io.basedisk.cli;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.basedisk.app.BaseDisks;
import io.basedisk.cli.render.BaseDocuments;
import io.basedisk.cli.render.CollectionDocuments;
import io.basedisk.cli.render.CollectionDocuments.Removal;
import io.basedisk.cli.render.Document;
import io.basedisk.cli.render.RootfsDocuments;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.model.RootfsKey;
import io.basedisk.domain.rootfs.RootfsCache;
import io.basedisk.oci.place.ArtifactReference;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code basedisk rootfs} and its commands. */
final class RootfsCommand {

  private RootfsCommand() {}

  static final class Add extends Command {

    private final Argument<RootfsKey> key =
        takes.parameter(
            "KEY",
            RootfsKey::of,
            "The key of the entry, with the rules of a snapshot name, and without a blank at its"
                + " start or end.");

    private final Argument<FileOrReference> source =
        takes.parameter(
            "FILE|REF",
            FileOrReference::parse,
            "The image to copy, or what 'push' sent: registry/name[:tag|@digest], or"
                + " oci:DIR[:tag|@digest]. A file that exists is always the image.");

    private final ImportedImage importing = new ImportedImage(takes);
    private final PulledImage pulling = new PulledImage(takes);

    Add(RootCommand root) {
      super(
          root,
          "Copies the content of an image into the cache, and prints the base that holds it. If"
              + " there is no home, the command creates it.",
          "With REF, pulls the image first. It is checked while it arrives, and is in a temporary"
              + " directory until it is copied. "
              + PushCommand.CREDENTIALS
              + " "
              + TransferPlaces.TEMPORARY_FILES,
          "The base needs neither the image nor its backing files. Only allowed backing files are"
              + " opened. No process may write to the image or to them during the copy.",
          "If the key has an entry with the same content, in any image format, that entry is used"
              + " and printed. If its content differs, the new entry takes over the key. The old"
              + " one stays as long as a box or a base needs it; 'base ls --kind rootfs' lists"
              + " it.");
      examples(
          "  basedisk rootfs add debian-12 debian-12.qcow2",
          "  basedisk rootfs add debian-12 disk.img --format raw",
          "  basedisk rootfs add debian-12 registry.example/images/debian:12");
    }

    @Override
    public Integer call() {
      ArtifactReference reference = source.get().reference();
      if (reference == null) {
        pulling.requireUnused();
        return root.runMakingHome(this::copy);
      }
      ImageFormat format = importing.formatOfPulled();
      return root.runMakingHome(disks -> pull(disks, reference, format));
    }

    private Document copy(BaseDisks disks) {
      return importing.take(
          root,
          source.get().file(),
          (image, progress) -> document(disks.rootfs().add(key.get(), image, progress)));
    }

    private Document pull(
        BaseDisks disks, ArtifactReference reference, @Nullable ImageFormat format) {
      return pulling.take(
          root,
          disks,
          reference,
          format,
          (image, progress) ->
              document(disks.rootfs().add(key.get(), image, reference.toString(), progress)));
    }

    private static Document document(RootfsCache.Entry entry) {
      return new BaseDocuments.One(entry.details());
    }
  }

  static final class Ls extends Command {

    Ls(RootCommand root) {
      super(
          root,
          "Lists the entries of the cache, newest first, with the digest of their content, the"
              + " time of their last use, and the image or artifact that they come from.");
    }

    @Override
    public Integer call() {
      return root.run(disks -> new RootfsDocuments.Entries(disks.rootfs().list()));
    }
  }

  static final class Rm extends Command {

    private final Argument<List<RootfsKey>> keys =
        takes.parameters("KEY", RootfsKey::new, "The keys of the entries.");

    private final Confirmation confirmation = new Confirmation(root, takes);

    Rm(RootCommand root) {
      super(
          root,
          "Removes unused entries, and collects the bases that become unused.",
          "An entry that a box or another base needs is refused. To give its key other content, run"
              + " 'rootfs add'.",
          "Several entries are all checked first, then removed one by one. If a removal fails, the"
              + " command prints the keys that are removed by then, and the error.");
      examples("  basedisk rootfs rm debian-12");
    }

    @Override
    public Integer call() {
      ImmutableList<RootfsKey> named = ImmutableSet.copyOf(keys.get()).asList();
      return root.run(
          disks -> {
            if (named.size() > 1 || confirmation.isAsked()) {
              disks.rootfs().checkRemoval(named);
            }
            confirmation.require(() -> Questions.removeRootfs(named));
            return Batch.<RootfsKey, Removal>run(
                root,
                named,
                key -> new Removal(key.value(), disks.rootfs().remove(key)),
                CollectionDocuments.Removals::new);
          });
    }
  }

  static final class Prune extends Command {

    private final Argument<Long> maxBytes =
        takes.requiredOption(
            "--max-bytes",
            "SIZE",
            Numbers::bytes,
            "The space that the files may occupy. 0 removes every unused entry.");

    private final Confirmation confirmation = new Confirmation(root, takes);

    Prune(RootCommand root) {
      super(
          root,
          "Removes unused entries, least recently used first, until the files of all entries occupy"
              + " at most --max-bytes.",
          "An entry that a box or another base needs, or that a process has open, stays.");
      examples(
          "  basedisk rootfs prune --max-bytes 20G",
          "  basedisk rootfs prune --max-bytes 0     every unused entry");
    }

    @Override
    public Integer call() {
      return root.run(
          disks -> {
            confirmation.require(() -> Questions.pruneRootfs(disks, maxBytes.get()));
            return new RootfsDocuments.Prune(disks.rootfs().prune(maxBytes.get()));
          });
    }
  }
}
