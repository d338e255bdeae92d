package io.basedisk.oci.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.model.artifact.Platform;
import io.basedisk.domain.port.Progress;
import io.basedisk.oci.Programs;
import io.basedisk.oci.blob.Blobs;
import io.basedisk.oci.image.ContainerDisk;
import io.basedisk.oci.image.ImageForm;
import io.basedisk.oci.image.PodmanMachine;
import io.basedisk.oci.image.ReceivedImage;
import io.basedisk.oci.image.Receiving;
import io.basedisk.oci.layout.LayoutBlobs;
import io.basedisk.oci.tar.Tars;
import io.basedisk.oci.testing.RegistryProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Other programs' forms of a disk go through docker's registry and skopeo, and come back equal. */
@Tag("oracle")
class ForeignImagesOracleTest {

  private static final Platform PLATFORM = new Platform("amd64", "linux");
  private static final long LIMIT = 64L << 20;

  @TempDir Path directory;
  @TempDir Path temporaries;
  private RegistryProcess registry;
  private Path disk;

  @BeforeAll
  static void assumePrograms() {
    RegistryProcess.assumeInstalled(RegistryProcess.PROGRAM);
    RegistryProcess.assumeInstalled("skopeo");
    RegistryProcess.assumeInstalled("qemu-img");
  }

