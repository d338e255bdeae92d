package io.basedisk.cli;

import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.port.LayerStore;
import io.basedisk.oci.image.ImageForm;
import io.basedisk.oci.place.ArtifactPlaces;
import io.basedisk.oci.place.ArtifactReference;

/** {@code basedisk pull}. */
final class PullCommand extends Command {

  private final Argument<ArtifactReference> reference =
      takes.parameter(
          "REF",
          ArtifactReference::parse,
          "registry/name[:tag|@digest], or oci:DIR[:tag|@digest] for an OCI image layout in a"
              + " directory. The default tag is latest.");

  private final NewBoxOfLayers box = new NewBoxOfLayers(takes, "");

  private final Argument<ImageFormat> format =
      takes.option(
          "--format",
          "FORMAT",
          ImageFormat::ofLabel,
          "The format of the disk in a containerDisk: raw or qcow2. Without this option, only qcow2 is"
              + " taken; raw is never guessed.");

  private final RegistryAccess registry = new RegistryAccess(takes);

  PullCommand(RootCommand root) {
    super(
        root,
        "Creates a box with the disk and the snapshots that 'push' sent to a registry or to an OCI"
            + " image layout, and prints it with its layers. If there is no home, the command"
            + " creates it.",
        "Layers that are here already are used, and not transferred. All else is checked while it"
            + " arrives. The box appears when it is complete. If the import fails, what it received"
            + " stays until the next 'gc', so that a repeat transfers less.",
        "A containerDisk of KubeVirt and a podman machine image are pulled as well: their disk is"
            + " copied to the new box, which has no layers and no snapshots.",
        PushCommand.CREDENTIALS,
        "",
        "--json: box, layers.");
    examples(
        "  basedisk pull registry.example/team/web:v1 web-1",
        "  basedisk pull oci:/srv/images/web:v1 web-1 --max-bytes 20G");
  }

  @Override
  public Integer call() {
    ArtifactReference from = reference.get();
    ArtifactPlaces places = TransferPlaces.of(root).withRegistries(registry.optionsFor(from));
    try (TidyStop stop = new TidyStop()) {
      ImageForm form = places.images().formOf(from);
      return form == ImageForm.BASEDISK ? pullLayers(places, from) : pullImage(places, form, from);
    }
  }

  private int pullLayers(ArtifactPlaces places, ArtifactReference from) {
    try (LayerStore place = places.forPull(from)) {
      return box.importFrom(root, place, "pull");
    }
  }

  private int pullImage(ArtifactPlaces places, ImageForm form, ArtifactReference from) {
    return root.runMakingHome(
        disks -> {
          try (ProgressLine progress = root.progress("pull")) {
            return PulledImage.takeReceived(
                places,
                form,
                from,
                format.orNull(),
                box.maxBytes(),
                (image, copying) -> box.create(disks, image, copying),
                progress);
          }
        });
  }
}
