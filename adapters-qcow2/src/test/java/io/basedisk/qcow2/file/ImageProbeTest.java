package io.basedisk.qcow2.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.model.FileIdentity;
import io.basedisk.qcow2.file.Users.InUse;
import io.basedisk.qcow2.file.Users.Unknown;
import io.basedisk.qcow2.file.Users.Unused;
import io.basedisk.qcow2.os.FileProbe;
import io.basedisk.qcow2.os.ProcessesWithFileOpen;
import io.basedisk.qcow2.os.ProcessesWithFileOpen.OpeningProcess;
import io.basedisk.qcow2.os.Usage;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The users of an image, derived from the answers of a file's probe. */
class ImageProbeTest {

  private static final ProcessesWithFileOpen NONE =
      new ProcessesWithFileOpen(ImmutableList.of(), true);
  private static final ProcessesWithFileOpen NONE_SEEN =
      new ProcessesWithFileOpen(ImmutableList.of(), false);
  private static final ProcessesWithFileOpen ONE =
      new ProcessesWithFileOpen(ImmutableList.of(new OpeningProcess(42, "qemu-nbd")), false);

  /** A probe that gives the same answers each time. */
  private record Answers(long lockedByte, Answer opened, ProcessesWithFileOpen listed)
      implements FileProbe {

    @Override
    public FileIdentity identity() {
      return new FileIdentity(1, 2);
    }

    @Override
    public boolean tryShare(long position) {
      return position != lockedByte;
    }

    @Override
    public void endShare(long position) {}

    @Override
    public boolean isLockedElsewhere(long position, long length) {
      return position <= lockedByte && lockedByte < position + length;
    }

    @Override
    public Answer openedElsewhere(Usage usage) {
      return opened;
    }

    @Override
    public ProcessesWithFileOpen processesWithFileOpen(Usage usage) {
      return listed;
    }

    @Override
    public void close() {}
  }

  private static Users users(Usage usage, FileProbe probe) throws IOException {
    try (ImageProbe image = new ImageProbe(probe)) {
      return image.named(image.users(usage), usage);
    }
  }

  private static Users users(Usage usage, FileProbe.Answer opened, ProcessesWithFileOpen listed)
      throws IOException {
    return users(usage, new Answers(0, opened, listed));
  }

  @ParameterizedTest
  @EnumSource
  void a_file_that_the_kernel_says_is_not_open_is_unused(Usage usage) throws IOException {
    assertEquals(new Unused(), users(usage, FileProbe.Answer.NOT_OPEN, NONE_SEEN));
  }

  @Test
  void the_process_that_has_it_open_is_named() throws IOException {
    InUse users = assertInstanceOf(InUse.class, users(Usage.ANY, FileProbe.Answer.OPEN, ONE));
    assertEquals("open in process 42 (qemu-nbd)", users.clause());
  }

  @Test
  void the_writer_is_named() throws IOException {
    InUse users = assertInstanceOf(InUse.class, users(Usage.WRITING, FileProbe.Answer.OPEN, ONE));
    assertEquals("open for writing in process 42 (qemu-nbd)", users.clause());
  }

  // For example a loop device, or a process of another container.
  @Test
  void a_file_that_is_open_is_in_use_if_no_process_is_listed() throws IOException {
    InUse users = assertInstanceOf(InUse.class, users(Usage.ANY, FileProbe.Answer.OPEN, NONE));
    assertEquals("open in a process that can't be seen from here", users.clause());
  }

  @Test
  void a_complete_table_without_a_user_means_unused_if_the_kernel_can_not_tell()
      throws IOException {
    assertEquals(new Unused(), users(Usage.ANY, FileProbe.Answer.UNKNOWN, NONE));
  }

  @Test
  void an_incomplete_table_without_a_user_means_unknown() throws IOException {
    Unknown users =
        assertInstanceOf(Unknown.class, users(Usage.ANY, FileProbe.Answer.UNKNOWN, NONE_SEEN));
    assertEquals("may be open: not every process can be inspected", users.clause());
  }

  @Test
  void a_listed_process_is_named_if_the_kernel_can_not_tell() throws IOException {
    InUse users =
        assertInstanceOf(InUse.class, users(Usage.WRITING, FileProbe.Answer.UNKNOWN, ONE));
    assertEquals("open for writing in process 42 (qemu-nbd)", users.clause());
  }

  // For example by a process on another machine.
  @ParameterizedTest
  @CsvSource({
    "100, ANY",
    "101, ANY",
    "102, ANY",
    "103, ANY",
    "200, ANY",
    "201, ANY",
    "202, ANY",
    "203, ANY",
    "101, WRITING",
    "103, WRITING"
  })
  void a_locked_file_is_in_use_although_no_process_has_it_open(long locked, Usage usage)
      throws IOException {
    assertInstanceOf(
        InUse.class, users(usage, new Answers(locked, FileProbe.Answer.NOT_OPEN, NONE)));
  }

  @ParameterizedTest
  @CsvSource({
    "99, ANY",
    "204, ANY",
    "100, WRITING",
    "102, WRITING",
    "200, WRITING",
    "201, WRITING",
    "203, WRITING"
  })
  void a_lock_on_another_byte_is_ignored(long locked, Usage usage) throws IOException {
    assertEquals(new Unused(), users(usage, new Answers(locked, FileProbe.Answer.NOT_OPEN, NONE)));
  }

  @ParameterizedTest
  @CsvSource({"100", "201", "203"})
  void writers_can_not_be_kept_out_if_one_of_the_bytes_is_locked(long locked) throws IOException {
    try (ImageProbe image = new ImageProbe(new Answers(locked, FileProbe.Answer.NOT_OPEN, NONE))) {
      assertInstanceOf(InUse.class, image.keepWritersOut());
    }
  }

  @Test
  void a_lone_reader_is_a_user() throws IOException {
    try (ImageProbe image = new ImageProbe(new Answers(200, FileProbe.Answer.NOT_OPEN, ONE))) {
      InUse users = assertInstanceOf(InUse.class, image.loneReaders());
      assertEquals("locked against readers, and open in process 42 (qemu-nbd)", users.clause());
    }
  }
}
