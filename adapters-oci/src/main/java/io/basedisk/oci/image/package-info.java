/**
 * Disks in other programs' images: KubeVirt's containerDisks and podman's machine images, in a
 * registry or a layout. {@link io.basedisk.oci.image.ImageForm} tells what a manifest is; {@link
 * io.basedisk.oci.image.ContainerDisk} and {@link io.basedisk.oci.image.PodmanMachine} receive and
 * send. The forms are in {@code docs/artifact-format.md}.
 */
@NullMarked
package io.basedisk.oci.image;

import org.jspecify.annotations.NullMarked;
