package io.basedisk.domain.protocol;

import com.google.common.collect.ImmutableMap;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.model.Intent;
import javax.inject.Inject;
import javax.inject.Provider;

/**
 * The protocols, by the type of the intents that they settle. Makes a protocol only when it settles
 * an intent, which is rare, so that opening a home makes none.
 */
final class ProtocolRegistry {

  private final ImmutableMap<Class<? extends Intent>, Provider<? extends Protocol<?>>> byIntent;

  @Inject
  ProtocolRegistry(
      Provider<ForkProtocol> fork,
      Provider<CopyProtocol> copy,
      Provider<CreateBoxesProtocol> createBoxes,
      Provider<ImportBoxProtocol> importBox,
      Provider<RemoveBoxProtocol> removeBox,
      Provider<RestoreProtocol> restore,
      Provider<CompactProtocol> compact,
      Provider<AddRootfsProtocol> addRootfs,
      Provider<AttachRootfsProtocol> attachRootfs) {
    byIntent =
        ImmutableMap.<Class<? extends Intent>, Provider<? extends Protocol<?>>>builder()
            .put(Intent.Fork.class, fork)
            .put(Intent.Copy.class, copy)
            .put(Intent.CreateBoxes.class, createBoxes)
            .put(Intent.ImportBox.class, importBox)
            .put(Intent.RemoveBox.class, removeBox)
            .put(Intent.Restore.class, restore)
            .put(Intent.Compact.class, compact)
            .put(Intent.AddRootfs.class, addRootfs)
            .put(Intent.AttachRootfs.class, attachRootfs)
            .buildOrThrow();
  }

  /**
   * {@return the protocol that settles an intent}
   *
   * @throws RefusedException if there is none
   */
  Protocol<?> of(Intent intent) {
    Provider<? extends Protocol<?>> protocol = byIntent.get(intent.getClass());
    if (protocol == null) {
      throw new RefusedException("no protocol settles the operation " + intent.operation());
    }
    return protocol.get();
  }
}
