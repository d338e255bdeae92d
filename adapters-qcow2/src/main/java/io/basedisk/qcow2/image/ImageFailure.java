package io.basedisk.qcow2.image;

import io.basedisk.domain.error.AlreadyExistsException;
import io.basedisk.domain.error.BaseDiskException;
import io.basedisk.domain.error.FileFailure;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.Remedy;
import io.basedisk.domain.error.StorageException;
import io.basedisk.qcow2.os.FileKind;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Errors for calls on an image's file that fail. Each names the file and the reason. */
public final class ImageFailure {

  private ImageFailure() {}

  static InvalidImageException notRegular(Path path) {
    return new InvalidImageException(path + ": is " + FileKind.of(path) + ", not a regular file");
  }

  /** {@return the error for a failed call on a file} */
  static BaseDiskException of(Path path, IOException cause) {
    if (cause instanceof NoSuchFileException) {
      return new NotFoundException(
          path + ": " + FileKind.brokenLink(path).map("is "::concat).orElse("no such file"), cause);
    }
    if (cause instanceof FileAlreadyExistsException) {
      return alreadyThere(path, cause);
    }
    if (cause instanceof AccessDeniedException) {
      return new StorageException(path + ": permission denied", cause);
    }
    return FileFailure.of(path + ": " + reason(cause), cause);
  }

  /**
   * {@return the error for a new file whose path exists already}
   *
   * @param path path of the new file
   * @param cause the failure of the system; null if there is none
   */
  public static AlreadyExistsException alreadyThere(Path path, @Nullable IOException cause) {
    String message =
        path
            + ": exists already"
            + FileKind.brokenLink(path).map(link -> ": it is " + link).orElse("");
    return cause == null
        ? new AlreadyExistsException(message, new Remedy.ChooseFile(path))
        : new AlreadyExistsException(message, new Remedy.ChooseFile(path), cause);
  }

  private static String reason(IOException cause) {
    String reason =
        cause instanceof FileSystemException ofFile ? ofFile.getReason() : cause.getMessage();
    return FileFailure.lackOfSpace(cause)
        .orElse(reason == null ? cause.getClass().getSimpleName() : reason);
  }
}
