package io.basedisk.app.cli;

import com.google.common.collect.ImmutableList;
import io.basedisk.app.BaseDisks;
import io.basedisk.app.cli.render.BaseDocuments;
import io.basedisk.domain.Clones.Cloned;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.model.BoxId;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code basedisk clone}. */
@Command(
    name = "clone",
    description = {
      "Makes new boxes with the content of a box, or of one of its snapshots, and prints them with"
          + " the base that they share.",
      "Nothing is copied: each new disk is an empty overlay. All of the boxes are made, or none. The"
          + " source box's VM must be stopped meanwhile, unless a snapshot is cloned."
    },
    customSynopsis = {
      "basedisk clone [OPTIONS] BOX[@SNAPSHOT] NEW...",
      "       basedisk clone [OPTIONS] BOX[@SNAPSHOT] --count N --prefix P"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  basedisk clone web-1 web-2 web-3",
      "  basedisk clone web-1@clean --count 3 --prefix test-"
    })
final class CloneCommand implements Callable<Integer> {

  private static final int MOST = 1_000_000;

  private final RootCommand root;

  @Parameters(
      index = "0",
      paramLabel = "BOX[@SNAPSHOT]",
      description = "The box as it is now, or its snapshot of that name.")
  @SuppressWarnings("NullAway.Init") // picocli sets it, since it is required.
  private CloneSource source;

  @Parameters(index = "1..*", paramLabel = "NEW", description = "The names of the new boxes.")
  private List<BoxId> names = List.of();

  @Option(
      names = "--count",
      paramLabel = "N",
      description = "Make N boxes, named P1, P2, ... PN: the numbers have no leading zeros.")
  private @Nullable Integer count;

  @Option(names = "--prefix", paramLabel = "P", description = "What the names of these start with.")
  private @Nullable String prefix;

  CloneCommand(RootCommand root) {
    this.root = root;
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
    return source.snapshot() == null
        ? disks.clones().cloneBox(source.box(), boxes)
        : disks.clones().cloneSnapshot(source.box(), source.snapshot(), boxes);
  }

  private ImmutableList<BoxId> newBoxes() {
    if (count == null && prefix == null && !names.isEmpty()) {
      return ImmutableList.copyOf(names);
    }
    if (count == null || prefix == null || !names.isEmpty()) {
      throw new InvalidArgumentException("name the new boxes, or give both --count and --prefix");
    }
    if (count < 1 || count > MOST) {
      throw new InvalidArgumentException("invalid --count " + count + ": expected 1 to " + MOST);
    }
    String start = prefix;
    return IntStream.rangeClosed(1, count)
        .mapToObj(n -> BoxId.of(start + n))
        .collect(ImmutableList.toImmutableList());
  }
}
