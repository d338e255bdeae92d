package io.basedisk.domain.testing;

import com.google.common.collect.ImmutableMap;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BaseName;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.DiskInfo;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.model.Reference;
import java.nio.file.Path;
import java.time.Instant;

/**
 * Records for tests: each builder starts from a valid one, so that a test says only what it is
 * about.
 *
 * <pre>{@code
 * BaseDisk base = Records.base("base0002").of("box-1").snapshot("nightly").on("base0001").build();
 * }</pre>
 */
public final class Records {

  /** When every record that says nothing else was made. */
  public static final Instant NOON = Instant.ofEpochSecond(1_700_000_000);

  private static final Path BASES = Path.of("/home/bases");
  private static final Path BOXES = Path.of("/home/boxes");

  private Records() {}

  /** Starts a nameless {@code clone_base} of the box {@code src}, without a parent. */
  public static BaseBuilder base(String id) {
    return new BaseBuilder(new BaseDiskId(id));
  }

  /** Starts a box whose disks are in {@code /home/boxes/<name>/disks}. */
  public static BoxBuilder box(String name) {
    return new BoxBuilder(BoxId.of(name));
  }

  /** Returns a reference of the container disk of {@code box}. */
  public static Reference reference(String base, String box) {
    return reference(base, box, DiskSlot.CONTAINER);
  }

  /** Returns a reference. */
  public static Reference reference(String base, String box, DiskSlot slot) {
    return new Reference(new BaseDiskId(base), BoxId.of(box), slot);
  }

  /** Returns the id with that text. */
  public static BaseDiskId id(String id) {
    return new BaseDiskId(id);
  }

  /** Returns where the file of a base is, unless its builder says otherwise. */
  public static Path basePath(String id) {
    return BASES.resolve(id + ".qcow2");
  }

  /** Returns where the disks of a box are, unless its builder says otherwise. */
  public static Path disksDir(String box) {
    return BOXES.resolve(box).resolve("disks");
  }

  /** A base in the making. */
  public static final class BaseBuilder {
    private final BaseDiskId id;
    private BoxId sourceBox = BoxId.of("src");
    private String name;
    private ImageFormat format = ImageFormat.QCOW2;
    private boolean isForeign;
    private BaseDiskKind kind = BaseDiskKind.CLONE_BASE;
    private Path path;
    private long virtualSize = 1L << 30;
    private long fileSize = 196_616;
    private BaseDiskId parent;
    private Instant createdAt = NOON;

    private BaseBuilder(BaseDiskId id) {
      this.id = id;
      this.path = basePath(id.value());
    }

    /** Says from which box it was forked. */
    public BaseBuilder of(String box) {
      sourceBox = BoxId.of(box);
      return this;
    }

    /** Makes it a snapshot. */
    public BaseBuilder snapshot(String name) {
      kind = BaseDiskKind.SNAPSHOT;
      return named(name);
    }

    /** Makes it an entry of the rootfs cache, which is of no box. */
    public BaseBuilder rootfs(String key) {
      kind = BaseDiskKind.ROOTFS;
      sourceBox = BoxId.GLOBAL;
      return named(key);
    }

    /** Names it and leaves its kind as it is. */
    public BaseBuilder named(String name) {
      this.name = name;
      return this;
    }

    /** Says where its file is. */
    public BaseBuilder at(Path path) {
      this.path = path;
      return this;
    }

    /** Makes it a file that was there before basedisk. */
    public BaseBuilder foreign(Path path, ImageFormat format) {
      this.path = path;
      this.format = format;
      isForeign = true;
      return this;
    }

    /** Says how large it is, to a guest and as a file. */
    public BaseBuilder sized(long virtualSize, long fileSize) {
      this.virtualSize = virtualSize;
      this.fileSize = fileSize;
      return this;
    }

    /** Says which base it is based on. */
    public BaseBuilder on(String parent) {
      this.parent = new BaseDiskId(parent);
      return this;
    }

    /** Says when it was made. */
    public BaseBuilder createdAt(Instant time) {
      createdAt = time;
      return this;
    }

    /** Returns the record. */
    public BaseDisk build() {
      return new BaseDisk(
          id,
          sourceBox,
          name == null ? null : BaseName.of(kind, name),
          kind,
          new DiskInfo(path, format, isForeign, virtualSize, fileSize),
          parent,
          createdAt);
    }
  }

  /** A box in the making. */
  public static final class BoxBuilder {
    private final BoxId id;
    private Path disksDir;
    private String container = DiskSlot.CONTAINER.fileName();
    private String guestRootfs = DiskSlot.GUEST_ROOTFS.fileName();
    private boolean hasForeignDisks;
    private Instant createdAt = NOON;

    private BoxBuilder(BoxId id) {
      this.id = id;
      this.disksDir = disksDir(id.value());
    }

    /** Says where its disks are. */
    public BoxBuilder in(Path disksDir) {
      this.disksDir = disksDir;
      return this;
    }

    /** Says what its disks are called. */
    public BoxBuilder disks(String container, String guestRootfs) {
      this.container = container;
      this.guestRootfs = guestRootfs;
      return this;
    }

    /** Says that its disks were there before basedisk. */
    public BoxBuilder foreign() {
      hasForeignDisks = true;
      return this;
    }

    /** Says when it was registered. */
    public BoxBuilder createdAt(Instant time) {
      createdAt = time;
      return this;
    }

    /** Returns the record. */
    public Box build() {
      return new Box(
          id,
          disksDir,
          ImmutableMap.of(
              DiskSlot.CONTAINER,
              disksDir.resolve(container),
              DiskSlot.GUEST_ROOTFS,
              disksDir.resolve(guestRootfs)),
          hasForeignDisks,
          createdAt);
    }
  }
}
