package io.basedisk.domain.testing;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import com.google.common.hash.Hashing;
import io.basedisk.domain.error.AlreadyExistsException;
import io.basedisk.domain.error.InterruptedOperationException;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.error.UnallowedFileException;
import io.basedisk.domain.image.Compression;
import io.basedisk.domain.image.CompressionType;
import io.basedisk.domain.image.NewImageFormat;
import io.basedisk.domain.model.BackingFile;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.ChainFile;
import io.basedisk.domain.model.FileIdentity;
import io.basedisk.domain.model.HeaderPatch;
import io.basedisk.domain.model.ImageCheck;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.model.ImageHeader;
import io.basedisk.domain.model.ImageSource;
import io.basedisk.domain.model.LayerMerge;
import io.basedisk.domain.model.SourceImage;
import io.basedisk.domain.model.artifact.Layer;
import io.basedisk.domain.model.artifact.Sha256;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.port.LayerContent;
import io.basedisk.domain.port.NewLayer;
import io.basedisk.domain.port.Progress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/**
 * What {@link DiskImages} promises. Extend it for an implementation; each test gets its own {@link
 * #root}.
 *
 * <p>What an image with snapshots, encryption or damage looks like is the format's affair: tests of
 * an implementation show that these are told or refused as the port says.
 */
public abstract class DiskImagesContract {

  private static final ByteSize SIZE = ByteSize.parse("1G");
  private static final ImageCheck CLEAN = new ImageCheck(0, 0);

  // What an implementation has to provide.

  /** Returns the implementation under test. */
  protected abstract DiskImages images();

  /** Returns the absolute path of an existing directory, empty when a test begins. */
  protected abstract Path root();

  /** Returns whether something is at {@code path}. */
  protected abstract boolean exists(Path path);

  /** Returns the permission bits of a file. */
  protected abstract int mode(Path path);

  /** Returns which file or directory is at {@code path}. */
  protected abstract FileIdentity identity(Path path);

  /** Puts a file with that content at {@code path}, where nothing is. */
  protected abstract void writeGarbage(Path path, byte[] content);

  /** Makes a directory at {@code path}, where nothing is. */
  protected abstract void makeDirectory(Path path);

  /** Makes a symbolic link at {@code link}, where nothing is. */
  protected abstract void makeLink(Path link, Path target);

  /** Makes a FIFO at {@code path}, where nothing is. */
  protected abstract void makeFifo(Path path);

  /**
   * Does to an image what a guest does that writes some bytes, not all zero, at the start of the
   * disk.
   */
  protected abstract void writeAsGuest(Path image);

  /** Writes to a cluster of 64 KiB as the guest of a disk does, the disk's own file first. */
  protected abstract void writeCluster(ImmutableList<ChainFile> chain, long cluster, String value);

  /** Returns what is in the clusters of a disk that are not zeros, by their numbers. */
  protected abstract Map<Long, String> readClusters(ImmutableList<ChainFile> chain);

  // Reading headers.

  @Test
  public void an_empty_image_says_its_size_and_no_more() {
    images().createEmpty(disk(), SIZE);

    assertEquals(header(SIZE, null), images().readHeader(disk()));
  }

  @Test
  public void an_overlay_names_its_backing_file_and_format_as_they_were_given() {
    Path backing = root().resolve("elsewhere").resolve("..").resolve("base one.qcow2");
    images().createOverlay(disk(), backing, ImageFormat.QCOW2, SIZE);

    assertEquals(
        header(SIZE, new BackingFile(backing.toString(), "qcow2")), images().readHeader(disk()));
  }

  @Test
  public void an_overlay_may_back_onto_a_raw_file() {
    images().createOverlay(disk(), base(), ImageFormat.RAW, SIZE);

    assertEquals(
        header(SIZE, new BackingFile(base().toString(), "raw")), images().readHeader(disk()));
  }

  @Test
  public void an_overlay_has_its_own_size() {
    images().createEmpty(base(), SIZE);
    images().createOverlay(disk(), base(), ImageFormat.QCOW2, ByteSize.parse("512"));

    assertEquals(512, images().readHeader(disk()).virtualSize());
  }

  @Test
  public void the_backing_file_is_neither_opened_nor_made() {
    images().createOverlay(disk(), base(), ImageFormat.QCOW2, SIZE);

    images().readHeader(disk());
    images().isEmptyOverlay(disk());
    images().check(disk());

    assertFalse(exists(base()));
  }

  @Test
  public void what_a_guest_writes_does_not_change_the_header() {
    images().createEmpty(disk(), SIZE);
    ImageHeader before = images().readHeader(disk());
    writeAsGuest(disk());

    assertEquals(before, images().readHeader(disk()));
  }

  @Test
  public void the_header_of_a_missing_file_is_not_found() {
    assertThrows(NotFoundException.class, () -> images().readHeader(disk()));
  }

  @Test
  public void the_header_of_a_file_that_is_no_image_is_invalid() {
    writeGarbage(disk(), "not an image".getBytes(StandardCharsets.UTF_8));

    assertThrows(InvalidImageException.class, () -> images().readHeader(disk()));
  }

  @Test
  public void the_header_of_an_empty_file_is_invalid() {
    writeGarbage(disk(), new byte[0]);

    assertThrows(InvalidImageException.class, () -> images().readHeader(disk()));
  }

  @Test
  public void the_header_of_a_directory_is_invalid() {
    makeDirectory(disk());

    assertThrows(InvalidImageException.class, () -> images().readHeader(disk()));
  }

  @Test
  public void a_symbolic_link_is_no_image_whatever_it_leads_to() {
    Path image = root().resolve("image.qcow2");
    images().createEmpty(image, new ByteSize(1 << 20));
    makeLink(disk(), image);

    assertThrows(InvalidImageException.class, () -> images().readHeader(disk()));
    assertThrows(InvalidImageException.class, () -> images().isEmptyOverlay(disk()));
    assertThrows(InvalidImageException.class, () -> images().check(disk()));
  }

  @Test
  public void a_symbolic_link_to_itself_is_no_image() {
    makeLink(disk(), disk());

    assertThrows(InvalidImageException.class, () -> images().readHeader(disk()));
  }

  @Test
  public void a_fifo_is_no_image_and_is_not_waited_for() {
    makeFifo(disk());

    assertThrows(InvalidImageException.class, () -> images().readHeader(disk()));
    assertThrows(InvalidImageException.class, () -> images().isEmptyOverlay(disk()));
    assertThrows(InvalidImageException.class, () -> images().check(disk()));
  }