  @BeforeEach
  void start() throws IOException {
    disk = Programs.qcow2(directory);
    registry = RegistryProcess.start(directory);
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  @Test
  void a_container_disk_comes_back() {
    sendContainerDisk();
    try (Blobs blobs = registry("disk", Access.PULL)) {
      assertEquals(ImageForm.CONTAINER_DISK, ImageForm.find(blobs, "disk:v1", "v1"));
      assertDisk(ContainerDisk.receive(blobs, "disk:v1", "v1", receiving(), Progress.NONE));
    }
  }

  @Test
  void skopeo_sees_a_container_disk_as_an_image() throws Exception {
    sendContainerDisk();
    String seen = new String(skopeo("inspect", source("disk")), UTF_8);
    assertTrue(seen.contains("\"Architecture\": \"amd64\""), seen);
    assertTrue(seen.contains("\"Os\": \"linux\""), seen);
  }

  /** Other media types and compressions, as docker and newer tools store them. */
  @ParameterizedTest
  @ValueSource(strings = {"--format=v2s2", "--format=oci", "--dest-compress-format=zstd"})
  void a_container_disk_that_skopeo_converted_is_read(String conversion) throws Exception {
    sendContainerDisk();
    skopeo(
        "copy",
        conversion,
        "--dest-compress",
        "--dest-tls-verify=false",
        source("disk"),
        "docker://" + registry.host() + "/copy:v2");
    try (Blobs blobs = registry("copy", Access.PULL)) {
      assertDisk(ContainerDisk.receive(blobs, "copy:v2", "v2", receiving(), Progress.NONE));
    }
  }

  @Test
  void a_container_disk_in_a_layout_of_skopeo_is_read() throws Exception {
    sendContainerDisk();
    Path layout = directory.resolve("layout");
    skopeo("copy", source("disk"), "oci:" + layout + ":v3");
    try (Blobs blobs = new LayoutBlobs(layout)) {
      assertDisk(ContainerDisk.receive(blobs, "layout:v3", "v3", receiving(), Progress.NONE));
    }
  }

  /** A file that tar packed, and an image that skopeo made of it. */
  @Test
  void a_container_disk_of_another_tar_is_read() throws Exception {
    Path tree = Files.createDirectories(directory.resolve("tree/disk"));
    Files.copy(disk, tree.resolve("downloaded.img"));
    Path tar = directory.resolve("layer.tar");
    Programs.run("tar", "-C", tree.getParent().toString(), "-cf", tar.toString(), "./disk");
    Path archive = directory.resolve("image.tar");
    Files.write(archive, dockerArchive(Files.readAllBytes(tar)));
    skopeo(
        "copy",
        "--dest-tls-verify=false",
        "docker-archive:" + archive,
        "docker://" + registry.host() + "/other:v1");
    try (Blobs blobs = registry("other", Access.PULL)) {
      assertDisk(ContainerDisk.receive(blobs, "other:v1", "v1", receiving(), Progress.NONE));
    }
  }

  @Test
  void a_podman_machine_image_comes_back() {
    sendPodmanMachine();
    try (Blobs blobs = registry("machine", Access.PULL)) {
      assertEquals(ImageForm.PODMAN_MACHINE, ImageForm.find(blobs, "machine:v1", "v1"));
      assertDisk(PodmanMachine.receive(blobs, "machine:v1", "v1", receiving(), Progress.NONE));
    }
  }

  @Test
  void skopeo_copies_a_podman_machine_image() throws Exception {
    sendPodmanMachine();
    Path layout = directory.resolve("layout");
    skopeo("copy", "--all", source("machine"), "oci:" + layout + ":v1");
    try (Blobs blobs = new LayoutBlobs(layout)) {
      assertDisk(PodmanMachine.receive(blobs, "layout:v1", "v1", receiving(), Progress.NONE));
    }
  }

  @Test
  void skopeo_copies_a_podman_machine_image_from_our_layout() throws Exception {
    Path layout = directory.resolve("layout");
    try (Blobs blobs = new LayoutBlobs(layout)) {
      PodmanMachine.send(blobs, "v1", disk, PLATFORM, temporaries, Progress.NONE);
    }
    skopeo(
        "copy",
        "--all",
        "--dest-tls-verify=false",
        "oci:" + layout + ":v1",
        "docker://" + registry.host() + "/machine:v1");
    try (Blobs blobs = registry("machine", Access.PULL)) {
      assertDisk(PodmanMachine.receive(blobs, "machine:v1", "v1", receiving(), Progress.NONE));
    }
  }

  private void sendContainerDisk() {
    try (Blobs blobs = registry("disk", Access.PUSH)) {
      ContainerDisk.send(blobs, "v1", disk, PLATFORM, temporaries, Progress.NONE);
    }
  }

  private void sendPodmanMachine() {
    try (Blobs blobs = registry("machine", Access.PUSH)) {
      PodmanMachine.send(blobs, "v1", disk, PLATFORM, temporaries, Progress.NONE);
    }
  }

  /** The format of {@code docker save}, with one layer. */
  private static byte[] dockerArchive(byte[] layer) {
    String diffId = Clients.digest(layer).toString();
    String config =
        "{\"architecture\":\"amd64\",\"os\":\"linux\",\"config\":{},\"rootfs\":{\"type\":\"layers\","
            + "\"diff_ids\":[\""
            + diffId
            + "\"]}}";
    return new Tars()
        .file("layer.tar", layer)
        .file("config.json", config)
        .file(
            "manifest.json",
            "[{\"Config\":\"config.json\",\"RepoTags\":[\"x:v1\"],\"Layers\":[\"layer.tar\"]}]")
        .bytes();
  }

  private Blobs registry(String repository, Access access) {
    RegistryReference reference = RegistryReference.parse(registry.host() + "/" + repository);
    return RegistryBlobs.of(reference, access, RegistryOptions.DEFAULT);
  }

  private String source(String repository) {
    return "docker://" + registry.host() + "/" + repository + ":v1";
  }

  private byte[] skopeo(String command, String... arguments) throws Exception {
    ImmutableList<String> all =
        ImmutableList.<String>builder()
            .add(command)
            .add(command.equals("inspect") ? "--tls-verify=false" : "--src-tls-verify=false")
            .add(arguments)
            .build();
    return RegistryProcess.skopeo(all.toArray(new String[0]));
  }

  private Receiving receiving() {
    return new Receiving(PLATFORM, null, LIMIT, temporaries);
  }

  private void assertDisk(ReceivedImage received) {
    try (received) {
      assertEquals(ImageFormat.QCOW2, received.format());
      Programs.assertSameContent(disk, received.file());
    }
    assertEquals(0, temporaries.toFile().list().length);
  }
}
