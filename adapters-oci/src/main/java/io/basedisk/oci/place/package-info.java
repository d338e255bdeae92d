/**
 * Start here: {@code ArtifactPlaces} opens the archives, layouts and registries that disks travel
 * through. An {@code ArtifactReference} is what users write: {@code oci:DIR[:tag]} or {@code
 * registry/name[:tag|@digest]}.
 */
@NullMarked
package io.basedisk.oci.place;

import org.jspecify.annotations.NullMarked;
