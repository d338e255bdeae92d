package io.basedisk.app;

import static com.google.common.base.Preconditions.checkArgument;
import static com.google.common.base.Preconditions.checkNotNull;
import static com.google.common.base.Preconditions.checkState;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dagger.Lazy;
import io.basedisk.app.jfr.FlightRecorderListener;
import io.basedisk.app.wiring.HomeUse;
import io.basedisk.app.wiring.ImagesModule;
import io.basedisk.app.wiring.LocksModule;
import io.basedisk.app.wiring.OpenResources;
import io.basedisk.app.wiring.Settings;
import io.basedisk.app.wiring.StoreModule;
import io.basedisk.domain.base.BaseDiskManager;
import io.basedisk.domain.box.Boxes;
import io.basedisk.domain.clone.Clones;
import io.basedisk.domain.collection.GarbageCollection;
import io.basedisk.domain.compact.Compactions;
import io.basedisk.domain.doctor.Doctor;
import io.basedisk.domain.error.BaseDiskException;
import io.basedisk.domain.home.HomeGate;
import io.basedisk.domain.lineage.Lineage;
import io.basedisk.domain.model.BaseFilter;
import io.basedisk.domain.model.HomeIdentity;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.UnknownUsePolicy;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.port.EventListener;
import io.basedisk.domain.port.EventListeners;
import io.basedisk.domain.port.ImageLocks;
import io.basedisk.domain.port.ImageTools;
import io.basedisk.domain.port.OperationLocks;
import io.basedisk.domain.port.StampFile;
import io.basedisk.domain.rootfs.RootfsCache;
import io.basedisk.domain.snapshot.Snapshots;
import io.basedisk.domain.space.Space;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import javax.inject.Inject;
import org.jspecify.annotations.Nullable;

/**
 * An open home: the base disks under a fleet of boxes, and everything that can be done with them.
 *
 * <p>Any number of processes, and of these objects in one process, may have the same home open. An
 * object is safe for many threads; close it when none of them uses it any more. Errors are {@link
 * BaseDiskException}s.
 *
 * <pre>{@code
 * try (BaseDisks disks = BaseDisks.open(Path.of("/var/lib/basedisk"))) {
 *   BoxId web = BoxId.of("web-1");
 *   disks.boxes().create(web, ByteSize.parse("10G"));
 *   disks.snapshots().create(web, new SnapshotName("installed"));
 * }
 * }</pre>
 */
public final class BaseDisks implements AutoCloseable {

  private final HomeLayout home;
  private final HomeGate gate;
  private final Lazy<BaseDiskManager> bases;
  private final Lazy<Boxes> boxes;
  private final Lazy<Snapshots> snapshots;
  private final Lazy<Clones> clones;
  private final Lazy<RootfsCache> rootfs;
  private final Lazy<Compactions> compactions;
  private final Lazy<GarbageCollection> garbageCollection;
  private final Lazy<Lineage> lineage;
  private final Lazy<Space> space;
  private final Lazy<Doctor> doctor;
  private final ManagedFiles managedFiles;
  private final Lazy<HomeImageTools> images;
  private final BaseDiskStore store;
  private final Settings settings;
  private final OpenResources resources;

  @Inject
  BaseDisks(
      HomeLayout home,
      HomeGate gate,
      Lazy<BaseDiskManager> bases,
      Lazy<Boxes> boxes,
      Lazy<Snapshots> snapshots,
      Lazy<Clones> clones,
      Lazy<RootfsCache> rootfs,
      Lazy<Compactions> compactions,
      Lazy<GarbageCollection> garbageCollection,
      Lazy<Lineage> lineage,
      Lazy<Space> space,
      Lazy<Doctor> doctor,
      ManagedFiles managedFiles,
      Lazy<HomeImageTools> images,
      BaseDiskStore store,
      Settings settings,
      OpenResources resources) {
    this.home = home;
    this.gate = gate;
    this.bases = bases;
    this.boxes = boxes;
    this.snapshots = snapshots;
    this.clones = clones;
    this.rootfs = rootfs;
    this.compactions = compactions;
    this.garbageCollection = garbageCollection;
    this.lineage = lineage;
    this.space = space;
    this.doctor = doctor;
    this.managedFiles = managedFiles;
    this.images = images;
    this.store = store;
    this.settings = settings;
    this.resources = resources;
  }

