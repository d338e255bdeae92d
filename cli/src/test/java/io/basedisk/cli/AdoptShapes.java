package io.basedisk.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.basedisk.qcow2.testing.Tool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Trees of disk files as QEMU's tools make them, and what an adoption of each must find. */
final class AdoptShapes {

  /** The type of the header extension: qcow2 specification, "Header extensions". */
  private static final int BACKING_FORMAT = 0xE2792ACA;

  private static final int UNKNOWN_EXTENSION = 0x12345678;

  private AdoptShapes() {}

  /** Makes the files of a shape. */
  interface Maker {
    void make(Tree tree) throws IOException;
  }

  /**
   * A tree and what its adoption must find.
   *
   * @param boxes the names of the boxes
   * @param bases how many bases are new
   * @param leftOut the names of the files that are left out, relative to the tree
   */
  record Shape(
      String name,
      Maker maker,
      Set<String> boxes,
      int bases,
      Set<String> leftOut,
      List<String> options) {

    @Override
    public String toString() {
      return name;
    }

    Shape with(String... more) {
      List<String> all = new ArrayList<>(options);
      all.addAll(List.of(more));
      return new Shape(name, maker, boxes, bases, leftOut, List.copyOf(all));
    }

    Shape without(String... files) {
      return new Shape(name, maker, boxes, bases, new TreeSet<>(List.of(files)), options);
    }
  }

  private static Shape shape(String name, Maker maker, int bases, String... boxes) {
    return new Shape(name, maker, new TreeSet<>(List.of(boxes)), bases, Set.of(), List.of());
  }

  /** The directory that is adopted, and one beside it. */
  record Tree(Path root, Path outside) {

    /** Returns the directory beside this one as a tree, to make files in. */
    Tree beside() {
      return new Tree(outside, outside);
    }

