package io.basedisk.cli.accident;

import static io.basedisk.cli.accident.SampleHome.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.basedisk.app.HomeListing;
import io.basedisk.cli.Cli;
import io.basedisk.qcow2.testing.Tool;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A base that an operation needs is missing or was changed. */
class ChangedBaseTest {

  @TempDir private Path temporary;
  private SampleHome sample;

  @BeforeEach
  void make_a_home() throws IOException {
    sample = new SampleHome(temporary);
  }

  private static void change(Path base, String how) {
    Tool.run("sh", "-c", how.replace("BASE", "\"$1\""), "sh", base);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "4 | mv BASE BASE.away",
        "5 | dd if=/dev/zero of=BASE bs=104 count=1 conv=notrunc status=none",
        "5 | dd if=/dev/urandom of=BASE bs=1 count=1 seek=200000 conv=notrunc status=none",
      })
  void nothing_is_made_to_stand_on_it_and_the_disk_stays(int code, String how) throws IOException {
    Path base = sample.fileOf("web-1", "s2");
    String id = String.valueOf(base.getFileName()).replace(".qcow2", "");
    sample.cli.json("snapshot", "create", "web-1", "today");
    Tool.run("cp", "-a", base, sample.directory.resolve("backup"));
    change(base, how);
    Map<String, String> before = HomeListing.of(sample.home);

    for (String[] command :
        List.of(
            new String[] {"snapshot", "restore", "web-1", "s2"},
            new String[] {"clone", "web-1@s2", "copy"},
            new String[] {"box", "create", "copy", "--base", id})) {
      assertRefused(code, "", sample.cli, command);
    }
    assertRefused(code, "", sample.cli, "box", "compact", "web-1", "--max-depth", "1");
    Cli.Result all = sample.cli.run("gc", "--compact", "--max-depth", "1");
    assertEquals(0, all.code(), all.err());

    assertEquals(before, HomeListing.of(sample.home));
    Tool.run("rm", "-f", base + ".away");
    Tool.run("cp", "-a", sample.directory.resolve("backup"), base);
    sample.checkIsWell(sample.cli, "golden", "web-1");
    sample.cli.json("snapshot", "restore", "web-1", "s2");
    sample.checkIsWell(sample.cli, "golden", "web-1");
  }

  @Test
  void while_the_bases_are_away_no_record_goes_and_none_is_made() throws IOException {
    Path away = sample.directory.resolve("away");
    Tool.run("mv", sample.bases(), away);
    Tool.run("mkdir", "-m", "711", sample.bases());
    sample.cli.json("box", "create", "flat", "--size", "1M");
    for (String[] command :
        List.of(
            new String[] {"snapshot", "create", "flat", "first"},
            new String[] {"rootfs", "add", "k", sample.disk("flat").toString()},
            new String[] {"clone", "flat", "flat-2"})) {
      assertRefused(3, "is mounted", sample.cli, command);
    }
    sample.cli.run("gc");
    sample.cli.run("rootfs", "prune", "--max-bytes", "0");
    Cli.Result doctor = sample.cli.run("doctor");
    assertEquals(7, doctor.code(), doctor::toString);
    sample.cli.json("box", "rm", "web-1", "--with-snapshots");

    assertEquals(0, sample.bases().toFile().list().length, "files in the mount point");
    Tool.run("rmdir", sample.bases());
    Tool.run("mv", away, sample.bases());
    assertEquals(0, sample.cli.run("gc").code());
    sample.checkIsWell(sample.cli, "golden");
    sample.checkReads(sample.fileOf("golden", "s1"));
    sample.cli.json("snapshot", "create", "flat", "first");
  }

  @Test
  void while_the_boxes_are_away_none_is_made() throws IOException {
    Path boxes = sample.home.resolve("boxes");
    Path away = sample.directory.resolve("away");
    Tool.run("mv", boxes, away);
    Tool.run("mkdir", "-m", "711", boxes);
    assertRefused(3, "is mounted", sample.cli, "box", "create", "new", "--size", "1M");
    assertRefused(4, "no such file", sample.cli, "clone", "golden@s1", "new");
    sample.cli.run("gc");
    Tool.run("rmdir", boxes);
    Tool.run("mv", away, boxes);
    sample.checkIsWell(sample.cli, "golden", "web-1");
  }

  @ParameterizedTest
  @CsvSource({"2500-01-01", "1850-01-01"})
  void a_time_beyond_a_long_of_nanoseconds_is_no_change(String time) throws IOException {
    Tool.run("touch", "-d", time, sample.disk("golden"));
    sample.cli.json("snapshot", "create", "golden", "later");
    Cli.Result doctor = sample.cli.run("doctor", "--deep");
    assertTrue(doctor.code() == 0, doctor::toString);
    sample.cli.json("clone", "golden@later", "copy");
    sample.checkIsWell(sample.cli, "golden", "web-1", "copy");
  }
}