  /**
   * Opens a home with the standard adapters, and makes it first if it does not exist.
   *
   * @throws io.basedisk.domain.error.InvalidArgumentException if its path is too long: its real
   *     path may have 474 bytes, which is what SQLite can open; nothing is made then
   * @throws io.basedisk.domain.error.HomePartMissingException if a part of it is missing; a file
   *     system may not be mounted
   * @throws io.basedisk.domain.error.StorageException if it can't be made, read or locked; a home
   *     that this call began to make is then taken away again
   */
  public static BaseDisks open(Path home) {
    return builder().home(home).open();
  }

  /** Starts to open a home in another way than the standard one. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns where everything is in this home. */
  public HomeLayout home() {
    return home;
  }

  /** Returns what this home is, and whether it can be changed as it is. */
  public HomeStatus status() {
    return store.read(
        view ->
            new HomeStatus(
                home.home(),
                view.home().findIdentity().map(HomeIdentity::id).orElse(null),
                settings.store() == null ? StoreModule.SCHEMA_VERSION : null,
                gate.problem().map(BaseDiskException::getMessage).orElse(null),
                new HomeStatus.Contents(
                    view.boxes().list().size(), view.bases().list(BaseFilter.ALL).size())));
  }

  /** Returns the use cases of the bases themselves. */
  public BaseDiskManager bases() {
    return bases.get();
  }

  /** Returns the use cases of boxes. */
  public Boxes boxes() {
    return boxes.get();
  }

  /** Returns the use cases of snapshots. */
  public Snapshots snapshots() {
    return snapshots.get();
  }

  /** Returns the use cases of clones. */
  public Clones clones() {
    return clones.get();
  }

  /** Returns the shared root file systems. */
  public RootfsCache rootfs() {
    return rootfs.get();
  }

  /** Returns what shortens the chains of boxes' disks. */
  public Compactions compactions() {
    return compactions.get();
  }

  /** Returns the collection of everything that nothing needs. */
  public GarbageCollection garbageCollection() {
    return garbageCollection.get();
  }

  /** Returns who stands on whom. */
  public Lineage lineage() {
    return lineage.get();
  }

  /** Returns where the space went. */
  public Space space() {
    return space.get();
  }

  /** Returns the examination of this home, and its repair. */
  public Doctor doctor() {
    return doctor.get();
  }

  /**
   * Returns the work on single image files: to read, check and convert them, and more. Any image
   * can be read, this home's disks and bases too. What writes an image refuses this home's own
   * files with a {@link io.basedisk.domain.error.RefusedException}, and refuses to make an image
   * that needs one of them: a base would be collected under it, a box's disk would change under it.
   */
  public ImageTools images() {
    return images.get();
  }

  /**
   * Returns the work on single image files where there is no home; see {@link #images()}. Nothing
   * needs to be closed.
   *
   * @param unknownUse what to do where it can't be told which program has an image open that is to
   *     be changed
   */
  public static ImageTools imagesWithoutHome(UnknownUsePolicy unknownUse) {
    return ImagesModule.withoutHome(unknownUse);
  }

  /** Returns which files are this home's own. */
  public ManagedFiles managedFiles() {
    return managedFiles;
  }

  /**
   * Returns what was decided for this home to do where it can't be told who has a file open; to
   * keep everything, if nothing was.
   */
  public UnknownUsePolicy unknownUsePolicy() {
    return store.read(LocksModule::decided);
  }

  /**
   * Closes what was opened with this object; replacements that the builder was given stay open. To
   * close it again has no effect.
   */
  @Override
  public void close() {
    resources.close();
  }

