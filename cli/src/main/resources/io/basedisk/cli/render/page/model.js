"use strict";

/** The bases and boxes, from the data in the page. Nothing here recurses: a chain may have thousands of bases. */
const model = (() => {
  const data = JSON.parse(document.getElementById("data").textContent);

  const boxes = data.boxes.map((fields, index) => ({ ...fields, type: "box", index, on: [], snapshots: 0 }));

  const bases = data.bases.map((fields, index) => ({
    ...fields,
    type: "base",
    index,
    parent: null,
    children: [],
    boxes: fields.boxes.map((number) => boxes[number]),
    depth: 0,
    subtree: { bases: 1, boxes: fields.boxes.length },
  }));

  data.bases.forEach((fields, index) => {
    const base = bases[index];
    if (fields.parent !== undefined) {
      base.parent = bases[fields.parent];
      base.parent.children.push(base);
      base.depth = base.parent.depth + 1;
    }
    base.boxes.forEach((box) => box.on.push(base));
  });

  // Each base comes after its parent, so that this order meets all children before their parent.
  for (let i = bases.length - 1; i >= 0; i--) {
    const { parent, subtree } = bases[i];
    if (parent) {
      parent.subtree.bases += subtree.bases;
      parent.subtree.boxes += subtree.boxes;
    }
  }

  // The largest child comes last, and the drawing continues in its column: chains are straight, and
  // the drawing has few columns.
  for (const base of bases) {
    const largest = base.children.reduce(
      (found, child) => (found && found.subtree.bases > child.subtree.bases ? found : child), null);
    if (base.children.length > 1) {
      base.children = [...base.children.filter((child) => child !== largest), largest];
    }
  }

  const named = new Map(boxes.map((box) => [box.name, box]));
  bases.filter((base) => base.kind === "snapshot").forEach((base) => {
    const source = named.get(base.of);
    if (source) {
      source.snapshots++;
    }
  });

  const largest = Math.max(1,
    bases.reduce((most, base) => Math.max(most, base.allocated ?? 0, base.exclusive ?? 0), 0),
    boxes.reduce((most, box) => Math.max(most, (box.exclusive ?? 0) + (box.shared ?? 0)), 0));

  const sum = (list, field) => list.reduce((total, entry) => total + (entry[field] ?? 0), 0);

  return {
    ...data,
    bases,
    boxes,
    roots: bases.filter((base) => base.parent === null),
    baseless: boxes.filter((box) => box.on.length === 0),
    byId: new Map(bases.map((base) => [base.id, base])),
    byName: named,

    /** The largest bar. */
    largest,

    exclusiveOfBoxes: sum(boxes, "exclusive"),
    exclusiveOfBases: sum(bases, "exclusive"),

    /** The two parts of a bar: of a base that is needed, its own file is shared. */
    parts: (entry) => entry.type === "box"
      ? { exclusive: entry.exclusive ?? 0, shared: entry.shared ?? 0 }
      : { exclusive: entry.exclusive ?? 0, shared: entry.exclusive ? 0 : entry.allocated ?? 0 },

    /** The words of a base before its id: its name, or its kind if it has none. */
    title: (base) => base.name ?? format.kind(base.kind),

    /** The bases below a base, the nearest first. */
    below(base) {
      const found = [];
      for (let next = base.parent; next; next = next.parent) {
        found.push(next);
      }
      return found;
    },

    /** All boxes that need a base, directly or through other bases. */
    boxesAbove(base) {
      const found = new Set();
      const toVisit = [base];
      while (toVisit.length > 0) {
        const next = toVisit.pop();
        next.boxes.forEach((box) => found.add(box));
        next.children.forEach((child) => toVisit.push(child));
      }
      return [...found].sort((one, other) => one.index - other.index);
    },
  };
})();
