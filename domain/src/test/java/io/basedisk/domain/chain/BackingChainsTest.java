package io.basedisk.domain.chain;

import static io.basedisk.domain.testing.Fleet.HOME;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.model.BackingFile;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.model.ImageHeader;
import io.basedisk.domain.testing.Fleet;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Backing chains as the headers describe them. */
final class BackingChainsTest {

  private static final Path DIR = Path.of("/images");

  private final Fleet fleet = new Fleet();
  private final BackingChains chains = fleet.useCases.chains();

  private Path image(String name, String backing, String format) {
    return image(DIR.resolve(name), backing, format);
  }

  private Path image(Path path, String backing, String format) {
    fleet.disks.makeDisk(path, 1 << 20);
    if (backing != null) {
      fleet.disks.alterHeader(
          path,
          header ->
              new ImageHeader(3, 1 << 20, new BackingFile(backing, format), false, false, 0, 0));
    }
    return path;
  }

  private ImmutableList<Path> paths(Path image) {
    return chains.read(image).stream()
        .map(Layer::realPath)
        .collect(ImmutableList.toImmutableList());
  }

  private static void assertRefused(String why, org.junit.jupiter.api.function.Executable call) {
    InvalidImageException refusal = assertThrows(InvalidImageException.class, call);
    assertTrue(refusal.getMessage().contains(why), refusal::getMessage);
  }

  @Test
  void an_image_without_a_backing_file_is_its_whole_chain() {
    Path top = image("top", null, null);
    assertEquals(ImmutableList.of(top), paths(top));
  }

  @Test
  void names_are_relative_to_the_image_that_has_them() {
    Path base = image("sub/base", null, null);
    Path middle = image("sub/middle", "base", "qcow2");
    Path top = image("top", "sub/middle", "qcow2");
    assertEquals(ImmutableList.of(top, middle, base), paths(top));
  }

  @Test
  void a_relative_name_is_relative_to_the_link_by_which_the_image_was_opened() {
    Path base = image("base", null, null);
    Path top = image("elsewhere/top", "base", "qcow2");
    Path link = DIR.resolve("link");
    fleet.disks.symlink(link, top);
    assertEquals(ImmutableList.of(top, base), paths(link));
  }

  @Test
  void a_raw_backing_file_ends_the_chain_and_is_not_read() {
    Path raw = DIR.resolve("raw");
    fleet.disks.withDirectory(DIR).writeBytes(raw, new byte[512]);
    Path top = image("top", raw.toString(), "raw");
    assertEquals(ImageFormat.RAW, chains.read(top).get(1).format());
  }

  @Test
  void a_backing_file_without_a_format_is_never_taken_for_raw() {
    Path raw = DIR.resolve("raw");
    fleet.disks.withDirectory(DIR).writeBytes(raw, new byte[512]);
    Path top = image("top", raw.toString(), null);
    image("next", top.toString(), "qcow2");
    assertRefused("not a qcow2 image", () -> paths(DIR.resolve("next")));
  }

