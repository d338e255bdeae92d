package io.basedisk.sqlite;

import io.basedisk.domain.error.StorageException;
import java.sql.SQLException;
import org.sqlite.SQLiteErrorCode;

/** Tells a damaged database from other failures of the store. */
public final class DatabaseDamage {

  /** Mask of the primary result code, the low byte of an extended one. */
  private static final int PRIMARY = 0xff;

  private DatabaseDamage() {}

  /**
   * {@return whether a store failed because its file is damaged or is not a database} If so, every
   * other use of the file fails too.
   *
   * @param failure what the store threw
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