  @Test
  public void a_raw_disk_is_never_taken_for_an_image() {
    writeGarbage(disk(), new byte[1 << 20]);

    assertThrows(InvalidImageException.class, () -> images().readHeader(disk()));
  }

  @Test
  public void an_error_names_the_file_in_one_line() {
    writeGarbage(disk(), new byte[100]);

    String message =
        assertThrows(InvalidImageException.class, () -> images().readHeader(disk())).getMessage();

    assertAll(
        () -> assertTrue(message.contains(disk().toString()), message),
        () -> assertEquals(1, message.lines().count(), message));
  }

  // Whether an image holds anything.

  @Test
  public void a_new_image_is_empty() {
    images().createEmpty(disk(), SIZE);

    assertTrue(images().isEmptyOverlay(disk()));
  }

  @Test
  public void a_new_overlay_is_empty() {
    images().createOverlay(disk(), base(), ImageFormat.QCOW2, SIZE);

    assertTrue(images().isEmptyOverlay(disk()));
  }

  @Test
  public void an_image_that_a_guest_wrote_to_is_not_empty() {
    images().createEmpty(disk(), SIZE);
    writeAsGuest(disk());

    assertFalse(images().isEmptyOverlay(disk()));
  }

  @Test
  public void an_overlay_on_a_written_image_is_empty() {
    images().createEmpty(base(), SIZE);
    writeAsGuest(base());
    images().createOverlay(disk(), base(), ImageFormat.QCOW2, SIZE);

    assertTrue(images().isEmptyOverlay(disk()));
  }

  @Test
  public void whether_a_missing_file_is_empty_is_not_found() {
    assertThrows(NotFoundException.class, () -> images().isEmptyOverlay(disk()));
  }

  @Test
  public void whether_garbage_is_empty_is_invalid() {
    writeGarbage(disk(), new byte[1000]);

    assertThrows(InvalidImageException.class, () -> images().isEmptyOverlay(disk()));
  }

  // Checks.

  @Test
  public void a_new_image_checks_clean() {
    images().createEmpty(disk(), SIZE);

    assertEquals(CLEAN, images().check(disk()));
  }

  @Test
  public void a_new_overlay_checks_clean() {
    images().createOverlay(disk(), base(), ImageFormat.QCOW2, SIZE);

    assertEquals(CLEAN, images().check(disk()));
  }

  @Test
  public void an_image_that_a_guest_wrote_to_checks_clean() {
    images().createEmpty(disk(), SIZE);
    writeAsGuest(disk());

    assertEquals(CLEAN, images().check(disk()));
  }

  @Test
  public void a_check_of_a_missing_file_is_not_found() {
    assertThrows(NotFoundException.class, () -> images().check(disk()));
  }

  @Test
  public void a_check_of_garbage_is_invalid() {
    writeGarbage(disk(), new byte[1000]);

    assertThrows(InvalidImageException.class, () -> images().check(disk()));
  }

  // Canonical digests.

  @Test
  public void a_canonical_digest_is_64_hexadecimal_digits() {
    images().createEmpty(disk(), SIZE);

    assertTrue(images().digest(disk(), Progress.NONE).matches("[0-9a-f]{64}"));
  }

  @Test
  public void a_canonical_digest_is_the_same_whatever_the_backing_name() {
    images().createOverlay(disk(), Path.of("/a"), ImageFormat.QCOW2, SIZE);
    images().createOverlay(base(), Path.of("/" + "b".repeat(1022)), ImageFormat.QCOW2, SIZE);

    assertEquals(images().digest(disk(), Progress.NONE), images().digest(base(), Progress.NONE));
  }

  @Test
  public void a_canonical_digest_is_another_with_another_backing_format_size_or_content() {
    images().createOverlay(disk(), base(), ImageFormat.QCOW2, SIZE);
    String digest = images().digest(disk(), Progress.NONE);
    Path raw = root().resolve("raw");
    images().createOverlay(raw, base(), ImageFormat.RAW, SIZE);
    Path larger = root().resolve("larger");
    images().createOverlay(larger, base(), ImageFormat.QCOW2, ByteSize.parse("2G"));
    Path written = root().resolve("written");
    images().createEmpty(written, SIZE);
    String empty = images().digest(written, Progress.NONE);
    writeAsGuest(written);

    assertAll(
        () -> assertNotEquals(digest, images().digest(raw, Progress.NONE)),
        () -> assertNotEquals(digest, images().digest(larger, Progress.NONE)),
        () -> assertNotEquals(digest, empty),
        () -> assertNotEquals(empty, images().digest(written, Progress.NONE)));
  }

  @Test
  public void a_canonical_digest_tells_how_far_it_is_up_to_the_end() {
    images().createEmpty(disk(), SIZE);
    List<Long> left = new ArrayList<>();
    images().digest(disk(), (done, total) -> left.add(total - done));

    assertEquals(0, left.get(left.size() - 1));
  }

  @Test
  public void a_canonical_digest_is_given_up_by_a_thread_that_is_interrupted() {
    images().createEmpty(disk(), SIZE);
    Thread.currentThread().interrupt();

    assertThrows(InterruptedOperationException.class, () -> images().digest(disk(), Progress.NONE));
    assertTrue(Thread.interrupted());
  }

  @Test
  public void a_canonical_digest_of_a_missing_file_is_not_found() {
    assertThrows(NotFoundException.class, () -> images().digest(disk(), Progress.NONE));
  }

  @Test
  public void a_canonical_digest_of_garbage_is_invalid() {
    writeGarbage(disk(), new byte[1000]);

    assertThrows(InvalidImageException.class, () -> images().digest(disk(), Progress.NONE));
  }

  // Changes of the backing name.

  @Test
  public void a_planned_name_changes_nothing() {
    images().createOverlay(disk(), base(), ImageFormat.QCOW2, SIZE);
    ImageHeader before = images().readHeader(disk());

    images().planBackingName(disk(), Path.of("/elsewhere/base.qcow2"));

    assertEquals(before, images().readHeader(disk()));
  }

