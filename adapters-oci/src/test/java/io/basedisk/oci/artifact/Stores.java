package io.basedisk.oci.artifact;

import io.basedisk.oci.blob.Blobs;
import java.nio.file.Path;
import java.util.Optional;

/** Stores with chunks so small that a layer of a few KiB has several. */
public final class Stores {

  /** Content of a chunk in bytes. */
  public static final int CHUNK_BYTES = 64 << 10;

  private Stores() {}

  /** Returns a store for one reference. */
  public static ArtifactStore of(Blobs blobs, String reference, Path temporaries) {
    return of(blobs, reference, temporaries, 2);
  }

  /** Returns a store that packs with that many threads. */
  public static ArtifactStore of(Blobs blobs, String reference, Path temporaries, int threads) {
    return new ArtifactStore(
        blobs,
        "place:" + reference,
        Optional.of(reference),
        temporaries,
        new Packing(CHUNK_BYTES, 2, threads));
  }
}
