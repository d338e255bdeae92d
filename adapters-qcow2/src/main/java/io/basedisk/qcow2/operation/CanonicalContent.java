package io.basedisk.qcow2.operation;

import io.basedisk.domain.port.LayerContent;
import io.basedisk.qcow2.format.BackingNameField;
import io.basedisk.qcow2.format.FormatException;
import io.basedisk.qcow2.format.Header;
import io.basedisk.qcow2.image.ImageFile;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The content of a file without the path of its backing file: for qcow2, the backing file's name
 * and its size are zeros. Thread-safe.
 */
public final class CanonicalContent implements LayerContent {

  private final ImageFile file;
  private final @Nullable BackingNameField name;

  private CanonicalContent(ImageFile file, @Nullable BackingNameField name) {
    this.file = file;
    this.name = name;
  }

  /**
   * {@return the content of a qcow2 file} Closing it closes the file.
   *
   * @param file the open file
   * @throws io.basedisk.domain.error.InvalidImageException if the file is not a valid qcow2 image
   */
  public static CanonicalContent ofQcow2(ImageFile file) {
    try {
      return new CanonicalContent(
          file, BackingNameField.of(file, Header.parse(file, file.length())));
    } catch (FormatException e) {
      throw file.invalid(e);
    }
  }

  /**
   * {@return the content of a raw file: all of its bytes} Closing it closes the file.
   *
   * @param file the open file
   */
  public static CanonicalContent ofRaw(ImageFile file) {
    return new CanonicalContent(file, null);
  }

  @Override
  public long length() {
    return file.length();
  }

  @Override
  public void read(long at, ByteBuffer target) {
    int start = target.position();
    file.read(at, target);
    if (name != null) {
      name.erase(at, target.slice(start, target.position() - start));
    }
  }

  @Override
  public void close() {
    file.close();
  }
}
