package io.basedisk.domain.protocol;

import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.intent.Intent;
import io.basedisk.domain.port.StoreView;
import java.nio.file.Path;

/**
 * The files that the records and intents explain, in one state of the store. All others are
 * orphans.
 *
 * @param view the store
 * @param home the home
 * @param claimed the paths that intents claim
 */
record ExplainedFiles(StoreView view, HomeLayout home, ImmutableSet<Path> claimed) {

  /** {@return the files that a state of the store explains} */
  static ExplainedFiles in(StoreView view, HomeLayout home) {
    ImmutableSet.Builder<Path> claimed = ImmutableSet.builder();
    for (Intent intent : view.intents().list()) {
      claimed.addAll(intent.createdFiles());
      intent.disks().forEach(disk -> claimed.add(disk.path()));
      intent.boxes().stream()
          .flatMap(box -> home.boxDirectoryOf(box.disksDir()).stream())
          .forEach(claimed::add);
    }
    view.pendingDeletes().list().forEach(base -> claimed.add(base.path()));
    return new ExplainedFiles(view, home, claimed.build());
  }

  /** {@return whether a record or an intent names the file or directory} */
  boolean explains(Path file) {
    if (claimed.contains(file) || isRecordedBase(view, home, file)) {
      return true;
    }
    if (Temporaries.isTemporary(file)) {
      return Temporaries.operationOf(file).flatMap(view.intents()::find).isPresent();
    }
    return home.boxes().equals(file.getParent()) && isRecordedBox(view, file);
  }

  /** {@return whether a path is that of a recorded base} */
  static boolean isRecordedBase(StoreView view, HomeLayout home, Path file) {
    return home.baseIdOf(file).flatMap(view.bases()::find).isPresent();
  }

  /** {@return whether a directory in the directory of boxes is that of a recorded box} */
  static boolean isRecordedBox(StoreView view, Path directory) {
    return HomeLayout.firstNameOf(directory).flatMap(view.boxes()::find).isPresent()
        || view.boxes().findByDisksDir(directory.resolve(HomeLayout.DISKS)).isPresent();
  }
}
