package io.basedisk.domain.protocol;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.event.Event;
import io.basedisk.domain.log.LogWriter;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.LogEvent;
import io.basedisk.domain.model.LoggedChange;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.model.RecordTimes;
import io.basedisk.domain.model.intent.ImportBoxIntent;
import io.basedisk.domain.model.intent.NewBox;
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
public final class ImportBoxProtocol extends NewDiskProtocol<ImportBoxIntent> {

  private final HomeLayout home;
  private final NewBoxDirectories directories;
  private final DiskImages images;
  private final RandomGenerator random;
  private final InstantSource clock;

  @Inject
  ImportBoxProtocol(
      BaseDiskStore store,
      DiskFiles files,
      EventListener listener,
      HomeLayout home,
      NewBoxDirectories directories,
      DiskImages images,
      RandomGenerator random,
      InstantSource clock,
      LogWriter log) {
    super(store, files, listener, log);
    this.home = home;
    this.directories = directories;
    this.images = images;
    this.random = random;
    this.clock = clock;
  }

  @Override
  public Class<ImportBoxIntent> intentType() {
    return ImportBoxIntent.class;
  }

  /**
   * Plans the import.
   *
   * @param box the id of the new box, which is made in this home
   * @return the intent
   */
  public ImportBoxIntent plan(BoxId box) {
    OperationId id = OperationId.mint(random);
    NewBox newBox = directories.choose(ImmutableList.of(box)).get(0);
    return new ImportBoxIntent(
        id, newBox, Temporaries.of(id, newBox.disk()), RecordTimes.now(clock));
  }

  @Override
  Path parent(ImportBoxIntent intent) {
    return home.boxes();
  }

  @Override
  void record(StoreTransaction tx, ImportBoxIntent intent) {
    NewBox box = intent.newBox();
    tx.boxes().insert(new Box(box.box(), box.disksDir(), intent.startedAt()));
  }

  @Override
  Event eventOf(ImportBoxIntent intent) {
    return new Event.BoxCreated(intent.id(), intent.newBox().box());
  }

  @Override
  LoggedChange changeOf(ImportBoxIntent intent) {
    return LoggedChange.of(LogEvent.BOX_CREATED).detailed("from an image");
  }

  /** No doubt: the disk is in the home, on the file system of the store that has the intent. */
  @Override
  Optional<String> reasonForDoubt(ImportBoxIntent intent) {
    return Optional.empty();
  }

  @Override
  boolean isWhatIsMade(ImportBoxIntent intent) {
    return images.readHeader(intent.disk()).backing() == null;
  }
}