  @Test
  public void a_patch_gives_the_planned_name_and_leaves_the_canonical_digest() {
    images().createOverlay(disk(), base(), ImageFormat.QCOW2, SIZE);
    String digest = images().digest(disk(), Progress.NONE);
    for (Path name :
        List.of(Path.of("/x"), Path.of("/" + "long".repeat(200)), Path.of("/a/\u00e4.qcow2"))) {
      images()
          .patchHeader(disk(), identity(disk()).inode(), images().planBackingName(disk(), name));

      assertEquals(
          header(SIZE, new BackingFile(name.toString(), "qcow2")), images().readHeader(disk()));
      assertEquals(digest, images().digest(disk(), Progress.NONE));
      assertEquals(CLEAN, images().check(disk()));
    }
  }

  // Layers that travel.

  /** Returns the content of a layer. */
  private byte[] contentOf(Path image, ImageFormat format) {
    try (LayerContent content = images().openLayer(image, format)) {
      ByteBuffer bytes = ByteBuffer.allocate((int) content.length());
      // Not in one piece: the header is read in two.
      content.read(0, bytes.slice(0, 18));
      content.read(18, bytes.slice(18, bytes.capacity() - 18));
      return bytes.array();
    }
  }

  /** Writes to the disk, which is an overlay of the base. */
  private void writeOverlay() {
    images().createEmpty(base(), SIZE);
    writeCluster(ImmutableList.of(layer(disk()), layer(base())), 3, "written");
  }

  private void make(Path image, byte[] content) {
    try (NewLayer layer = images().createLayer(image)) {
      for (int at = 0; at < content.length; at += 50_000) {
        layer.write(ByteBuffer.wrap(content, at, Math.min(50_000, content.length - at)));
      }
      layer.complete();
    }
  }

  private static Layer layer(byte[] content, ByteSize virtualSize) {
    return new Layer(
        ImageFormat.QCOW2,
        Sha256.of(Hashing.sha256().hashBytes(content)),
        content.length,
        virtualSize.bytes(),
        BaseDiskKind.CLONE_BASE,
        null,
        Instant.EPOCH);
  }

  @Test
  public void the_content_of_a_layer_is_what_the_canonical_digest_is_taken_of() {
    images().createOverlay(disk(), base(), ImageFormat.QCOW2, SIZE);
    writeOverlay();

    byte[] content = contentOf(disk(), ImageFormat.QCOW2);

    assertEquals(
        images().digest(disk(), Progress.NONE), Hashing.sha256().hashBytes(content).toString());
  }

  @Test
  public void the_content_of_a_raw_layer_is_its_bytes() {
    byte[] bytes = "some bytes, more than a header has".getBytes(StandardCharsets.UTF_8);
    writeGarbage(disk(), bytes);

    assertArrayEquals(bytes, contentOf(disk(), ImageFormat.RAW));
  }

  @Test
  public void a_layer_that_is_no_image_or_missing_is_not_opened() {
    writeGarbage(disk(), new byte[1000]);

    assertThrows(
        InvalidImageException.class, () -> images().openLayer(disk(), ImageFormat.QCOW2).close());
    assertThrows(
        NotFoundException.class, () -> images().openLayer(base(), ImageFormat.QCOW2).close());
  }

  @Test
  public void a_layer_that_was_made_of_a_content_gets_the_name_of_the_layer_below() {
    images().createOverlay(disk(), base(), ImageFormat.QCOW2, SIZE);
    writeOverlay();
    byte[] content = contentOf(disk(), ImageFormat.QCOW2);
    Path made = root().resolve("made.qcow2");

    make(made, content);
    assertEquals(header(SIZE, null), images().readHeader(made));
    images().checkLayer(made, layer(content, SIZE), false);
    Path below = root().resolve("the layer below.qcow2");
    images().patchHeader(made, identity(made).inode(), images().planBackingName(made, below));

    assertEquals(
        header(SIZE, new BackingFile(below.toString(), "qcow2")), images().readHeader(made));
    assertArrayEquals(content, contentOf(made, ImageFormat.QCOW2));
    assertFalse(images().isEmptyOverlay(made));
    assertEquals(CLEAN, images().check(made));
  }

  @Test
  public void a_new_layer_may_end_in_zeros_and_is_its_owners_alone() {
    Path made = root().resolve("made");
    byte[] content = Arrays.copyOf(new byte[] {1, 2, 3}, 300_001);

    make(made, content);

    assertArrayEquals(content, contentOf(made, ImageFormat.RAW));
    assertEquals(0600, mode(made));
    assertThrows(AlreadyExistsException.class, () -> images().createLayer(made).close());
    assertArrayEquals(content, contentOf(made, ImageFormat.RAW));
  }

  @Test
  public void a_layer_that_is_not_what_was_announced_is_refused() {
    images().createOverlay(disk(), base(), ImageFormat.QCOW2, SIZE);
    byte[] content = contentOf(disk(), ImageFormat.QCOW2);
    Path made = root().resolve("made");
    make(made, content);
    Layer announced = layer(content, SIZE);

    assertAll(
        () -> refused(disk(), announced, false, "a name of a backing file"),
        () -> refused(made, layer(content, ByteSize.parse("2G")), false, "another virtual size"),
        () -> refused(made, layer(Arrays.copyOf(content, content.length + 1), SIZE), false, "size"),
        () -> refused(made, raw(announced), false, "raw above another layer"),
        () -> refused(made, raw(announced), true, "raw of another virtual size"),
        () ->
            assertThrows(
                NotFoundException.class, () -> images().checkLayer(base(), announced, false)));
  }

  private void refused(Path image, Layer layer, boolean isLowest, String what) {
    assertThrows(
        InvalidImageException.class, () -> images().checkLayer(image, layer, isLowest), what);
  }

  private static Layer raw(Layer layer) {
    return new Layer(
        ImageFormat.RAW,
        layer.digest(),
        layer.bytes(),
        layer.virtualSize(),
        layer.kind(),
        null,
        layer.createdAt());
  }

  @Test
  public void a_layer_above_another_needs_a_place_for_its_name_and_the_lowest_does_not() {
    images().createEmpty(disk(), SIZE);
    byte[] content = contentOf(disk(), ImageFormat.QCOW2);

    images().checkLayer(disk(), layer(content, SIZE), true);
    refused(disk(), layer(content, SIZE), false, "no place for a name");
    assertThrows(
        InvalidImageException.class, () -> images().planBackingName(disk(), Path.of("/base")));
  }

