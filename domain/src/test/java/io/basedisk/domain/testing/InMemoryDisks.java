package io.basedisk.domain.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSortedMap;
import com.google.common.hash.Hashing;
import io.basedisk.domain.chain.BackingNames;
import io.basedisk.domain.error.AlreadyExistsException;
import io.basedisk.domain.error.BrokenChainException;
import io.basedisk.domain.error.InterruptedOperationException;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.error.UnallowedFileException;
import io.basedisk.domain.image.NewImageFormat;
import io.basedisk.domain.model.BackingFile;
import io.basedisk.domain.model.BaseDescription;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.ChainFile;
import io.basedisk.domain.model.FileIdentity;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.HeaderPatch;
import io.basedisk.domain.model.ImageCheck;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.model.ImageHeader;
import io.basedisk.domain.model.ImageSource;
import io.basedisk.domain.model.LayerMerge;
import io.basedisk.domain.model.SourceImage;
import io.basedisk.domain.model.artifact.Layer;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.port.LayerContent;
import io.basedisk.domain.port.NewLayer;
import io.basedisk.domain.port.Progress;
import io.basedisk.domain.testing.InMemoryNode.Content;
import io.basedisk.domain.testing.InMemoryNode.Version;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * A file system with disk images in memory, for tests: it plays the file system, the image format
 * and the guest that writes to a disk.
 *
 * <p>It remembers what was made durable apart from what was not. Safe for many threads.
 */
public final class InMemoryDisks implements DiskFiles, DiskImages {

  private static final int SYMBOLIC_LINKS_MAX = 40;
  private static final int FORMAT_BYTES = 16;
  private static final int SECTOR = 512;
  private static final long VIRTUAL_SIZE_MAX = 1L << 51;
  private static final int ROOT = 0;
  private static final long FIRST_DEVICE = 1;

  private final InMemoryTree tree;
  private final Map<Path, Long> mounts;
  private final Map<FileIdentity, ImageCheck> damages = new HashMap<>();
  private final Set<FileIdentity> unreadable = new HashSet<>();
  private final Set<Path> unreachable = new HashSet<>();

  /** Those who may read a file by an entry in its access list. */
  private final Map<FileIdentity, Set<Integer>> readers = new HashMap<>();

  private Instant now = Instant.ofEpochSecond(1_700_000_000);
  private boolean isTickLong;

  /** Where there is none, as in most tests, no path has to be followed step by step. */
  private boolean hasSymbolicLinks;

  private volatile Consumer<String> beforeStep = step -> {};

  /** Makes a file system with an empty root directory. */
  public InMemoryDisks() {
    tree = new InMemoryTree();
    mounts = new HashMap<>();
    addRoot(Path.of("/"), FIRST_DEVICE);
  }

  private InMemoryDisks(InMemoryTree tree, InMemoryDisks other) {
    this.tree = tree;
    this.mounts = new HashMap<>(other.mounts);
    this.now = other.now;
    this.isTickLong = other.isTickLong;
    this.hasSymbolicLinks = other.hasSymbolicLinks;
    unreadable.addAll(other.unreadable);
    unreachable.addAll(other.unreachable);
  }

  /** Returns a file system of its own that is as this one is now, durable or not. */
  public synchronized InMemoryDisks copy() {
    return new InMemoryDisks(new InMemoryTree(tree), this);
  }

  /** Returns the number of states that a power cut may leave now. */
  public synchronized long powerCutStates() {
    return tree.powerCutStates();
  }

  /** Returns a file system of its own in one of the states that a power cut may leave. */
  public synchronized InMemoryDisks afterPowerCut(long state) {
    return new InMemoryDisks(tree.afterPowerCut(state), this);
  }

  // What tests do past the ports.

  /** Sets what is called before each step that changes something; it may throw in its place. */
  public void beforeEachStep(Consumer<String> action) {
    beforeStep = action;
  }

  /** Gives every change from now on the same time, until a caller waits for a file to settle. */
  public synchronized void makeTickLong() {
    isTickLong = true;
  }

  /** Makes a directory, and its parents, durably. */
  public synchronized InMemoryDisks withDirectory(Path directory) {
    return withDirectory(directory, 0755);
  }

  /** Makes a directory of that mode, and those above it, durably. */
  public synchronized InMemoryDisks withDirectory(Path directory, int mode) {
    if (directory.getParent() != null && find(directory).isEmpty()) {
      withDirectory(directory.getParent());
      createDirectory(directory, mode);
      syncOne(directory.getParent());
      syncOne(directory);
    }
    return this;
  }

  /** Makes an empty directory the root of a file system of its own. */
  public synchronized void mount(Path directory) {
    withDirectory(directory);
    mounts.put(directory, FIRST_DEVICE + 1 + mounts.size());
    addRoot(directory, mounts.get(directory));
  }

  /** Makes a disk without a backing file, durably. */
  public synchronized void makeDisk(Path disk, long virtualSize) {
    withDirectory(disk.getParent());
    createEmpty(disk, new ByteSize(virtualSize));
    syncOne(disk);
    syncOne(disk.getParent());
  }

