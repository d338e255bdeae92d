package io.basedisk.cli;

import com.google.common.collect.ImmutableList;
import io.basedisk.app.BaseDisks;
import io.basedisk.cli.render.BaseDocuments;
import io.basedisk.domain.clone.Clones.Cloned;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.model.BoxId;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/** {@code basedisk clone}. */
final class CloneCommand extends Command {

  private static final int MAX_COUNT = 1_000_000;

  private final Argument<BoxAtSnapshot> source =
      takes.parameter(
          "BOX[@SNAPSHOT]", BoxAtSnapshot::parse, "The box as it is now, or one of its snapshots.");

  private final Argument<List<BoxId>> names =
      takes.furtherParameters("NEW", BoxId::of, "The names of the new boxes.");

  private final Argument<Integer> count =
      takes.option(
          "--count",
          "N",
          Numbers::whole,
          "Create N boxes, named P1, P2, ... PN, without leading zeros.");

  private final Argument<String> prefix =
      takes.option("--prefix", "P", Function.identity(), "With --count: the prefix of the names.");

  CloneCommand(RootCommand root) {
    super(
        root,
        "Creates boxes with the content of a box or of one of its snapshots, and prints them with"
            + " the base that they share.",
        "Nothing is copied: each new disk is an empty overlay. Either all boxes are created or"
            + " none. If you clone a box and not a snapshot, stop its VM first.");
    synopsis(
        "basedisk clone [OPTIONS] BOX[@SNAPSHOT] NEW...",
        "       basedisk clone [OPTIONS] BOX[@SNAPSHOT] --count N --prefix P");
    examples(
        "  basedisk clone web-1 web-2 web-3",
        "  basedisk clone web-1@clean --count 3 --prefix test-");
  }

  @Override
  public Integer call() {
    ImmutableList<BoxId> boxes = newBoxes();
    return root.run(
        disks -> {
          Cloned cloned = clone(disks, boxes);
          return new BaseDocuments.Clone(
              BaseCommand.require(disks, cloned.base().id()), cloned.boxes());
        });
  }

  private Cloned clone(BaseDisks disks, ImmutableList<BoxId> boxes) {
    BoxAtSnapshot cloned = source.get();
    return cloned.snapshot() == null
        ? disks.clones().cloneBox(cloned.box(), boxes)
        : disks.clones().cloneSnapshot(cloned.box(), cloned.snapshot(), boxes);
  }

  private ImmutableList<BoxId> newBoxes() {
    if (!count.isGiven() && !prefix.isGiven() && names.isGiven()) {
      return ImmutableList.copyOf(names.get());
    }
    if (!count.isGiven() || !prefix.isGiven() || names.isGiven()) {
      throw new InvalidArgumentException("name the new boxes, or give both --count and --prefix");
    }
    int number = count.get();
    if (number < 1 || number > MAX_COUNT) {
      throw new InvalidArgumentException(
          "invalid --count " + number + ": expected 1 to " + MAX_COUNT);
    }
    String start = prefix.get();
    return IntStream.rangeClosed(1, number)
        .mapToObj(n -> BoxId.of(start + n))
        .collect(ImmutableList.toImmutableList());
  }
}
