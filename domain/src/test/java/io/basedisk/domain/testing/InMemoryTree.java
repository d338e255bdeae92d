package io.basedisk.domain.testing;

import com.google.common.math.LongMath;
import io.basedisk.domain.model.FileIdentity;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The names of an in-memory file system and the files that they are of, each name with every file
 * it had since its directory was last made durable. Not safe for many threads.
 */
final class InMemoryTree {

  /** From what the name durably is to what it is now; empty where it is nothing. */
  private final Map<Path, List<Optional<InMemoryNode>>> names = new TreeMap<>();

  private long lastInode;

  InMemoryTree() {}

  /** Copies names and files, so that changes of the one are not seen in the other. */
  InMemoryTree(InMemoryTree other) {
    Map<FileIdentity, InMemoryNode> copies = new HashMap<>();
    other.names.forEach(
        (name, history) ->
            names.put(
                name,
                new ArrayList<>(
                    history.stream()
                        .map(
                            node ->
                                node.map(
                                    n ->
                                        copies.computeIfAbsent(
                                            n.identity, unused -> new InMemoryNode(n))))
                        .toList())));
    lastInode = other.lastInode;
  }

  FileIdentity newIdentity(long device) {
    lastInode++;
    return new FileIdentity(device, lastInode);
  }

  Optional<InMemoryNode> get(Path name) {
    List<Optional<InMemoryNode>> history = names.get(name);
    return history == null ? Optional.empty() : history.get(history.size() - 1);
  }

  void put(Path name, Optional<InMemoryNode> node) {
    get(name).ifPresent(old -> old.links--);
    node.ifPresent(added -> added.links++);
    names.computeIfAbsent(name, unused -> new ArrayList<>(List.of(Optional.empty()))).add(node);
  }

  /** Makes a name that of a file, durably. */
  void putDurably(Path name, InMemoryNode node) {
    put(name, Optional.of(node));
    names.put(name, new ArrayList<>(List.of(Optional.of(node))));
  }

  /** Takes a name away, durably. */
  void removeDurably(Path name) {
    put(name, Optional.empty());
    names.remove(name);
  }

  /** Makes the names in {@code directory} durable. */
  void syncNamesIn(Path directory) {
    for (Path name : List.copyOf(names.keySet())) {
      if (directory.equals(name.getParent())) {
        Optional<InMemoryNode> current = get(name);
        names.remove(name);
        if (current.isPresent()) {
          names.put(name, new ArrayList<>(List.of(current)));
        }
      }
    }
  }

  /** Returns the names that are something now, in order. */
  List<Path> names() {
    return names.keySet().stream().filter(name -> get(name).isPresent()).toList();
  }

  /** Returns the number of states that a power cut may leave; capped at 2^62. */
  long powerCutStates() {
    long states = 1;
    for (List<?> choice : choices()) {
      states = Math.min(LongMath.saturatedMultiply(states, choice.size()), 1L << 62);
    }
    return states;
  }

  /**
   * Returns what a power cut leaves: of each name one of the files that it was of since it was last
   * durable, and of each file one of its versions, in any combination.
   *
   * @param state which one, from 0 to {@link #powerCutStates} - 1
   */
  InMemoryTree afterPowerCut(long state) {
    InMemoryTree left = new InMemoryTree();
    left.lastInode = lastInode;
    Map<FileIdentity, InMemoryNode> files = new HashMap<>();
    long rest = state;
    for (InMemoryNode node : everyNode()) {
      List<InMemoryNode.Version> versions = node.versionsAfterPowerCut();
      files.put(node.identity, node.afterPowerCut(versions.get((int) (rest % versions.size()))));
      rest /= versions.size();
    }
    for (Path name : names.keySet()) {
      List<Optional<InMemoryNode>> bindings = distinctBindings(name);
      Optional<InMemoryNode> binding = bindings.get((int) (rest % bindings.size()));
      rest /= bindings.size();
      // What was in a directory whose own name is lost is lost with it.
      boolean hasParent = name.getParent() == null || left.get(name.getParent()).isPresent();
      if (binding.isPresent() && hasParent) {
        InMemoryNode file = files.get(binding.get().identity);
        file.links++;
        left.names.put(name, new ArrayList<>(List.of(Optional.of(file))));
      }
    }
    return left;
  }

  private List<List<?>> choices() {
    List<List<?>> choices = new ArrayList<>();
    everyNode().forEach(node -> choices.add(node.versionsAfterPowerCut()));
    names.keySet().forEach(name -> choices.add(distinctBindings(name)));
    return choices;
  }

  private List<Optional<InMemoryNode>> distinctBindings(Path name) {
    return names.get(name).stream().distinct().toList();
  }

  /** Returns every file that a name is, or was since it was last durable, ordered by its number. */
  private List<InMemoryNode> everyNode() {
    Map<Long, InMemoryNode> nodes = new TreeMap<>();
    names.values().stream()
        .flatMap(List::stream)
        .flatMap(Optional::stream)
        .forEach(node -> nodes.put(node.identity.inode(), node));
    return List.copyOf(nodes.values());
  }
}
