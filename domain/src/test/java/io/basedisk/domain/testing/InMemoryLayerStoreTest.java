package io.basedisk.domain.testing;

import io.basedisk.domain.port.LayerStore;

class InMemoryLayerStoreTest extends LayerStoreContract {

  private final InMemoryLayerStore.Place place = new InMemoryLayerStore.Place();

  @Override
  protected LayerStore writing(String name) {
    return new InMemoryLayerStore(place, name);
  }

  @Override
  protected LayerStore reading(String name) {
    return new InMemoryLayerStore(place, name);
  }
}
