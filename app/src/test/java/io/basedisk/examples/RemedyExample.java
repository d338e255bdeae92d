package io.basedisk.examples;

import io.basedisk.app.BaseDisks;
import io.basedisk.domain.error.BaseDiskException;
import io.basedisk.domain.error.Remedy;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.SnapshotName;
import java.nio.file.Path;

/** The next step after an error; docs/embedding.md shows the body of the method. */
final class RemedyExample {

  private RemedyExample() {}

  static String run(Path home) {
    try (BaseDisks disks = BaseDisks.builder().home(home).createIfMissing(false).open()) {
      disks.snapshots().create(BoxId.of("web-1"), new SnapshotName("nightly"));
      return "done";
    } catch (BaseDiskException e) {
      Remedy remedy = e.remedy().orElse(null);
      if (remedy instanceof Remedy.CheckHome check) {
        return "no home at " + check.home() + ": is its file system mounted?";
      } else if (remedy instanceof Remedy.DropInternal) {
        return "the disk has internal snapshots: leave them in the base?";
      }
      return String.valueOf(e.getMessage());
    }
  }
}
