package io.basedisk.domain.port;

import io.basedisk.domain.model.ForeignHome;
import java.nio.file.Path;

/**
 * Reads the database of another program's home. The home is hostile: whatever its database
 * contains, the method returns or throws one of the named errors, in bounded memory.
 *
 * <p>Nothing in that home is changed, and no file is made in it. Implementations are thread-safe.
 */
public interface ForeignHomeReader {

  /** Maximum number of records of one kind. */
  int MAX_RECORDS = 100_000;

  /**
   * Reads the boxes and base disks of a home.
   *
   * @param home real path of the home
   * @return what its database says, in one state
   * @throws io.basedisk.domain.error.NotFoundException if there is no such home
   * @throws io.basedisk.domain.error.RefusedException if the database has another version, lacks a
   *     table or column, has two records with one id, has too many records, or keeps changing
   * @throws io.basedisk.domain.error.StorageException if the database can't be read
   */
  ForeignHome read(Path home);
}