  @Test
  void a_format_that_is_not_supported_is_refused_by_name() {
    Path top = image("top", "/images/base.vmdk", "vmdk");
    assertRefused("vmdk", () -> paths(top));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"json:{\"driver\":\"raw\"}", "nbd://host/disk", "ssh://host/file", "fat:dir"})
  void a_backing_name_that_is_not_a_plain_path_is_refused(String name) {
    Path top = image("top", name, "qcow2");
    assertRefused("not a plain file path", () -> paths(top));
  }

  @Test
  void a_name_may_have_a_colon_behind_a_slash_and_the_file_protocol() {
    Path base = image("a:b", null, null);
    assertEquals(base, BackingNames.resolve(DIR.resolve("top"), "./a:b").normalize());
    assertEquals(base, BackingNames.resolve(DIR.resolve("top"), "file:/images/a:b"));
  }

  @Test
  void a_name_relative_to_the_working_directory_is_refused() {
    Path top = image("top", "file:base", "qcow2");
    assertRefused("file:base", () -> paths(top));
  }

  @Test
  void dot_dot_after_a_linked_directory_is_the_parent_of_the_real_directory() {
    Path named = BackingNames.resolve(DIR.resolve("top"), "linked/../base");
    assertEquals(DIR.resolve("linked/../base"), named);
  }

  @Test
  void a_missing_backing_file_is_named() {
    Path top = image("top", "gone", "qcow2");
    assertRefused("/images/gone is missing", () -> paths(top));
  }

  @Test
  void a_missing_image_is_not_found() {
    assertThrows(NotFoundException.class, () -> paths(DIR.resolve("none")));
  }

  @Test
  void a_cycle_is_reported() {
    Path a = image("a", "b", "qcow2");
    image("b", "c", "qcow2");
    image("c", "a", "qcow2");
    assertRefused("cycle", () -> paths(a));
    assertRefused("cycle", () -> chains.nearestBase(a));
  }

  @Test
  void an_image_that_backs_onto_itself_is_a_cycle() {
    Path a = image("a", "a", "qcow2");
    assertRefused("cycle", () -> paths(a));
  }

  @Test
  void a_chain_may_have_any_length() {
    Path below = image("0", null, null);
    for (int i = 1; i < 500; i++) {
      below = image(String.valueOf(i), below.toString(), "qcow2");
    }
    assertEquals(500, paths(below).size());
  }

  @Test
  void the_nearest_base_is_the_first_layer_in_the_bases_directory() {
    Path lower = image(HOME.bases().resolve("lower001.qcow2"), null, null);
    Path upper = image(HOME.bases().resolve("upper001.qcow2"), lower.toString(), "qcow2");
    Path between = image("between", upper.toString(), "qcow2");
    Path top = image("top", between.toString(), "qcow2");
    assertEquals(Optional.of(new BaseDiskId("upper001")), chains.nearestBase(top));
    assertEquals(Optional.of(new BaseDiskId("lower001")), chains.nearestBase(upper));
    assertEquals(Optional.empty(), chains.nearestBase(lower));
  }

  @Test
  void a_directory_whose_name_starts_with_the_bases_directorys_is_not_the_bases_directory() {
    Path other = image(HOME.home().resolve("bases2/other001.qcow2"), null, null);
    assertEquals(Optional.empty(), chains.nearestBase(image("top", other.toString(), "qcow2")));
  }

  @Test
  void a_base_is_found_through_a_link_and_through_dots() {
    Path base = image(HOME.bases().resolve("linked01.qcow2"), null, null);
    fleet.disks.withDirectory(DIR).symlink(DIR.resolve("link"), base);
    assertEquals(
        Optional.of(new BaseDiskId("linked01")),
        chains.nearestBase(image("by-link", "link", "qcow2")));
    assertEquals(
        Optional.of(new BaseDiskId("linked01")),
        chains.nearestBase(image("by-dots", HOME.db() + "/../bases/linked01.qcow2", "qcow2")));
  }

  @Test
  void a_file_in_the_bases_directory_without_a_bases_name_is_refused() {
    Path foreign = image(HOME.bases().resolve("backup.img"), null, null);
    Path top = image("top", foreign.toString(), "qcow2");
    assertRefused("not a base's file", () -> chains.nearestBase(top));
  }

  @Test
  void files_below_the_nearest_base_are_not_read() {
    Path base = image(HOME.bases().resolve("broken01.qcow2"), "/gone", "qcow2");
    assertEquals(
        Optional.of(new BaseDiskId("broken01")),
        chains.nearestBase(image("top", base.toString(), "qcow2")));
  }

  @Test
  void a_chain_reaches_a_missing_file_that_it_names() {
    Path middle = image("middle", "/images/gone", "qcow2");
    Path top = image("top", middle.toString(), "qcow2");
    assertTrue(chains.reaches(top, Path.of("/images/gone")));
    assertThrows(InvalidImageException.class, () -> chains.reaches(top, Path.of("/images/other")));
  }
}