  @Test
  public void a_grown_image_is_the_same_but_for_its_size() {
    images().createOverlay(disk(), base(), ImageFormat.QCOW2, SIZE);
    long inode = identity(disk()).inode();
    ByteSize grown = new ByteSize(100 * SIZE.bytes());

    images().grow(disk(), inode, grown);
    images().grow(disk(), inode, grown);

    assertEquals(
        header(grown, new BackingFile(base().toString(), "qcow2")), images().readHeader(disk()));
    assertEquals(inode, identity(disk()).inode());
    assertTrue(images().isEmptyOverlay(disk()));
    assertEquals(CLEAN, images().check(disk()));
  }

  @Test
  public void growth_of_another_file_is_refused_and_changes_nothing() {
    images().createEmpty(disk(), SIZE);
    ByteSize grown = new ByteSize(2 * SIZE.bytes());

    assertThrows(
        RefusedException.class, () -> images().grow(disk(), identity(disk()).inode() + 1, grown));
    assertThrows(NotFoundException.class, () -> images().grow(base(), 1, grown));
    assertEquals(header(SIZE, null), images().readHeader(disk()));
  }

  @Test
  public void growth_to_a_size_that_no_image_can_have_is_refused_and_changes_nothing() {
    images().createEmpty(disk(), SIZE);

    assertThrows(
        InvalidArgumentException.class,
        () ->
            images()
                .grow(disk(), identity(disk()).inode(), new ByteSize(Long.MAX_VALUE / 512 * 512)));
    assertEquals(header(SIZE, null), images().readHeader(disk()));
  }

  @Test
  public void a_reversed_patch_gives_the_old_name_back() {
    images().createOverlay(disk(), base(), ImageFormat.QCOW2, SIZE);
    ImageHeader before = images().readHeader(disk());
    HeaderPatch patch = images().planBackingName(disk(), Path.of("/somewhere/far/away.qcow2"));
    images().patchHeader(disk(), identity(disk()).inode(), patch);
    images().patchHeader(disk(), identity(disk()).inode(), patch.reversed());

    assertEquals(before, images().readHeader(disk()));
  }

  @Test
  public void a_patch_can_be_repeated() {
    images().createOverlay(disk(), base(), ImageFormat.QCOW2, SIZE);
    HeaderPatch patch = images().planBackingName(disk(), Path.of("/elsewhere"));
    images().patchHeader(disk(), identity(disk()).inode(), patch);
    ImageHeader once = images().readHeader(disk());
    images().patchHeader(disk(), identity(disk()).inode(), patch);

    assertEquals(once, images().readHeader(disk()));
  }

  @Test
  public void the_present_name_is_a_patch_that_changes_nothing() {
    images().createOverlay(disk(), base(), ImageFormat.QCOW2, SIZE);

    assertTrue(images().planBackingName(disk(), base()).isEmpty());
  }

  @Test
  public void a_patch_leaves_the_permissions() {
    images().createOverlay(disk(), base(), ImageFormat.QCOW2, SIZE);
    int before = mode(disk());
    images()
        .patchHeader(
            disk(),
            identity(disk()).inode(),
            images().planBackingName(disk(), Path.of("/elsewhere")));

    assertEquals(before, mode(disk()));
  }

  @Test
  public void a_patch_of_another_file_is_refused_and_changes_nothing() {
    images().createOverlay(disk(), base(), ImageFormat.QCOW2, SIZE);
    ImageHeader before = images().readHeader(disk());
    HeaderPatch patch = images().planBackingName(disk(), Path.of("/elsewhere"));

    assertThrows(
        RefusedException.class,
        () -> images().patchHeader(disk(), identity(disk()).inode() + 1, patch));
    assertEquals(before, images().readHeader(disk()));
  }

  @Test
  public void the_bytes_at_a_patch_tell_whether_it_was_written() {
    images().createOverlay(disk(), base(), ImageFormat.QCOW2, SIZE);
    HeaderPatch patch = images().planBackingName(disk(), Path.of("/somewhere/far/away.qcow2"));

    assertEquals(patch.before(), images().bytesAt(disk(), patch));
    images().patchHeader(disk(), identity(disk()).inode(), patch);
    assertEquals(patch.after(), images().bytesAt(disk(), patch));
  }

  @Test
  public void the_bytes_at_a_patch_of_a_missing_file_are_not_found() {
    images().createOverlay(disk(), base(), ImageFormat.QCOW2, SIZE);
    HeaderPatch patch = images().planBackingName(disk(), Path.of("/elsewhere"));

    assertThrows(NotFoundException.class, () -> images().bytesAt(base(), patch));
  }

  @Test
  public void the_bytes_at_a_patch_of_a_short_file_are_invalid() {
    images().createOverlay(disk(), base(), ImageFormat.QCOW2, SIZE);
    HeaderPatch patch = images().planBackingName(disk(), Path.of("/elsewhere"));
    writeGarbage(base(), new byte[10]);

    assertThrows(InvalidImageException.class, () -> images().bytesAt(base(), patch));
  }

  @Test
  public void a_patch_of_a_directory_is_refused() {
    images().createOverlay(disk(), base(), ImageFormat.QCOW2, SIZE);
    HeaderPatch patch = images().planBackingName(disk(), Path.of("/elsewhere"));
    Path directory = root().resolve("directory");
    makeDirectory(directory);

    assertThrows(
        RefusedException.class,
        () -> images().patchHeader(directory, identity(directory).inode(), patch));
  }

  @Test
  public void a_patch_of_a_missing_file_is_not_found() {
    images().createOverlay(disk(), base(), ImageFormat.QCOW2, SIZE);
    HeaderPatch patch = images().planBackingName(disk(), Path.of("/elsewhere"));

    assertThrows(NotFoundException.class, () -> images().patchHeader(base(), 1, patch));
  }

  @Test
  public void a_name_for_an_image_without_a_backing_file_is_invalid() {
    images().createEmpty(disk(), SIZE);

    assertThrows(InvalidImageException.class, () -> images().planBackingName(disk(), base()));
  }

  @Test
  public void a_name_that_the_format_can_t_have_is_refused() {
    images().createOverlay(disk(), base(), ImageFormat.QCOW2, SIZE);

    for (Path name : List.of(Path.of("/" + "b".repeat(1023)), Path.of("relative.qcow2"))) {
      assertThrows(InvalidArgumentException.class, () -> images().planBackingName(disk(), name));
    }
  }

  @Test
  public void a_name_for_a_missing_file_is_not_found() {
    assertThrows(NotFoundException.class, () -> images().planBackingName(disk(), base()));
  }

