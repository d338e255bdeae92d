"use strict";

/** Which rows the drawing has: what is unfolded, what a search finds, and which lines pass each row. */
const rows = (() => {
  /** Up to this number, the boxes on a base have a row each; more share one row that unfolds. */
  const SINGLE_BOXES = 4;

  /** The same in what a search finds. */
  const SINGLE_HITS = 12;

  /** The number of rows that the page shows at first, if the rest can be folded. */
  const ROWS_AT_FIRST = 40;

  const open = new Set();
  const openGroups = new Set();
  let found = null;

  const keyOf = (row) => row.type + (row.type === "box" ? `${row.entry.index}-${row.on?.index}` : row.entry.index);

  const isParent = (base) => base.children.length > 0 || base.boxes.length > 0;

  const isOpen = (base) => (found ? found.open.has(base) : open.has(base));

  /** The rows directly above a base, before they have their place. */
  function above(base) {
    const boxes = found ? base.boxes.filter((box) => found.boxes.has(box)) : base.boxes;
    const children = found ? base.children.filter((child) => found.bases.has(child)) : base.children;
    const list = [];
    if (boxes.length > (found ? SINGLE_HITS : SINGLE_BOXES)) {
      list.push({ type: "group", entry: base, boxes });
      if (openGroups.has(base)) {
        boxes.forEach((box) => list.push({ type: "box", entry: box, on: base, inGroup: true }));
      }
    } else {
      boxes.forEach((box) => list.push({ type: "box", entry: box, on: base }));
    }
    children.forEach((child) => list.push({ type: "base", entry: child }));
    return list;
  }

  /** All rows, top down. A row's `through` has a bit for each column whose line passes it. */
  function flatten() {
    const all = [];
    const roots = found ? model.roots.filter((root) => found.bases.has(root)) : model.roots;
    const toPlace = roots.map((entry) => ({ type: "base", entry, column: 0, through: 0, link: "root" })).reverse();
    while (toPlace.length > 0) {
      const row = toPlace.pop();
      row.key = keyOf(row);
      row.index = all.length;
      row.open = row.type === "base" ? isOpen(row.entry) : row.type === "group" && openGroups.has(row.entry);
      all.push(row);
      if (row.type !== "base" || !row.open) {
        continue;
      }
      const children = above(row.entry);
      row.down = children.length > 0;
      for (let i = children.length - 1; i >= 0; i--) {
        const child = children[i];
        const isLast = i === children.length - 1;
        if (child.type === "base" && isLast) {
          Object.assign(child, { column: row.column, through: row.through, link: "straight" });
        } else {
          const through = row.through | (isLast ? 0 : 1 << row.column);
          Object.assign(child, { column: row.column + 1, through, link: "branch" });
        }
        child.above = row;
        toPlace.push(child);
      }
    }
    for (const box of found ? model.baseless.filter((one) => found.boxes.has(one)) : model.baseless) {
      const row = { type: "box", entry: box, on: null, column: 0, through: 0, link: "root", index: all.length };
      row.key = keyOf(row);
      all.push(row);
    }
    return all;
  }

  /** Unfolds from the roots on, as long as the page stays short. */
  function unfoldAtFirst() {
    const cost = (base) => above(base).length;
    let count = model.roots.length + model.baseless.length;
    let level = model.roots;
    if (level.length === 1) {
      open.add(level[0]);
      count += cost(level[0]);
      level = level[0].children;
    }
    while (level.length > 0) {
      const next = [];
      for (const base of level) {
        if (isParent(base) && count + cost(base) <= ROWS_AT_FIRST) {
          open.add(base);
          count += cost(base);
          next.push(...base.children);
        }
      }
      level = next;
    }
  }

  unfoldAtFirst();

  return {
    flatten,

    /** Whether a base has rows to fold. */
    isFoldable: (base) => (found ? above(base).length > 0 : isParent(base)),

    toggle(row, to = !row.open) {
      const set = row.type === "group" ? openGroups : found ? found.open : open;
      if (to) {
        set.add(row.entry);
      } else {
        set.delete(row.entry);
      }
    },

    unfoldAll() {
      model.bases.filter(isParent).forEach((base) => open.add(base));
    },

    foldAll() {
      open.clear();
      openGroups.clear();
    },

    /** Unfolds everything below an entry, so that it has a row. */
    reveal(entry, on = entry.on?.[0]) {
      const base = entry.type === "box" ? on : entry;
      if (!base) {
        return;
      }
      model.below(base).forEach((below) => open.add(below));
      if (entry.type === "box") {
        open.add(base);
        if (base.boxes.length > SINGLE_BOXES) {
          openGroups.add(base);
        }
      }
    },

    /** Leaves only what contains the text, with the bases below it; everything for an empty text. */
    search(text) {
      const wanted = text.trim().toLowerCase();
      if (!wanted) {
        found = null;
        return { count: 0, wanted };
      }
      const has = (value) => value !== undefined && format.visible(value).toLowerCase().includes(wanted);
      found = { bases: new Set(), boxes: new Set(), hits: new Set(), open: new Set() };
      const keep = (base) => {
        for (let next = base; next && !found.bases.has(next); next = next.parent) {
          found.bases.add(next);
          if (next.parent) {
            found.open.add(next.parent);
          }
        }
      };
      for (const base of model.bases) {
        if (has(base.id) || has(base.name) || has(base.of) || has(base.foreign) || has(format.kind(base.kind))) {
          found.hits.add(base);
          keep(base);
        }
      }
      for (const box of model.boxes) {
        if (has(box.name)) {
          found.hits.add(box);
          found.boxes.add(box);
          for (const base of box.on) {
            keep(base);
            found.open.add(base);
          }
        }
      }
      return { count: found.hits.size, wanted };
    },

    isHit: (entry) => found !== null && found.hits.has(entry),
    isSearching: () => found !== null,
  };
})();
