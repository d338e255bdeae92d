package example.metrics;

import io.basedisk.app.BaseDisks;
import io.basedisk.domain.box.Boxes.SnapshotsOnRemoval;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.SnapshotName;
import io.basedisk.micrometer.HomeGauges;
import io.basedisk.micrometer.MetricsListener;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.file.Path;
import java.util.List;

/** Uses a home, and prints its metrics as Prometheus reads them: {@code Metrics HOME}. */
public final class Metrics {

  private Metrics() {}

  public static void main(String[] arguments) {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    HomeGauges gauges = new HomeGauges(registry);
    try (BaseDisks disks =
        BaseDisks.builder()
            .home(Path.of(arguments[0]))
            .listener(new MetricsListener(registry))
            .open()) {
      use(disks);
      // A service does this every few minutes: the report takes time that grows with the home.
      gauges.update(disks.space().ofHome());
    }
    String text = registry.scrape();
    System.out.print(text);
    require(text, "basedisk_operation_seconds_count{operation=\"fork\"} 1");
    require(text, "basedisk_operation_seconds_count{operation=\"remove_box\"} 2");
    require(text, "basedisk_events_total{event=\"collected\"} 1.0");
    require(text, "basedisk_home_boxes 1.0");
    require(text, "basedisk_home_bases{kind=\"snapshot\"} 0.0");
  }

  private static void use(BaseDisks disks) {
    BoxId golden = BoxId.of("golden");
    BoxId web = BoxId.of("web-1");
    disks.boxes().create(golden, ByteSize.parse("1G"));
    disks.boxes().create(BoxId.of("other"), ByteSize.parse("1G"));
    disks.snapshots().create(golden, new SnapshotName("installed"));
    disks.clones().cloneBox(golden, List.of(web));
    disks.boxes().remove(golden, SnapshotsOnRemoval.REMOVE);
    disks.boxes().remove(web, SnapshotsOnRemoval.REFUSE);
  }

  private static void require(String text, String line) {
    if (text.lines().noneMatch(line::equals)) {
      throw new IllegalStateException("there is no line " + line);
    }
  }
}