  /** Writes to a disk as its guest would, durably. */
  public synchronized void guestWrites(Path disk, long cluster, String value) {
    alter(disk, image -> image.with(cluster, value));
    syncOne(disk);
  }

  /** Writes to a disk as its guest would, without a flush. */
  public void guestWritesWithoutFlush(Path disk, long cluster, String value) {
    alter(disk, image -> image.with(cluster, value));
  }

  /** Changes an image behind everybody's back. */
  public synchronized void alter(Path disk, UnaryOperator<FakeImage> change) {
    InMemoryNode node = require(disk);
    node.change(node.current().with(new Content.Image(change.apply(imageOf(node, disk))), tick()));
  }

  /** Changes an image so that neither its length nor its times tell. */
  public synchronized void alterSecretly(Path disk) {
    InMemoryNode node = require(disk);
    Version old = node.current();
    FakeImage image = imageOf(node, disk);
    FakeImage altered =
        new FakeImage(
            image.header(),
            image.clusters().keySet().stream()
                .collect(ImmutableMap.toImmutableMap(cluster -> cluster, cluster -> "altered")));
    node.change(
        new Version(
            new Content.Image(altered),
            old.mode(),
            old.owner(),
            old.group(),
            old.extendedAttributes(),
            old.description(),
            old.modifiedAt(),
            old.changedAt()));
  }

  /** Lets time pass on this file system. */
  public synchronized void sleep(Duration time) {
    now = now.plus(time);
  }

  /** Changes the header of an image behind everybody's back. */
  public void alterHeader(Path disk, UnaryOperator<ImageHeader> change) {
    alter(disk, image -> image.with(change.apply(image.header())));
  }

  /** Returns what a guest reads from a disk: by cluster, through the whole chain. */
  public synchronized ImmutableSortedMap<Long, String> guestReads(Path disk) {
    List<FakeImage> chain = new ArrayList<>();
    Optional<Path> layer = Optional.of(realPath(disk));
    boolean isRaw = false;
    while (layer.isPresent()) {
      InMemoryNode node = require(layer.get());
      FakeImage image = isRaw ? rawImage(node, layer.get()) : imageOf(node, layer.get());
      chain.add(image);
      BackingFile backing = image.header().backing();
      isRaw = backing != null && ImageFormat.RAW.label().equals(backing.format());
      layer =
          backing == null
              ? Optional.empty()
              : Optional.of(realPath(layer.get().resolveSibling(backing.name()).normalize()));
    }
    NavigableMap<Long, String> content = FakeImage.through(chain);
    content.values().removeIf(FakeImage.ZEROS::equals);
    return ImmutableSortedMap.copyOf(content);
  }

  /** Returns what a raw file holds, in one cluster. */
  private FakeImage rawImage(InMemoryNode node, Path file) {
    String content = Hashing.sha256().hashBytes(readBytes(file)).toString();
    return FakeImage.flat(
        Math.max(node.current().content().length(), FakeImage.CLUSTER),
        ImmutableMap.of(0L, content));
  }

  /** Makes a regular file of those bytes, or gives an existing one that content. */
  public synchronized void writeBytes(Path file, byte[] bytes) {
    Content content = new Content.Bytes(ByteBuffer.wrap(bytes.clone()));
    Optional<InMemoryNode> existing = find(file);
    if (existing.isPresent()) {
      existing.get().change(existing.get().current().with(content, tick()));
    } else {
      create(file, content, 0600);
    }
  }

  /** Returns the bytes of a regular file; of an image, something that differs where it does. */
  public synchronized byte[] readBytes(Path file) {
    Content content = require(file).current().content();
    if (content instanceof Content.Bytes bytes) {
      byte[] copy = new byte[bytes.bytes().remaining()];
      bytes.bytes().duplicate().get(copy);
      return copy;
    }
    return content.toString().getBytes(UTF_8);
  }

  /** Makes the check of an image find something. */
  public synchronized void damage(Path image, ImageCheck check) {
    damages.put(require(image).identity, check);
  }

  /** Makes a FIFO. */
  public synchronized void makeFifo(Path fifo) {
    create(fifo, new Content.Fifo(), 0600);
  }

  /** Takes away the permission to read a file; its status can still be asked for. */
  public synchronized void makeUnreadable(Path file) {
    unreadable.add(require(file).identity);
  }

  /**
   * Makes every call about a name fail, and about what is below it; its directory still lists it.
   * So do a name that is not text in the locale's encoding, and a directory without permission to
   * search it.
   */
  public synchronized void makeUnreachable(Path name) {
    unreachable.add(name);
  }

  /** Makes a symbolic link. */
  public synchronized void symlink(Path link, Path target) {
    create(link, new Content.SymbolicLink(target), 0777);
    hasSymbolicLinks = true;
  }

  /** Changes permission bits. */
  public synchronized void setMode(Path path, int mode) {
    InMemoryNode node = require(path);
    node.change(node.current().withMode(mode, tick()));
  }

