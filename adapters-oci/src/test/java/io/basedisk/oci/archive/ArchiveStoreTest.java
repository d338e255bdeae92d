package io.basedisk.oci.archive;

import io.basedisk.domain.port.LayerStore;
import io.basedisk.domain.testing.LayerStoreContract;
import io.basedisk.oci.artifact.Stores;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** An archive as a store of layers. */
class ArchiveStoreTest extends LayerStoreContract {

  @TempDir Path directory;
  @TempDir Path temporaries;

  @Override
  protected LayerStore writing(String name) {
    return Stores.of(ArchiveWriter.create(directory.resolve("disk.tar")), name, temporaries);
  }

  @Override
  protected LayerStore reading(String name) {
    return Stores.of(ArchiveReader.open(directory.resolve("disk.tar")), name, temporaries);
  }
}
