package io.basedisk.micrometer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import io.basedisk.app.BaseDisks;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.SnapshotName;
import io.basedisk.domain.space.SpaceReport;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The gauges of a home's size. */
class HomeGaugesTest {

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  @TempDir private Path directory;

  private double value(String gauge) {
    return registry.get(gauge).gauge().value();
  }

  private double bases(String kind) {
    return registry.get(HomeGauges.BASES).tag("kind", kind).gauge().value();
  }

  @Test
  void before_the_first_update_the_gauges_are_not_a_number() {
    new HomeGauges(registry);
    assertTrue(Double.isNaN(value(HomeGauges.BOXES)));
    assertTrue(Double.isNaN(value(HomeGauges.ALLOCATED)));
    assertTrue(Double.isNaN(bases("rootfs")));
  }

  @Test
  void the_gauges_have_the_figures_of_the_last_report() {
    HomeGauges gauges = new HomeGauges(registry);
    SpaceReport report;
    try (BaseDisks disks = BaseDisks.open(directory.resolve("home"))) {
      BoxId web = BoxId.of("web-1");
      disks.boxes().create(web, ByteSize.parse("1G"));
      gauges.update(disks.space().ofHome());
      disks.snapshots().create(web, new SnapshotName("s1"));
      disks.clones().cloneBox(web, ImmutableList.of(BoxId.of("web-2"), BoxId.of("web-3")));
      assertEquals(1, value(HomeGauges.BOXES), "a scrape makes no report");
      report = disks.space().ofHome();
      gauges.update(report);
    }
    assertEquals(3, value(HomeGauges.BOXES));
    assertEquals(1, bases("snapshot"));
    assertEquals(0, bases("clone_base"));
    assertTrue(report.allocatedBytes() > 0);
    assertEquals((double) report.allocatedBytes(), value(HomeGauges.ALLOCATED));
    assertEquals((double) report.reclaimableBytes(), value(HomeGauges.RECLAIMABLE));
  }
}