  @Override
  public synchronized void setOwner(Path file, int owner, int group) {
    step("give " + file + " to " + owner + ":" + group);
    InMemoryNode node = requireRegular(file);
    node.change(node.current().withOwner(owner, group, tick()));
  }

  /** Sets an extended attribute. */
  public synchronized void setExtendedAttribute(Path path, String name, byte[] value) {
    InMemoryNode node = require(path);
    Map<String, ByteBuffer> changed = new HashMap<>(node.current().extendedAttributes());
    changed.put(name, ByteBuffer.wrap(value.clone()));
    node.change(node.current().withExtendedAttributes(ImmutableMap.copyOf(changed), tick()));
  }

  /** Takes from a file what it says of itself, as a file system without attributes would. */
  public synchronized void forgetDescription(Path file) {
    InMemoryNode node = require(file);
    node.change(node.current().describedAs(null, node.current().changedAt()));
    node.sync();
  }

  /** Returns an extended attribute. */
  public synchronized Optional<byte[]> extendedAttribute(Path path, String name) {
    return Optional.ofNullable(require(path).current().extendedAttributes().get(name))
        .map(ByteBuffer::array);
  }

  /** Moves a directory with all that is in it, durably, as {@code mv} does. */
  public synchronized void moveTree(Path from, Path to) {
    withDirectory(to.getParent());
    for (Path name : namesAtOrBelow(from)) {
      tree.putDurably(to.resolve(from.relativize(name)), require(name));
      tree.removeDurably(name);
    }
  }

  /** Copies a directory with all that is in it, durably, as {@code cp -a} does. */
  public synchronized void copyTree(Path from, Path to) {
    withDirectory(to.getParent());
    Map<FileIdentity, InMemoryNode> copies = new HashMap<>();
    for (Path name : namesAtOrBelow(from)) {
      Path target = to.resolve(from.relativize(name));
      InMemoryNode node = require(name);
      tree.putDurably(
          target, copies.computeIfAbsent(node.identity, unused -> copyOf(node, target)));
    }
  }

  /** Removes a directory with all that is in it, durably. */
  public synchronized void removeTree(Path directory) {
    namesAtOrBelow(directory).forEach(tree::removeDurably);
  }

  private List<Path> namesAtOrBelow(Path directory) {
    return tree.names().stream().filter(name -> name.startsWith(directory)).toList();
  }

  private InMemoryNode copyOf(InMemoryNode node, Path target) {
    InMemoryNode copy =
        new InMemoryNode(tree.newIdentity(deviceOf(target)), node.current().changedAt(tick()));
    copy.sync();
    return copy;
  }

  /** Returns whether a user who is in no group may read a file. */
  public synchronized boolean canRead(Path file, int user) {
    InMemoryNode node = requireRegular(file);
    Version now = node.current();
    if (now.owner() == user) {
      return (now.mode() & 0400) != 0;
    }
    boolean hasEntry = readers.getOrDefault(node.identity, Set.of()).contains(user);
    return hasEntry || (now.mode() & 0004) != 0;
  }

  /** Returns the names of everything, in order. */
  public synchronized ImmutableList<Path> list() {
    return ImmutableList.copyOf(tree.names());
  }

  // DiskFiles: questions.

  @Override
  public synchronized Path realPath(Path path) {
    Path real = resolve(path, true);
    if (tree.get(real).isEmpty()) {
      throw new NotFoundException(path + ": no such file");
    }
    return real;
  }

  @Override
  public synchronized Optional<FileStatus> status(Path path) {
    return find(path).map(this::statusOf);
  }

  @Override
  public synchronized ImmutableList<Path> list(Path directory) {
    Path name = direct(directory);
    InMemoryNode node =
        tree.get(name)
            .filter(InMemoryNode::isDirectory)
            .orElseThrow(() -> new StorageException(directory + ": is not a directory"));
    requireReadable(node, directory);
    return tree.names().stream()
        .filter(path -> name.equals(path.getParent()))
        .map(path -> directory.resolve(path.getFileName()))
        .collect(ImmutableList.toImmutableList());
  }

  @Override
  public synchronized String sha256(Path file, Progress progress) {
    requireReadable(requireRegular(file), file);
    InterruptedOperationException.throwIfInterrupted(() -> file + ": the reading was interrupted");
    progress.at(1, 1);
    return Hashing.sha256().hashBytes(readBytes(file)).toString();
  }

  @Override
  public synchronized byte[] read(Path file, int limit) {
    InMemoryNode node =
        tree.get(direct(file)).orElseThrow(() -> new NotFoundException(file + ": no such file"));
    if (!node.isRegularFile() || node.current().content().length() > limit) {
      throw new StorageException(file + ": is not a regular file of at most " + limit + " bytes");
    }
    return readBytes(file);
  }

  @Override
  public synchronized Optional<BaseDescription> description(Path file) {
    return Optional.ofNullable(requireRegular(file).current().description());
  }