  /**
   * How a home is opened. Only {@link #home} is required; each port that is not replaced gets the
   * standard adapter, which is not even constructed where there is a replacement.
   */
  public static final class Builder {

    private @Nullable Path home;
    private HomeUse use = HomeUse.MADE_IF_MISSING;
    private @Nullable BaseDiskStore store;
    private @Nullable StampFile stamp;
    private @Nullable DiskImages images;
    private @Nullable ImageTools imageTools;
    private @Nullable DiskFiles files;
    private @Nullable OperationLocks locks;
    private @Nullable ImageLocks imageLocks;
    private @Nullable UnknownUsePolicy unknownUsePolicy;
    private final ImmutableList.Builder<EventListener> listeners = ImmutableList.builder();
    private @Nullable InstantSource clock;
    private @Nullable RandomGenerator random;
    private Duration patience = Duration.ZERO;

    private Builder() {}

    /** Sets the home directory. */
    @CanIgnoreReturnValue
    public Builder home(Path value) {
      home = checkNotNull(value);
      return this;
    }

    /**
     * Sets whether {@link #open} makes the home, and the directories above it, where none is there;
     * it does unless this is called. With false, nothing is made, and opening such a home fails
     * with a {@link io.basedisk.domain.error.NoHomeException}: a mistyped path, or the mount point
     * of a file system that is not mounted, does not become an empty home.
     *
     * <p>A home is there if the directory has a {@code db} directory and in it the database, or any
     * {@code db} directory if the {@link #store} is replaced. A directory without one that has
     * files in {@code bases} or {@code boxes} is a home whose store is missing: opening it fails
     * with a {@link io.basedisk.domain.error.HomePartMissingException}, and makes nothing, whatever
     * is set here.
     *
     * <p>The last call of this and {@link #requireNew} counts.
     */
    @CanIgnoreReturnValue
    public Builder createIfMissing(boolean value) {
      use = value ? HomeUse.MADE_IF_MISSING : HomeUse.EXISTING;
      return this;
    }

    /**
     * Has {@link #open} make a home, and fail with an {@link
     * io.basedisk.domain.error.AlreadyExistsException} where one is there, which stays as it is.
     * The directory itself may exist. If several processes make the same home at once, more than
     * one of them may succeed.
     *
     * <p>The last call of this and {@link #createIfMissing} counts.
     */
    @CanIgnoreReturnValue
    public Builder requireNew() {
      use = HomeUse.NEW;
      return this;
    }

    /** Replaces the store; the caller closes it. */
    @CanIgnoreReturnValue
    public Builder store(BaseDiskStore value) {
      store = checkNotNull(value);
      return this;
    }

    /** Replaces the number of the store's last write transaction outside of the store. */
    @CanIgnoreReturnValue
    public Builder stamp(StampFile value) {
      stamp = checkNotNull(value);
      return this;
    }

    /** Replaces the access to disk images that the operations on this home use. */
    @CanIgnoreReturnValue
    public Builder images(DiskImages value) {
      images = checkNotNull(value);
      return this;
    }

    /** Replaces the work on single image files, {@link BaseDisks#images}. */
    @CanIgnoreReturnValue
    public Builder imageTools(ImageTools value) {
      imageTools = checkNotNull(value);
      return this;
    }

    /** Replaces the steps that change files. */
    @CanIgnoreReturnValue
    public Builder files(DiskFiles value) {
      files = checkNotNull(value);
      return this;
    }

    /** Replaces the locks that say which operations are alive. */
    @CanIgnoreReturnValue
    public Builder locks(OperationLocks value) {
      locks = checkNotNull(value);
      return this;
    }

    /** Replaces the locks that keep operations and running VMs apart. */
    @CanIgnoreReturnValue
    public Builder imageLocks(ImageLocks value) {
      imageLocks = checkNotNull(value);
      return this;
    }

