package io.basedisk.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.jr.ob.JSON;
import io.basedisk.qcow2.testing.Qemu;
import io.basedisk.qcow2.testing.Tool;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@code image info} says what {@code qemu-img info} says of images whose content is refused, and
 * of chains; an internal snapshot has the content that QEMU reads.
 */
@Tag("oracle")
class DescribedImagesOracleTest {

  @TempDir private Path temporary;
  private Cli cli;
  private Path image;

  @BeforeAll
  static void assumeQemu() {
    Qemu.assumeInstalled();
  }

  @BeforeEach
  void use_no_home() {
    cli = new Cli(temporary.resolve("home"));
    image = temporary.resolve("image.qcow2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "data_file=%s/data.raw",
        "data_file=%s/data.raw,data_file_raw=on",
        "encrypt.format=aes,encrypt.key-secret=s",
        "encrypt.format=luks,encrypt.key-secret=s,encrypt.iter-time=10",
        "encrypt.format=luks,encrypt.key-secret=s,encrypt.iter-time=10,encrypt.cipher-alg=aes-128,"
            + "encrypt.cipher-mode=cbc,encrypt.ivgen-alg=essiv,encrypt.ivgen-hash-alg=sha256",
      })
  void an_image_whose_content_is_refused_is_described(String options) throws Exception {
    createEncrypted(options.formatted(temporary));

    assertSameInfo();
    cli.run("image", "convert", image.toString(), temporary.resolve("c.raw").toString())
        .assertError(5);
  }

  @Test
  void an_unknown_feature_is_described_and_refused() throws Exception {
    Qemu.img("create", "-q", "-f", "qcow2", image, "1M");
    try (FileChannel file = FileChannel.open(image, StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.wrap(new byte[] {0x40}), 72);
    }

    Map<String, Object> info = cli.json("image", "info", image.toString());

    assertEquals(1 << 20, info.get("virtual-size"));
    assertTrue(info.toString().contains("unknown-features=[bit 62]"), info::toString);
    cli.run("image", "rebase", "-u", image.toString(), "-b", "x", "-F", "raw").assertError(5);
    cli.run("image", "resize", image.toString(), "2M").assertError(5);
  }

  @Test
  void a_chain_is_described_from_the_top() throws Exception {
    Path raw = Files.write(temporary.resolve("base.raw"), new byte[1 << 20]);
    Path middle = temporary.resolve("middle.qcow2");
    Qemu.img("create", "-q", "-f", "qcow2", "-b", raw, "-F", "raw", middle, "2M");
    Qemu.img("create", "-q", "-f", "qcow2", "-b", "middle.qcow2", "-F", "qcow2", image);
    String[] command = {
      "image",
      "info",
      "--backing-chain",
      image.toString(),
      "--allow-backing",
      middle.toString(),
      "--allow-backing",
      raw.toString()
    };

    assertEquals(
        JSON.std.listFrom(Qemu.img("info", "--output=json", "--backing-chain", image)),
        cli.jsonList(command));
    assertEquals(Qemu.img("info", "--backing-chain", image), cli.run(command).out());
    cli.run("image", "info", "--backing-chain", image.toString()).assertError(5);
  }

  @ParameterizedTest
  @CsvSource({"2, 7", "first, 5", "snapshot.id=1, 5", "snapshot.name=second, 7"})
  void a_snapshot_has_the_content_that_qemu_reads(String choice, int pattern) throws Exception {
    Path base = temporary.resolve("base.qcow2");
    Qemu.img("create", "-q", "-f", "qcow2", base, "1M");
    Qemu.io(base, List.of("write -P 3 0 1M"));
    Qemu.img("create", "-q", "-f", "qcow2", "-b", base, "-F", "qcow2", image);
    Qemu.io(image, List.of("write -P 5 0 64K"));
    Qemu.img("snapshot", "-c", "first", image);
    Qemu.io(image, List.of("write -P 7 0 64K", "write -c -P 8 64K 64K"));
    Qemu.img("resize", "-q", image, "2M");
    Qemu.img("snapshot", "-c", "second", image);
    Qemu.io(image, List.of("write -P 9 0 2M"));
    Path theirs = temporary.resolve("theirs.raw");
    Path ours = temporary.resolve("ours.raw");
    Tool.run("qemu-img", "convert", "-l", choice, "-O", "raw", image, theirs);

    Cli.Result result =
        cli.run(
            "image",
            "convert",
            "-l",
            choice,
            "-O",
            "raw",
            image.toString(),
            ours.toString(),
            "--allow-backing",
            base.toString());

    assertEquals(0, result.code(), result.err());
    // QEMU gives a snapshot the image's present size, and pads its content with zeros.
    byte[] content = Files.readAllBytes(ours);
    assertEquals(choice.matches(".*(2|second)") ? 2 << 20 : 1 << 20, content.length);
    assertArrayEquals(Files.readAllBytes(theirs), Arrays.copyOf(content, 2 << 20));
    assertEquals(pattern, Files.readAllBytes(ours)[0]);
  }

  @Test
  void a_snapshot_that_is_not_there_is_not_found() {
    Qemu.img("create", "-q", "-f", "qcow2", image, "1M");

    cli.run("image", "convert", "-l", "none", image.toString(), image + ".copy").assertError(4);
  }

  /** Creates an image, although QEMU can't measure the time for a LUKS key on a busy machine. */
  private void createEncrypted(String options) {
    String output = "never run";
    for (int i = 0; i < 50 && !output.isEmpty(); i++) {
      output =
          Tool.run(
              List.of(0, 1),
              "qemu-img",
              "create",
              "-q",
              "--object",
              "secret,id=s,data=abc",
              "-f",
              "qcow2",
              "-o",
              options,
              image,
              "1M");
    }
    assumeTrue(output.isEmpty(), output);
  }

  private void assertSameInfo() throws Exception {
    assertEquals(
        JSON.std.mapFrom(Qemu.img("info", "--output=json", image)),
        cli.json("image", "info", image.toString()));
    assertEquals(Qemu.img("info", image), cli.run("image", "info", image.toString()).out());
  }
}
