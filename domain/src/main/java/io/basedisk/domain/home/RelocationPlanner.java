package io.basedisk.domain.home;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.home.HomeRelocation.Declared;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.FileIdentity;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.HomeId;
import io.basedisk.domain.model.HomeIdentity;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.model.Relocation;
import io.basedisk.domain.model.Relocation.HeaderRewrite;
import java.nio.file.Path;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Plans the relocation of a home that is not at the path in its store. It changes nothing. */
final class RelocationPlanner {

  /** Stands for the home's directory in a store that does not record it. */
  private static final FileIdentity UNKNOWN_DIRECTORY = new FileIdentity(0, 0);

  private final HomeParts parts;
  private final RandomGenerator random;

  RelocationPlanner(HomeParts parts, RandomGenerator random) {
    this.parts = parts;
    this.random = random;
  }

  /** {@return the plan; empty if the home is at the path in its store} */
  Optional<Relocation> plan(RecordedHome recorded, Declared declared) {
    HomeIdentity from = origin(recorded);
    if (from.path().equals(parts.path())) {
      parts.checkNothingDeclared(declared);
      return Optional.empty();
    }
    HomeMove move = new HomeMove(from.path(), parts.path());
    boolean copy =
        new MovedOrCopied(parts.home(), parts.files())
            .isCopy(
                from, recorded.identity().isPresent(), declared, () -> leavesDisks(recorded, move));
    Problems problems = new Problems();
    parts.checkNothingUnderWay(recorded, problems);
    ImmutableList<HeaderRewrite> rewrites =
        new RewritePlanner(parts, move, problems).plan(recorded, copy);
    problems.check(parts.path());
    HomeId id = copy ? HomeId.mint(random) : from.id();
    return Optional.of(
        new Relocation(
            OperationId.mint(random),
            from,
            new HomeIdentity(id, parts.path(), directory()),
            rewrites,
            copy ? boxesOutside(recorded, from.path()) : ImmutableList.of()));
  }

  /** {@return the id and the old path of the store's home} */
  private HomeIdentity origin(RecordedHome recorded) {
    Optional<HomeId> named = parts.identityFile().read();
    if (recorded.identity().isPresent()) {
      HomeIdentity identity = recorded.identity().get();
      parts.checkIsNamed(named, identity.id());
      return identity;
    }
    ImmutableSet<Path> homes = recorded.homesOfPaths();
    if (homes.size() > 1) {
      throw new RefusedException(
          parts.path() + ": the store records the files of several homes: " + homes);
    }
    return new HomeIdentity(
        named.orElseGet(() -> HomeId.mint(random)),
        homes.isEmpty() ? parts.path() : homes.iterator().next(),
        UNKNOWN_DIRECTORY);
  }

  private boolean leavesDisks(RecordedHome recorded, HomeMove move) {
    return new RewritePlanner(parts, move, new Problems())
        .plan(recorded, false).stream()
            .anyMatch(rewrite -> !rewrite.file().startsWith(parts.path()));
  }

  private static ImmutableList<BoxId> boxesOutside(RecordedHome recorded, Path home) {
    return recorded.boxesOutside(home).stream().map(Box::id).collect(toImmutableList());
  }

  private FileIdentity directory() {
    return parts
        .files()
        .status(parts.path())
        .map(FileStatus::identity)
        .orElseThrow(() -> new NotFoundException(parts.path() + ": no such directory"));
  }
}
