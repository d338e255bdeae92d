package io.basedisk.app;

import static com.google.common.base.Preconditions.checkArgument;
import static com.google.common.base.Preconditions.checkNotNull;
import static com.google.common.base.Preconditions.checkState;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dagger.Lazy;
import io.basedisk.app.jfr.FlightRecorderListener;
import io.basedisk.app.wiring.HomeUse;
import io.basedisk.app.wiring.OpenResources;
import io.basedisk.app.wiring.Settings;
import io.basedisk.app.wiring.SqliteModule;
import io.basedisk.app.wiring.UnknownUseDecision;
import io.basedisk.domain.adopt.Adoption;
import io.basedisk.domain.adopt.AdoptionPlan;
import io.basedisk.domain.adopt.AdoptionRequest;
import io.basedisk.domain.adopt.HomeAdoption;
import io.basedisk.domain.adopt.HomeAdoptionPlan;
import io.basedisk.domain.base.BaseDiskManager;
import io.basedisk.domain.box.Boxes;
import io.basedisk.domain.clone.Clones;
import io.basedisk.domain.collect.GarbageCollection;
import io.basedisk.domain.compact.Compactions;
import io.basedisk.domain.doctor.Doctor;
import io.basedisk.domain.error.BaseDiskException;
import io.basedisk.domain.home.HomeGate;
import io.basedisk.domain.lineage.Lineage;
import io.basedisk.domain.log.HomeLog;
import io.basedisk.domain.model.BaseFilter;
import io.basedisk.domain.model.HomeIdentity;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.UnknownUsePolicy;
import io.basedisk.domain.names.SimilarNames;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.port.EventListener;
import io.basedisk.domain.port.EventListeners;
import io.basedisk.domain.port.ForeignHomeReader;
import io.basedisk.domain.port.ImageLocks;
import io.basedisk.domain.port.ImageTools;
import io.basedisk.domain.port.OperationLocks;
import io.basedisk.domain.port.StampFile;
import io.basedisk.domain.rootfs.RootfsCache;
import io.basedisk.domain.snapshot.Snapshots;
import io.basedisk.domain.space.Space;
import io.basedisk.domain.transfer.Transfers;
import io.basedisk.domain.which.RecordedFiles;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import javax.inject.Inject;
import org.jspecify.annotations.Nullable;

