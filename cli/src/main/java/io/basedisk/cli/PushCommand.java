package io.basedisk.cli;

import com.google.common.collect.ImmutableList;
import io.basedisk.app.BaseDisks;
import io.basedisk.cli.render.TransferDocuments;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.port.LayerStore;
import io.basedisk.domain.transfer.ExportRequest;
import io.basedisk.domain.transfer.Transfers.Exported;
import io.basedisk.oci.image.ImageForm;
import io.basedisk.oci.place.ArtifactPlaces;
import io.basedisk.oci.place.ArtifactReference;
import io.basedisk.oci.place.ArtifactReference.InLayout;
import io.basedisk.oci.registry.RegistryOptions;
import java.util.function.Function;

/** {@code basedisk push}. */
final class PushCommand extends Command {

  /** For the help pages. */
  static final String CREDENTIALS =
      "Credentials come from the files and helpers of docker and podman: log in with one of these"
          + " programs.";

  private final ExportedBox source = new ExportedBox(takes);

  private final Argument<ArtifactReference> reference =
      takes.parameter(
          "REF",
          ArtifactReference::parse,
          "registry/name[:tag], or oci:DIR[:tag] for an OCI image layout in a directory. The"
              + " default tag is latest.");

  private final RegistryAccess registry = new RegistryAccess(takes);

  private final Argument<ImageForm> form =
      takes.option(
          "--as",
          "FORM",
          PushCommand::formOf,
          "Push one flat image in the form of another program: 'containerdisk' for KubeVirt, or"
              + " 'podman-machine'. It has no snapshots.");

  private final Argument<String> mountFrom =
      takes.option(
          "--mount-from",
          "NAME",
          Function.identity(),
          "Another repository of the same registry, as in team/web. Layers that it has are not sent:"
              + " the registry takes them from there.");

  PushCommand(RootCommand root) {
    super(
        root,
        "Exports a box, or a snapshot of it, to a registry or to an OCI image layout in a directory,"
            + " and prints its layers. 'pull' imports it from there.",
        "Layers that are there already are not sent. The tag then names this version; a version"
            + " that it named before stays.",
        "If you push the box as it is now, stop its VM first. The disk becomes a base, and an empty"
            + " overlay of it takes its place, as for 'clone'. With --mode copy, pause the VM"
            + " instead; the copy is removed after the export.",
        "With --as, the disk is flattened to a temporary file first, and another image replaces the"
            + " one that the tag named.",
        CREDENTIALS,
        TransferPlaces.TEMPORARY_FILES,
        "",
        "--json: layers, reference. The reference has the digest of the manifest; 'pull' gets"
            + " exactly this version by it.");
    examples(
        "  basedisk push web-1@clean registry.example/team/web:v1",
        "  basedisk push web-1@clean registry.example/vms/web:v1 --as containerdisk",
        "  basedisk push web-1 oci:/srv/images/web:v1");
  }

  @Override
  public Integer call() {
    return root.run(this::push);
  }

  private RegistryOptions optionsFor(ArtifactReference target) {
    RegistryOptions options = registry.optionsFor(target);
    if (!mountFrom.isGiven()) {
      return options;
    }
    if (target instanceof InLayout) {
      throw new InvalidArgumentException(
          "--mount-from is for registries, and " + target + " is a directory");
    }
    return options.withMountFrom(mountFrom.get());
  }

  private TransferDocuments.Export push(BaseDisks disks) {
    ArtifactReference target = reference.get();
    ExportRequest request = source.request();
    ArtifactPlaces places = TransferPlaces.of(root).withRegistries(optionsFor(target));
    if (target instanceof InLayout layout) {
      disks.managedFiles().requireNone(ImmutableList.of(layout.directory()));
    }
    if (form.isGiven()) {
      return pushImage(disks, places, target);
    }
    try (TidyStop stop = new TidyStop();
        LayerStore place = places.forPush(target);
        ProgressLine progress = root.progress("push")) {
      Exported exported = disks.transfers().exportBox(request, place, progress);
      return new TransferDocuments.Export(
          exported.layers(), target.pinnedTo(exported.manifest()).toString());
    }
  }

  private TransferDocuments.Export pushImage(
      BaseDisks disks, ArtifactPlaces places, ArtifactReference target) {
    places.images().checkWritable(target);
    try (TidyStop stop = new TidyStop();
        ProgressLine line = root.progress("push")) {
      return source.withImage(
          root,
          disks,
          line,
          (image, progress) ->
              TransferDocuments.Export.ofImage(
                  places
                      .images()
                      .send(target, form.get(), image, source.request().platform(), progress)
                      .toString()));
    }
  }

  private static ImageForm formOf(String label) {
    return switch (label) {
      case "containerdisk" -> ImageForm.CONTAINER_DISK;
      case "podman-machine" -> ImageForm.PODMAN_MACHINE;
      default ->
          throw new InvalidArgumentException(
              "unknown form \"" + label + "\": expected containerdisk or podman-machine");
    };
  }
}
