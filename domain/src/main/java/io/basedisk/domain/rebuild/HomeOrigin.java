package io.basedisk.domain.rebuild;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMultiset;
import com.google.common.collect.Multiset;
import io.basedisk.domain.model.HomeId;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.rebuild.Footing.OnBase;
import io.basedisk.domain.rebuild.Footing.OnOtherHome;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/** Which home this was when its files were written, as most of them say. */
final class HomeOrigin {

  private final HomeLayout home;
  private final ImmutableList<FoundBase> bases;
  private final ImmutableList<FoundBox> boxes;

  HomeOrigin(HomeLayout home, ImmutableList<FoundBase> bases, ImmutableList<FoundBox> boxes) {
    this.home = home;
    this.bases = bases;
    this.boxes = boxes;
  }

  /** Returns the home that most bases say they are of. */
  Optional<HomeId> describedId() {
    return mostFrequent(
        bases.stream()
            .flatMap(base -> Optional.ofNullable(base.description()).stream())
            .map(said -> said.home()),
        Comparator.comparing(HomeId::value));
  }

  /** Returns the path that the home had when most headers were written. */
  Path writtenFor() {
    return mostFrequent(
            Stream.concat(
                    bases.stream().map(FoundBase::below),
                    boxes.stream().flatMap(box -> box.below().values().stream()))
                .flatMap(below -> homeIn(below.end()).stream()),
            // Of equal numbers the present path is taken.
            Comparator.comparing((Path path) -> !path.equals(home.home()))
                .thenComparing(Comparator.naturalOrder()))
        .orElse(home.home());
  }

  private Optional<Path> homeIn(Footing footing) {
    if (footing instanceof OnBase) {
      return Optional.of(home.home());
    }
    return footing instanceof OnOtherHome base ? Optional.of(base.home()) : Optional.empty();
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
