package io.basedisk.growth;

import com.google.common.base.Strings;
import com.google.common.base.VerifyException;
import com.google.common.collect.ImmutableList;
import io.basedisk.app.BaseDisks;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.DiskInfo;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.model.Reference;
import io.basedisk.domain.model.RootfsKey;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.port.StoreTransaction;
import io.basedisk.qcow2.Qcow2DiskImages;
import io.basedisk.sqlite.SqliteBaseDiskStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A home like one after long use, but created at once: one transaction inserts its records through
 * the store's port, and its files are tiny.
 *
 * <p>One base in a hundred is an entry of the rootfs cache. Of the other bases, four in five have
 * no parent, and the rest are in chains of ten. One chain has the length {@link #LONGEST_CHAIN}, if
 * there are enough bases. The boxes are evenly distributed over the ends of the chains, and over
 * the cache. Bases without a parent are hard links to a few empty images, since all have the same
 * content. Only the first boxes have disks. The disks of the others are missing, as if their file
 * system were not mounted.
 */
record GrownHome(HomeLayout layout, Size size) {

  /**
   * The size of a home.
   *
   * @param bases number of bases in use
   * @param boxes number of boxes, each with two references
   * @param disks number of boxes with a disk
   * @param garbage number of additional bases that are unused, in chains of ten too
   */
  record Size(int bases, int boxes, int disks, int garbage) {

    int references() {
      return boxes * DiskSlot.values().length;
    }
  }

  static final int LONGEST_CHAIN = 1_000;

  private static final int CHAIN = 10;
  private static final int ROOTFS_SHARE = 100;
  private static final int LINKS = 50_000;
  private static final int SECONDS_APART = 10;
  private static final ByteSize DISK = new ByteSize(1L << 30);
  private static final Instant START = Instant.ofEpochSecond(1_700_000_000);

  /** Creates a home in a missing or empty directory. */
  static GrownHome make(Path directory, Size size) {
    HomeLayout layout;
    try (BaseDisks disks = BaseDisks.open(directory)) {
      layout = disks.home();
    }
    GrownHome home = new GrownHome(layout, size);
    Path database = layout.db().resolve("basedisk.db");
    try (SqliteBaseDiskStore store = SqliteBaseDiskStore.open(database)) {
      store.change(tx -> home.new Maker(tx).make());
    }
    return home;
  }

  /** Returns one of the middle boxes, on a chain of ten. */
  BoxId someBox() {
    return boxId(size.boxes() / 2);
  }

  private static BoxId boxId(int number) {
    return BoxId.of("box-" + number);
  }

  private static BaseDiskId baseId(int number) {
    return new BaseDiskId("b" + Strings.padStart(Integer.toString(number), 7, '0'));
  }

  /** Creates the records and the files. */
  private final class Maker {

    private final StoreTransaction tx;
    private final DiskImages images = new Qcow2DiskImages();
    private final ImmutableList.Builder<BaseDiskId> rootfs = ImmutableList.builder();
    private final ImmutableList.Builder<BaseDiskId> ends = ImmutableList.builder();
    private int made;
    private int empty;

    Maker(StoreTransaction tx) {
      this.tx = tx;
    }

    void make() {
      int ofCache = Math.max(1, size.bases() / ROOTFS_SHARE);
      for (int i = 0; i < ofCache; i++) {
        rootfs.add(base(BaseDiskKind.ROOTFS, null));
      }
      if (size.bases() > 2 * LONGEST_CHAIN) {
        ends.add(chain(LONGEST_CHAIN));
      }
      int wide = (size.bases() - made) * 4 / 5;
      for (int i = 0; i < wide; i++) {
        ends.add(chain(1));
      }
      while (made < size.bases()) {
        ends.add(chain(Math.min(CHAIN, size.bases() - made)));
      }
      makeBoxes(ends.build(), rootfs.build());
      while (made < size.bases() + size.garbage()) {
        chain(Math.min(CHAIN, size.bases() + size.garbage() - made));
      }
    }

    private BaseDiskId chain(int length) {
      BaseDiskId top = base(BaseDiskKind.CLONE_BASE, null);
      for (int i = 1; i < length; i++) {
        top = base(BaseDiskKind.CLONE_BASE, top);
      }
      return top;
    }

    private BaseDiskId base(BaseDiskKind kind, @Nullable BaseDiskId parent) {
      BaseDiskId id = baseId(made);
      Path file = layout.baseFile(id);
      boolean cached = kind == BaseDiskKind.ROOTFS;
      tx.bases()
          .insert(
              new BaseDisk(
                  id,
                  cached ? BoxId.GLOBAL : boxId(made),
                  cached ? new RootfsKey("rootfs-" + made) : null,
                  kind,
                  new DiskInfo(file, DISK.bytes(), 4096),
                  parent,
                  START.plusSeconds((long) made * SECONDS_APART)));
      if (parent == null) {
        makeEmpty(file);
      } else {
        images.createOverlay(file, layout.baseFile(parent), ImageFormat.QCOW2, DISK);
      }
      made++;
      return id;
    }

    private void makeEmpty(Path file) {
      try {
        Path image = layout.home().resolve("empty-" + empty / LINKS);
        if (empty % LINKS == 0) {
          images.createEmpty(image, DISK);
        }
        empty++;
        Files.createLink(file, image);
      } catch (IOException e) {
        throw new VerifyException(e);
      }
    }

    private void makeBoxes(ImmutableList<BaseDiskId> containers, ImmutableList<BaseDiskId> guests) {
      for (int i = 0; i < size.boxes(); i++) {
        BoxId id = boxId(i);
        boolean hasDisk = i < size.disks();
        Path directory =
            hasDisk ? layout.disksDirectory(id) : layout.home().resolve("away").resolve(id.value());
        Box box = new Box(id, directory, START.plusSeconds(i));
        BaseDiskId container = containers.get((int) ((long) i * containers.size() / size.boxes()));
        tx.boxes().insert(box);
        tx.references().put(new Reference(container, id, DiskSlot.CONTAINER));
        tx.references()
            .put(new Reference(guests.get(i % guests.size()), id, DiskSlot.GUEST_ROOTFS));
        if (hasDisk) {
          makeDisk(box, container);
        }
      }
    }

    private void makeDisk(Box box, BaseDiskId base) {
      try {
        Files.createDirectories(box.disksDir());
      } catch (IOException e) {
        throw new VerifyException(e);
      }
      images.createOverlay(
          box.disk(DiskSlot.CONTAINER), layout.baseFile(base), ImageFormat.QCOW2, DISK);
    }
  }
}
