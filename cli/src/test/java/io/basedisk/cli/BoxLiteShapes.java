package io.basedisk.cli;

import static io.basedisk.cli.BoxLiteHome.disk;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Homes of BoxLite, and what an adoption of each must find. */
final class BoxLiteShapes {

  private BoxLiteShapes() {}

  /** Makes a home. */
  interface Maker {
    void make(BoxLiteHome home) throws IOException;
  }

  /**
   * A home and what its adoption must find.
   *
   * @param boxes the names of the boxes
   * @param bases the kinds and names of the bases
   */
  record Shape(String name, Maker maker, Set<String> boxes, List<String> bases) {

    @Override
    public String toString() {
      return name;
    }
  }

  private static Shape shape(String name, Maker maker, Set<String> boxes, String... bases) {
    return new Shape(name, maker, new TreeSet<>(boxes), List.of(bases).stream().sorted().toList());
  }

  static List<Shape> all() {
    return List.of(
        shape("one box", home -> home.image(disk("aaa")).box("aaa", "web"), Set.of("web")),
        shape(
            "a box on a raw file system",
            home ->
                home.ext4("images/disk-images/sha256-1.ext4")
                    .overlay(disk("aaa"), "images/disk-images/sha256-1.ext4", "raw")
                    .box("aaa", "web"),
            Set.of("web"),
            "clone_base null"),
        shape(
            "snapshots in both tables",
            BoxLiteShapes::snapshots,
            Set.of("web"),
            "clone_base null",
            "snapshot clean",
            "snapshot old"),
        shape(
            "clones that share",
            BoxLiteShapes::clones,
            Set.of("one", "two", "three"),
            "clone_base null",
            "clone_base null"),
        shape(
            "rootfs entries",
            BoxLiteShapes::rootfs,
            Set.of("web"),
            "clone_base null",
            "rootfs 12ab-34cd",
            "rootfs raw-1"),
        shape(
            "a deep chain",
            BoxLiteShapes::deep,
            Set.of("deep"),
            "clone_base null",
            "clone_base null",
            "clone_base null",
            "clone_base null",
            "clone_base null",
            "clone_base null",
            "clone_base null",
            "clone_base null",
            "clone_base null",
            "clone_base null"),
        shape(
            "relative backing names",
            BoxLiteShapes::relative,
            Set.of("web"),
            "clone_base null",
            "clone_base null"),
        shape("nothing", home -> {}, Set.of()));
  }

  private static void snapshots(BoxLiteHome home) throws IOException {
    home.ext4("images/disk-images/sha256-1.ext4")
        .overlay("bases/snap0001.qcow2", "images/disk-images/sha256-1.ext4", "raw")
        .base("snap0001", "aaa", "clean", "snapshot", "bases/snap0001.qcow2")
        .overlay("boxes/aaa/snapshots/old/disk.qcow2", "bases/snap0001.qcow2", "qcow2")
        .snapshot("x-_12345", "aaa", "old", "boxes/aaa/snapshots/old/disk.qcow2")
        .snapshot("x-_12346", "aaa", "clean", "bases/snap0001.qcow2")
        .overlay(disk("aaa"), "bases/snap0001.qcow2", "qcow2")
        .box("aaa", "web");
  }

  private static void clones(BoxLiteHome home) throws IOException {
    home.ext4("images/disk-images/sha256-1.ext4")
        .overlay("bases/clone001.qcow2", "images/disk-images/sha256-1.ext4", "raw")
        .base("clone001", "aaa", null, "clone_base", "bases/clone001.qcow2");
    for (String box : List.of("one", "two", "three")) {
      home.overlay(disk(box), "bases/clone001.qcow2", "qcow2").box(box, box);
    }
  }

  private static void rootfs(BoxLiteHome home) throws IOException {
    home.ext4("images/disk-images/sha256-1.ext4")
        .overlay("bases/root0001.qcow2", "images/disk-images/sha256-1.ext4", "raw")
        .base("root0001", "__global__", "12ab-34cd", "rootfs", "bases/root0001.qcow2")
        .ext4("bases/root0002.ext4")
        .base("root0002", "__global__", "raw-1", "rootfs", "bases/root0002.ext4")
        .overlay(disk("aaa"), "bases/root0001.qcow2", "qcow2")
        .overlay("boxes/aaa/disks/guest-rootfs.qcow2", "bases/root0002.ext4", "raw")
        .box("aaa", "web");
  }

  private static void deep(BoxLiteHome home) throws IOException {
    home.ext4("images/disk-images/sha256-1.ext4");
    String below = "images/disk-images/sha256-1.ext4";
    for (int i = 1; i < 10; i++) {
      String base = "bases/layer00" + i + ".qcow2";
      home.overlay(base, below, i == 1 ? "raw" : "qcow2")
          .base("layer00" + i, "deep", null, "clone_base", base);
      below = base;
    }
    home.overlay(disk("deep"), below, "qcow2").box("deep", "deep");
  }

  private static void relative(BoxLiteHome home) throws IOException {
    home.ext4("images/disk-images/sha256-1.ext4")
        .overlay("bases/base0001.qcow2", "../images/disk-images/sha256-1.ext4", "raw")
        .base("base0001", "aaa", null, "clone_base", "bases/base0001.qcow2")
        .overlay(disk("aaa"), "../../../bases/base0001.qcow2", "qcow2")
        .box("aaa", "web");
  }
}