  // DiskFiles: changes of names.

  @Override
  public synchronized boolean link(Path existing, Path added) {
    step("link " + existing + " to " + added);
    InMemoryNode node = requireRegular(existing);
    Path name = requireFree(added);
    if (node.identity.device() != deviceOf(name)) {
      return false;
    }
    node.change(node.current().changedAt(tick()));
    tree.put(name, Optional.of(node));
    return true;
  }

  @Override
  public synchronized void rename(Path from, Path to) {
    step("rename " + from + " to " + to);
    InMemoryNode node = require(from);
    Path source = direct(from);
    Path target = direct(to);
    requireParent(to, target);
    if (source.equals(target)) {
      return;
    }
    if (node.identity.device() != deviceOf(target)) {
      throw new StorageException(from + ": can't be renamed to another file system");
    }
    if (tree.get(target).filter(InMemoryNode::isDirectory).isPresent()) {
      throw new StorageException(to + ": is a directory");
    }
    tree.put(target, Optional.of(node));
    tree.put(source, Optional.empty());
  }

  @Override
  public synchronized long remove(Path path) {
    step("remove " + path);
    Path name = direct(path);
    Optional<InMemoryNode> node = tree.get(name);
    if (node.isEmpty()) {
      return 0;
    }
    if (node.get().isDirectory()
        && tree.names().stream().anyMatch(p -> name.equals(p.getParent()))) {
      throw new StorageException(path + ": directory not empty");
    }
    tree.put(name, Optional.empty());
    return node.get().links == 0 ? allocated(node.get()) : 0;
  }

  @Override
  public synchronized void createDirectory(Path directory, int mode) {
    step("create directory " + directory);
    create(directory, new Content.Directory(), mode);
  }

  // DiskFiles: changes of content and attributes.

  @Override
  public synchronized void copy(Path source, Path target, Progress progress) {
    step("copy " + source + " to " + target);
    InMemoryNode node = requireRegular(source);
    InterruptedOperationException.throwIfInterrupted(() -> source + ": the copy was interrupted");
    long length = node.current().content().length();
    progress.at(length, length);
    InMemoryNode copy = create(target, node.current().content(), 0600);
    copy.change(copy.current().withAttributesOf(node.current(), tick()));
    ImageCheck damage = damages.get(node.identity);
    if (damage != null) {
      damages.put(copy.identity, damage);
    }
  }

  @Override
  public synchronized void copyAttributes(Path source, Path target) {
    step("copy attributes of " + source + " to " + target);
    InMemoryNode from = requireRegular(source);
    InMemoryNode to = requireRegular(target);
    to.change(to.current().withAttributesOf(from.current(), tick()));
  }

  @Override
  public synchronized void limitPermissions(Path path, int most) {
    step("limit permissions of " + path);
    InMemoryNode node = requireFileOrDirectory(path);
    node.change(node.current().withMode(node.current().mode() & (most | ~0777), tick()));
  }

  @Override
  public synchronized void seal(Path file, int owner) {
    step("seal " + file);
    InMemoryNode node = requireRegular(file);
    Version old = node.current();
    boolean couldRead = (old.mode() & 0400) != 0;
    if (old.owner() != owner && couldRead) {
      readers.computeIfAbsent(node.identity, identity -> new HashSet<>()).add(old.owner());
    }
    node.change(old.withOwner(owner, old.group(), tick()).withMode(old.mode() & ~0222, now));
  }

  @Override
  public synchronized void describe(Path file, BaseDescription description) {
    step("describe " + file);
    InMemoryNode node = requireRegular(file);
    node.change(node.current().describedAs(description, tick()));
  }

  @Override
  public synchronized void write(Path file, byte[] content) {
    step("write " + file);
    create(file, new Content.Bytes(ByteBuffer.wrap(content.clone())), 0644);
  }

  @Override
  public synchronized FileStatus settledStatus(Path file) {
    step("make durable " + file);
    InMemoryNode node = requireRegular(file);
    node.sync();
    now = now.plusSeconds(1); // Any later change has another time.
    return statusOf(node);
  }

  @Override
  public synchronized void setModifiedAt(Path file, Instant time) {
    step("set the time of " + file);
    InMemoryNode node = requireRegular(file);
    node.change(node.current().modifiedAt(time, tick()));
  }

  // DiskFiles: durability.

  @Override
  public synchronized void sync(ImmutableList<Path> paths) {
    for (Path path : paths) {
      step("sync " + path);
      syncOne(path);
    }
  }

  // DiskImages.

  @Override
  public synchronized ImageHeader readHeader(Path image) {
    FakeImage read = imageOf(named(image), image);
    // A name that is empty is none: there is only a place for one.
    BackingFile backing = read.header().backing();
    return backing != null && backing.name().isEmpty()
        ? read.withBacking(null).header()
        : read.header();
  }

  @Override
  public synchronized boolean isEmptyOverlay(Path image) {
    return imageOf(named(image), image).isEmptyOverlay();
  }