  @Test
  public void a_name_for_garbage_is_invalid() {
    writeGarbage(disk(), new byte[1000]);

    assertThrows(InvalidImageException.class, () -> images().planBackingName(disk(), base()));
  }

  // New files.

  @Test
  public void a_new_image_is_its_owner_s_alone() {
    images().createEmpty(disk(), SIZE);

    assertEquals(0600, mode(disk()));
  }

  @Test
  public void a_new_overlay_is_its_owner_s_alone() {
    images().createOverlay(disk(), base(), ImageFormat.QCOW2, SIZE);

    assertEquals(0600, mode(disk()));
  }

  @Test
  public void an_image_is_not_made_over_another() {
    images().createEmpty(disk(), SIZE);
    ByteSize other = ByteSize.parse("2G");

    assertThrows(AlreadyExistsException.class, () -> images().createEmpty(disk(), other));
    assertEquals(header(SIZE, null), images().readHeader(disk()));
  }

  @Test
  public void an_overlay_is_not_made_over_an_image() {
    images().createEmpty(disk(), SIZE);

    assertThrows(
        AlreadyExistsException.class,
        () -> images().createOverlay(disk(), base(), ImageFormat.QCOW2, SIZE));
    assertEquals(header(SIZE, null), images().readHeader(disk()));
  }

  @Test
  public void an_image_is_not_made_where_there_is_no_directory() {
    Path nowhere = root().resolve("missing").resolve("disk.qcow2");

    assertThrows(StorageException.class, () -> images().createEmpty(nowhere, SIZE));
  }

