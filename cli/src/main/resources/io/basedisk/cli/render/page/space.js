"use strict";

/** The chart of the space: of the whole home, by box with the most exclusive first, by base with the largest first. */
const space = (() => {
  const panel = document.getElementById("space");
  const { element, size, count, name } = format;

  const FIRST = 40;
  const listeners = { open: () => {} };
  let isDrawn = false;

  function overview() {
    const parts = [
      ["boxes", "exclusive to boxes", model.exclusiveOfBoxes, "The removal of each box frees its part."],
      ["bases", "exclusive to bases", model.exclusiveOfBases, "Snapshots, rootfs entries, and bases that nothing needs."],
      ["common", "shared", Math.max(0, model.allocated - model.exclusiveOfBoxes - model.exclusiveOfBases),
        "Bases that several boxes or snapshots need."],
    ];
    const bar = format.shape("svg",
      { class: "whole", viewBox: "0 0 1000 10", preserveAspectRatio: "none", "aria-hidden": "true" });
    let x = 0;
    for (const [className, , bytes] of parts) {
      const width = model.allocated > 0 ? (1000 * bytes) / model.allocated : 0;
      const gap = width > 4 && x + width < 999 ? 2 : 0;
      bar.append(format.shape("rect", { class: className, x, width: width - gap, height: 10 }));
      x += width;
    }
    return element("div", { className: "overview" },
      element("p", { className: "sum" }, element("strong", { textContent: size(model.allocated) }), " allocated in ",
        count(model.bases.length, "base"), " and ", count(model.boxes.length, "box", "boxes"),
        `; gc would free ${size(model.reclaimable)}`),
      bar,
      element("ul", {}, ...parts.map(([className, title, bytes, note]) =>
        element("li", {}, element("i", { className }), element("b", { textContent: size(bytes) }), ` ${title}`,
          element("small", { textContent: note })))));
  }

  const both = (entry) => model.parts(entry).exclusive + model.parts(entry).shared;

  function chart(title, entries, figure) {
    const sorted = [...entries].sort((one, other) =>
      figure(other) - figure(one) || both(other) - both(one) || one.index - other.index);
    const largest = sorted.reduce((most, entry) => Math.max(most, both(entry)), 1);
    const rows = element("ol");
    let shown = 0;
    const more = element("button", { type: "button", className: "quiet more" });
    const show = (number) => {
      for (const entry of sorted.slice(shown, shown + number)) {
        const { exclusive, shared } = model.parts(entry);
        const button = element("button", { type: "button", className: "space-row" },
          format.mark(entry.type === "base" ? entry.kind : "box"),
          element("span", { className: "link-title" }, name(entry.type === "base" ? model.title(entry) : entry.name),
            entry.type === "base" ? element("span", { className: "id", textContent: entry.id }) : ""),
          format.bar(exclusive, shared, largest),
          element("span", { className: "amount", textContent: size(exclusive) }),
          element("span", { className: "amount faint", textContent: size(shared) }));
        button.addEventListener("click", () => listeners.open(entry));
        rows.append(element("li", {}, button));
      }
      shown = Math.min(sorted.length, shown + number);
      more.hidden = shown === sorted.length;
      more.textContent = `${format.number(sorted.length - shown)} more`;
    };
    more.addEventListener("click", () => show(200));
    show(FIRST);
    return element("div", { className: "chart-of" },
      element("div", { className: "chart-head" }, element("h2", { textContent: title }),
        element("span", { className: "amount" }, element("i", { className: "exclusive" }), "exclusive"),
        element("span", { className: "amount" }, element("i", { className: "shared" }), "shared")),
      entries.length === 0 ? element("p", { className: "faint", textContent: "none" }) : rows, more);
  }

  return {
    onOpen(listener) {
      listeners.open = listener;
    },

    /** Draws the chart, the first time that it is needed. */
    draw() {
      if (isDrawn) {
        return;
      }
      isDrawn = true;
      panel.append(overview(), element("div", { className: "charts" },
        chart("By box", model.boxes, (box) => box.exclusive ?? 0), chart("By base", model.bases, both)));
    },
  };
})();
