package io.basedisk.walk;

import io.basedisk.app.BaseDisks;
import io.basedisk.crash.Guests;
import io.basedisk.domain.base.BaseDiskManager;
import io.basedisk.domain.box.Boxes;
import io.basedisk.domain.clone.Clones;
import io.basedisk.domain.collect.GarbageCollection;
import io.basedisk.domain.compact.Compactions;
import io.basedisk.domain.doctor.Doctor;
import io.basedisk.domain.lineage.Lineage;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.rootfs.RootfsCache;
import io.basedisk.domain.snapshot.Snapshots;
import io.basedisk.domain.space.Space;
import io.basedisk.domain.testing.Content;
import io.basedisk.domain.testing.walk.World;
import io.basedisk.qcow2.Qcow2DiskImages;
import io.basedisk.qcow2.file.LocalDiskFiles;
import io.basedisk.qcow2.os.OperatingSystem;
import io.basedisk.sqlite.SqliteBaseDiskStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;

/** A home with the standard adapters. */
class RealWorld implements World {

  /** The offset of the virtual size (qcow2 specification, "Header"). */
  private static final long SIZE_FIELD = 24;

  private final Path elsewhere;
  private final DiskFiles files = new LocalDiskFiles(OperatingSystem.current());
  private final DiskImages images = new Qcow2DiskImages();
  private final Random random;
  private Path home;
  private BaseDiskStore store;
  private Guests guests;
  private Instant now;
  private BaseDisks disks;

  /**
   * @param home path of the home, which need not exist
   * @param elsewhere an empty directory outside the home
   * @param seed seed of the ids
   * @param now the start of its clock
   */
  RealWorld(Path home, Path elsewhere, long seed, Instant now) {
    this.home = home;
    this.elsewhere = elsewhere;
    this.random = new Random(seed);
    this.now = now;
    this.guests = new Guests(new HomeLayout(home));
  }

  /** Creates an empty home in a new directory in {@code parent}. */
  static RealWorld in(Path parent) {
    try {
      Path directory = Files.createTempDirectory(parent, "world").toRealPath();
      Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
      RealWorld world =
          new RealWorld(
              directory.resolve("home"), elsewhere, 1, Instant.ofEpochSecond(1_700_000_000));
      world.reopen();
      return world;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns a builder for the home. */
  BaseDisks.Builder builder() {
    return BaseDisks.builder().home(home).clock(() -> now).random(random);
  }

  /** Records that the home has moved. */
  void isAt(Path path) {
    home = path;
    guests = new Guests(new HomeLayout(path));
  }

  /** Closes the home and its store, if they are open. */
  void closeAll() {
    if (store != null) {
      store.close();
      store = null;
    }
    closeDisks();
  }

  private void closeDisks() {
    if (disks != null) {
      disks.close();
      disks = null;
    }
  }

  /** Closes the home, and opens it with a given builder. */
  void reopen(BaseDisks.Builder how) {
    closeDisks();
    disks = how.open();
  }

  @Override
  public HomeLayout home() {
    return new HomeLayout(home);
  }

  @Override
  public Path elsewhere() {
    return elsewhere;
  }

  @Override
  public BaseDiskManager bases() {
    return disks.bases();
  }

  @Override
  public Boxes boxes() {
    return disks.boxes();
  }

  @Override
  public Snapshots snapshots() {
    return disks.snapshots();
  }

  @Override
  public Clones clones() {
    return disks.clones();
  }

  @Override
  public RootfsCache rootfs() {
    return disks.rootfs();
  }

  @Override
  public Compactions compactions() {
    return disks.compactions();
  }

  @Override
  public GarbageCollection garbageCollection() {
    return disks.garbageCollection();
  }

  @Override
  public Lineage lineage() {
    return disks.lineage();
  }

  @Override
  public Space space() {
    return disks.space();
  }

  @Override
  public Doctor doctor() {
    return disks.doctor();
  }

  @Override
  public void reopen() {
    reopen(builder());
  }

  @Override
  public void sleep(Duration time) {
    now = now.plus(time);
  }

  @Override
  public Instant now() {
    return now;
  }

  @Override
  public BaseDiskStore store() {
    if (store == null) {
      store = SqliteBaseDiskStore.open(home.resolve("db/basedisk.db"));
    }
    return store;
  }

  @Override
  public DiskFiles files() {
    return files;
  }

  @Override
  public DiskImages images() {
    return images;
  }

  @Override
  public Content read(Path disk) {
    return guests.read(disk);
  }

  @Override
  public void write(Path disk, int block, long stamp) {
    guests.write(disk, block, stamp);
  }

  /** The L1 table has room for larger sizes. */
  @Override
  public void grow(Path disk, ByteSize size) {
    try (FileChannel file = FileChannel.open(disk, StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.allocate(Long.BYTES).putLong(size.bytes()).flip(), SIZE_FIELD);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    closeAll();
  }
}