  @Override
  public synchronized ImageCheck check(Path image) {
    InMemoryNode node = named(image);
    imageOf(node, image);
    return damages.getOrDefault(node.identity, new ImageCheck(0, 0));
  }

  @Override
  public synchronized String digest(Path image, Progress progress) {
    FakeImage content = imageOf(found(image), image);
    InterruptedOperationException.throwIfInterrupted(() -> image + ": the reading was interrupted");
    progress.at(1, 1);
    return FakeImageBytes.digest(content);
  }

  @Override
  public synchronized HeaderPatch planBackingName(Path image, Path backing) {
    BackingFile present = presentBacking(image, backing);
    return new HeaderPatch(
        0, digits(present), digits(new BackingFile(backing.toString(), present.format())));
  }

  @Override
  public synchronized HeaderPatch planBacking(Path image, Path backing, ImageFormat backingFormat) {
    return new HeaderPatch(
        0,
        digits(presentBacking(image, backing)),
        digits(new BackingFile(backing.toString(), backingFormat.label())));
  }

  private BackingFile presentBacking(Path image, Path backing) {
    BackingFile present = imageOf(named(image), image).header().backing();
    requireName(backing);
    if (present == null) {
      throw new InvalidImageException(image + ": has no backing file");
    }
    return present;
  }

  /** Returns a backing file as hexadecimal digits: first its format, then its name, both padded. */
  private static String digits(BackingFile backing) {
    String format = backing.format() == null ? "" : backing.format();
    return padded(format, FORMAT_BYTES) + padded(backing.name(), BackingFile.MAX_NAME_BYTES + 1);
  }

  private static String padded(String text, int bytes) {
    return HexFormat.of().formatHex(Arrays.copyOf(text.getBytes(UTF_8), bytes));
  }

  private static BackingFile backingIn(String digits) {
    String format = textIn(digits.substring(0, 2 * FORMAT_BYTES));
    return new BackingFile(
        textIn(digits.substring(2 * FORMAT_BYTES)), format.isEmpty() ? null : format);
  }

  private static String textIn(String digits) {
    String text = new String(HexFormat.of().parseHex(digits), UTF_8);
    return text.substring(0, text.indexOf(0));
  }

  @Override
  public synchronized void patchHeader(Path image, long inode, HeaderPatch patch) {
    step("patch the header of " + image);
    InMemoryNode node = found(image);
    if (node.identity.inode() != inode || !node.isRegularFile()) {
      throw new RefusedException(image + ": is another file");
    }
    Version version = node.current();
    // What a power cut leaves of one write may be a part of it.
    node.change(withBacking(node, image, tornBacking(patch)));
    node.change(withBacking(node, image, backingIn(patch.after())));
    step("put back the time of " + image);
    node.change(node.current().modifiedAt(version.modifiedAt(), now));
  }

  /** Returns what is left if only the first byte that differs was written. */
  private static BackingFile tornBacking(HeaderPatch patch) {
    int written = 0;
    while (written < patch.after().length() - 2
        && patch.after().startsWith(patch.before().substring(written, written + 2), written)) {
      written += 2;
    }
    return backingIn(
        patch.after().substring(0, written + 2) + patch.before().substring(written + 2));
  }

  @Override
  public synchronized String bytesAt(Path image, HeaderPatch patch) {
    BackingFile backing = imageOf(named(image), image).header().backing();
    return digits(backing == null ? new BackingFile("", null) : backing);
  }

  private Version withBacking(InMemoryNode node, Path image, BackingFile backing) {
    return node.current()
        .with(new Content.Image(imageOf(node, image).withBacking(backing)), tick());
  }

  @Override
  public synchronized void grow(Path image, long inode, ByteSize virtualSize) {
    step("grow " + image);
    InMemoryNode node = found(image);
    if (node.identity.inode() != inode || !node.isRegularFile()) {
      throw new RefusedException(image + ": is another file");
    }
    requireSize(virtualSize);
    FakeImage grown = imageOf(node, image).withSize(virtualSize.bytes());
    node.change(node.current().with(new Content.Image(grown), tick()));
    step("make the size of " + image + " durable");
    syncOne(image);
  }

  @Override
  public synchronized void createEmpty(Path image, ByteSize virtualSize) {
    step("create image " + image);
    createImage(image, virtualSize, null);
  }

  @Override
  public synchronized void createOverlay(
      Path image, Path backing, ImageFormat backingFormat, ByteSize virtualSize) {
    step("create overlay " + image + " of " + backing);
    requireName(backing);
    createImage(image, virtualSize, new BackingFile(backing.toString(), backingFormat.label()));
  }

  // DiskImages: content that is taken in.

  @Override
  public synchronized SourceImage inspect(ImageSource source) {
    List<FakeLayer> layers = layersOf(source);
    return new SourceImage(
        source,
        layers.stream()
            .map(layer -> new SourceImage.Layer(layer.path(), layer.identity()))
            .collect(ImmutableList.toImmutableList()),
        layers.get(0).virtualSize());
  }

