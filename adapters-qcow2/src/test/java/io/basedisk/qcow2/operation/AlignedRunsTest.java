package io.basedisk.qcow2.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.basedisk.qcow2.operation.AlignedRuns.Kind;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Runs of any length become runs of whole clusters. */
class AlignedRunsTest {

  private final List<String> handedOn = new ArrayList<>();
  private final AlignedRuns runs =
      new AlignedRuns(10, (kind, start, end) -> handedOn.add(kind + " " + start + "-" + end));

  @Test
  void whole_clusters_of_one_kind_are_one_run() {
    runs.add(Kind.DATA, 10);
    runs.add(Kind.DATA, 30);
    runs.add(Kind.ZEROS, 50);
    runs.finish();

    assertEquals(List.of("DATA 0-30", "ZEROS 30-50"), handedOn);
  }

  @Test
  void a_cluster_of_several_kinds_is_data() {
    runs.add(Kind.ZEROS, 11);
    runs.add(Kind.KEPT, 12);
    runs.add(Kind.ZEROS, 30);
    runs.finish();

    assertEquals(List.of("ZEROS 0-10", "DATA 10-20", "ZEROS 20-30"), handedOn);
  }

  @Test
  void data_takes_the_whole_of_the_clusters_that_it_touches() {
    runs.add(Kind.ZEROS, 19);
    runs.add(Kind.DATA, 31);
    runs.add(Kind.ZEROS, 60);
    runs.finish();

    assertEquals(List.of("ZEROS 0-10", "DATA 10-40", "ZEROS 40-60"), handedOn);
  }

  @Test
  void parts_of_one_kind_in_one_cluster_keep_their_kind() {
    runs.add(Kind.ZEROS, 3);
    runs.add(Kind.ZEROS, 7);
    runs.add(Kind.ZEROS, 20);
    runs.finish();

    assertEquals(List.of("ZEROS 0-20"), handedOn);
  }

  @Test
  void the_last_cluster_may_be_short() {
    runs.add(Kind.DATA, 10);
    runs.add(Kind.ZEROS, 13);
    runs.finish();

    assertEquals(List.of("DATA 0-10", "ZEROS 10-13"), handedOn);
  }

  @Test
  void an_empty_disk_has_no_run() {
    runs.finish();

    assertEquals(List.of(), handedOn);
  }
}
