package io.basedisk.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.box.Boxes.SnapshotsOnRemoval;
import io.basedisk.domain.model.BaseFilter;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.testing.Content;
import io.basedisk.domain.testing.TestNotes;
import io.basedisk.qcow2.testing.Qemu;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * The life of a fleet with QEMU as its guests. Between random operations, {@code qemu-io} writes to
 * the disks. QEMU reads back the content of every disk and snapshot.
 */
@Tag("oracle")
class FleetLifeOracleTest {

  private static final int STEPS = Integer.getInteger("basedisk.steps", 300);
  private static final int STEPS_BETWEEN_LOOKS = 30;
  private static final long SEED = Long.getLong("basedisk.seed", System.nanoTime());

  @RegisterExtension private final TestNotes notes = new TestNotes();

  @TempDir private Path directory;

  /** Guests that are QEMU. */
  private static final class QemuGuests extends Guests {

    private final Path block;

    QemuGuests(HomeLayout home, Path scratch) {
      super(home);
      this.block = scratch.resolve("block");
    }

    @Override
    public Content read(Path disk) {
      return Content.of(ByteBuffer.wrap(Qemu.read(disk)));
    }

    @Override
    public void write(Path disk, int number, long stamp) {
      byte[] bytes = Content.block(stamp).array();
      try {
        Files.write(block, bytes);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      Qemu.io(
          disk, List.of("write -s " + block + " " + Content.offset(number) + " " + bytes.length));
    }
  }

  @Test
  void what_qemu_writes_it_reads_back_until_nothing_is_left() throws IOException {
    Qemu.assumeInstalled();
    notes.add("%d steps, -Dbasedisk.seed=%d", STEPS, SEED);
    Path scratch = directory.toRealPath();
    try (OpenHome home =
            OpenHome.open(scratch.resolve("home"), layout -> new QemuGuests(layout, scratch));
        Model model = Model.open(scratch.resolve("log"))) {
      Actor actor = new Actor(home, "box", model, new Random(SEED), false);
      for (int i = 1; i <= STEPS; i++) {
        actor.step();
        if (i % STEPS_BETWEEN_LOOKS == 0 || i == STEPS) {
          look(home, model);
        }
      }
      assertTrue(model.stepsDone() > STEPS / 2, "hardly anything was done");

      for (String box : ImmutableList.copyOf(model.boxes().keySet())) {
        home.disks.boxes().remove(BoxId.of(box), SnapshotsOnRemoval.REMOVE);
      }

      assertEquals(ImmutableList.of(), home.store.read(v -> v.bases().list(BaseFilter.ALL)));
      assertEquals(ImmutableList.of(), home.store.read(view -> view.boxes().list()));
      assertEquals(ImmutableList.of(), Audit.filesIn(home.disks.home().bases()));
      assertEquals(ImmutableList.of(), Audit.filesIn(home.disks.home().boxes()));
    }
  }

  /** Reads all content with QEMU, and checks every file with it. */
  private static void look(OpenHome home, Model model) {
    Audit.checkContent(home, ImmutableList.of(model));
    model.boxes().keySet().forEach(box -> Qemu.check(home.disk(box)));
    Audit.filesIn(home.disks.home().bases()).forEach(Qemu::check);
    Audit.checkWhole(home);
  }
}
