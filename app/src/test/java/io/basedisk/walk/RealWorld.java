package io.basedisk.walk;

import io.basedisk.app.BaseDisks;
import io.basedisk.crash.Guests;
import io.basedisk.domain.BaseDiskManager;
import io.basedisk.domain.Boxes;
import io.basedisk.domain.Clones;
import io.basedisk.domain.Compactions;
import io.basedisk.domain.GarbageCollection;
import io.basedisk.domain.Lineage;
import io.basedisk.domain.RootfsCache;
import io.basedisk.domain.Snapshots;
import io.basedisk.domain.Space;
import io.basedisk.domain.doctor.Doctor;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
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

/** A home with the standard adapters, in a directory of its own. */
final class RealWorld implements World {

  /** The offset of the virtual size (qcow2 specification, "Header"). */
  private static final long SIZE_FIELD = 24;

  private final Path home;
  private final Path elsewhere;
  private final DiskFiles files = new LocalDiskFiles(OperatingSystem.current());
  private final DiskImages images = new Qcow2DiskImages();
  private final Random random = new Random(1);
  private final BaseDiskStore store;
  private final Guests guests;
  private Instant now = Instant.ofEpochSecond(1_700_000_000);
  private BaseDisks disks;

  private RealWorld(Path directory) throws IOException {
    home = directory.resolve("home");
    elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
    disks = open();
    store = SqliteBaseDiskStore.open(home.resolve("db/basedisk.db"));
    guests = new Guests(disks.home());
  }

  /** Makes an empty home in a new directory in {@code parent}. */
  static RealWorld in(Path parent) {
    try {
      return new RealWorld(Files.createTempDirectory(parent, "world").toRealPath());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private BaseDisks open() {
    return BaseDisks.builder().home(home).clock(() -> now).random(random).open();
  }

  @Override
  public HomeLayout home() {
    return disks.home();
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
    disks.close();
    disks = open();
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

  /** Its L1 table has room for sizes that are still larger. */
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
    store.close();
    disks.close();
  }
}
