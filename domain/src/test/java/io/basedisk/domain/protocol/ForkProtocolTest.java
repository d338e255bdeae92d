package io.basedisk.domain.protocol;

import static io.basedisk.domain.testing.Fleet.HOME;
import static io.basedisk.domain.testing.Fleet.disk;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.argThat;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.inOrder;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.MoreCollectors;
import io.basedisk.domain.event.Event;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.model.intent.ForkIntent;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.port.EventListener;
import io.basedisk.domain.testing.BoundPorts;
import io.basedisk.domain.testing.Fleet;
import io.basedisk.domain.testing.UseCases;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.mockito.AdditionalAnswers;
import org.mockito.InOrder;

/** The order of a fork's steps, on which its crash safety rests. */
final class ForkProtocolTest {

  private final Fleet fleet = new Fleet();
  private final DiskFiles files = mock(DiskFiles.class, AdditionalAnswers.delegatesTo(fleet.disks));
  private final DiskImages images =
      mock(DiskImages.class, AdditionalAnswers.delegatesTo(fleet.disks));
  private final BaseDiskStore store =
      mock(BaseDiskStore.class, AdditionalAnswers.delegatesTo(fleet.store));
  private final EventListener listener = mock(EventListener.class);
  private final UseCases useCases =
      UseCases.over(
          new BoundPorts(
              HOME,
              store,
              fleet.stamp,
              files,
              images,
              fleet.locks,
              fleet.imageLocks,
              listener,
              fleet.ports.clock(),
              fleet.ports.random(),
              Duration.ZERO));

  @Test
  void everything_is_durable_before_what_depends_on_it() {
    fleet.create("web");
    BaseDisk base = useCases.bases().create(Fleet.box("web"), BaseDiskKind.CLONE_BASE, null);
    Path disk = disk("web");
    Path file = base.diskInfo().basePath();
    InOrder order = inOrder(files, images, store, listener);
    order.verify(store).write(any());
    order.verify(files).link(disk, file);
    order.verify(files).sync(HOME.bases());
    order
        .verify(images)
        .createOverlay(
            argThat(p -> isTemporaryOf(disk, p)), eq(file), eq(ImageFormat.QCOW2), any());
    order.verify(files).copyAttributes(eq(disk), argThat(p -> isTemporaryOf(disk, p)));
    order.verify(files).sync(argThat((Path p) -> isTemporaryOf(disk, p)));
    order.verify(files).rename(argThat(p -> isTemporaryOf(disk, p)), eq(disk));
    order.verify(files).sync(disk.getParent());
    order.verify(files).describe(eq(file), any());
    order.verify(files).seal(file, 0);
    order.verify(files).sync(file);
    order.verify(store).write(any());
    order
        .verify(listener)
        .on(
            argThat(
                (Event event) ->
                    event instanceof Event.Forked forked
                        && forked.base().equals(base)
                        && forked.disk().equals(disk)));
  }

  @Test
  void two_headers_are_read() {
    fleet.create("web");
    BaseDisk base = useCases.bases().create(Fleet.box("web"), BaseDiskKind.CLONE_BASE, null);
    // Reads whether the disk may be forked and which base it has, and what the new base is.
    verify(images).readHeader(disk("web"));
    verify(images).readHeader(base.diskInfo().basePath());
    verify(images, times(2)).readHeader(any());
  }

  @Test
  void a_forks_temporaries_are_hidden_and_carry_its_number() {
    fleet.create("web");
    BaseDisk base = fleet.fork("web");
    ForkIntent fork =
        fleet.events.stream()
            .filter(Event.Performed.class::isInstance)
            .map(event -> ((Event.Performed) event).intent())
            .filter(ForkIntent.class::isInstance)
            .map(ForkIntent.class::cast)
            .collect(MoreCollectors.onlyElement());
    Path file = base.diskInfo().basePath();
    assertEquals(
        ImmutableList.of(
            file,
            file.resolveSibling("." + file.getFileName() + "." + fork.id() + ".tmp"),
            disk("web").resolveSibling(".disk.qcow2." + fork.id() + ".tmp"),
            disk("web").resolveSibling(".disk.qcow2." + fork.id() + ".old")),
        fork.createdFiles());
  }

  private static boolean isTemporaryOf(Path disk, Path path) {
    return path != null
        && disk.getParent().equals(path.getParent())
        && path.getFileName().toString().startsWith("." + disk.getFileName());
  }
}
