package io.basedisk.domain.adopt;

import com.google.common.collect.HashMultiset;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Multiset;
import io.basedisk.domain.model.BoxId;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Names boxes after the files of their disks: by the file's name without its suffix if it is unique
 * and tells something, otherwise by the names of its directory and file.
 */
final class BoxNames {

  private static final Pattern SUFFIX =
      Pattern.compile(
          "\\.(qcow2?|qcow2c|img|raw|disk|snap(shot)?|overlay)$", Pattern.CASE_INSENSITIVE);

  /** Names of files that tell the place of a disk in a VM, but not which VM it is. */
  private static final Pattern TELLS_NOTHING =
      Pattern.compile(
          "((diff|base|hard|main|boot|root|system|sys|os|data|guest|virtual|container)[-_. ]?)?"
              + "(disk|drive|image|img|hd[a-z]?|sd[a-z]|vd[a-z]|xvd[a-z]|root-?fs|volume|vol|overlay"
              + "|snapshot|snap|qcow2?|active|current|default)"
              + "([-_. ]?(disk|drive|image|img|[0-9]+))*"
              + "|boot|root|system|sys|os|data|base|vm|box|guest|[0-9]+",
          Pattern.CASE_INSENSITIVE);

  /** Names of directories that tell what is in them, but not which VM it belongs to. */
  private static final Pattern HOLDS_DISKS =
      Pattern.compile(
          "disks?|drives?|images?|volumes?|vols?|snapshots?|storage|data|qemu|kvm|vms?",
          Pattern.CASE_INSENSITIVE);

  private final Path root;
  private final Predicate<BoxId> isTaken;

  /**
   * @param root the adopted directory; the names of the directories above it tell nothing
   * @param isTaken tells whether a name can't be given
   */
  BoxNames(Path root, Predicate<BoxId> isTaken) {
    this.root = root;
    this.isTaken = isTaken;
  }

  /** {@return a name for each disk} The same disks get the same names. */
  ImmutableMap<Path, BoxId> of(Collection<Path> disks) {
    Multiset<String> stems = HashMultiset.create();
    disks.forEach(disk -> stems.add(stemOf(disk)));
    FreeBoxNames free = new FreeBoxNames(isTaken);
    ImmutableMap.Builder<Path, BoxId> names = ImmutableMap.builder();
    for (Path disk : disks) {
      String stem = stemOf(disk);
      boolean isTelling = !TELLS_NOTHING.matcher(stem).matches() && stems.count(stem) == 1;
      String wanted =
          isTelling
              ? stem
              : directoryOf(disk).map(directory -> directory + "-" + stem).orElse(stem);
      names.put(disk, free.give(wanted));
    }
    return names.buildOrThrow();
  }

  private static String stemOf(Path disk) {
    String name = String.valueOf(disk.getFileName());
    String stem = SUFFIX.matcher(name).replaceFirst("");
    return stem.isEmpty() ? name : stem;
  }

  /** {@return the name of the nearest directory above a disk that tells something} */
  private Optional<String> directoryOf(Path disk) {
    Optional<String> nearest = Optional.empty();
    Path directory = disk.getParent();
    while (directory != null && directory.startsWith(root) && directory.getFileName() != null) {
      String name = directory.getFileName().toString();
      if (!HOLDS_DISKS.matcher(name).matches()) {
        return Optional.of(name);
      }
      nearest = nearest.isPresent() ? nearest : Optional.of(name);
      directory = directory.getParent();
    }
    return nearest;
  }
}
