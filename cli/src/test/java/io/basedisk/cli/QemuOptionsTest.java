package io.basedisk.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The {@code image} commands take the command lines that people know from qemu-img. */
class QemuOptionsTest {

  @TempDir private Path temporary;
  private Path directory;
  private Cli cli;

  @BeforeEach
  void make_an_image() throws Exception {
    directory = temporary.toRealPath();
    cli = new Cli(directory.resolve("home"));
    cli.json("image", "create", file("a.qcow2"), "1M");
  }

  private String file(String name) {
    return directory.resolve(name).toString();
  }

  /** Runs an image command; words that end in .qcow2 or .raw are files of the directory. */
  private Cli.Result image(String line) {
    String[] words = ("image " + line).split(" ");
    for (int i = 0; i < words.length; i++) {
      if (words[i].matches("[a-z]+[.](qcow2|raw)")) {
        words[i] = file(words[i]);
      }
    }
    return cli.run(words);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "create -f qcow2 b.qcow2 1G",
        "create -q -f qcow2 -o cluster_size=4K,compression_type=zstd,lazy_refcounts=off b.qcow2 1G",
        "create -f qcow2 -o compat=1.1,refcount_bits=16,preallocation=off b.qcow2 1.5G",
        "info -f qcow2 -U --output=human a.qcow2",
        "check -f qcow2 -q -p -T none -U --output=json a.qcow2",
        "check -r leaks a.qcow2",
        "check -r all a.qcow2",
        "map -f qcow2 --output=json a.qcow2",
        "measure -f qcow2 -O qcow2 -o cluster_size=4K --output=json a.qcow2",
        "compare -f qcow2 -F qcow2 -p -q -T none a.qcow2 a.qcow2",
        "convert -f qcow2 -O raw a.qcow2 b.raw",
        "convert -p -q -W -m 16 -t none -T directsync -O qcow2 a.qcow2 b.qcow2",
        "convert -c a.qcow2 b.qcow2",
        "convert -c zstd a.qcow2 b.qcow2",
        "convert -c -o compression_type=zstd,cluster_size=128K a.qcow2 b.qcow2",
        "resize -q -f qcow2 a.qcow2 +1G",
      })
  void a_command_line_of_qemu_img_works(String line) {
    Cli.Result result = image(line);

    assertEquals(0, result.code(), result.err());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "create -f raw b.raw 1G|truncate",
        "create -o lazy_refcounts=on b.qcow2 1G|qemu-img amend",
        "create -o lazy_refcounts b.qcow2 1G|qemu-img amend",
        "create -o compat=0.10 b.qcow2 1G|qemu-img amend",
        "create -o preallocation=full b.qcow2 1G|take space when they are written",
        "create -o backing_file=a.qcow2 b.qcow2 1G|-b BACKING",
        "create -o data_file=a.raw b.qcow2 1G|one file",
        "create -o encrypt.format=luks b.qcow2 1G|not supported",
        "create -o frobnicate=1 b.qcow2 1G|no option 'frobnicate'",
        "convert -O raw -o cluster_size=4K a.qcow2 b.raw|for qcow2",
        "convert -o compression_type=zstd a.qcow2 b.qcow2|requires -c",
        "convert -U a.qcow2 b.qcow2|Stop the VM",
        "convert -t sometimes a.qcow2 b.qcow2|no cache mode",
        "check -f raw a.qcow2|no tables",
        "info --output=yaml a.qcow2|output format",
        "info --allow-backing a.qcow2 a.qcow2|requires --backing-chain",
        "resize a.qcow2 512K|can't shrink",
        "resize a.qcow2 0.3|fraction of a byte",
      })
  void what_is_not_supported_says_what_to_use(String line, String instead) {
    Cli.Result result = image(line);

    result.assertError(2);
    assertTrue(result.err().contains(instead), result.err());
    assertFalse(Files.exists(directory.resolve("b.qcow2")));
    assertFalse(Files.exists(directory.resolve("b.raw")));
  }

  @Test
  void output_json_is_the_same_as_json_also_for_errors() {
    assertEquals(
        cli.json("image", "info", file("a.qcow2")), image("info --output=json a.qcow2").object());
    assertTrue(image("info --output=json none.qcow2").err().startsWith("{\"error\""));
    assertTrue(image("info --output=json").err().startsWith("{\"error\""));
  }

  @Test
  void the_format_options_of_a_new_image_are_in_its_info() {
    image("create -o cluster_size=4K,compression_type=zstd b.qcow2 1G");

    Map<String, Object> info = cli.json("image", "info", file("b.qcow2"));

    assertEquals(4096, info.get("cluster-size"));
    assertTrue(info.get("format-specific").toString().contains("zstd"), info::toString);
  }

  @Test
  void a_resized_image_has_the_new_size() {
    assertEquals(
        20L << 30, cli.json("image", "resize", file("a.qcow2"), "20 GiB").get("virtual-size"));
    assertEquals(
        (20L << 30) + 512, cli.json("image", "resize", file("a.qcow2"), "+1").get("virtual-size"));
  }

  @Test
  void a_disk_of_a_box_is_resized_with_the_box_alone() {
    String disk = (String) cli.json("box", "create", "web", "--size", "1M").get("disk");
    String base = (String) cli.json("snapshot", "create", "web", "s").get("base_path");

    assertEquals(3, cli.run("image", "resize", disk, "2M").code());
    assertEquals(3, cli.run("image", "resize", base, "2M").code());
    assertEquals(2 << 20, cli.json("box", "resize", "web", "2M").get("virtual_size"));
    assertEquals(2, cli.run("box", "resize", "web", "1M").code());
    assertEquals(4, cli.run("box", "resize", "none", "1M").code());
  }

  @ParameterizedTest
  @CsvSource({
    "QED\\0, a QED image",
    "KDMV, a VMDK image",
    "# Disk DescriptorFile, a VMDK image",
    "vhdxfile, a VHDX image",
    "conectix, a VHD image",
    "QFI\\xfb\\0\\0\\0\\x01, a qcow1 image",
    "\\x1f\\x8b, a gzip file",
    "\\xfd7zXZ\\0, an xz file",
    "\\x28\\xb5\\x2f\\xfd, a zstd file",
    "anything, probably raw",
  })
  void what_is_no_qcow2_image_is_named(String start, String name) throws Exception {
    byte[] content = new byte[1 << 16];
    byte[] head = bytes(start);
    System.arraycopy(head, 0, content, 0, head.length);
    Files.write(directory.resolve("other.raw"), content);

    Cli.Result result = image("info other.raw");

    result.assertError(5);
    assertTrue(result.err().contains("not a qcow2 image: " + name), result.err());
    assertEquals(
        1 << 16, cli.json("image", "info", "-f", "raw", file("other.raw")).get("virtual-size"));
  }

  @Test
  void formats_with_a_mark_further_on_are_named() throws Exception {
    byte[] iso = new byte[1 << 16];
    System.arraycopy(bytes("CD001"), 0, iso, 0x8001, 5);
    byte[] vhd = new byte[1 << 16];
    System.arraycopy(bytes("conectix"), 0, vhd, (1 << 16) - 512, 8);
    byte[] vdi = new byte[1 << 16];
    System.arraycopy(bytes("\\x7f\\x10\\xda\\xbe"), 0, vdi, 0x40, 4);

    assertNamed(iso, "an ISO 9660 image");
    assertNamed(vhd, "a VHD image");
    assertNamed(vdi, "a VDI image");
    assertNamed(new byte[0], "probably raw");
  }

  private void assertNamed(byte[] content, String name) throws Exception {
    Files.write(directory.resolve("other.raw"), content);
    String error = image("info other.raw").err();
    assertTrue(error.contains("not a qcow2 image: " + name), error);
  }

  /** Returns the bytes of a text with \\0 and \\xHH for other bytes. */
  private static byte[] bytes(String text) {
    StringBuilder latin = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) != '\\') {
        latin.append(text.charAt(i));
      } else if (text.charAt(i + 1) == '0') {
        latin.append('\0');
        i++;
      } else {
        latin.append((char) Integer.parseInt(text.substring(i + 2, i + 4), 16));
        i += 3;
      }
    }
    return latin.toString().getBytes(StandardCharsets.ISO_8859_1);
  }
}
