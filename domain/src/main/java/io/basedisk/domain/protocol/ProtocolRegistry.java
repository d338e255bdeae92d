package io.basedisk.domain.protocol;

import com.google.common.collect.ImmutableMap;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.model.intent.AddRootfsIntent;
import io.basedisk.domain.model.intent.AdoptHomeIntent;
import io.basedisk.domain.model.intent.AdoptIntent;
import io.basedisk.domain.model.intent.AttachRootfsIntent;
import io.basedisk.domain.model.intent.CompactIntent;
import io.basedisk.domain.model.intent.CopyIntent;
import io.basedisk.domain.model.intent.CreateBoxesIntent;
import io.basedisk.domain.model.intent.ExportIntent;
import io.basedisk.domain.model.intent.ForkIntent;
import io.basedisk.domain.model.intent.ImportArtifactIntent;
import io.basedisk.domain.model.intent.ImportBoxIntent;
import io.basedisk.domain.model.intent.Intent;
import io.basedisk.domain.model.intent.RemoveBoxIntent;
import io.basedisk.domain.model.intent.ResizeIntent;
import io.basedisk.domain.model.intent.RestoreIntent;
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
      Provider<ResizeProtocol> resize,
      Provider<AddRootfsProtocol> addRootfs,
      Provider<AttachRootfsProtocol> attachRootfs,
      Provider<AdoptProtocol> adopt,
      Provider<AdoptHomeProtocol> adoptHome,
      Provider<ExportProtocol> export,
      Provider<ImportArtifactProtocol> importArtifact) {
    byIntent =
        ImmutableMap.<Class<? extends Intent>, Provider<? extends Protocol<?>>>builder()
            .put(ForkIntent.class, fork)
            .put(CopyIntent.class, copy)
            .put(CreateBoxesIntent.class, createBoxes)
            .put(ImportBoxIntent.class, importBox)
            .put(RemoveBoxIntent.class, removeBox)
            .put(RestoreIntent.class, restore)
            .put(CompactIntent.class, compact)
            .put(ResizeIntent.class, resize)
            .put(AddRootfsIntent.class, addRootfs)
            .put(AttachRootfsIntent.class, attachRootfs)
            .put(AdoptIntent.class, adopt)
            .put(AdoptHomeIntent.class, adoptHome)
            .put(ExportIntent.class, export)
            .put(ImportArtifactIntent.class, importArtifact)
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
