package io.basedisk.qcow2.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class ClusterDescriptorTest {

  private static final ClusterGeometry GEOMETRY = new ClusterGeometry(16, false);
  private static final ClusterGeometry EXTENDED = new ClusterGeometry(16, true);
  private static final HostOffset HOST = new HostOffset(0x50000);

  @Test
  void a_zero_entry_is_unallocated() throws FormatException {
    assertEquals(ClusterDescriptor.Unallocated.INSTANCE, describe(0, 0, GEOMETRY));
  }

  @Test
  void an_offset_is_a_standard_cluster() throws FormatException {
    assertEquals(new ClusterDescriptor.Standard(HOST), describe(1L << 63 | 0x50000, 0, GEOMETRY));
  }

  @Test
  void a_zero_flag_alone_is_a_plain_zero_cluster() throws FormatException {
    assertEquals(new ClusterDescriptor.Zero(HostOffset.NOWHERE), describe(1, 0, GEOMETRY));
  }

  @Test
  void a_zero_flag_with_an_offset_is_a_preallocated_zero_cluster() throws FormatException {
    assertEquals(new ClusterDescriptor.Zero(HOST), describe(1L << 63 | 0x50001, 0, GEOMETRY));
  }

  @Test
  void a_zero_flag_in_version_2_is_refused() {
    assertThrows(FormatException.class, () -> new L2Entry(1, 0).descriptor(GEOMETRY, 2));
  }

  @Test
  void a_cluster_that_is_not_aligned_is_refused() {
    assertThrows(FormatException.class, () -> describe(0x50200, 0, GEOMETRY));
  }

  @Test
  void a_compressed_cluster_ends_with_its_last_sector() throws FormatException {
    // 64 KiB clusters: 54 bits of offset, then 8 of additional sectors.
    long bits = 1L << 62 | 2L << 54 | 0x12345;

    assertEquals(
        new ClusterDescriptor.Compressed(new HostOffset(0x12345), 3 * 512 - 0x145),
        describe(bits, 0, GEOMETRY));
  }

  @Test
  void a_compressed_cluster_beyond_56_bits_is_refused() {
    assertThrows(
        FormatException.class,
        () -> describe(1L << 62 | 1L << 56, 0, new ClusterGeometry(9, false)));
  }

  @Test
  void subclusters_are_allocated_zero_or_neither() throws FormatException {
    ClusterDescriptor.Divided divided =
        (ClusterDescriptor.Divided) describe(0x50000, 1L << 33 | 1L, EXTENDED);

    assertEquals(SubclusterState.ALLOCATED, divided.subclusters().state(0));
    assertEquals(SubclusterState.ZERO, divided.subclusters().state(1));
    assertEquals(SubclusterState.UNALLOCATED, divided.subclusters().state(31));
  }

  @Test
  void a_subcluster_that_is_allocated_and_zero_is_refused() {
    assertThrows(FormatException.class, () -> describe(0x50000, 1L << 32 | 1L, EXTENDED));
  }

  @Test
  void a_subcluster_that_is_allocated_without_a_cluster_is_refused() {
    assertThrows(FormatException.class, () -> describe(0, 1, EXTENDED));
  }

  @Test
  void extended_entries_have_no_zero_flag() throws FormatException {
    assertEquals(
        new ClusterDescriptor.Divided(HostOffset.NOWHERE, new SubclusterBitmap(0)),
        describe(1, 0, EXTENDED));
  }

  private static ClusterDescriptor describe(long bits, long subclusters, ClusterGeometry geometry)
      throws FormatException {
    return new L2Entry(bits, subclusters).descriptor(geometry, 3);
  }
}
