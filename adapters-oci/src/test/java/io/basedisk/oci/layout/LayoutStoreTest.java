package io.basedisk.oci.layout;

import io.basedisk.domain.port.LayerStore;
import io.basedisk.domain.testing.LayerStoreContract;
import io.basedisk.oci.artifact.Stores;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** A layout as a store of layers. */
class LayoutStoreTest extends LayerStoreContract {

  @TempDir Path layout;
  @TempDir Path temporaries;

  @Override
  protected LayerStore writing(String name) {
    return Stores.of(new LayoutBlobs(layout), name, temporaries);
  }

  @Override
  protected LayerStore reading(String name) {
    return Stores.of(new LayoutBlobs(layout), name, temporaries);
  }
}
