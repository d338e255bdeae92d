package io.basedisk.sqlite;

import com.google.common.base.Throwables;
import io.basedisk.domain.error.NoSpaceException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.Remedy;
import io.basedisk.domain.error.StorageException;
import java.nio.file.Path;
import java.sql.SQLException;
import org.jooq.ExecuteContext;
import org.jooq.ExecuteListener;
import org.sqlite.SQLiteErrorCode;

/**
 * Translates SQLite's errors to the exceptions of the port.
 *
 * <p>As a listener, it replaces jOOQ's exceptions at their origin. So neither a caller's
 * transaction nor the rest of this package sees them.
 */
final class SqliteErrors implements ExecuteListener {

  private static final long serialVersionUID = 1L;

  /** Mask of the primary result code, the low byte of an extended one. */
  private static final int PRIMARY = 0xff;

  private final transient Database database;

  SqliteErrors(Database database) {
    this.database = database;
  }

  /** A statement would have broken a constraint of the schema. It changed nothing. */
  static final class ConstraintViolation extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ConstraintViolation(SQLException cause) {
      super(cause.getMessage(), cause);
    }
  }

  @Override
  public void exception(ExecuteContext context) {
    SQLException e = context.sqlException();
    if (e != null) {
      context.exception(of(e));
    }
  }

  /** {@return the exception to throw for an error} */
  RuntimeException of(SQLException e) {
    int code = e.getErrorCode() & PRIMARY;
    if (code == SQLiteErrorCode.SQLITE_BUSY.code || code == SQLiteErrorCode.SQLITE_LOCKED.code) {
      return new RefusedException(
          database.name() + ": the store is busy: other processes use it", new Remedy.Repeat(), e);
    }
    if (code == SQLiteErrorCode.SQLITE_READONLY.code) {
      return new RefusedException(readOnly(database.name(), database.file()), e);
    }
    if (code == SQLiteErrorCode.SQLITE_CONSTRAINT.code) {
      return new ConstraintViolation(e);
    }
    if (code == SQLiteErrorCode.SQLITE_NOTADB.code) {
      return new StorageException(database.name() + ": is not an SQLite database", e);
    }
    return failure(e);
  }

  /** {@return the exception for a failure of the store} */
  StorageException failure(Exception e) {
    if (isForLackOfSpace(e)) {
      return new NoSpaceException("no space left on the file system of " + database.name(), e);
    }
    String reason = e.getMessage() == null ? e.toString() : e.getMessage();
    return new StorageException(
        database.name() + ": the store failed: " + reason.lines().findFirst().orElse(""), e);
  }

  /**
   * {@return whether the error is for lack of space} If a write fails, SQLite's error says so. For
   * reading too, SQLite creates and extends a file beside the database. If that fails, the error is
   * that it can't open the database (XFS) or that its shared memory failed (ext4).
   */
  private boolean isForLackOfSpace(Exception e) {
    for (Throwable cause : Throwables.getCausalChain(e)) {
      if (cause instanceof SQLException failed) {
        int code = failed.getErrorCode() & PRIMARY;
        return code == SQLiteErrorCode.SQLITE_FULL.code
            || ((code == SQLiteErrorCode.SQLITE_CANTOPEN.code
                    || code == SQLiteErrorCode.SQLITE_IOERR.code)
                && WriteAccess.beside(database.file()) == WriteAccess.NO_SPACE);
      }
    }
    return false;
  }

  /** {@return whether the error of a ROLLBACK means that SQLite has rolled back before} */
  static boolean saysThatNoneIsActive(SQLException e) {
    return (e.getErrorCode() & PRIMARY) == SQLiteErrorCode.SQLITE_ERROR.code
        && e.getMessage() != null
        && e.getMessage().contains("no transaction is active");
  }

  /** {@return the message for a store that can't be written to, with the reason} */
  static String readOnly(Path name, Path file) {
    String reason =
        WriteAccess.beside(file) == WriteAccess.READ_ONLY_FILE_SYSTEM
            ? "read-only file system"
            : "no permission to write";
    return name + ": the store can only be read: " + reason;
  }
}
