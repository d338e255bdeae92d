package io.basedisk.sqlite;

import io.basedisk.domain.error.StorageException;
import java.sql.SQLException;
import org.sqlite.SQLiteErrorCode;

/** Tells a damaged database from other failures of the store. */
public final class DatabaseDamage {

  /** The primary result code is the low byte of an extended one. */
  private static final int PRIMARY = 0xff;

  private DatabaseDamage() {}

  /**
   * Returns whether a store failed because its file is damaged, or no database at all: then a
   * repeat fails too, and so does every other use.
   */
  public static boolean isCauseOf(StorageException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql) {
        int code = sql.getErrorCode() & PRIMARY;
        return code == SQLiteErrorCode.SQLITE_CORRUPT.code
            || code == SQLiteErrorCode.SQLITE_NOTADB.code;
      }
    }
    return false;
  }
}
