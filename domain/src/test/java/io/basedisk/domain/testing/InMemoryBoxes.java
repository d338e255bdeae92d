package io.basedisk.domain.testing;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.error.AlreadyExistsException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.Reference;
import io.basedisk.domain.port.BoxRecords;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The boxes in an {@link InMemoryTransaction}. */
final class InMemoryBoxes implements BoxRecords {

  private final InMemoryTransaction transaction;

  InMemoryBoxes(InMemoryTransaction transaction) {
    this.transaction = transaction;
  }

  @Override
  public Optional<Box> find(BoxId id) {
    return Optional.ofNullable(transaction.state().boxes.get(id));
  }

  @Override
  public Optional<Box> findByDisksDir(Path disksDir) {
    return transaction.state().boxes.values().stream()
        .filter(box -> box.disksDir().equals(disksDir))
        .findFirst();
  }

  @Override
  public Optional<Box> findByDisk(Path disk) {
    return transaction.state().boxes.values().stream()
        .filter(box -> box.disks().containsValue(disk))
        .findFirst();
  }

  @Override
  public OptionalLong findDirectoryInode(BoxId box) {
    Long inode = transaction.state().directoryInodes.get(box);
    return inode == null ? OptionalLong.empty() : OptionalLong.of(inode);
  }

  @Override
  public ImmutableList<Box> list() {
    return InMemoryBases.newestFirst(
        transaction.state().boxes.values(), Box::createdAt, box -> true);
  }

  @Override
  public ImmutableList<Box> listAfter(@Nullable BoxId after, int limit) {
    return transaction.state().boxes.values().stream()
        .filter(box -> after == null || box.id().compareTo(after) > 0)
        .sorted(Comparator.comparing(Box::id))
        .limit(limit)
        .collect(toImmutableList());
  }

  @Override
  public void insert(Box box) {
    transaction.change(
        () -> {
          if (find(box.id()).isPresent()) {
            throw new AlreadyExistsException("box " + box.id() + " exists already");
          }
          for (Path disk : box.disks().values()) {
            findByDisk(disk)
                .ifPresent(
                    other -> {
                      throw new AlreadyExistsException(disk + " is a disk of box " + other.id());
                    });
          }
          return transaction.state().boxes.put(box.id(), box);
        });
  }

  @Override
  public boolean delete(BoxId id) {
    return transaction.change(
        () -> {
          transaction.references().listOf(id).stream()
              .findFirst()
              .ifPresent(
                  reference -> {
                    throw new RefusedException(
                        "box " + id + " still depends on base " + reference.base());
                  });
          transaction.state().directoryInodes.remove(id);
          return transaction.state().boxes.remove(id) != null;
        });
  }

  @Override
  public void rename(BoxId id, BoxId newId) {
    transaction.change(
        () -> {
          InMemoryState state = transaction.state();
          Box box = find(id).orElseThrow(() -> new NotFoundException("no box " + id));
          if (!newId.equals(id) && find(newId).isPresent()) {
            throw new AlreadyExistsException("box " + newId + " exists already");
          }
          replace(state.boxes, id, newId, box.withId(newId));
          Long inode = state.directoryInodes.remove(id);
          if (inode != null) {
            state.directoryInodes.put(newId, inode);
          }
          for (Reference reference : transaction.references().listOf(id)) {
            state.references.remove(new InMemoryState.Seat(id, reference.slot()));
            state.references.put(
                new InMemoryState.Seat(newId, reference.slot()),
                new Reference(reference.base(), newId, reference.slot()));
          }
          state.bases.replaceAll((base, record) -> moved(record, id, newId));
          return box;
        });
  }

  /** Replaces a key where it is: the order of the boxes tells which was inserted later. */
  private static void replace(Map<BoxId, Box> boxes, BoxId id, BoxId newId, Box renamed) {
    Map<BoxId, Box> old = new LinkedHashMap<>(boxes);
    boxes.clear();
    old.forEach(
        (key, box) -> boxes.put(key.equals(id) ? newId : key, key.equals(id) ? renamed : box));
  }

  private BaseDisk moved(BaseDisk base, BoxId id, BoxId newId) {
    if (!base.sourceBoxId().equals(id) || newId.equals(id)) {
      return base;
    }
    if (base.name() != null && transaction.bases().findByName(newId, base.name()).isPresent()) {
      throw new AlreadyExistsException(newId + " has a base called " + base.name() + " already");
    }
    return new BaseDisk(
        base.id(),
        newId,
        base.name(),
        base.kind(),
        base.diskInfo(),
        base.parentId(),
        base.createdAt());
  }

  @Override
  public void putDirectoryInode(BoxId box, long inode) {
    transaction.change(
        () -> {
          if (find(box).isEmpty()) {
            throw new NotFoundException("no box " + box);
          }
          return transaction.state().directoryInodes.put(box, inode);
        });
  }
}