/**
 * An open home: the base disks under a fleet of boxes, and all operations on them.
 *
 * <p>Any number of processes may have the same home open, and a process may open it several times.
 * Thread-safe. Close it when no thread uses it any more. Every failure of an operation is a {@link
 * BaseDiskException}.
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
  private final Lazy<Adoption> adoption;
  private final Lazy<HomeAdoption> homeAdoption;
  private final Lazy<Snapshots> snapshots;
  private final Lazy<Clones> clones;
  private final Lazy<Transfers> transfers;
  private final Lazy<RootfsCache> rootfs;
  private final Lazy<Compactions> compactions;
  private final Lazy<GarbageCollection> garbageCollection;
  private final Lazy<Lineage> lineage;
  private final Lazy<RecordedFiles> recordedFiles;
  private final Lazy<Space> space;
  private final Lazy<HomeLog> log;
  private final Lazy<Doctor> doctor;
  private final Lazy<SimilarNames> similarNames;
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
      Lazy<Adoption> adoption,
      Lazy<HomeAdoption> homeAdoption,
      Lazy<Snapshots> snapshots,
      Lazy<Clones> clones,
      Lazy<Transfers> transfers,
      Lazy<RootfsCache> rootfs,
      Lazy<Compactions> compactions,
      Lazy<GarbageCollection> garbageCollection,
      Lazy<Lineage> lineage,
      Lazy<RecordedFiles> recordedFiles,
      Lazy<Space> space,
      Lazy<HomeLog> log,
      Lazy<Doctor> doctor,
      Lazy<SimilarNames> similarNames,
      ManagedFiles managedFiles,
      Lazy<HomeImageTools> images,
      BaseDiskStore store,
      Settings settings,
      OpenResources resources) {
    this.home = home;
    this.gate = gate;
    this.bases = bases;
    this.boxes = boxes;
    this.adoption = adoption;
    this.homeAdoption = homeAdoption;
    this.snapshots = snapshots;
    this.clones = clones;
    this.transfers = transfers;
    this.rootfs = rootfs;
    this.compactions = compactions;
    this.garbageCollection = garbageCollection;
    this.lineage = lineage;
    this.recordedFiles = recordedFiles;
    this.space = space;
    this.log = log;
    this.doctor = doctor;
    this.similarNames = similarNames;
    this.managedFiles = managedFiles;
    this.images = images;
    this.store = store;
    this.settings = settings;
    this.resources = resources;
  }

  /**
   * Opens a home with the standard adapters. Creates the home if it does not exist.
   *
   * @param home path of the home directory
   * @return the open home, for the caller to close
   * @throws io.basedisk.domain.error.InvalidArgumentException if the home's real path is longer
   *     than 474 bytes, the limit of SQLite; nothing is created then
   * @throws io.basedisk.domain.error.HomePartMissingException if a part of the home is missing, for
   *     example because its file system is not mounted
   * @throws io.basedisk.domain.error.StorageException if the home can't be created, read or locked;
   *     a new home is removed again then
   */
  public static BaseDisks open(Path home) {
    return builder().home(home).open();
  }

  /** {@return a builder, to open a home with other settings or with replaced ports} */
  public static Builder builder() {
    return new Builder();
  }

  /** {@return the layout of this home: the paths of its parts} */
  public HomeLayout home() {
    return home;
  }

  /** {@return the identity of this home, and whether it is usable} */
  public HomeStatus status() {
    return store.read(
        view ->
            new HomeStatus(
                home.home(),
                view.home().findIdentity().map(HomeIdentity::id).orElse(null),
                settings.store() == null ? SqliteModule.SCHEMA_VERSION : null,
                gate.problem().map(BaseDiskException::getMessage).orElse(null),
                new HomeStatus.Contents(
                    view.boxes().list().size(), view.bases().list(BaseFilter.ALL).size())));
  }

  /** {@return the use cases of bases} */
  public BaseDiskManager bases() {
    return bases.get();
  }

  /** {@return the use cases of boxes} */
  public Boxes boxes() {
    return boxes.get();
  }

  /** {@return the exports of boxes to other homes, and the imports from there} */
  public Transfers transfers() {
    return transfers.get();
  }

  /** {@return the adoption of disk files that were there before basedisk} */
  public Adoption adoption() {
    return adoption.get();
  }

  /**
   * Plans an adoption for a home that does not exist yet, as {@link Adoption#plan} does. Creates
   * nothing. {@link Adoption#adopt} of the home carries the plan out when the home exists.
   *
   * @param home path of the future home directory
   * @param request what to adopt
   * @param unknownUse what to do if the system can't say which process has a file open
   * @return the plan
   * @throws io.basedisk.domain.error.NotFoundException as {@link Adoption#plan}
   * @throws io.basedisk.domain.error.RefusedException as {@link Adoption#plan}
   */
  public static AdoptionPlan planAdoptionWithoutHome(
      Path home, AdoptionRequest request, UnknownUsePolicy unknownUse) {
    ImageToolsComponent ports = DaggerImageToolsComponent.factory().create(unknownUse);
    return Adoption.planWithoutHome(
        request,
        new HomeLayout(futureRealPath(home.toAbsolutePath(), ports.files())),
        ports.files(),
        ports.images(),
        ports.imageLocks(),
        new SecureRandom(),
        InstantSource.system());
  }

  /** {@return the adoption of homes of BoxLite, whose disks are copied} */
  public HomeAdoption homeAdoption() {
    return homeAdoption.get();
  }

  /**
   * Plans an adoption of a home of BoxLite for a home that does not exist yet, as {@link
   * HomeAdoption#plan} does. Creates nothing. {@link HomeAdoption#adopt} of the home carries the
   * plan out when the home exists.
   *
   * @param home path of the future home directory
   * @param foreignHome path of the home of BoxLite
   * @param unknownUse what to do if the system can't say which process has a file open
   * @return the plan
   * @throws io.basedisk.domain.error.NotFoundException as {@link HomeAdoption#plan}
   * @throws io.basedisk.domain.error.RefusedException as {@link HomeAdoption#plan}
   */
  public static HomeAdoptionPlan planHomeAdoptionWithoutHome(
      Path home, Path foreignHome, UnknownUsePolicy unknownUse) {
    ImageToolsComponent ports = DaggerImageToolsComponent.factory().create(unknownUse);
    return HomeAdoption.planWithoutHome(
        foreignHome,
        new HomeLayout(futureRealPath(home.toAbsolutePath(), ports.files())),
        ports.files(),
        ports.images(),
        ports.imageLocks(),
        ports.foreignHomes(),
        new SecureRandom(),
        InstantSource.system());
  }

  /** {@return the real path that a directory will have, by that of the nearest existing one} */
  private static Path futureRealPath(Path directory, DiskFiles files) {
    Path existing = directory;
    while (existing.getParent() != null && files.status(existing).isEmpty()) {
      existing = existing.getParent();
    }
    return files.realPath(existing).resolve(existing.relativize(directory)).normalize();
  }

  /** {@return the use cases of snapshots} */
  public Snapshots snapshots() {
    return snapshots.get();
  }

  /** {@return the use cases of clones} */
  public Clones clones() {
    return clones.get();
  }

  /** {@return the use cases of the rootfs cache: the shared root file systems} */
  public RootfsCache rootfs() {
    return rootfs.get();
  }

  /** {@return the use cases of compaction, which shortens the chains of boxes' disks} */
  public Compactions compactions() {
    return compactions.get();
  }

  /** {@return the garbage collection, which deletes all that no box and no snapshot needs} */
  public GarbageCollection garbageCollection() {
    return garbageCollection.get();
  }

  /** {@return the lineage: which box and base is on which base} */
  public Lineage lineage() {
    return lineage.get();
  }

  /** {@return the look-up of files: which box or base a file belongs to} */
  public RecordedFiles recordedFiles() {
    return recordedFiles.get();
  }

  /** {@return the report on the space that boxes and bases take} */
  public Space space() {
    return space.get();
  }

  /** {@return the log: which change was made, when, and by which operation} */
  public HomeLog log() {
    return log.get();
  }

  /** {@return the names that a user may have meant by one that does not exist} */
  public SimilarNames similarNames() {
    return similarNames.get();
  }

  /** {@return the doctor, which checks and repairs this home} */
  public Doctor doctor() {
    return doctor.get();
  }

  /**
   * {@return the tools for single image files, for example to read, check and convert them} They
   * read any image, including the disks and bases of this home. A tool that writes refuses the
   * home's own files with a {@link io.basedisk.domain.error.RefusedException}. It also refuses to
   * create an image over one of them, since the home may collect the base, or change the disk,
   * later.
   */
  public ImageTools images() {
    return images.get();
  }

  /**
   * {@return the tools for single image files without a home, like {@link #images()} otherwise}
   * There is nothing to close.
   *
   * @param unknownUse what to do before a change if the system can't say which process has the
   *     image open
   */
  public static ImageTools imagesWithoutHome(UnknownUsePolicy unknownUse) {
    return DaggerImageToolsComponent.factory().create(unknownUse).tools();
  }

  /** {@return the check whether a file is one of this home's own} */
  public ManagedFiles managedFiles() {
    return managedFiles;
  }

  /**
   * {@return the home's policy for files for which the system can't say which process has them
   * open} Without a decision for this home, it is {@link UnknownUsePolicy#KEEP}.
   */
  public UnknownUsePolicy unknownUsePolicy() {
    return store.read(UnknownUseDecision::of);
  }

  /** Closes this object. The builder's replacements stay open. A second close has no effect. */
  @Override
  public void close() {
    resources.close();
  }

  /**
   * Opens a home with the given settings. Only {@link #home} is required. A port without a
   * replacement gets the standard adapter; with a replacement, the standard adapter is not
   * constructed. Not thread-safe.
   */
  public static final class Builder {

    private @Nullable Path home;
    private HomeUse use = HomeUse.MADE_IF_MISSING;
    private @Nullable BaseDiskStore store;
    private @Nullable StampFile stamp;
    private @Nullable ForeignHomeReader foreignHomes;
    private @Nullable DiskImages images;
    private @Nullable ImageTools imageTools;
    private @Nullable DiskFiles files;
    private @Nullable OperationLocks locks;
    private @Nullable ImageLocks imageLocks;
    private @Nullable UnknownUsePolicy unknownUsePolicy;
    private final ImmutableList.Builder<EventListener> listeners = ImmutableList.builder();
    private @Nullable InstantSource clock;
    private @Nullable RandomGenerator random;
    private Duration operationTimeout = Duration.ZERO;

    private Builder() {}

    /**
     * Sets the home directory.
     *
     * @param value path of the home directory
     * @return this builder
     */
    @CanIgnoreReturnValue
    public Builder home(Path value) {
      home = checkNotNull(value);
      return this;
    }

    /**
     * Sets whether {@link #open} creates a missing home, with the directories above it. The default
     * is true. With false, opening a missing home fails with a {@link
     * io.basedisk.domain.error.NoHomeException}. So a mistyped path, or the mount point of an
     * unmounted file system, does not become an empty home.
     *
     * <p>A home exists if its directory has a {@code db} directory with the database in it. If the
     * {@link #store} is replaced, the {@code db} directory is enough. A directory without it, but
     * with files in {@code bases} or {@code boxes}, is a home whose store is missing. Opening it
     * always fails with a {@link io.basedisk.domain.error.HomePartMissingException}, and creates
     * nothing.
     *
     * <p>The last call of this and {@link #requireNew} counts.
     *
     * @param value whether to create a missing home
     * @return this builder
     */
    @CanIgnoreReturnValue
    public Builder createIfMissing(boolean value) {
      use = value ? HomeUse.MADE_IF_MISSING : HomeUse.EXISTING;
      return this;
    }

    /**
     * Makes {@link #open} create a new home. If the home exists, it fails with an {@link
     * io.basedisk.domain.error.AlreadyExistsException} and changes nothing. The directory itself
     * may exist. If several processes create the same home at the same time, more than one of them
     * may succeed.
     *
     * <p>The last call of this and {@link #createIfMissing} counts.
     *
     * @return this builder
     */
    @CanIgnoreReturnValue
    public Builder requireNew() {
      use = HomeUse.NEW;
      return this;
    }

    /**
     * Replaces the store; the caller closes it.
     *
     * @param value the store
     * @return this builder
     */
    @CanIgnoreReturnValue
    public Builder store(BaseDiskStore value) {
      store = checkNotNull(value);
      return this;
    }

    /**
     * Replaces the stamp file, which keeps the number of the store's last write outside the store.
     *
     * @param value the stamp file
     * @return this builder
     */
    @CanIgnoreReturnValue
    public Builder stamp(StampFile value) {
      stamp = checkNotNull(value);
      return this;
    }

    /**
     * Replaces the reader of other programs' homes.
     *
     * @param value the reader
     * @return this builder
     */
    @CanIgnoreReturnValue
    public Builder foreignHomes(ForeignHomeReader value) {
      foreignHomes = checkNotNull(value);
      return this;
    }

    /**
     * Replaces the access to disk images that the operations on this home use.
     *
     * @param value the access to images
     * @return this builder
     */
    @CanIgnoreReturnValue
    public Builder images(DiskImages value) {
      images = checkNotNull(value);
      return this;
    }

    /**
     * Replaces the tools for single image files, {@link BaseDisks#images}.
     *
     * @param value the image tools
     * @return this builder
     */
    @CanIgnoreReturnValue
    public Builder imageTools(ImageTools value) {
      imageTools = checkNotNull(value);
      return this;
    }

    /**
     * Replaces the access to files.
     *
     * @param value the access to files
     * @return this builder
     */
    @CanIgnoreReturnValue
    public Builder files(DiskFiles value) {
      files = checkNotNull(value);
      return this;
    }

    /**
     * Replaces the operation locks, which show which operations are still running.
     *
     * @param value the operation locks
     * @return this builder
     */
    @CanIgnoreReturnValue
    public Builder locks(OperationLocks value) {
      locks = checkNotNull(value);
      return this;
    }

    /**
     * Replaces the image locks, which keep operations away from the disks of running VMs.
     *
     * @param value the image locks
     * @return this builder
     */
    @CanIgnoreReturnValue
    public Builder imageLocks(ImageLocks value) {
      imageLocks = checkNotNull(value);
      return this;
    }

    /**
     * Sets what to do if the system can't say which process has an image open. The first call that
     * opens the home with a policy decides it for all users of the home; opening it with another
     * policy fails. Without a decision, every such disk counts as open for writing, and every such
     * base as open. Replaced {@link #imageLocks} ignore this setting.
     *
     * @param value the policy
     * @return this builder
     */
    @CanIgnoreReturnValue
    public Builder unknownUsePolicy(UnknownUsePolicy value) {
      unknownUsePolicy = checkNotNull(value);
      return this;
    }

    /**
     * Sets how long an operation waits for another operation on the same box. The default is zero:
     * the operation is refused at once.
     *
     * @param value zero or more
     * @return this builder
     */
    @CanIgnoreReturnValue
    public Builder operationTimeout(Duration value) {
      checkArgument(!value.isNegative(), "the timeout %s is negative", value);
      operationTimeout = value;
      return this;
    }

    /**
     * Adds a listener to the events of operations. Listeners are called in the order in which they
     * were added. An exception of a listener is logged as a warning of the logger {@code
     * io.basedisk}, at most once a minute for each listener, and has no other effect. {@link
     * LoggingListener} logs every event. A running Flight Recorder gets the events without a
     * listener.
     *
     * @param value the listener
     * @return this builder
     */
    @CanIgnoreReturnValue
    public Builder listener(EventListener value) {
      listeners.add(value);
      return this;
    }

    /**
     * Replaces the system's clock.
     *
     * @param value the clock
     * @return this builder
     */
    @CanIgnoreReturnValue
    public Builder clock(InstantSource value) {
      clock = checkNotNull(value);
      return this;
    }

    /**
     * Replaces the source of ids. Its numbers must differ between processes, and between runs of
     * one program.
     *
     * @param value the source of random numbers
     * @return this builder
     */
    @CanIgnoreReturnValue
    public Builder random(RandomGenerator value) {
      random = checkNotNull(value);
      return this;
    }

    /**
     * Opens the home, and settles operations whose processes died. Creates a missing home, unless
     * {@link #createIfMissing} is false.
     *
     * @return the open home, for the caller to close
     * @throws IllegalStateException if no home was set
     * @throws io.basedisk.domain.error.NoHomeException if the home is missing and {@link
     *     #createIfMissing} is false
     * @throws io.basedisk.domain.error.AlreadyExistsException if the home exists and {@link
     *     #requireNew} was called
     * @throws io.basedisk.domain.error.InvalidArgumentException like {@link BaseDisks#open}; with a
     *     replaced store, the limit is 1002 bytes
     * @throws io.basedisk.domain.error.HomePartMissingException like {@link BaseDisks#open}
     * @throws io.basedisk.domain.error.StorageException like {@link BaseDisks#open}
     */
    public BaseDisks open() {
      return open(
          use,
          component -> {
            BaseDisks disks = component.baseDisks();
            component.opening().run();
            return disks;
          });
    }

    /**
     * Opens a home that was moved or copied, to relocate it. Never creates a home, and settles no
     * operation.
     *
     * @return the home to relocate, for the caller to close
     * @throws IllegalStateException if no home was set
     * @throws io.basedisk.domain.error.NoHomeException if the home is missing
     * @throws io.basedisk.domain.error.HomePartMissingException like {@link BaseDisks#open}
     * @throws io.basedisk.domain.error.StorageException like {@link BaseDisks#open}
     */
    public RelocatableHome openRelocatable() {
      return open(HomeUse.EXISTING, BaseDisksComponent::relocatableHome);
    }

    private EventListener listener() {
      ImmutableList.Builder<EventListener> all = ImmutableList.builder();
      all.addAll(listeners.build());
      FlightRecorderListener.ifAvailable().ifPresent(all::add);
      return new EventListeners(all.build(), ListenerWarnings.ofSystem());
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
                      foreignHomes,
                      unknownUsePolicy,
                      listener(),
                      clock,
                      random,
                      operationTimeout));
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