  @Override
  public synchronized String contentDigest(SourceImage image, Progress progress) {
    requireNotInterrupted(image.source().file(), "reading");
    String digest =
        Hashing.sha256()
            .hashString(image.virtualSize() + " bytes: " + contentOf(image), UTF_8)
            .toString();
    progress.at(image.virtualSize(), image.virtualSize());
    return digest;
  }

  @Override
  public synchronized void importImage(
      Path image, SourceImage source, ByteSize virtualSize, Progress progress) {
    step("import to " + image);
    createFlat(image, source, virtualSize);
    progress.at(virtualSize.bytes(), virtualSize.bytes());
  }

  @Override
  public synchronized void exportImage(
      Path image,
      SourceImage source,
      ByteSize virtualSize,
      NewImageFormat.Qcow2 format,
      Progress progress) {
    step("export to " + image);
    if (status(image).isPresent()) {
      throw new AlreadyExistsException(image + ": exists already");
    }
    Path temporary = image.resolveSibling("." + image.getFileName() + ".new");
    createFlat(temporary, source, virtualSize);
    progress.at(virtualSize.bytes(), virtualSize.bytes());
    if (Thread.currentThread().isInterrupted()) {
      remove(temporary);
    }
    requireNotInterrupted(image, "export");
    sync(ImmutableList.of(temporary));
    rename(temporary, image);
    sync(ImmutableList.of(image.getParent()));
  }

  private void createFlat(Path image, SourceImage source, ByteSize virtualSize) {
    ImmutableMap<Long, String> content = contentOf(source);
    if (virtualSize.bytes() < source.virtualSize()) {
      throw new InvalidArgumentException(virtualSize + " bytes are less than the source has");
    }
    requireSize(virtualSize);
    requireNotInterrupted(image, "import");
    create(image, new Content.Image(FakeImage.flat(virtualSize.bytes(), content)), 0600);
  }

  private static void requireNotInterrupted(Path image, String what) {
    if (Thread.currentThread().isInterrupted()) {
      throw new InterruptedOperationException(image + ": the " + what + " was interrupted");
    }
  }

  /** One file of a chain: what it holds itself, and what it backs onto. */
  private record FakeLayer(
      Path path,
      FileIdentity identity,
      long virtualSize,
      ImmutableMap<Long, String> clusters,
      BackingFile backing) {}

  private List<FakeLayer> layersOf(ImageSource source) {
    List<FakeLayer> layers = new ArrayList<>();
    layers.add(layer(realPath(source.file()), source.format()));
    ImmutableList<Path> allowed =
        source.allowed().stream()
            .map(path -> resolve(path, true))
            .collect(ImmutableList.toImmutableList());
    FakeLayer last = layers.get(0);
    while (last.backing() != null) {
      Path below = resolve(BackingNames.resolve(last.path(), last.backing().name()), true);
      if (!allowed.contains(below)) {
        throw new UnallowedFileException(last.path(), below);
      }
      if (tree.get(below).isEmpty()) {
        throw new BrokenChainException(
            BrokenChainException.Break.MISSING, below + ": is missing, a backing file");
      }
      last = layer(below, ImageFormat.ofLabel(last.backing().format()));
      if (layers.contains(last)) {
        throw new BrokenChainException(
            BrokenChainException.Break.CYCLE, below + ": is in a cycle of backing files");
      }
      layers.add(last);
    }
    return layers;
  }

  private FakeLayer layer(Path real, ImageFormat format) {
    InMemoryNode node = found(real);
    if (!node.isRegularFile()) {
      throw new InvalidImageException(real + ": is not a regular file");
    }
    if (format == ImageFormat.QCOW2) {
      FakeImage image = imageOf(node, real);
      return new FakeLayer(
          real,
          node.identity,
          image.header().virtualSize(),
          image.clusters(),
          image.header().backing());
    }
    byte[] bytes = readBytes(real);
    boolean zeros = Arrays.equals(bytes, new byte[bytes.length]);
    return new FakeLayer(
        real,
        node.identity,
        (long) (bytes.length + SECTOR - 1) / SECTOR * SECTOR,
        zeros
            ? ImmutableMap.of()
            : ImmutableMap.of(0L, Hashing.sha256().hashBytes(bytes).toString()),
        null);
  }

  private ImmutableMap<Long, String> contentOf(SourceImage image) {
    String changed = image.source().file() + ": was changed by another process";
    try {
      if (!inspect(image.source()).equals(image)) {
        throw new RefusedException(changed);
      }
    } catch (UnallowedFileException e) {
      throw new RefusedException(changed, e);
    }
    NavigableMap<Long, String> content = new TreeMap<>();
    for (FakeLayer layer : layersOf(image.source())) {
      layer.clusters().forEach(content::putIfAbsent);
    }
    return ImmutableMap.copyOf(content);
  }

  // DiskImages: layers that are merged.

