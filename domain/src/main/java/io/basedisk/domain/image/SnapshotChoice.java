package io.basedisk.domain.image;

import com.google.common.base.Splitter;
import io.basedisk.domain.error.InvalidArgumentException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The choice of an internal snapshot, as in {@code qemu-img convert -l}.
 *
 * @param id the snapshot's id; null for any
 * @param name the snapshot's name; null for any
 * @param either an id or, if no snapshot has it, a name; null if {@code id} or {@code name} is
 *     given
 */
public record SnapshotChoice(@Nullable String id, @Nullable String name, @Nullable String either) {

  private static final String ID = "snapshot.id=";
  private static final String NAME = "snapshot.name=";

  /**
   * Parses an id or name, or {@code snapshot.id=ID}, {@code snapshot.name=NAME}, or both with a
   * comma.
   *
   * @param text the text
   * @return the choice
   * @throws InvalidArgumentException if the text is empty or has another form
   */
  public static SnapshotChoice parse(String text) {
    if (text.isEmpty()) {
      throw new InvalidArgumentException("the name of an internal snapshot is empty");
    }
    if (!text.startsWith("snapshot.")) {
      return new SnapshotChoice(null, null, text);
    }
    String id = null;
    String name = null;
    for (String part : Splitter.on(',').split(text)) {
      if (part.startsWith(ID)) {
        id = part.substring(ID.length());
      } else if (part.startsWith(NAME)) {
        name = part.substring(NAME.length());
      } else {
        throw new InvalidArgumentException(
            "'" + part + "' is neither snapshot.id=ID nor snapshot.name=NAME");
      }
    }
    return new SnapshotChoice(id, name, null);
  }

  /**
   * {@return the index of the chosen snapshot; empty if there is none}
   *
   * @param ids the ids of all snapshots
   * @param names the names of all snapshots, in the same order
   */
  public Optional<Integer> find(List<String> ids, List<String> names) {
    if (either != null) {
      int byId = ids.indexOf(either);
      int found = byId >= 0 ? byId : names.indexOf(either);
      return found < 0 ? Optional.empty() : Optional.of(found);
    }
    for (int i = 0; i < ids.size(); i++) {
      if ((id == null || id.equals(ids.get(i))) && (name == null || name.equals(names.get(i)))) {
        return Optional.of(i);
      }
    }
    return Optional.empty();
  }

  /** {@return the choice as its text} */
  @Override
  public String toString() {
    if (either != null) {
      return either;
    }
    return id == null ? NAME + name : name == null ? ID + id : ID + id + "," + NAME + name;
  }
}
