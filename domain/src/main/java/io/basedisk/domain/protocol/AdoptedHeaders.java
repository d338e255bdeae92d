package io.basedisk.domain.protocol;

import com.google.common.base.Verify;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.home.HeaderRewriter;
import io.basedisk.domain.model.HeaderPatch;
import io.basedisk.domain.model.Relocation.HeaderRewrite;
import io.basedisk.domain.model.intent.AdoptedFile;
import io.basedisk.domain.model.intent.AdoptedFile.Move;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
import java.nio.file.Path;
import java.util.Optional;
import javax.inject.Inject;

/**
 * The headers of files that an adoption moves into the home. A header that an interrupted adoption
 * left half written is completed or undone. A header that another program has written since is not
 * touched: the planned bytes would destroy it. Thread-safe.
 */
final class AdoptedHeaders {

  private final DiskFiles files;
  private final DiskImages images;
  private final HeaderRewriter rewriter;

  @Inject
  AdoptedHeaders(DiskFiles files, DiskImages images, HeaderRewriter rewriter) {
    this.files = files;
    this.images = images;
    this.rewriter = rewriter;
  }

  /** How much of a patch is in a header. */
  enum State {
    /** Nothing, or there is no patch. */
    OLD,
    /** A part: a power cut came between. */
    TORN,
    /** All of it. */
    NEW,
    /** Another program has written the header. */
    OTHER
  }

  /**
   * {@return how much of a file's patch is in the header of an image}
   *
   * @param image path of the file now
   */
  State stateOf(Path image, Move move) {
    HeaderPatch patch = move.patch();
    if (patch == null) {
      return State.OLD;
    }
    String now;
    try {
      now = images.bytesAt(image, patch);
    } catch (InvalidImageException shorter) {
      return State.OTHER;
    }
    if (now.equals(patch.before())) {
      return State.OLD;
    }
    if (now.equals(patch.after())) {
      return State.NEW;
    }
    return isMixture(now, patch) ? State.TORN : State.OTHER;
  }

  /** {@return whether each byte is the old or the new one} */
  private static boolean isMixture(String now, HeaderPatch patch) {
    for (int i = 0; i < now.length(); i += 2) {
      if (!now.startsWith(patch.before().substring(i, i + 2), i)
          && !now.startsWith(patch.after().substring(i, i + 2), i)) {
        return false;
      }
    }
    return true;
  }

  /** Writes the new headers of moved files at their new places, each durably. Repeatable. */
  void rewrite(ImmutableList<AdoptedFile> moved) {
    moved.forEach(
        file -> {
          Move move = Verify.verifyNotNull(file.move());
          if (move.patch() != null && stateOf(move.target(), move) != State.NEW) {
            apply(move.target(), move, move.patch());
          }
        });
  }

  /** Writes the old header of a file again, durably. Repeatable. */
  void undo(Path image, Move move) {
    if (move.patch() != null && stateOf(image, move) != State.OLD) {
      apply(image, move, move.patch().reversed());
    }
  }

  private void apply(Path image, Move move, HeaderPatch patch) {
    long inode = files.getStatus(image).identity().inode();
    rewriter.apply(
        ImmutableList.of(new HeaderRewrite(image, inode, move.mode(), patch)), ImmutableMap.of());
  }

  /** {@return a moved file's header that another program has written; empty if there is none} */
  Optional<Path> firstWritten(ImmutableList<Path> images, ImmutableList<Move> moves) {
    for (int i = 0; i < images.size(); i++) {
      if (stateOf(images.get(i), moves.get(i)) == State.OTHER) {
        return Optional.of(images.get(i));
      }
    }
    return Optional.empty();
  }
}