  @Test
  public void one_of_many_threads_makes_the_file() throws Exception {
    int threads = 8;
    CyclicBarrier start = new CyclicBarrier(threads);
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    Callable<Boolean> create =
        () -> {
          start.await();
          try {
            images().createOverlay(disk(), base(), ImageFormat.QCOW2, SIZE);
            return true;
          } catch (AlreadyExistsException e) {
            return false;
          }
        };
    try {
      List<Future<Boolean>> made = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        made.add(pool.submit(create));
      }
      int count = 0;
      for (Future<Boolean> one : made) {
        count += one.get() ? 1 : 0;
      }
      assertEquals(1, count);
    } finally {
      pool.shutdownNow();
    }
    assertEquals(SIZE.bytes(), images().readHeader(disk()).virtualSize());
  }

  // Merged layers.

  private static final int CLUSTER = 64 << 10;

  /** Makes a chain of disks of those sizes, in clusters, the topmost first. */
  private ImmutableList<ChainFile> chain(int... clusters) {
    List<ChainFile> chain = new ArrayList<>();
    for (int i = clusters.length - 1; i >= 0; i--) {
      Path layer = root().resolve("layer-" + i + ".qcow2");
      ByteSize size = new ByteSize((long) clusters[i] * CLUSTER);
      if (chain.isEmpty()) {
        images().createEmpty(layer, size);
      } else {
        images().createOverlay(layer, chain.get(0).path(), ImageFormat.QCOW2, size);
      }
      chain.add(0, layer(layer));
    }
    return ImmutableList.copyOf(chain);
  }

  /** Writes to each layer of a chain of three, as the guest of each did when it was the disk. */
  private ImmutableList<ChainFile> writtenChain(int... clusters) {
    ImmutableList<ChainFile> chain = chain(clusters);
    for (int i = chain.size() - 1; i >= 0; i--) {
      writeCluster(chain.subList(i, chain.size()), 0, "first of " + i);
      writeCluster(chain.subList(i, chain.size()), 2 + i, "own of " + i);
    }
    return chain;
  }

  private ChainFile layer(Path path) {
    return new ChainFile(path, ImageFormat.QCOW2, identity(path));
  }

  /** Merges, and returns the chain that the new image is of. */
  private ImmutableList<ChainFile> merge(ImmutableList<ChainFile> chain, int kept) {
    images().createMerged(disk(), new LayerMerge(chain, kept), Progress.NONE);
    return ImmutableList.<ChainFile>builder()
        .add(layer(disk()))
        .addAll(chain.subList(kept, chain.size()))
        .build();
  }

  @Test
  public void merged_layers_read_as_the_chain_did_down_to_each_layer() {
    ImmutableList<ChainFile> chain = writtenChain(8, 8, 8, 8);
    for (int kept = 1; kept < 4; kept++) {
      Path made = root().resolve("merged-" + kept + ".qcow2");
      images().createMerged(made, new LayerMerge(chain, kept), Progress.NONE);

      assertEquals(
          readClusters(chain),
          readClusters(
              ImmutableList.<ChainFile>builder()
                  .add(layer(made))
                  .addAll(chain.subList(kept, 4))
                  .build()));
    }
  }

  @Test
  public void merged_layers_have_the_size_of_the_disk_and_back_onto_the_layer_that_is_kept() {
    ImmutableList<ChainFile> chain = writtenChain(12, 8, 10);
    merge(chain, 2);

    assertEquals(
        header(
            new ByteSize(12L * CLUSTER), new BackingFile(chain.get(2).path().toString(), "qcow2")),
        images().readHeader(disk()));
    assertEquals(CLEAN, images().check(disk()));
  }

  @Test
  public void merged_layers_hide_what_is_below_the_end_of_a_layer_that_was_smaller() {
    ImmutableList<ChainFile> chain = chain(12, 4, 12);
    for (long cluster = 0; cluster < 12; cluster++) {
      writeCluster(chain.subList(2, 3), cluster, "below");
    }
    writeCluster(chain, 6, "above");
    Map<Long, String> expected =
        Map.of(0L, "below", 1L, "below", 2L, "below", 3L, "below", 6L, "above");
    assertEquals(expected, readClusters(chain));

    assertEquals(expected, readClusters(merge(chain, 2)));
  }

  @Test
  public void merged_layers_may_be_smaller_than_the_layer_that_is_kept() {
    ImmutableList<ChainFile> chain = writtenChain(6, 12, 12);
    writeCluster(chain.subList(2, 3), 8, "beyond the end");

    assertEquals(readClusters(chain), readClusters(merge(chain, 2)));
  }

  @Test
  public void merged_layers_may_be_larger_than_the_layer_that_is_kept() {
    ImmutableList<ChainFile> chain = writtenChain(12, 6, 6);
    writeCluster(chain, 11, "beyond its end");

    assertEquals(readClusters(chain), readClusters(merge(chain, 2)));
  }

  @Test
  public void merged_layers_of_which_none_was_written_to_are_no_more_than_an_overlay() {
    merge(chain(8, 8, 8), 2);

    assertTrue(images().isEmptyOverlay(disk()));
  }

  @Test
  public void to_merge_layers_changes_none_of_them() {
    ImmutableList<ChainFile> chain = writtenChain(8, 8, 8);
    Map<Long, String> before = readClusters(chain);
    Map<Long, String> kept = readClusters(chain.subList(2, 3));

    merge(chain, 2);

    assertEquals(before, readClusters(chain));
    assertEquals(kept, readClusters(chain.subList(2, 3)));
  }

  @Test
  public void a_merge_says_how_far_it_is_up_to_the_end() {
    List<Long> done = new ArrayList<>();
    images()
        .createMerged(
            disk(), new LayerMerge(writtenChain(8, 8, 8), 2), (at, total) -> done.add(at));

    assertEquals(8L * CLUSTER, done.get(done.size() - 1));
  }

  @Test
  public void merged_layers_are_their_owner_s_alone() {
    merge(writtenChain(8, 8, 8), 2);

    assertEquals(0600, mode(disk()));
  }

  @Test
  public void merged_layers_take_no_name_that_a_file_has() {
    writeGarbage(disk(), new byte[] {1});

    assertThrows(AlreadyExistsException.class, () -> merge(writtenChain(8, 8, 8), 2));

    assertThrows(InvalidImageException.class, () -> images().readHeader(disk()));
  }

  @Test
  public void a_layer_that_is_missing_is_not_found_and_nothing_is_made() {
    ImmutableList<ChainFile> chain =
        ImmutableList.of(
            chain(8, 8).get(0),
            new ChainFile(
                root().resolve("missing.qcow2"), ImageFormat.QCOW2, new FileIdentity(1, 1)));

    assertThrows(NotFoundException.class, () -> merge(chain, 1));
    assertFalse(exists(disk()));
  }

  @Test
  public void a_layer_that_is_another_file_by_now_is_refused_and_nothing_is_made() {
    ImmutableList<ChainFile> chain = writtenChain(8, 8, 8);
    for (int i = 0; i < 3; i++) {
      List<ChainFile> changed = new ArrayList<>(chain);
      ChainFile other = chain.get((i + 1) % 3);
      changed.set(i, new ChainFile(chain.get(i).path(), chain.get(i).format(), other.identity()));
      LayerMerge merge = new LayerMerge(ImmutableList.copyOf(changed), 1);

      RefusedException refusal =
          assertThrows(
              RefusedException.class, () -> images().createMerged(disk(), merge, Progress.NONE));
      assertTrue(refusal.getMessage().contains("was changed"), refusal::getMessage);
      assertThrows(RefusedException.class, () -> images().measureMerged(merge));
      assertFalse(exists(disk()));
    }
  }

  @Test
  public void a_layer_that_is_no_image_is_invalid_and_nothing_is_made() {
    writeGarbage(base(), "not an image".getBytes(StandardCharsets.UTF_8));
    ImmutableList<ChainFile> chain = ImmutableList.of(chain(8, 8).get(0), layer(base()));

    assertThrows(InvalidImageException.class, () -> merge(chain, 1));
    assertFalse(exists(disk()));
  }

  @Test
  public void layers_that_are_not_all_of_a_chain_are_refused() {
    ImmutableList<ChainFile> chain = writtenChain(8, 8, 8);

    assertRefused(() -> merge(chain.subList(0, 2), 1));
  }

  @Test
  public void layers_below_the_end_of_a_chain_are_refused() {
    ImmutableList<ChainFile> chain = writtenChain(8, 8, 8);
    images().createEmpty(base(), SIZE);

    assertRefused(
        () ->
            merge(ImmutableList.<ChainFile>builder().addAll(chain).add(layer(base())).build(), 1));
  }

  @Test
  public void a_merge_whose_thread_is_interrupted_makes_nothing() {
    ImmutableList<ChainFile> chain = writtenChain(8, 8, 8);
    Thread.currentThread().interrupt();

    assertThrows(InterruptedOperationException.class, () -> merge(chain, 2));

    assertTrue(Thread.interrupted());
    assertFalse(exists(disk()));
  }

  @Test
  public void a_merge_is_measured_without_making_anything() {
    ImmutableList<ChainFile> chain = writtenChain(8, 8, 8);

    long two = images().measureMerged(new LayerMerge(chain, 2));
    long one = images().measureMerged(new LayerMerge(chain, 1));

    assertEquals((long) CLUSTER, two - one); // What only the second layer has.
    assertFalse(exists(disk()));
  }

  // Sizes and names that can't be.

  @Test
  public void the_smallest_image_is_a_sector() {
    images().createEmpty(disk(), new ByteSize(512));

    assertEquals(512, images().readHeader(disk()).virtualSize());
  }

  @Test
  public void a_size_that_is_no_multiple_of_512_is_refused() {
    assertRefused(() -> images().createEmpty(disk(), new ByteSize(1000)));
  }

  @Test
  public void an_overlay_s_size_that_is_no_multiple_of_512_is_refused() {
    assertRefused(
        () -> images().createOverlay(disk(), base(), ImageFormat.QCOW2, new ByteSize(513)));
  }

  @Test
  public void a_size_that_the_format_can_t_have_is_refused() {
    assertRefused(() -> images().createEmpty(disk(), new ByteSize(Long.MAX_VALUE - 511)));
  }

  @Test
  public void an_overlay_s_size_that_the_format_can_t_have_is_refused() {
    assertRefused(
        () ->
            images()
                .createOverlay(
                    disk(), base(), ImageFormat.QCOW2, new ByteSize(Long.MAX_VALUE - 511)));
  }

  @Test
  public void a_backing_name_of_1023_bytes_is_kept() {
    Path backing = Path.of("/" + "b".repeat(1022));
    images().createOverlay(disk(), backing, ImageFormat.QCOW2, SIZE);

    assertEquals(
        new BackingFile(backing.toString(), "qcow2"), images().readHeader(disk()).backing());
  }

  @Test
  public void a_backing_name_of_1024_bytes_is_refused() {
    Path backing = Path.of("/" + "b".repeat(1023));

    assertRefused(() -> images().createOverlay(disk(), backing, ImageFormat.QCOW2, SIZE));
  }

  @Test
  public void a_backing_file_s_relative_path_is_refused() {
    assertRefused(
        () -> images().createOverlay(disk(), Path.of("base.qcow2"), ImageFormat.QCOW2, SIZE));
  }

  // Content that is taken in.

  @Test
  public void the_files_of_a_source_are_its_chain_from_the_top() {
    images().createEmpty(base(), SIZE);
    images().createOverlay(disk(), base(), ImageFormat.QCOW2, ByteSize.parse("2G"));

    SourceImage image = images().inspect(overlay());

    assertEquals(
        List.of(disk(), base()), image.files().stream().map(SourceImage.Layer::path).toList());
    assertEquals(ByteSize.parse("2G").bytes(), image.virtualSize());
    assertEquals(image, images().inspect(overlay()));
  }

  @Test
  public void a_backing_file_that_is_not_allowed_is_refused_whether_or_not_it_is_there() {
    images().createOverlay(disk(), base(), ImageFormat.QCOW2, SIZE);

    assertNotAllowed();

    images().createEmpty(base(), SIZE);

    assertNotAllowed();
  }

  private void assertNotAllowed() {
    UnallowedFileException refusal =
        assertThrows(
            UnallowedFileException.class, () -> images().inspect(ImageSource.qcow2(disk())));
    assertEquals(base(), refusal.file());
  }

  @Test
  public void a_backing_file_that_is_allowed_and_missing_makes_the_source_invalid() {
    images().createOverlay(disk(), base(), ImageFormat.QCOW2, SIZE);

    assertThrows(InvalidImageException.class, () -> images().inspect(overlay()));
  }

  @Test
  public void a_source_that_backs_onto_itself_is_invalid() {
    images().createOverlay(disk(), base(), ImageFormat.QCOW2, SIZE);
    images().createOverlay(base(), disk(), ImageFormat.QCOW2, SIZE);

    assertThrows(
        InvalidImageException.class,
        () -> images().inspect(overlay().allowing(ImmutableList.of(disk()))));
  }

  @Test
  public void a_missing_source_is_not_found() {
    assertThrows(NotFoundException.class, () -> images().inspect(ImageSource.qcow2(disk())));
    assertThrows(NotFoundException.class, () -> images().inspect(ImageSource.raw(disk())));
  }

  @Test
  public void a_directory_is_no_source() {
    makeDirectory(disk());

    assertThrows(InvalidImageException.class, () -> images().inspect(ImageSource.qcow2(disk())));
    assertThrows(InvalidImageException.class, () -> images().inspect(ImageSource.raw(disk())));
  }

  @Test
  public void a_raw_file_is_a_source_only_if_the_caller_says_that_it_is_raw() {
    writeGarbage(disk(), new byte[1000]);

    assertEquals(1024, images().inspect(ImageSource.raw(disk())).virtualSize());
    assertThrows(InvalidImageException.class, () -> images().inspect(ImageSource.qcow2(disk())));
  }

  @Test
  public void a_digest_is_of_the_content_whatever_the_chain() {
    images().createEmpty(base(), SIZE);
    writeAsGuest(base());
    images().createOverlay(disk(), base(), ImageFormat.QCOW2, SIZE);

    assertEquals(digest(ImageSource.qcow2(base())), digest(overlay()));
  }

  @Test
  public void a_digest_is_of_the_content_whatever_the_format() {
    images().createEmpty(disk(), SIZE);
    images().createEmpty(base(), new ByteSize(1024));
    writeGarbage(root().resolve("raw"), new byte[1000]);

    assertEquals(digest(ImageSource.qcow2(base())), digest(ImageSource.raw(root().resolve("raw"))));
    assertTrue(digest(ImageSource.qcow2(disk())).matches("[0-9a-f]{64}"));
  }

  @Test
  public void other_content_or_another_size_has_another_digest() {
    images().createEmpty(disk(), SIZE);
    images().createEmpty(base(), ByteSize.parse("2G"));
    String empty = digest(ImageSource.qcow2(disk()));
    String larger = digest(ImageSource.qcow2(base()));
    writeAsGuest(disk());

    assertNotEquals(empty, larger);
    assertNotEquals(empty, digest(ImageSource.qcow2(disk())));
  }

  @Test
  public void an_import_reads_as_its_source_and_needs_no_other_file() {
    images().createEmpty(base(), SIZE);
    writeAsGuest(base());
    images().createOverlay(disk(), base(), ImageFormat.QCOW2, SIZE);

    importAs(overlay(), SIZE);

    assertEquals(header(SIZE, null), images().readHeader(imported()));
    assertEquals(digest(overlay()), digest(ImageSource.qcow2(imported())));
    assertEquals(CLEAN, images().check(imported()));
    assertEquals(0600, mode(imported()));
  }

  @Test
  public void an_import_whose_thread_is_interrupted_makes_nothing() {
    images().createEmpty(disk(), SIZE);
    writeAsGuest(disk());
    Thread.currentThread().interrupt();

    assertThrows(
        InterruptedOperationException.class, () -> importAs(ImageSource.qcow2(disk()), SIZE));

    assertTrue(Thread.interrupted());
    assertFalse(exists(imported()));
  }

  @Test
  public void a_digest_ends_when_its_thread_is_interrupted() {
    images().createEmpty(disk(), SIZE);
    writeAsGuest(disk());
    Thread.currentThread().interrupt();

    assertThrows(InterruptedOperationException.class, () -> digest(ImageSource.qcow2(disk())));

    assertTrue(Thread.interrupted());
  }

  @Test
  public void an_import_of_a_raw_file_reads_as_that() {
    byte[] content = new byte[200_000];
    content[150_000] = 1;
    writeGarbage(disk(), content);

    importAs(ImageSource.raw(disk()), new ByteSize(200_192));

    assertEquals(digest(ImageSource.raw(disk())), digest(ImageSource.qcow2(imported())));
  }

  @Test
  public void an_import_may_be_larger_than_its_source() {
    images().createEmpty(disk(), SIZE);
    images().createEmpty(base(), ByteSize.parse("2G"));
    writeAsGuest(disk());
    writeAsGuest(base());

    importAs(ImageSource.qcow2(disk()), ByteSize.parse("2G"));

    assertEquals(digest(ImageSource.qcow2(base())), digest(ImageSource.qcow2(imported())));
  }

  @Test
  public void an_import_tells_how_far_it_is_and_that_it_is_complete() {
    images().createEmpty(disk(), SIZE);
    List<Long> told = new ArrayList<>();
    Progress progress =
        (done, total) -> {
          assertEquals(SIZE.bytes(), total);
          told.add(done);
        };

    images().importImage(imported(), images().inspect(ImageSource.qcow2(disk())), SIZE, progress);
    assertEquals(SIZE.bytes(), told.get(told.size() - 1));
    told.clear();
    images().contentDigest(images().inspect(ImageSource.qcow2(disk())), progress);
    assertEquals(SIZE.bytes(), told.get(told.size() - 1));
  }

  @Test
  public void a_size_that_an_import_can_t_have_is_refused() {
    images().createEmpty(disk(), SIZE);
    ImageSource source = ImageSource.qcow2(disk());

    for (long size : new long[] {512, SIZE.bytes() - 512, SIZE.bytes() + 1, Long.MAX_VALUE - 511}) {
      assertThrows(InvalidArgumentException.class, () -> importAs(source, new ByteSize(size)));
      assertFalse(exists(imported()));
    }
  }

  @Test
  public void an_import_is_not_made_over_another_image() {
    images().createEmpty(disk(), SIZE);
    images().createEmpty(imported(), ByteSize.parse("2G"));

    assertThrows(AlreadyExistsException.class, () -> importAs(ImageSource.qcow2(disk()), SIZE));
    assertEquals(header(ByteSize.parse("2G"), null), images().readHeader(imported()));
  }

  @Test
  public void a_source_that_is_another_file_by_now_is_refused() {
    images().createEmpty(disk(), SIZE);
    images().createEmpty(base(), SIZE);
    SourceImage image = images().inspect(ImageSource.qcow2(disk()));
    SourceImage stale =
        new SourceImage(
            image.source(),
            ImmutableList.of(
                new SourceImage.Layer(
                    disk(), images().inspect(ImageSource.qcow2(base())).files().get(0).identity())),
            image.virtualSize());

    assertThrows(
        RefusedException.class, () -> images().importImage(imported(), stale, SIZE, Progress.NONE));
    assertThrows(RefusedException.class, () -> images().contentDigest(stale, Progress.NONE));
    assertFalse(exists(imported()));
  }

  @Test
  public void a_source_that_names_a_file_by_now_that_is_not_allowed_is_refused() {
    images().createEmpty(base(), SIZE);
    images().createOverlay(disk(), base(), ImageFormat.QCOW2, SIZE);
    SourceImage overlay = images().inspect(overlay());
    SourceImage before =
        new SourceImage(
            ImageSource.qcow2(disk()),
            ImmutableList.of(overlay.files().get(0)),
            overlay.virtualSize());

    assertThrows(
        RefusedException.class,
        () -> images().importImage(imported(), before, SIZE, Progress.NONE));
    assertThrows(RefusedException.class, () -> images().contentDigest(before, Progress.NONE));
    assertFalse(exists(imported()));
  }

  @Test
  public void an_exported_image_reads_as_its_source_and_needs_no_other_file() {
    images().createEmpty(base(), SIZE);
    writeAsGuest(base());
    images().createOverlay(disk(), base(), ImageFormat.QCOW2, SIZE);
    NewImageFormat.Qcow2 compressed =
        NewImageFormat.Qcow2.DEFAULT.withCompression(Compression.of(CompressionType.ZSTD));

    exportAs(overlay(), SIZE, compressed);

    assertEquals(header(SIZE, null), images().readHeader(imported()));
    assertEquals(digest(overlay()), digest(ImageSource.qcow2(imported())));
    assertEquals(CLEAN, images().check(imported()));
  }

  @Test
  public void an_exported_image_may_be_larger_than_its_source_and_not_smaller() {
    images().createEmpty(disk(), SIZE);
    writeAsGuest(disk());
    ByteSize larger = ByteSize.parse("2G");
    ImageSource source = ImageSource.qcow2(disk());

    assertThrows(
        InvalidArgumentException.class,
        () -> exportAs(source, new ByteSize(SIZE.bytes() - 512), NewImageFormat.Qcow2.DEFAULT));
    assertFalse(exists(imported()));
    exportAs(source, larger, NewImageFormat.Qcow2.DEFAULT);

    assertEquals(header(larger, null), images().readHeader(imported()));
  }

  @Test
  public void an_export_is_not_made_over_another_image() {
    images().createEmpty(disk(), SIZE);
    images().createEmpty(imported(), ByteSize.parse("2G"));

    assertThrows(
        AlreadyExistsException.class,
        () -> exportAs(ImageSource.qcow2(disk()), SIZE, NewImageFormat.Qcow2.DEFAULT));
    assertEquals(header(ByteSize.parse("2G"), null), images().readHeader(imported()));
  }

  @Test
  public void an_export_whose_thread_is_interrupted_leaves_no_file() {
    images().createEmpty(disk(), SIZE);
    writeAsGuest(disk());
    Thread.currentThread().interrupt();

    assertThrows(
        InterruptedOperationException.class,
        () -> exportAs(ImageSource.qcow2(disk()), SIZE, NewImageFormat.Qcow2.DEFAULT));

    assertTrue(Thread.interrupted());
    assertFalse(exists(imported()));
  }

  private void exportAs(ImageSource source, ByteSize size, NewImageFormat.Qcow2 format) {
    images().exportImage(imported(), images().inspect(source), size, format, Progress.NONE);
  }

  private void importAs(ImageSource source, ByteSize size) {
    images().importImage(imported(), images().inspect(source), size, Progress.NONE);
  }

  private String digest(ImageSource source) {
    return images().contentDigest(images().inspect(source), Progress.NONE);
  }

  private ImageSource overlay() {
    return ImageSource.qcow2(disk()).allowing(ImmutableList.of(base()));
  }

  private Path imported() {
    return root().resolve("imported.qcow2");
  }

  // Building blocks.

  private Path disk() {
    return root().resolve("disk.qcow2");
  }

  private Path base() {
    return root().resolve("base.qcow2");
  }

  private static ImageHeader header(ByteSize size, BackingFile backing) {
    return new ImageHeader(3, size.bytes(), backing, false, false, 0, 0);
  }

  /** The arguments are refused, and nothing was made. */
  private void assertRefused(Runnable creation) {
    assertThrows(InvalidArgumentException.class, creation::run);
    assertFalse(exists(disk()));
  }
}