  @Override
  public synchronized void createMerged(Path image, LayerMerge merge, Progress progress) {
    step("merge layers of " + merge.chain().get(0).path() + " into " + image);
    FakeImage merged = merged(merge);
    requireNotInterrupted(image, "merge");
    create(image, new Content.Image(merged), 0600);
    progress.at(merged.header().virtualSize(), merged.header().virtualSize());
  }

  @Override
  public synchronized long measureMerged(LayerMerge merge) {
    return merged(merge).length();
  }

  private FakeImage merged(LayerMerge merge) {
    Path backing = merge.backing().path();
    List<FakeImage> chain = new ArrayList<>();
    for (ChainFile layer : merge.chain()) {
      InMemoryNode node = found(layer.path());
      if (!node.identity.equals(layer.identity())) {
        throw new RefusedException(layer.path() + ": was changed: it is another file");
      }
      chain.add(imageOf(node, layer.path()));
    }
    for (int i = 0; i < chain.size(); i++) {
      boolean goesOn = chain.get(i).header().backing() != null;
      if (goesOn != (i < chain.size() - 1)) {
        throw new InvalidArgumentException(merge.chain() + ": is not a whole chain");
      }
    }
    return FakeImage.merged(
        chain, merge.kept(), new BackingFile(backing.toString(), merge.backing().format().label()));
  }

  // DiskImages: layers that travel.

  @Override
  public synchronized LayerContent openLayer(Path base, ImageFormat format) {
    InMemoryNode node = named(base);
    byte[] content =
        format == ImageFormat.RAW ? readBytes(base) : FakeImageBytes.of(imageOf(node, base));
    requireReadable(node, base);
    return new InMemoryLayerContent(content);
  }

