package io.basedisk.domain.adopt;

import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.RootfsKey;
import java.nio.file.Path;
import java.util.Optional;

/** What a home has recorded, as far as an adoption must know it. */
public interface RecordedFiles {

  /** A home that does not exist yet. */
  RecordedFiles NONE =
      new RecordedFiles() {
        @Override
        public Optional<BaseDisk> baseAt(Path file) {
          return Optional.empty();
        }

        @Override
        public Optional<BoxId> boxWithDisk(Path file) {
          return Optional.empty();
        }

        @Override
        public boolean isTaken(BoxId box) {
          return false;
        }

        @Override
        public boolean isTaken(BaseDiskId base) {
          return false;
        }

        @Override
        public boolean isTaken(RootfsKey key) {
          return false;
        }

        @Override
        public int layersOf(BaseDiskId base) {
          return 0;
        }

        @Override
        public void requireIntact(BaseDiskId base) {}
      };

  /**
   * {@return the base with a file}
   *
   * @param file real path of the file
   */
  Optional<BaseDisk> baseAt(Path file);

  /**
   * {@return the box with a disk, whose file need not exist}
   *
   * @param file real path of the disk
   */
  Optional<BoxId> boxWithDisk(Path file);

  /**
   * {@return whether a box has a name, or an operation has claimed it}
   *
   * @param box the name
   */
  boolean isTaken(BoxId box);

  /**
   * {@return whether a base has an id}
   *
   * @param base the id
   */
  boolean isTaken(BaseDiskId base);

  /**
   * {@return whether the rootfs cache has an entry with a key}
   *
   * @param key the key
   */
  boolean isTaken(RootfsKey key);

  /**
   * {@return the number of files in the chain of a base, the base included}
   *
   * @param base id of the base
   */
  int layersOf(BaseDiskId base);

  /**
   * Checks that a base and the bases below it are as they were recorded.
   *
   * @param base id of the base
   * @throws io.basedisk.domain.error.NotFoundException if a file is missing
   * @throws io.basedisk.domain.error.InvalidImageException if a file was changed
   */
  void requireIntact(BaseDiskId base);
}
