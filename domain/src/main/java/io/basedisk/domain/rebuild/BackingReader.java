package io.basedisk.domain.rebuild;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.chain.BackingNames;
import io.basedisk.domain.error.BaseDiskException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.model.BackingFile;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.rebuild.BackingTarget.Broken;
import io.basedisk.domain.rebuild.BackingTarget.Nothing;
import io.basedisk.domain.rebuild.BackingTarget.OnBase;
import io.basedisk.domain.rebuild.BackingTarget.OnFile;
import io.basedisk.domain.rebuild.BackingTarget.OnOtherHome;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads what images back onto. Returns a file's fault as a result and never throws it. */
final class BackingReader {

  private final HomeLayout home;
  private final DiskFiles files;
  private final DiskImages images;
  private final ImmutableSet<BaseDiskId> present;

  /**
   * Creates the reader.
   *
   * @param present the bases that have a file in the bases directory
   */
  BackingReader(
      HomeLayout home, DiskFiles files, DiskImages images, ImmutableSet<BaseDiskId> present) {
    this.home = home;
    this.files = files;
    this.images = images;
    this.present = present;
  }

  /** Reads the chain of a qcow2 image down to the bases directory. */
  ChainToBases chainOf(Path image) {
    Set<OnFile> passed = new LinkedHashSet<>();
    BackingTarget target = below(image);
    while (target instanceof OnFile file) {
      if (!passed.add(file)) {
        target = new Broken("its backing chain is a cycle through " + file.realPath());
      } else {
        target = file.format() == ImageFormat.RAW ? new Nothing() : below(file.realPath());
      }
    }
    return new ChainToBases(ImmutableList.copyOf(passed), target);
  }

  private BackingTarget below(Path image) {
    try {
      BackingFile backing = images.readHeader(image).backing();
      return backing == null ? new Nothing() : resolve(image, backing);
    } catch (BaseDiskException fault) {
      return new Broken(String.valueOf(fault.getMessage()));
    }
  }

  private BackingTarget resolve(Path image, BackingFile backing) {
    Path named = BackingNames.resolve(image, backing.name());
    Optional<Path> real = realPath(named);
    if (real.filter(home::isInBases).isPresent()) {
      return home.baseIdOf(real.get())
          .<BackingTarget>map(OnBase::new)
          .orElseGet(
              () -> new Broken("it backs onto " + real.get() + ", which is not a base's file"));
    }
    Optional<BackingTarget> otherHome = baseOfOtherHome(named.normalize());
    if (otherHome.isPresent()) {
      return otherHome.get();
    }
    return real.<BackingTarget>map(file -> new OnFile(file, formatOf(backing)))
        .orElseGet(() -> new Broken("its backing file " + named + " is missing"));
  }

  private Optional<Path> realPath(Path named) {
    try {
      return Optional.of(files.realPath(named));
    } catch (NotFoundException missing) {
      return Optional.empty();
    }
  }

  /**
   * {@return the base if a backing name is of another home's base} A copied home's headers name the
   * original's bases. They must not become foreign bases: the original deletes them once it does
   * not need them.
   */
  private Optional<BackingTarget> baseOfOtherHome(Path named) {
    Path bases = named.getParent();
    @Nullable Path other = bases == null ? null : bases.getParent();
    if (other == null || other.equals(home.home())) {
      return Optional.empty();
    }
    return new HomeLayout(other)
        .baseIdOf(named)
        .filter(present::contains)
        .map(id -> new OnOtherHome(other, id));
  }

  /** {@return the format of a backing file} A missing format means qcow2: raw is never guessed. */
  private static ImageFormat formatOf(BackingFile backing) {
    String format = backing.format();
    return format == null ? ImageFormat.QCOW2 : ImageFormat.ofLabel(format);
  }
}
