"use strict";

/** The rows on the screen. Only those in view are elements, so that a large home draws as fast as a small one. */
const drawing = (() => {
  const pane = document.getElementById("drawing");
  const canvas = document.getElementById("rows");
  const head = pane.querySelector(".head");
  const nothing = document.getElementById("nothing");

  /** Rows beyond the edges that are drawn too, so that scrolling shows no gap. */
  const MARGIN = 8;
  const COLUMN = 22;

  /** The size of text without zoom, and the width below which a base has two lines, as in the style sheet. */
  const TEXT = 14;
  const NARROW = 44;

  let all = [];
  let indexOf = new Map();
  let zoom = 1;
  let matching = "";
  let current = null;
  let selected = null;
  let path = null;
  let wasNarrow = false;
  const elements = new Map();
  const listeners = { select: () => {} };

  const isNarrow = () => pane.clientWidth <= NARROW * TEXT * zoom;
  const height = () => Math.round((wasNarrow ? 54 : 38) * zoom);
  const column = () => COLUMN * zoom;

  /** Lists the rows again after something was folded, unfolded or searched. */
  function refresh() {
    all = rows.flatten();
    wasNarrow = isNarrow();
    indexOf = new Map(all.map((row) => [row.key, row.index]));
    if (current !== null && !indexOf.has(current)) {
      current = null;
    }
    path = pathTo(selected === null ? undefined : all[indexOf.get(selected)]);
    canvas.style.height = `${all.length * height()}px`;
    nothing.hidden = all.length > 0;
    nothing.textContent = rows.isSearching() ? "No base and no box has this in its name." : "This home has no bases and no boxes.";
    clear();
    draw();
  }

  function clear() {
    elements.forEach((element) => element.remove());
    elements.clear();
  }

  function draw() {
    const top = Math.max(0, pane.scrollTop - head.offsetHeight);
    const first = Math.max(0, Math.floor(top / height()) - MARGIN);
    const last = Math.min(all.length - 1, Math.ceil((top + pane.clientHeight) / height()) + MARGIN);
    for (const [index, element] of elements) {
      if (index < first || index > last) {
        element.remove();
        elements.delete(index);
      }
    }
    for (let index = first; index <= last; index++) {
      if (!elements.has(index)) {
        const element = rowElement(all[index]);
        elements.set(index, element);
        canvas.append(element);
      }
    }
    if (current === null) {
      pane.removeAttribute("aria-activedescendant");
    } else {
      pane.setAttribute("aria-activedescendant", `row-${current}`);
    }
  }

  /** The lines from the root to a row: for each row, the columns that they pass. */
  function pathTo(row) {
    const hot = { through: new Map(), from: new Set(), to: new Set() };
    for (let next = row; next?.above; next = next.above) {
      hot.to.add(next.index);
      hot.from.add(next.above.index);
      for (let between = next.above.index + 1; between < next.index + (next.link === "branch" ? 1 : 0); between++) {
        hot.through.set(between, (hot.through.get(between) ?? 0) | (1 << next.above.column));
      }
    }
    return hot;
  }

  /** The part of the graph in one row. */
  function graph(row) {
    const w = column();
    const h = height();
    const x = (number) => (number + 0.5) * w + 4 * zoom;
    const middle = h / 2;
    const svg = format.shape("svg",
      { class: "graph", width: x(row.column) + w * 0.5, height: h, "aria-hidden": "true" });
    const line = (d, isHot) => svg.append(format.shape("path", { d, class: isHot ? "line hot" : "line" }));
    const hotThrough = path.through.get(row.index) ?? 0;
    const isHot = path.to.has(row.index);
    for (let number = 0; number < row.column; number++) {
      if (row.through & (1 << number)) {
        line(`M${x(number)} 0V${h}`, (hotThrough & (1 << number)) !== 0 && !(isHot && number === row.column - 1));
      }
    }
    if (row.link === "branch") {
      const r = Math.min(w * 0.6, middle);
      const from = x(row.column - 1);
      line(`M${from} 0V${middle - r}Q${from} ${middle} ${from + r} ${middle}H${x(row.column)}`, isHot);
    } else if (row.link === "straight") {
      line(`M${x(row.column)} 0V${middle}`, isHot);
    }
    if (row.down) {
      line(`M${x(row.column)} ${middle}V${h}`, path.from.has(row.index));
    }
    // Hot lines last, so that nothing covers them.
    svg.append(...svg.querySelectorAll(".hot"));
    const size = (row.type === "base" ? 18 : 14) * zoom;
    svg.append(format.shape("use", {
      href: `#${row.type === "base" ? row.entry.kind : "box"}`,
      class: `mark ${row.type === "base" ? row.entry.kind : "box"}`,
      x: x(row.column) - size / 2, y: middle - size / 2, width: size, height: size,
    }));
    return svg;
  }

  function rowElement(row) {
    const { element, shape, size } = format;
    const made = element("div", {
      className: `row ${row.type}${row.link === "root" ? " root" : ""}`,
      id: `row-${row.key}`,
      role: "treeitem",
      "aria-level": String((row.type === "base" ? row.entry.depth : (row.on ?? row.entry).depth + 1 || 0) + 1),
      "aria-selected": String(row.key === selected),
    });
    made.style.top = `${row.index * height()}px`;
    made.style.height = `${height()}px`;
    made.classList.toggle("current", row.key === current);
    made.classList.toggle("hit", rows.isHit(row.entry) && row.type !== "group");
    const foldable = row.type === "group" || (row.type === "base" && rows.isFoldable(row.entry));
    const label = element("span", { className: "label" });
    label.append(graph(row));
    if (foldable) {
      made.setAttribute("aria-expanded", String(row.open));
      const twisty = element("span", { className: "twisty", role: "presentation" },
        shape("svg", { viewBox: "0 0 12 12", "aria-hidden": "true" }, shape("path", { d: "M4 2.5 7.5 6 4 9.5" })));
      twisty.addEventListener("click", (event) => {
        event.stopPropagation();
        current = row.key;
        toggle(row);
      });
      label.append(twisty);
    } else {
      label.append(element("span", { className: "twisty none" }));
    }
    label.append(text(row));
    made.append(label, ...cells(row));
    made.addEventListener("click", () => choose(row));
    return made;
  }

  function text(row) {
    const { element, name, count, kind } = format;
    const words = element("span", { className: "words" });
    const rest = element("span", { className: "rest" });
    if (row.type === "base") {
      const base = row.entry;
      const title = base.name === undefined
        ? element("span", { className: "title unnamed", textContent: kind(base.kind) })
        : element("span", { className: "title" }, name(base.name, matching));
      words.append(title);
      rest.append(element("span", { className: "id" }, name(base.id, matching)));
      if (base.of !== undefined) {
        rest.append(element("span", { className: "of" }, "of ", name(base.of, matching)));
      }
      if (base.foreign !== undefined) {
        rest.append(element("span", { className: "tag", textContent: "foreign" }));
      }
      if (base.holds.length > 0) {
        rest.append(element("span", { className: "tag", textContent: "held" }));
      }
      if (!row.open && rows.isFoldable(base)) {
        const { bases, boxes } = base.subtree;
        const parts = [bases > 1 ? count(bases - 1, "base") : "", boxes > 0 ? count(boxes, "box", "boxes") : ""];
        rest.append(element("span", { className: "folded", textContent: parts.filter(Boolean).join(", ") }));
      }
    } else if (row.type === "group") {
      words.append(element("span", { className: "title", textContent: count(row.boxes.length, "box", "boxes") }));
      if (!row.open) {
        const names = row.boxes.slice(0, 12).map((box) => format.visible(box.name)).join(", ");
        rest.append(element("span", { className: "of", textContent: names + (row.boxes.length > 12 ? " …" : "") }));
      }
    } else {
      words.append(element("span", { className: "title" }, name(row.entry.name, matching)));
      if (!row.on) {
        rest.append(element("span", { className: "of", textContent: "on no base" }));
      }
    }
    if (rest.hasChildNodes()) {
      words.append(rest);
    }
    return words;
  }

  /** The cells beside the name: dates, sizes and a bar. */
  function cells(row) {
    const { element, size, bar } = format;
    const cell = (className, textContent) => element("span", { className: `cell ${className}`, textContent });
    const entry = row.type === "group" ? sumOf(row.boxes) : row.entry;
    const { exclusive, shared } = row.type === "group" ? entry : model.parts(entry);
    return [
      cell("created", row.type === "base" ? format.day(entry.created) : ""),
      cell("virtual", row.type === "base" ? size(entry.virtual) : ""),
      cell("allocated", size(entry.allocated)),
      cell(entry.exclusive ? "exclusive" : "exclusive none", size(entry.exclusive)),
      element("span", { className: "cell chart" },
        row.type === "group" ? "" : bar(exclusive, shared, model.largest)),
    ];
  }

  const sumOf = (boxes) => ({
    allocated: boxes.reduce((sum, box) => sum + (box.allocated ?? 0), 0),
    exclusive: boxes.reduce((sum, box) => sum + (box.exclusive ?? 0), 0),
    shared: 0,
  });

  function toggle(row, to) {
    rows.toggle(row, to);
    refresh();
  }

  /** Selects a row: shows the details of its base or box. A row of several boxes unfolds instead. */
  function choose(row) {
    current = row.key;
    if (row.type === "group") {
      toggle(row);
    } else {
      selected = row.key;
      refresh();
      listeners.select(row.entry);
    }
  }

  function scrollTo(index) {
    const top = index * height();
    const room = pane.clientHeight - head.offsetHeight;
    if (top < pane.scrollTop) {
      pane.scrollTop = top;
    } else if (top + height() > pane.scrollTop + room) {
      pane.scrollTop = top + height() - room;
    }
  }

  function moveTo(index) {
    if (all.length === 0) {
      return;
    }
    const row = all[Math.max(0, Math.min(all.length - 1, index))];
    current = row.key;
    scrollTo(row.index);
    clear();
    draw();
  }

  const currentRow = () => (current === null ? undefined : all[indexOf.get(current)]);

  const keys = {
    ArrowDown: (row) => moveTo(row ? row.index + 1 : 0),
    ArrowUp: (row) => moveTo(row ? row.index - 1 : 0),
    PageDown: (row) => moveTo((row?.index ?? 0) + Math.floor(pane.clientHeight / height()) - 2),
    PageUp: (row) => moveTo((row?.index ?? 0) - Math.floor(pane.clientHeight / height()) + 2),
    Home: () => moveTo(0),
    End: () => moveTo(all.length - 1),
    ArrowRight(row) {
      if (row && row.open === false && (row.type === "group" || rows.isFoldable(row.entry))) {
        toggle(row, true);
      } else if (row) {
        moveTo(row.index + 1);
      }
    },
    ArrowLeft(row) {
      if (row?.open) {
        toggle(row, false);
      } else if (row?.above) {
        moveTo(row.above.index);
      }
    },
    Enter: (row) => row && choose(row),
    " ": (row) => row && choose(row),
  };

  pane.addEventListener("focus", () => {
    if (current === null && pane.matches(":focus-visible")) {
      moveTo(0);
    }
  });

  pane.addEventListener("keydown", (event) => {
    if (keys[event.key] && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      keys[event.key](currentRow());
    }
  });

  let isAsked = false;
  const drawSoon = () => {
    if (!isAsked) {
      isAsked = true;
      requestAnimationFrame(() => {
        isAsked = false;
        draw();
      });
    }
  };
  pane.addEventListener("scroll", drawSoon, { passive: true });
  new ResizeObserver(() => {
    if (isNarrow() === wasNarrow) {
      drawSoon();
    } else {
      refresh();
    }
  }).observe(pane);

  return {
    refresh,

    onSelect(listener) {
      listeners.select = listener;
    },

    focus: () => pane.focus({ preventScroll: true }),

    /** Shows the row of a base or box, unfolds what is below it, and selects it. */
    show(entry) {
      rows.reveal(entry);
      refresh();
      const row = all.find((one) => one.entry === entry && one.type === entry.type);
      if (row) {
        selected = current = row.key;
        scrollTo(row.index);
        refresh();
      }
    },

    deselect() {
      selected = null;
      refresh();
    },

    /** Marks the text in the rows, and makes the first hit the current row. */
    mark(text) {
      matching = text;
      current = null;
      pane.scrollTop = 0;
      refresh();
      const hit = all.find((row) => row.type !== "group" && rows.isHit(row.entry));
      if (hit && text) {
        moveTo(hit.index);
      }
    },

    /** Moves to the next hit, or back. */
    nextHit(step) {
      const from = currentRow()?.index ?? -1;
      for (let i = 1; i <= all.length; i++) {
        const row = all[(((from + step * i) % all.length) + all.length) % all.length];
        if (row.type !== "group" && rows.isHit(row.entry)) {
          moveTo(row.index);
          return;
        }
      }
    },

    get zoom() {
      return zoom;
    },

    set zoom(to) {
      const ratio = pane.scrollTop / height();
      zoom = to;
      pane.style.setProperty("--zoom", String(to));
      refresh();
      pane.scrollTop = ratio * height();
    },
  };
})();