    Path at(String name) {
      Path file = root.resolve(name).normalize();
      try {
        Files.createDirectories(file.getParent());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return file;
    }

    /** Makes an image with content of its own. */
    Tree image(String name, String... options) {
      create(at(name), "1M", options);
      return write(at(name), "qcow2", name);
    }

    Tree raw(String name) {
      Tool.run("qemu-img", "create", "-q", "-f", "raw", at(name), "1M");
      return write(at(name), "raw", name);
    }

    Tree overlay(String name, String backing, String... options) {
      return named(name, at(backing).toString(), "qcow2", "", options);
    }

    /** Makes an overlay with any backing name, and writes to it. */
    Tree named(String name, String backing, String format, String size, String... options) {
      List<Object> command = new ArrayList<>(List.of("create", "-q", "-u", "-f", "qcow2"));
      command.addAll(List.of("-b", backing, "-F", format));
      command.addAll(List.of(options));
      command.add(at(name));
      command.add(size.isEmpty() ? "1M" : size);
      Tool.run("qemu-img", command.toArray());
      return this;
    }

    /** Writes to an image through its chain, somewhere that depends on its name. */
    Tree write(String name) {
      return write(at(name), "qcow2", name);
    }

    private Tree write(Path image, String format, String name) {
      int place = Math.floorMod(name.hashCode(), 12) * 64;
      int value = 1 + Math.floorMod(name.hashCode(), 200);
      Tool.run(
          "qemu-io", "-f", format, "-c", "write -q -P " + value + " " + place + "k 128k", image);
      return this;
    }

    private static void create(Path file, String size, String... options) {
      List<Object> command = new ArrayList<>(List.of("create", "-q", "-f", "qcow2"));
      command.addAll(List.of(options));
      command.add(file);
      command.add(size);
      Tool.run("qemu-img", command.toArray());
    }

    /** Turns the header extension of the backing format into an unknown one. */
    Tree forgetFormat(String name) {
      try {
        ByteBuffer header = ByteBuffer.wrap(Files.readAllBytes(at(name)));
        int position = 100;
        while (header.getInt(position) != BACKING_FORMAT) {
          position += Integer.BYTES;
        }
        header.putInt(position, UNKNOWN_EXTENSION);
        Files.write(at(name), header.array());
        return this;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  static List<Shape> all() {
    List<Shape> all = new ArrayList<>(chains());
    all.addAll(layouts());
    all.addAll(formats());
    all.addAll(hostile());
    return all;
  }

  private static List<Shape> chains() {
    return List.of(
        shape("one image", t -> t.image("web.qcow2"), 0, "web"),
        shape("nothing", t -> {}, 0),
        shape(
            "absolute name",
            t -> t.image("base.qcow2").overlay("web.qcow2", "base.qcow2").write("web.qcow2"),
            1,
            "web"),
        shape(
            "relative name",
            t ->
                t.image("base.qcow2")
                    .named("web.qcow2", "base.qcow2", "qcow2", "")
                    .write("web.qcow2"),
            1,
            "web"),
        shape(
            "relative name with dots",
            t ->
                t.image("images/base.qcow2")
                    .named("vms/web.qcow2", "../images/../images/base.qcow2", "qcow2", "")
                    .write("vms/web.qcow2"),
            1,
            "web"),
        shape(
            "name with the protocol file",
            t ->
                t.image("base.qcow2")
                    .named("web.qcow2", "file:" + t.at("base.qcow2"), "qcow2", "")
                    .write("web.qcow2"),
            1,
            "web"),
        shape(
                "symbolic name",
                t -> {
                  t.image("base.qcow2");
                  Files.createSymbolicLink(t.at("latest"), t.at("base.qcow2"));
                  t.named("web.qcow2", "latest", "qcow2", "").write("web.qcow2");
                },
                1,
                "web")
            .without("latest"),
        shape(
                "name through a symbolic directory",
                t -> {
                  t.image("images/base.qcow2");
                  Files.createSymbolicLink(t.at("pool"), t.at("images"));
                  t.named("web.qcow2", t.root() + "/pool/base.qcow2", "qcow2", "")
                      .write("web.qcow2");
                },
                1,
                "web")
            .without("pool"),
        shape(
            "chain of 5",
            t -> {
              t.image("0.qcow2");
              for (int i = 1; i < 5; i++) {
                t.overlay(i + ".qcow2", i - 1 + ".qcow2").write(i + ".qcow2");
              }
              t.overlay("web.qcow2", "4.qcow2").write("web.qcow2");
            },
            5,
            "web"),
        shape(
            "chain of 40",
            t -> {
              t.image("0.qcow2");
              for (int i = 1; i < 40; i++) {
                t.overlay(i + ".qcow2", i - 1 + ".qcow2");
              }
              t.overlay("web.qcow2", "39.qcow2").write("web.qcow2");
            },
            40,
            "web"),
        shape(
            "shared base",
            t ->
                t.image("base.qcow2")
                    .overlay("a.qcow2", "base.qcow2")
                    .write("a.qcow2")
                    .named("b.qcow2", "base.qcow2", "qcow2", "")
                    .write("b.qcow2")
                    .overlay("c.qcow2", "base.qcow2"),
            1,
            "a",
            "b",
            "c"),
        shape(
            "tree",
            t ->
                t.image("base.qcow2")
                    .overlay("left.qcow2", "base.qcow2")
                    .write("left.qcow2")
                    .overlay("right.qcow2", "base.qcow2")
                    .write("right.qcow2")
                    .overlay("a.qcow2", "left.qcow2")
                    .write("a.qcow2")
                    .overlay("b.qcow2", "left.qcow2")
                    .overlay("c.qcow2", "right.qcow2")
                    .write("c.qcow2")
                    .image("alone.qcow2"),
            3,
            "a",
            "b",
            "c",
            "alone"),
        shape(
            "larger overlay",
            t ->
                t.image("base.qcow2")
                    .named("web.qcow2", t.at("base.qcow2").toString(), "qcow2", "3M")
                    .write("web.qcow2"),
            1,
            "web"),
        shape(
            "smaller overlay",
            t ->
                t.image("base.qcow2")
                    .named("web.qcow2", t.at("base.qcow2").toString(), "qcow2", "512k"),
            1,
            "web"),
        shape(
                "file outside",
                t -> {
                  Tree beside = t.beside();
                  beside.image("golden.qcow2");
                  t.named("web.qcow2", beside.at("golden.qcow2").toString(), "qcow2", "");
                },
                0)
            .without("web.qcow2"),
        shape(
                "allowed file outside",
                t -> {
                  Tree beside = t.beside();
                  beside.image("lower.qcow2").overlay("golden.qcow2", "lower.qcow2");
                  t.named("web.qcow2", beside.at("golden.qcow2").toString(), "qcow2", "")
                      .write("web.qcow2");
                },
                2,
                "web")
            .with("--allow-backing", "OUTSIDE/golden.qcow2")
            .with("--allow-backing", "OUTSIDE/lower.qcow2"));
  }

  private static List<Shape> layouts() {
    return List.of(
        shape(
            "lima",
            t -> {
              for (String vm : List.of("default", "docker")) {
                t.image(vm + "/basedisk").overlay(vm + "/diffdisk", vm + "/basedisk");
                t.write(vm + "/diffdisk");
              }
            },
            2,
            "default-diffdisk",
            "docker-diffdisk"),
        shape(
            "GNS3",
            t -> {
              t.image("images/router.qcow2");
              for (String vm : List.of("0a5bd0e5-21a6", "9c1f77aa-8f0c")) {
                String disk = "project-files/qemu/" + vm + "/hda_disk.qcow2";
                t.overlay(disk, "images/router.qcow2").write(disk);
              }
            },
            1,
            "0a5bd0e5-21a6-hda_disk",
            "9c1f77aa-8f0c-hda_disk"),
        shape(
            "libvirt with external snapshots",
            t ->
                t.image("win.qcow2")
                    .overlay("win.before-update", "win.qcow2")
                    .write("win.before-update")
                    .overlay("win.after-update", "win.before-update")
                    .write("win.after-update"),
            2,
            "win.after-update"),
        shape(
            "one directory for each VM",
            t -> t.image("a/disk.qcow2").image("b/disk.qcow2").image("c/disks/disk.qcow2"),
            0,
            "a-disk",
            "b-disk",
            "c-disk"),
        shape(
            "two disks of one VM",
            t -> t.image("web/disk.qcow2").image("web/guest-rootfs.qcow2").image("web/data.img"),
            0,
            "web-disk",
            "web-guest-rootfs",
            "web-data"),
        shape(
            "names that are not those of boxes",
            t ->
                t.image("-x.qcow2")
                    .image("ü ü.qcow2")
                    .image("__.qcow2")
                    .image("a".repeat(200) + ".qcow2")
                    .image("deep er/and/deeper/.hidden.qcow2"),
            0,
            "x",
            "box",
            "box-2",
            "a".repeat(128),
            "hidden"),
        shape(
            "names that clash",
            t -> t.image("web.qcow2").image("a/x.qcow2").image("b/x.qcow2").image("web.img"),
            0,
            "a-x",
            "b-x",
            "tree-web",
            "tree-web-2"));
  }

  private static List<Shape> formats() {
    return List.of(
        shape(
            "raw bottom",
            t -> t.raw("debian.raw").named("web.qcow2", "debian.raw", "raw", "").write("web.qcow2"),
            1,
            "web"),
        shape(
            "raw bottom of a deeper tree",
            t ->
                t.raw("debian.img")
                    .named("base.qcow2", "debian.img", "raw", "")
                    .write("base.qcow2")
                    .overlay("web.qcow2", "base.qcow2")
                    .write("web.qcow2")
                    .named("db.qcow2", t.at("debian.img").toString(), "raw", "")
                    .write("db.qcow2"),
            2,
            "web",
            "db"),
        shape(
                "format that no header tells",
                t ->
                    t.image("base.qcow2")
                        .overlay("web.qcow2", "base.qcow2")
                        .write("web.qcow2")
                        .forgetFormat("web.qcow2"),
                0)
            .without("base.qcow2", "web.qcow2"),
        shape(
                "told qcow2",
                t ->
                    t.image("base.qcow2")
                        .overlay("web.qcow2", "base.qcow2")
                        .write("web.qcow2")
                        .forgetFormat("web.qcow2"),
                1,
                "web")
            .with("--format", "qcow2"),
        shape(
                "told raw",
                t ->
                    t.raw("base.img")
                        .named("web.qcow2", t.at("base.img").toString(), "raw", "")
                        .write("web.qcow2")
                        .forgetFormat("web.qcow2"),
                1,
                "web")
            .with("--format", "raw"),
        shape(
                "told wrongly",
                t ->
                    t.raw("base.img")
                        .named("web.qcow2", t.at("base.img").toString(), "raw", "")
                        .forgetFormat("web.qcow2"),
                0)
            .with("--format", "qcow2")
            .without("base.img", "web.qcow2"),
        shape(
            "version 2",
            t ->
                t.image("base.qcow2", "-o", "compat=0.10")
                    .overlay("web.qcow2", "base.qcow2", "-o", "compat=0.10")
                    .write("web.qcow2"),
            1,
            "web"),
        shape(
            "small clusters on large clusters",
            t ->
                t.image("base.qcow2", "-o", "cluster_size=2M")
                    .overlay("web.qcow2", "base.qcow2", "-o", "cluster_size=4k")
                    .write("web.qcow2"),
            1,
            "web"),
        shape(
            "smallest clusters",
            t ->
                t.image("base.qcow2", "-o", "cluster_size=512")
                    .overlay("web.qcow2", "base.qcow2", "-o", "cluster_size=512")
                    .write("web.qcow2"),
            1,
            "web"),
        shape(
            "extended L2 entries and lazy refcounts",
            t ->
                t.image("base.qcow2", "-o", "extended_l2=on")
                    .overlay("web.qcow2", "base.qcow2", "-o", "lazy_refcounts=on")
                    .write("web.qcow2"),
            1,
            "web"),
        shape(
            "compressed base",
            t -> {
              t.image("source.qcow2");
              Tool.run(
                  "qemu-img",
                  "convert",
                  "-c",
                  "-O",
                  "qcow2",
                  t.at("source.qcow2"),
                  t.at("z.qcow2"));
              Files.delete(t.at("source.qcow2"));
              t.overlay("web.qcow2", "z.qcow2").write("web.qcow2");
            },
            1,
            "web"),
        shape(
            "internal snapshots and bitmaps",
            t -> {
              t.image("base.qcow2");
              Tool.run("qemu-img", "snapshot", "-c", "inside", t.at("base.qcow2"));
              t.overlay("web.qcow2", "base.qcow2").write("web.qcow2");
              Tool.run("qemu-img", "bitmap", "--add", t.at("web.qcow2"), "backup");
              Tool.run("qemu-img", "snapshot", "-c", "inside", t.at("web.qcow2"));
            },
            1,
            "web"),
        shape(
                "other formats",
                t -> {
                  t.image("web.qcow2");
                  for (String format : List.of("vmdk", "vdi", "vpc", "qed", "raw")) {
                    Tool.run("qemu-img", "create", "-q", "-f", format, t.at("x." + format), "1M");
                  }
                  Files.writeString(t.at("web.xml"), "<domain/>", UTF_8);
                  Files.createFile(t.at("empty"));
                },
                0,
                "web")
            .without("empty", "web.xml", "x.qed", "x.raw", "x.vdi", "x.vmdk", "x.vpc"),
        shape(
                "overlay of another format",
                t -> {
                  Tool.run("qemu-img", "create", "-q", "-f", "vmdk", t.at("x.vmdk"), "1M");
                  t.named("web.qcow2", "x.vmdk", "vmdk", "").image("good.qcow2");
                },
                0,
                "good")
            .without("web.qcow2", "x.vmdk"),
        shape(
                "encrypted and external data",
                t -> {
                  Tool.run(
                      "qemu-img",
                      "create",
                      "-q",
                      "-f",
                      "qcow2",
                      "--object",
                      "secret,id=s,data=secret",
                      "-o",
                      "encrypt.format=aes,encrypt.key-secret=s",
                      t.at("encrypted.qcow2"),
                      "1M");
                  t.image("apart.qcow2", "-o", "data_file=" + t.at("apart.raw"));
                  t.image("good.qcow2");
                },
                0,
                "good")
            .without("apart.qcow2", "apart.raw", "encrypted.qcow2"));
  }

  private static List<Shape> hostile() {
    return List.of(
        shape(
                "cycle",
                t ->
                    t.overlay("a.qcow2", "b.qcow2")
                        .overlay("b.qcow2", "a.qcow2")
                        .overlay("above.qcow2", "a.qcow2")
                        .named("own.qcow2", "../tree/own.qcow2", "qcow2", "")
                        .image("good.qcow2"),
                0,
                "good")
            .without("a.qcow2", "above.qcow2", "b.qcow2", "own.qcow2"),
        shape(
                "missing files",
                t ->
                    t.overlay("a.qcow2", "gone.qcow2")
                        .overlay("b.qcow2", "a.qcow2")
                        .image("good.qcow2"),
                0,
                "good")
            .without("a.qcow2", "b.qcow2"),
        shape(
                "hard links",
                t -> {
                  t.image("a.qcow2").image("base.qcow2").overlay("web.qcow2", "base.qcow2");
                  Files.createLink(t.at("b.qcow2"), t.at("a.qcow2"));
                  Files.createLink(t.outside().resolve("other-name"), t.at("base.qcow2"));
                  t.image("good.qcow2");
                },
                0,
                "good")
            .without("a.qcow2", "b.qcow2", "base.qcow2", "web.qcow2"),
        shape(
                "one file with two formats",
                t ->
                    t.image("base.qcow2")
                        .overlay("a.qcow2", "base.qcow2")
                        .named("b.qcow2", "base.qcow2", "raw", ""),
                0)
            .without("a.qcow2", "b.qcow2", "base.qcow2"),
        shape(
                "names with protocols",
                t -> {
                  t.named("nbd.qcow2", "nbd://localhost:1/x", "raw", "");
                  t.named(
                      "json.qcow2",
                      "json:{\"driver\":\"qcow2\",\"file.filename\":\"/etc/passwd\"}",
                      "qcow2",
                      "");
                  t.named("host.qcow2", "/etc/passwd", "raw", "");
                  t.named("device.qcow2", "/dev/zero", "raw", "");
                },
                0)
            .without("device.qcow2", "host.qcow2", "json.qcow2", "nbd.qcow2"),
        shape(
                "special files and damaged images",
                t -> {
                  t.image("good.qcow2");
                  Tool.run("mkfifo", t.at("fifo"));
                  Files.createSymbolicLink(t.at("nowhere"), Path.of("/nowhere"));
                  Files.write(t.at("torn.qcow2"), new byte[] {'Q', 'F', 'I', (byte) 0xfb, 0, 0});
                  t.image("short.qcow2");
                  byte[] all = Files.readAllBytes(t.at("short.qcow2"));
                  Files.write(t.at("short.qcow2"), Arrays.copyOf(all, 70_000));
                },
                0,
                "good")
            .without("fifo", "nowhere", "short.qcow2", "torn.qcow2"),
        shape(
                "half of a shared base left out",
                t ->
                    t.image("base.qcow2")
                        .overlay("web.qcow2", "base.qcow2")
                        .write("web.qcow2")
                        .overlay("bad.qcow2", "base.qcow2")
                        .forgetFormat("bad.qcow2"),
                1,
                "web")
            .without("bad.qcow2"));
  }
}
