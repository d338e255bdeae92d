package io.basedisk.domain.testing.walk;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseFilter;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.FileStatus.FileType;
import io.basedisk.domain.model.Reference;
import io.basedisk.domain.model.intent.Intent;
import io.basedisk.domain.rootfs.RootfsCache;
import io.basedisk.domain.testing.HomeInvariants;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * All that is recorded, and what the file system says of every file: by its times too, so that what
 * was written again with the same bytes is another state.
 *
 * @param files each path, and what is there; empty for a directory, whose times tell of names that
 *     came and went
 */
record HomeState(
    ImmutableList<BaseDisk> bases,
    ImmutableList<Box> boxes,
    ImmutableList<RootfsCache.Entry> rootfs,
    ImmutableSet<Reference> references,
    ImmutableList<BaseDiskId> pending,
    ImmutableList<Intent> intents,
    ImmutableMap<Path, Optional<FileStatus>> files) {

  static HomeState of(World world) {
    ImmutableList<RootfsCache.Entry> rootfs = world.rootfs().list();
    return world
        .store()
        .read(
            view ->
                new HomeState(
                    view.bases().list(BaseFilter.ALL),
                    view.boxes().list(),
                    rootfs,
                    ImmutableSet.copyOf(view.references().list()),
                    view.pendingDeletes().listCollectPending(),
                    view.intents().list(),
                    files(world, view.boxes().list())));
  }

  private static ImmutableMap<Path, Optional<FileStatus>> files(
      World world, ImmutableList<Box> boxes) {
    HomeInvariants invariants =
        new HomeInvariants(world.home(), world.store(), world.files(), world.images());
    return Stream.concat(
            invariants.filesInHome().stream(),
            boxes.stream().flatMap(box -> world.files().list(box.disksDir()).stream()))
        .distinct()
        .sorted()
        .collect(
            ImmutableMap.toImmutableMap(
                path -> path,
                path -> world.files().status(path).filter(s -> s.type() != FileType.DIRECTORY)));
  }
}
