package io.basedisk.qcow2.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import io.basedisk.qcow2.os.ProcessesWithFileOpen.OpeningProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The process table, on a fake {@code /proc}. */
@EnabledOnOs(
    value = OS.LINUX,
    architectures = {"amd64", "aarch64"})
class ProcessTableTest {

  private static final String READ_ONLY = "0100000";
  private static final String WRITE_ONLY = "0100001";
  private static final String READ_WRITE = "02100002";
  private static final String PATH_ONLY = "010100000";

  @TempDir Path scratch;

  private Path proc;
  private Path file;
  private Path other;

  @BeforeEach
  void makeTable() throws IOException {
    proc = Files.createDirectory(scratch.resolve("proc"));
    file = Files.createFile(scratch.resolve("file"));
    other = Files.createFile(scratch.resolve("other"));
    process(1, "init");
    process(7, "java");
    Files.createSymbolicLink(proc.resolve("self"), Path.of("7"));
    Files.createDirectory(proc.resolve("sys"));
  }

  private void process(int id, String name) throws IOException {
    Path process = Files.createDirectory(proc.resolve(Integer.toString(id)));
    Files.createDirectory(process.resolve("fd"));
    Files.createDirectory(process.resolve("fdinfo"));
    Files.writeString(process.resolve("comm"), name + "\n");
  }

  private void open(int process, int descriptor, Path target, String flags) throws IOException {
    Path entry = proc.resolve(Integer.toString(process));
    String number = Integer.toString(descriptor);
    Files.createSymbolicLink(entry.resolve("fd").resolve(number), target);
    Files.writeString(
        entry.resolve("fdinfo").resolve(number),
        "pos:\t0\nflags:\t" + flags + "\nmnt_id:\t26\nlock:\t1: OFDLCK\n");
  }

  private ProcessesWithFileOpen processesWithFileOpen(Usage usage) throws IOException {
    return processesWithFileOpen(usage, OptionalInt.empty());
  }

  private ProcessesWithFileOpen processesWithFileOpen(Usage usage, OptionalInt except)
      throws IOException {
    return new ProcessTable(new SystemCalls(new LinkedLibC()), proc)
        .processesWithFileOpen(
            OperatingSystem.current().status(file).orElseThrow().identity(), usage, except);
  }

  private static ProcessesWithFileOpen complete(OpeningProcess... processes) {
    return new ProcessesWithFileOpen(ImmutableList.copyOf(processes), true);
  }

  @Test
  void a_file_that_is_not_open_has_no_users() throws IOException {
    open(1, 3, other, READ_WRITE);
    assertEquals(complete(), processesWithFileOpen(Usage.ANY));
  }

  @Test
  void a_process_has_it_open() throws IOException {
    open(1, 3, other, READ_WRITE);
    open(1, 4, file, READ_ONLY);
    assertEquals(complete(new OpeningProcess(1, "init")), processesWithFileOpen(Usage.ANY));
  }

  @Test
  void a_process_that_has_it_open_twice_is_one() throws IOException {
    open(1, 3, file, READ_ONLY);
    open(1, 4, file, READ_ONLY);
    assertEquals(complete(new OpeningProcess(1, "init")), processesWithFileOpen(Usage.ANY));
  }

  @Test
  void a_reader_does_not_write() throws IOException {
    open(1, 3, file, READ_ONLY);
    assertEquals(complete(), processesWithFileOpen(Usage.WRITING));
  }

  @Test
  void a_process_that_reads_and_writes_writes() throws IOException {
    open(1, 3, file, READ_ONLY);
    open(1, 4, file, READ_WRITE);
    assertEquals(complete(new OpeningProcess(1, "init")), processesWithFileOpen(Usage.WRITING));
  }

  @Test
  void a_process_that_only_writes_writes() throws IOException {
    open(1, 3, file, WRITE_ONLY);
    assertEquals(complete(new OpeningProcess(1, "init")), processesWithFileOpen(Usage.WRITING));
  }

  @Test
  void a_process_that_only_holds_the_path_does_not_count() throws IOException {
    open(1, 3, file, PATH_ONLY);
    assertEquals(complete(), processesWithFileOpen(Usage.ANY));
  }

  @Test
  void an_excepted_descriptor_does_not_count() throws IOException {
    open(7, 3, file, READ_ONLY);
    assertEquals(complete(), processesWithFileOpen(Usage.ANY, OptionalInt.of(3)));
  }

  @Test
  void another_descriptor_of_the_caller_counts() throws IOException {
    open(7, 3, file, READ_ONLY);
    open(7, 4, file, READ_ONLY);
    assertEquals(
        complete(new OpeningProcess(7, "java")),
        processesWithFileOpen(Usage.ANY, OptionalInt.of(3)));
  }

  @Test
  void the_same_number_in_another_process_counts() throws IOException {
    open(1, 3, file, READ_ONLY);
    assertEquals(
        complete(new OpeningProcess(1, "init")),
        processesWithFileOpen(Usage.ANY, OptionalInt.of(3)));
  }

  @Test
  void a_name_on_two_lines_is_shown_on_one() throws IOException {
    process(9, "a\nb\u001b");
    open(9, 3, file, READ_ONLY);
    assertEquals(
        ImmutableList.of(new OpeningProcess(9, "a?b?")),
        processesWithFileOpen(Usage.ANY).processes());
  }

  @Test
  void a_descriptor_without_flags_counts() throws IOException {
    open(1, 3, file, READ_ONLY);
    Files.writeString(proc.resolve("1/fdinfo/3"), "");
    assertEquals(complete(new OpeningProcess(1, "init")), processesWithFileOpen(Usage.WRITING));
  }

  @Test
  void a_descriptor_that_is_closed_during_the_search_does_not_count() throws IOException {
    open(1, 3, file, READ_ONLY);
    Files.delete(file);
    Files.createFile(file);
    Files.createSymbolicLink(proc.resolve("1/fd/9"), scratch.resolve("missing"));
    assertTrue(processesWithFileOpen(Usage.ANY).complete());
  }

  @Test
  void a_process_with_hidden_descriptors_makes_the_result_incomplete() throws IOException {
    Files.createDirectory(proc.resolve("8"));
    assertFalse(processesWithFileOpen(Usage.ANY).complete());
  }

  @Test
  void a_process_with_hidden_flags_makes_the_result_incomplete() throws IOException {
    open(1, 3, file, READ_ONLY);
    Files.delete(proc.resolve("1/fdinfo/3"));
    assertFalse(processesWithFileOpen(Usage.WRITING).complete());
  }

  @Test
  void a_table_that_hides_processes_is_incomplete() throws IOException {
    Files.move(proc.resolve("1"), scratch.resolve("hidden"));
    assertFalse(processesWithFileOpen(Usage.ANY).complete());
  }

  @Test
  void a_process_that_has_a_file_open_is_shown_with_its_name() {
    assertEquals("process 42 (qemu-nbd)", new OpeningProcess(42, "qemu-nbd").toString());
  }

  @Test
  void a_process_whose_name_is_not_known_is_shown_without() {
    assertEquals("process 42", new OpeningProcess(42, "").toString());
  }
}
