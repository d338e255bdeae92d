package io.basedisk.cli.render;

import com.fasterxml.jackson.core.JsonGenerator;
import com.google.common.collect.ImmutableListMultimap;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSortedSet;
import com.google.common.collect.Multimaps;
import io.basedisk.domain.lineage.Lineage.Node;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.Hold;
import io.basedisk.domain.model.KeepReason;
import io.basedisk.domain.space.BaseSpace;
import io.basedisk.domain.space.BoxSpace;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The data of the page, as JSON: the boxes in the order in which people count, and the bases, each
 * after its parent. Bases and boxes name each other by their index. A figure that is not known is
 * null.
 */
final class PageData {

  private final HtmlDocument page;
  private final TreeDocument tree;
  private final ImmutableListMultimap<BaseDiskId, Hold> holds;
  private final ImmutableMap<BoxId, Integer> boxNumbers;

  PageData(HtmlDocument page) {
    this.page = page;
    this.tree = page.tree();
    this.holds = Multimaps.index(tree.holds(), Hold::base);
    this.boxNumbers = boxNumbers();
  }

  private ImmutableMap<BoxId, Integer> boxNumbers() {
    ImmutableSortedSet.Builder<BoxId> boxes = ImmutableSortedSet.orderedBy(NaturalOrder.ofNames());
    Deque<Node> toVisit = new ArrayDeque<>(tree.roots());
    while (!toVisit.isEmpty()) {
      Node node = toVisit.pop();
      boxes.addAll(node.base().referencedBy());
      node.children().forEach(toVisit::push);
    }
    boxes.addAll(tree.baseless());
    Map<BoxId, Integer> numbers = new HashMap<>();
    ImmutableMap.Builder<BoxId, Integer> ordered = ImmutableMap.builder();
    for (BoxId box : boxes.build()) {
      ordered.put(box, numbers.size());
      numbers.put(box, numbers.size());
    }
    return ordered.buildOrThrow();
  }

  /** Writes the JSON, so that no text in it can end the element around it. */
  void writeTo(PrintWriter out) {
    try (JsonGenerator json = Json.generatorForHtml(out)) {
      json.writeStartObject();
      json.writeStringField("home", page.home());
      json.writeStringField("command", page.command());
      json.writeNumberField("written", page.written().getEpochSecond());
      json.writeNumberField("allocated", tree.figures().total().allocatedBytes());
      json.writeNumberField("reclaimable", tree.figures().total().reclaimableBytes());
      writeBoxes(json);
      writeBases(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void writeBoxes(JsonGenerator json) throws IOException {
    json.writeArrayFieldStart("boxes");
    for (BoxId box : boxNumbers.keySet()) {
      Optional<BoxSpace> space = tree.figures().find(box);
      json.writeStartObject();
      json.writeStringField("name", box.value());
      writeBytes(json, "allocated", space.map(BoxSpace::allocatedBytes));
      writeBytes(json, "exclusive", space.map(BoxSpace::exclusiveBytes));
      writeBytes(json, "shared", space.map(BoxSpace::sharedBytes));
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void writeBases(JsonGenerator json) throws IOException {
    json.writeArrayFieldStart("bases");
    Map<BaseDiskId, Integer> numbers = new HashMap<>();
    Deque<Node> toWrite = new ArrayDeque<>();
    for (Node root : tree.roots()) {
      toWrite.push(root);
      while (!toWrite.isEmpty()) {
        Node node = toWrite.pop();
        numbers.put(node.base().base().id(), numbers.size());
        writeBase(json, node, numbers);
        node.children().reverse().forEach(toWrite::push);
      }
    }
    json.writeEndArray();
  }

  private void writeBase(JsonGenerator json, Node node, Map<BaseDiskId, Integer> numbers)
      throws IOException {
    BaseDisk base = node.base().base();
    Optional<BaseSpace> space = tree.figures().find(base.id());
    json.writeStartObject();
    json.writeStringField("id", base.id().value());
    Integer parent = base.parentId() == null ? null : numbers.get(base.parentId());
    if (parent != null) {
      json.writeNumberField("parent", parent);
    }
    json.writeStringField("kind", base.kind().label());
    if (base.name() != null) {
      json.writeStringField("name", base.name().value());
    }
    if (!base.sourceBoxId().equals(BoxId.GLOBAL)) {
      json.writeStringField("of", base.sourceBoxId().value());
    }
    if (base.diskInfo().isForeign()) {
      json.writeStringField("foreign", base.diskInfo().basePath().toString());
    }
    json.writeNumberField("created", base.createdAt().getEpochSecond());
    json.writeNumberField("virtual", base.diskInfo().containerDiskBytes());
    writeBytes(json, "allocated", space.map(BaseSpace::allocatedBytes));
    writeBytes(json, "exclusive", space.map(BaseSpace::exclusiveBytes));
    json.writeArrayFieldStart("holds");
    for (Hold hold : holds.get(base.id())) {
      json.writeString(new KeepReason.Held(hold).describe());
    }
    json.writeEndArray();
    json.writeArrayFieldStart("boxes");
    for (BoxId box : Branching.boxes(node)) {
      json.writeNumber(boxNumbers.getOrDefault(box, -1));
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void writeBytes(JsonGenerator json, String name, Optional<Long> bytes)
      throws IOException {
    if (bytes.isPresent()) {
      json.writeNumberField(name, bytes.get());
    } else {
      json.writeNullField(name);
    }
  }
}
