package io.basedisk.domain.rebuild;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMultiset;
import com.google.common.collect.Multiset;
import io.basedisk.domain.model.HomeId;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.rebuild.BackingTarget.OnBase;
import io.basedisk.domain.rebuild.BackingTarget.OnOtherHome;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds the home's id and path of the time when most of its files were written. */
final class HomeOrigin {

  private final HomeLayout home;
  private final ImmutableList<FoundBase> bases;
  private final ImmutableList<FoundBox> boxes;

  HomeOrigin(HomeLayout home, ImmutableList<FoundBase> bases, ImmutableList<FoundBox> boxes) {
    this.home = home;
    this.bases = bases;
    this.boxes = boxes;
  }

  /** {@return the home id that most bases' descriptions have} */
  Optional<HomeId> describedId() {
    return mostFrequent(
        bases.stream()
            .flatMap(base -> Optional.ofNullable(base.description()).stream())
            .map(said -> said.home()),
        Comparator.comparing(HomeId::value));
  }

  /** {@return the home's path that most headers name} */
  Path writtenFor() {
    return mostFrequent(
            Stream.concat(
                    bases.stream().map(FoundBase::below),
                    boxes.stream().flatMap(box -> box.below().values().stream()))
                .flatMap(below -> homeIn(below.end()).stream()),
            // If two paths are named equally often, the present path wins.
            Comparator.comparing((Path path) -> !path.equals(home.home()))
                .thenComparing(Comparator.naturalOrder()))
        .orElse(home.home());
  }

  private Optional<Path> homeIn(BackingTarget target) {
    if (target instanceof OnBase) {
      return Optional.of(home.home());
    }
    return target instanceof OnOtherHome base ? Optional.of(base.home()) : Optional.empty();
  }

  private static <T> Optional<T> mostFrequent(Stream<T> votes, Comparator<T> ofEquals) {
    ImmutableMultiset<T> counted = votes.collect(ImmutableMultiset.toImmutableMultiset());
    return counted.entrySet().stream()
        .min(
            Comparator.comparingInt((Multiset.Entry<T> vote) -> -vote.getCount())
                .thenComparing(Multiset.Entry::getElement, ofEquals))
        .map(Multiset.Entry::getElement);
  }
}
