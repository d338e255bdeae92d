package io.basedisk.domain.protocol;

import io.basedisk.domain.event.Event;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.Intent;
import io.basedisk.domain.model.NewBox;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.model.RecordTimes;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.port.EventListener;
import io.basedisk.domain.port.StoreTransaction;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.random.RandomGenerator;
import javax.inject.Inject;

/** Imports an image as a new box, with crash safety: the box's disk has the image's content. */
public final class ImportBoxProtocol extends NewDiskProtocol<Intent.ImportBox> {

  private final HomeLayout home;
  private final DiskImages images;
  private final RandomGenerator random;
  private final InstantSource clock;

  @Inject
  ImportBoxProtocol(
      BaseDiskStore store,
      DiskFiles files,
      EventListener listener,
      HomeLayout home,
      DiskImages images,
      RandomGenerator random,
      InstantSource clock) {
    super(store, files, listener);
    this.home = home;
    this.images = images;
    this.random = random;
    this.clock = clock;
  }

  @Override
  public Class<Intent.ImportBox> intentType() {
    return Intent.ImportBox.class;
  }

  /**
   * Plans the import.
   *
   * @param box the id of the new box, which is made in this home
   * @return the intent
   */
  public Intent.ImportBox plan(BoxId box) {
    OperationId id = OperationId.mint(random);
    NewBox newBox = NewBox.in(home, box);
    return new Intent.ImportBox(
        id, newBox, Temporaries.of(id, newBox.disk()), RecordTimes.now(clock));
  }

  @Override
  Path parent(Intent.ImportBox intent) {
    return home.boxes();
  }

  @Override
  void record(StoreTransaction tx, Intent.ImportBox intent) {
    NewBox box = intent.newBox();
    tx.boxes().insert(new Box(box.box(), box.disksDir(), intent.startedAt()));
  }

  @Override
  Event eventOf(Intent.ImportBox intent) {
    return new Event.BoxCreated(intent.id(), intent.newBox().box());
  }

  /** No doubt: the disk is in the home, on the file system of the store that has the intent. */
  @Override
  Optional<String> reasonForDoubt(Intent.ImportBox intent) {
    return Optional.empty();
  }

  @Override
  boolean isWhatIsMade(Intent.ImportBox intent) {
    return images.readHeader(intent.disk()).backing() == null;
  }
}