    /**
     * Decides, once for all users of the home, what to do where it can't be told who has an image
     * open. As long as nothing is decided, every disk counts as written to there and every base as
     * open. To open a home fails if the other was decided. Has no meaning where {@link #imageLocks}
     * are replaced.
     */
    @CanIgnoreReturnValue
    public Builder unknownUsePolicy(UnknownUsePolicy value) {
      unknownUsePolicy = checkNotNull(value);
      return this;
    }

    /**
     * Sets how long an operation waits for a box on which another one is under way; otherwise it is
     * refused at once.
     *
     * @param value zero or more
     */
    @CanIgnoreReturnValue
    public Builder patience(Duration value) {
      checkArgument(!value.isNegative(), "the patience %s is negative", value);
      patience = value;
      return this;
    }

    /**
     * Adds somebody who is told what operations did; those who were added before are told first.
     * What a listener throws is logged, as a warning of the logger {@code io.basedisk}, and goes no
     * further. See {@link LoggingListener} for one that logs every event. Flight Recorder is told
     * without this, wherever it records.
     */
    @CanIgnoreReturnValue
    public Builder listener(EventListener value) {
      listeners.add(value);
      return this;
    }

    /** Replaces the system's clock. */
    @CanIgnoreReturnValue
    public Builder clock(InstantSource value) {
      clock = checkNotNull(value);
      return this;
    }

    /** Replaces the source of ids. It must differ between processes, and between runs of one. */
    @CanIgnoreReturnValue
    public Builder random(RandomGenerator value) {
      random = checkNotNull(value);
      return this;
    }

    /**
     * Opens the home, makes it first if it does not exist, unless {@link #createIfMissing} says
     * otherwise, and settles what operations whose owners died have left in it.
     *
     * @throws IllegalStateException if no home was set
     * @throws io.basedisk.domain.error.NoHomeException if no home is there, and none is to be made
     * @throws io.basedisk.domain.error.AlreadyExistsException if a home is there after {@link
     *     #requireNew}
     * @throws io.basedisk.domain.error.InvalidArgumentException as {@link BaseDisks#open}; with a
     *     replaced store, a home's path may have 1002 bytes
     * @throws io.basedisk.domain.error.HomePartMissingException as {@link BaseDisks#open}
     * @throws io.basedisk.domain.error.StorageException as {@link BaseDisks#open}
     */
    public BaseDisks open() {
      return open(
          use,
          component -> {
            BaseDisks disks = component.baseDisks();
            component.recovery().run();
            return disks;
          });
    }

    /**
     * Opens a home that was moved or copied, to relocate it. It is never made, and nothing in it is
     * settled.
     *
     * @throws IllegalStateException if no home was set
     * @throws io.basedisk.domain.error.NoHomeException if no home is there
     * @throws io.basedisk.domain.error.HomePartMissingException as {@link BaseDisks#open}
     * @throws io.basedisk.domain.error.StorageException as {@link BaseDisks#open}
     */
    public RelocatableHome openRelocatable() {
      return open(HomeUse.EXISTING, BaseDisksComponent::relocatableHome);
    }

    private EventListener listener() {
      ImmutableList.Builder<EventListener> all = ImmutableList.builder();
      all.addAll(listeners.build());
      FlightRecorderListener.ifAvailable().ifPresent(all::add);
      return new EventListeners(all.build(), LoggingListener::warnOf);
    }

    private <T> T open(HomeUse inWhichWay, Function<BaseDisksComponent, T> opening) {
      checkState(home != null, "no home was set");
      BaseDisksComponent component =
          DaggerBaseDisksComponent.factory()
              .create(
                  new Settings(
                      home,
                      inWhichWay,
                      store,
                      stamp,
                      images,
                      imageTools,
                      files,
                      locks,
                      imageLocks,
                      unknownUsePolicy,
                      listener(),
                      clock,
                      random,
                      patience));
      try {
        return opening.apply(component);
      } catch (RuntimeException | Error failure) {
        component.resources().closeAfter(failure);
        component.homeDirectory().removeIfNew(failure);
        throw failure;
      }
    }
  }
}