  @Override
  public synchronized NewLayer createLayer(Path image) {
    step("create layer " + image);
    InMemoryNode node = create(image, new Content.Bytes(ByteBuffer.allocate(0)), 0600);
    ByteArrayOutputStream taken = new ByteArrayOutputStream();
    return new NewLayer() {
      @Override
      public void write(ByteBuffer source) {
        step("write layer " + image);
        byte[] bytes = new byte[source.remaining()];
        source.get(bytes);
        taken.writeBytes(bytes);
        put(new Content.Bytes(ByteBuffer.wrap(taken.toByteArray())));
      }

      @Override
      public void complete() {
        step("complete layer " + image);
        FakeImageBytes.parse(taken.toByteArray())
            .ifPresent(parsed -> put(new Content.Image(parsed)));
      }

      private void put(Content content) {
        synchronized (InMemoryDisks.this) {
          node.change(node.current().with(content, tick()));
        }
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public synchronized void checkLayer(Path image, Layer layer, boolean isLowest) {
    InMemoryNode node = named(image);
    if (node.current().content().length() != layer.bytes()) {
      throw new InvalidImageException(image + ": has other than " + layer.bytes() + " bytes");
    }
    if (layer.format() == ImageFormat.RAW) {
      if (!isLowest
          || new ByteSize(layer.bytes()).roundedUpTo(SECTOR).bytes() != layer.virtualSize()) {
        throw new InvalidImageException(image + ": is no raw layer");
      }
      return;
    }
    ImageHeader header = imageOf(node, image).header();
    BackingFile backing = header.backing();
    boolean isPlaced = isLowest || backing != null;
    boolean isNamed = backing != null && !backing.name().isEmpty();
    if (!isPlaced
        || isNamed
        || header.virtualSize() != layer.virtualSize()
        || header.dirty()
        || header.corrupt()
        || check(image).errors() > 0) {
      throw new InvalidImageException(image + ": is not the layer that it must be");
    }
  }

  // How it is done.

  private void step(String step) {
    beforeStep.accept(step);
  }

  private Instant tick() {
    if (!isTickLong) {
      now = now.plusSeconds(1);
    }
    return now;
  }

  private void addRoot(Path directory, long device) {
    InMemoryNode node =
        new InMemoryNode(
            tree.newIdentity(device),
            new Version(
                new Content.Directory(),
                0755,
                ROOT,
                ROOT,
                ImmutableMap.of(),
                null,
                tick(),
                tick()));
    node.sync();
    tree.putDurably(directory, node);
  }

  private void createImage(Path image, ByteSize virtualSize, BackingFile backing) {
    requireSize(virtualSize);
    create(image, new Content.Image(FakeImage.empty(virtualSize.bytes(), backing)), 0600);
  }

  private static void requireName(Path backing) {
    if (!backing.isAbsolute()) {
      throw new InvalidArgumentException(backing + ": the path is not absolute");
    }
    if (backing.toString().getBytes(UTF_8).length > BackingFile.MAX_NAME_BYTES) {
      throw new InvalidArgumentException(backing + ": the name is longer than 1023 bytes");
    }
  }

  private static void requireSize(ByteSize virtualSize) {
    if (virtualSize.bytes() % SECTOR != 0 || virtualSize.bytes() > VIRTUAL_SIZE_MAX) {
      throw new InvalidArgumentException("a disk can't have the size " + virtualSize);
    }
  }

  private InMemoryNode create(Path path, Content content, int mode) {
    Path name = requireFree(path);
    InMemoryNode node =
        new InMemoryNode(
            tree.newIdentity(deviceOf(name)),
            new Version(content, mode, ROOT, ROOT, ImmutableMap.of(), null, tick(), now));
    tree.put(name, Optional.of(node));
    return node;
  }

  private void syncOne(Path path) {
    InMemoryNode node = require(path);
    if (!node.isDirectory() && !node.isRegularFile()) {
      throw new StorageException(path + ": is " + node.type().describe());
    }
    node.sync();
    if (node.isDirectory()) {
      tree.syncNamesIn(direct(path));
    }
  }

  private FileStatus statusOf(InMemoryNode node) {
    Version v = node.current();
    return new FileStatus(
        node.identity,
        node.type(),
        node.links,
        v.content().length(),
        allocated(node),
        v.owner(),
        v.group(),
        v.mode(),
        v.modifiedAt(),
        v.changedAt());
  }

  private static long allocated(InMemoryNode node) {
    return node.current().content().length();
  }

  private long deviceOf(Path name) {
    return mounts.entrySet().stream()
        .filter(mount -> name.startsWith(mount.getKey()))
        .max(Map.Entry.comparingByKey())
        .map(Map.Entry::getValue)
        .orElse(FIRST_DEVICE);
  }

  private FakeImage imageOf(InMemoryNode node, Path path) {
    requireReadable(node, path);
    if (node.current().content() instanceof Content.Image image) {
      return image.image();
    }
    throw new InvalidImageException(path + ": is not a qcow2 image");
  }

  private Optional<InMemoryNode> find(Path path) {
    return tree.get(resolve(path, false));
  }

  private void requireReadable(InMemoryNode node, Path path) {
    if (unreadable.contains(node.identity)) {
      throw new StorageException(path + ": permission denied");
    }
  }

  /** Returns the image of that very name: a symbolic link at the end is none. */
  private InMemoryNode named(Path path) {
    InMemoryNode node =
        tree.get(direct(path)).orElseThrow(() -> new NotFoundException(path + ": no such file"));
    if (!node.isRegularFile()) {
      throw new InvalidImageException(path + ": is " + node.type().describe());
    }
    return node;
  }

  private InMemoryNode found(Path path) {
    return tree.get(direct(path)).orElseThrow(() -> new NotFoundException(path + ": no such file"));
  }

  private InMemoryNode require(Path path) {
    return tree.get(direct(path)).orElseThrow(() -> new StorageException(path + ": no such file"));
  }

  private InMemoryNode requireFileOrDirectory(Path path) {
    InMemoryNode node = require(path);
    if (!node.isDirectory() && !node.isRegularFile()) {
      throw new StorageException(path + ": is " + node.type().describe());
    }
    return node;
  }

  private InMemoryNode requireRegular(Path path) {
    InMemoryNode node = require(path);
    if (!node.isRegularFile()) {
      throw new StorageException(path + ": is not a regular file");
    }
    return node;
  }

  private Path requireFree(Path path) {
    Path name = direct(path);
    requireParent(path, name);
    if (tree.get(name).isPresent()) {
      throw new AlreadyExistsException(path + ": exists already");
    }
    return name;
  }

  private void requireParent(Path path, Path name) {
    if (tree.get(name.getParent()).filter(InMemoryNode::isDirectory).isEmpty()) {
      throw new StorageException(path + ": no such directory");
    }
  }

  /** Returns a path without dots; a symbolic link on the way is an error. */
  private Path direct(Path path) {
    Path name = path.normalize();
    if (hasSymbolicLinks && !resolve(name, false).equals(name)) {
      throw new StorageException(
          path + ": a directory on the way is a symbolic link; it was none when it was recorded");
    }
    return name;
  }

  /** Resolves dots and the symbolic links on the way, and the one at the end if that is wanted. */
  private Path resolve(Path path, boolean followEnd) {
    if (unreachable.stream().anyMatch(path::startsWith)) {
      throw new StorageException(path + ": can't be reached");
    }
    if (!hasSymbolicLinks) {
      return path.normalize();
    }
    Path resolved = path;
    for (int i = 0; i < SYMBOLIC_LINKS_MAX; i++) {
      Path next = resolveOne(resolved.normalize(), followEnd);
      if (next.equals(resolved)) {
        return resolved;
      }
      resolved = next;
    }
    throw new StorageException(path + ": too many symbolic links");
  }

  private Path resolveOne(Path path, boolean followEnd) {
    int end = followEnd ? path.getNameCount() : path.getNameCount() - 1;
    for (int i = 1; i <= end; i++) {
      Path prefix = path.getRoot().resolve(path.subpath(0, i));
      Optional<InMemoryNode> node = tree.get(prefix);
      if (node.isPresent() && node.get().current().content() instanceof Content.SymbolicLink link) {
        return prefix.resolveSibling(link.target()).resolve(prefix.relativize(path)).normalize();
      }
    }
    return path;
  }
}
