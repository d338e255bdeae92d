package io.basedisk.growth;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.basedisk.app.BaseDisks;
import io.basedisk.domain.box.Boxes.SnapshotsOnRemoval;
import io.basedisk.domain.gc.CollectionReport;
import io.basedisk.domain.model.BoxId;
import io.basedisk.growth.GrownHome.Size;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Operations in large homes, on real files and the real store. */
class LargeHomeTest {

  private static final int SMALL_HEAP_MEBIBYTES = 64;

  @Test
  void a_collection_of_a_large_home_needs_little_memory(@TempDir Path directory) throws Exception {
    Size size = new Size(20_000, 100_000, 500, 2_000);
    GrownHome home = GrownHome.make(directory, size);

    CollectionRun.Result result = CollectionRun.of(home.layout().home(), SMALL_HEAP_MEBIBYTES);

    assertEquals(size.garbage(), result.collected());
    assertEquals(size.bases(), result.kept());
  }

  @Test
  void a_chain_of_a_thousand_bases_goes_with_its_last_box(@TempDir Path directory) {
    GrownHome home = GrownHome.make(directory, new Size(2_100, 200, 200, 0));

    try (BaseDisks disks = BaseDisks.open(home.layout().home())) {
      CollectionReport report = disks.boxes().remove(BoxId.of("box-0"), SnapshotsOnRemoval.REFUSE);

      assertEquals(GrownHome.LONGEST_CHAIN, report.collected().size());
    }
  }
}
