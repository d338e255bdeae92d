package io.basedisk.qcow2.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.io.ByteStreams;
import io.basedisk.domain.image.LayerFile;
import io.basedisk.qcow2.testing.Images;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskChannelTest {

  @TempDir Path directory;

  private LayerFile file;
  private DiskImage disk;

  @BeforeEach
  void open() {
    file = LayerFile.qcow2(Images.golden("zlib.qcow2", directory));
    disk = DiskImage.open(List.of(file));
  }

  @AfterEach
  void close() {
    disk.close();
  }

  @Test
  void it_reads_the_whole_disk_and_then_ends() throws IOException {
    byte[] content = ByteStreams.toByteArray(Channels.newInputStream(disk.channel()));

    assertArrayEquals(Images.read(file), content);
  }

  @Test
  void it_reads_from_where_it_is_moved_to() throws IOException {
    SeekableByteChannel channel = disk.channel().position(4096);
    ByteBuffer one = ByteBuffer.allocate(1);
    channel.read(one);

    assertEquals(9, one.get(0));
  }

  @Test
  void each_channel_has_a_position_of_its_own() throws IOException {
    disk.channel().position(4096);

    assertEquals(0, disk.channel().position());
  }

  @Test
  void a_position_behind_the_end_is_the_end() throws IOException {
    assertEquals(-1, disk.channel().position(1L << 40).read(ByteBuffer.allocate(1)));
  }

  @Test
  void it_can_t_be_written() {
    assertThrows(
        NonWritableChannelException.class, () -> disk.channel().write(ByteBuffer.allocate(1)));
  }

  @Test
  void to_close_it_leaves_the_disk_open() throws IOException {
    disk.channel().close();

    assertEquals(1, disk.read(0, ByteBuffer.allocate(1)));
  }

  @Test
  void closed_it_can_t_be_read() throws IOException {
    SeekableByteChannel channel = disk.channel();
    channel.close();

    assertThrows(ClosedChannelException.class, () -> channel.read(ByteBuffer.allocate(1)));
  }
}
