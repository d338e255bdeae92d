package io.basedisk.domain.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.basedisk.domain.error.InvalidArgumentException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Names, ids and sizes: valid values are accepted, and all others are refused. */
final class NamesTest {

  private static Stream<String> hostileNames() {
    return Stream.of(
        "",
        ".",
        "..",
        "../x",
        "a/b",
        "a\\b",
        "-x",
        ".x",
        "a\nb",
        "a\u0000b",
        "a\u001b[31m",
        "x".repeat(300));
  }

  @ParameterizedTest
  @MethodSource("hostileNames")
  void a_hostile_box_name_is_refused(String name) {
    assertThrows(InvalidArgumentException.class, () -> BoxId.of(name));
  }

  @ParameterizedTest
  @MethodSource("hostileNames")
  void a_hostile_snapshot_name_is_refused(String name) {
    assertThrows(InvalidArgumentException.class, () -> new SnapshotName(name));
  }

  @ParameterizedTest
  @MethodSource("hostileNames")
  void a_hostile_rootfs_key_is_refused(String key) {
    assertThrows(InvalidArgumentException.class, () -> new RootfsKey(key));
  }

  @ParameterizedTest
  @ValueSource(strings = {" debian", "debian ", "debian\u00a0", "\u2003debian", " "})
  void a_new_rootfs_key_has_no_blank_at_its_start_or_end_but_a_recorded_one_may(String key) {
    assertThrows(InvalidArgumentException.class, () -> RootfsKey.of(key));
    assertEquals(key, new RootfsKey(key).value());
  }

  @Test
  void a_rootfs_key_may_have_spaces_and_letters_of_any_script_up_to_255_bytes() {
    assertEquals("Debian 12 für alle", RootfsKey.of("Debian 12 für alle").value());
    assertEquals(127, RootfsKey.of("ü".repeat(127)).value().length());
    assertThrows(InvalidArgumentException.class, () -> RootfsKey.of("ü".repeat(128)));
    assertThrows(InvalidArgumentException.class, () -> RootfsKey.of("\ud800"));
  }

  @Test
  void a_rootfs_is_named_by_a_key_and_each_other_base_by_a_snapshot_name() {
    assertEquals(new RootfsKey("x"), BaseName.of(BaseDiskKind.ROOTFS, "x"));
    assertEquals(new SnapshotName("x"), BaseName.of(BaseDiskKind.SNAPSHOT, "x"));
    assertEquals(new SnapshotName("x"), BaseName.of(BaseDiskKind.CLONE_BASE, "x"));
    assertFalse(new SnapshotName("x").fits(BaseDiskKind.ROOTFS));
    assertFalse(new RootfsKey("x").fits(BaseDiskKind.CLONE_BASE));
  }

  @ParameterizedTest
  @MethodSource("hostileNames")
  void a_hostile_base_id_is_refused(String id) {
    assertThrows(InvalidArgumentException.class, () -> new BaseDiskId(id));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "0", "web-1.example_x", "A.B-C_d"})
  void a_box_name_is_a_letter_or_digit_then_letters_digits_dots_underscores_hyphens(String name) {
    assertEquals(name, BoxId.of(name).value());
  }

  @Test
  void a_box_name_has_128_characters_at_most() {
    assertEquals(128, BoxId.of("x".repeat(128)).value().length());
    assertThrows(InvalidArgumentException.class, () -> BoxId.of("x".repeat(129)));
  }

  @Test
  void the_global_source_is_not_a_box_name() {
    assertThrows(InvalidArgumentException.class, () -> BoxId.of("__global__"));
    assertEquals(BoxId.GLOBAL, new BoxId("__global__"));
  }

  @Test
  void a_snapshot_name_may_have_spaces_and_letters_of_any_script_up_to_255_bytes() {
    assertEquals("vor dem Ümbau", new SnapshotName("vor dem Ümbau").value());
    assertEquals(127, new SnapshotName("ü".repeat(127)).value().length());
    assertThrows(InvalidArgumentException.class, () -> new SnapshotName("ü".repeat(128)));
    assertThrows(InvalidArgumentException.class, () -> new SnapshotName("\ud800"));
  }

  @Test
  void a_minted_id_is_8_base62_characters_and_parses() {
    Random random = new Random(1);
    for (int i = 0; i < 1000; i++) {
      BaseDiskId id = BaseDiskId.mint(random);
      assertTrue(id.value().matches("[0-9A-Za-z]{8}"), id::value);
      assertEquals(id, new BaseDiskId(id.value()));
    }
  }

  @Test
  void a_bases_file_is_named_after_its_id() {
    BaseDiskId id = new BaseDiskId("aB3dE6g8");
    assertEquals("aB3dE6g8.qcow2", id.fileName());
    assertEquals(Optional.of(id), BaseDiskId.ofFileName("aB3dE6g8.qcow2"));
    assertEquals(Optional.empty(), BaseDiskId.ofFileName("aB3dE6g8.raw"));
    assertEquals(Optional.empty(), BaseDiskId.ofFileName("aB3dE6g.qcow2"));
    assertEquals(Optional.empty(), BaseDiskId.ofFileName(".aB3dE6g8.qcow2"));
  }

  @ParameterizedTest
  @CsvSource({
    "1,1",
    "512,512",
    "100 B,100",
    "2K,2048",
    "3m,3145728",
    "10G,10737418240",
    "10GiB,10737418240",
    "10 GiB,10737418240",
    "1.5G,1610612736",
    "1.50 gib,1610612736",
    "0.5K,512",
    "1T,1099511627776",
    "2P,2251799813685248",
    "7E,8070450532247928832"
  })
  void a_size_is_a_number_and_a_unit(String text, long bytes) {
    assertEquals(bytes, ByteSize.parse(text).bytes());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "-1",
        "0.0G",
        "8E",
        "",
        "G",
        "1.G",
        ".5G",
        " 1",
        "1  G",
        "1G ",
        "1GB",
        "1iB",
        "1 KİB",
        "1e3",
        "1,5G",
        "9999999999T",
        "99999999999999999999"
      })
  void any_other_text_is_not_a_size(String text) {
    assertThrows(InvalidArgumentException.class, () -> ByteSize.parse(text));
  }

  @ParameterizedTest
  @CsvSource({"1.5, 2", "0.1K, 103", "1.46 GiB, 1567663064"})
  void a_fraction_of_a_byte_is_refused_with_the_next_whole_number(String text, String next) {
    InvalidArgumentException refusal =
        assertThrows(InvalidArgumentException.class, () -> ByteSize.parse(text));
    assertTrue(refusal.getMessage().endsWith(" " + next), refusal::getMessage);
  }

  @Test
  void an_error_shows_an_invalid_name_shortened_and_on_one_line() {
    InvalidArgumentException refusal =
        assertThrows(InvalidArgumentException.class, () -> BoxId.of("a\n" + "x".repeat(5000)));
    assertFalse(refusal.getMessage().contains("\n"));
    assertTrue(refusal.getMessage().length() < 300, refusal::getMessage);
  }

  @Test
  void a_path_is_in_the_bases_directory_by_its_components_not_by_a_prefix() {
    HomeLayout home = new HomeLayout(Path.of("/h"));
    assertTrue(home.isInBases(Path.of("/h/bases/x")));
    assertFalse(home.isInBases(Path.of("/h/bases2/x")));
    assertEquals(Optional.empty(), home.baseIdOf(Path.of("/h/bases/deeper/aB3dE6g8.qcow2")));
  }
}
