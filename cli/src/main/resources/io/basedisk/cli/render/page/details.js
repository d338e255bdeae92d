"use strict";

/** The panel of one base or box: its figures, what depends on it, why it stays, and the commands that change that. */
const details = (() => {
  const panel = document.getElementById("details");
  const { element, name, count, size, word } = format;

  /** The entries of a list that are shown at first. */
  const FIRST = 8;

  const listeners = { open: () => {}, close: () => {} };

  const section = (title, ...content) => element("section", {}, element("h3", { textContent: title }), ...content);

  /** A command in a box of its own, which a click copies. */
  function command(...words) {
    const text = `${model.command} ${words.join(" ")}`;
    const button = element("button", { type: "button", className: "quiet", textContent: "Copy" });
    button.setAttribute("aria-label", `Copy: ${text}`);
    const code = element("code", { textContent: text });
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(text);
        button.textContent = "Copied";
      } catch {
        // A browser may not let a local page write to the clipboard.
        getSelection().selectAllChildren(code);
        button.textContent = "Selected";
      }
      setTimeout(() => { button.textContent = "Copy"; }, 1500);
    });
    return element("div", { className: "command" }, code, button);
  }

  /** A link to a base or box. */
  function link(entry, ...more) {
    const kind = entry.type === "base" ? entry.kind : "box";
    const text = entry.type === "base" ? model.title(entry) : entry.name;
    const button = element("button", { type: "button", className: "link" }, format.mark(kind),
      element("span", { className: "link-title" }, name(text)),
      entry.type === "base" ? element("span", { className: "id", textContent: entry.id }) : null, ...more);
    button.addEventListener("click", () => listeners.open(entry));
    return button;
  }

  /** A list that shows its first entries, and the others on demand. */
  function list(entries, make) {
    const made = element("ul");
    let shown = 0;
    const show = (number) => {
      entries.slice(shown, shown + number).forEach((entry) => made.append(element("li", {}, ...[make(entry)].flat())));
      shown = Math.min(entries.length, shown + number);
      if (shown < entries.length) {
        const more = element("button", { type: "button", className: "quiet more",
          textContent: `${format.number(entries.length - shown)} more` });
        const item = element("li", {}, more);
        more.addEventListener("click", () => {
          item.remove();
          show(100);
        });
        made.append(item);
      }
    };
    show(entries.length <= FIRST + 1 ? FIRST + 1 : FIRST);
    return made;
  }

  function facts(pairs) {
    const made = element("dl");
    for (const [title, value] of pairs) {
      if (value !== null && value !== undefined) {
        made.append(element("div", {}, element("dt", { textContent: title }), element("dd", {}, value)));
      }
    }
    return made;
  }

  function heading(kind, entry, title, subtitle) {
    const close = element("button", { type: "button", className: "quiet close", textContent: "Close", title: "Close: Esc" });
    close.addEventListener("click", () => listeners.close());
    return element("div", { className: "heading" },
      element("p", { className: "kind" }, format.mark(kind), format.kind(kind), close),
      element("h2", {}, title), subtitle);
  }

  function chart(entry) {
    const { exclusive, shared } = model.parts(entry);
    return element("div", { className: "figures" },
      format.bar(exclusive, shared, Math.max(1, exclusive + shared)),
      element("p", {}, element("i", { className: "exclusive" }), `${size(exclusive)} exclusive`,
        element("i", { className: "shared" }), `${size(shared)} shared`));
  }

  const paragraph = (...content) => element("p", {}, ...content);

  /** The reasons why a base stays, each with the command that ends it. */
  function reasons(base) {
    const found = [];
    const reason = (...content) => found.push(element("li", {}, ...content));
    if (base.kind === "snapshot") {
      const needed = base.boxes.length + base.children.length > 0;
      reason(paragraph("It is a snapshot: it stays until you remove it.",
        needed ? " Its content then stays as long as a box or another base needs it." : ""),
      base.name === undefined
        ? command("base rm", base.id)
        : command("snapshot rm", word(base.of), word(base.name)));
    }
    if (base.kind === "rootfs" && base.name !== undefined) {
      reason(paragraph("It is an entry of the rootfs cache: it stays until you remove or evict it, ",
        "which works once nothing depends on it."),
      command("rootfs rm", word(base.name)));
    }
    if (base.boxes.length > 0) {
      reason(paragraph(`${count(base.boxes.length, "box backs", "boxes back")} directly onto it. It stays until `,
        base.boxes.length === 1 ? "the box is removed." : "all of them are removed."),
      list(base.boxes, (box) => [
        command("box rm", ...(box.snapshots > 0 ? ["--with-snapshots"] : []), word(box.name)),
        ...(box.snapshots > 0
          ? [element("p", { className: "note", textContent: `This removes its ${count(box.snapshots, "snapshot")} too.` })]
          : []),
      ]));
    }
    if (base.children.length > 0) {
      reason(paragraph(`${count(base.children.length, "base has", "bases have")} it as parent. It stays until `,
        base.children.length === 1 ? "that base goes:" : "all of them go:"),
      list(base.children, (child) => link(child)));
    }
    if (base.holds.length > 0) {
      reason(paragraph(base.holds.length === 1 ? "A hold keeps it: " : "Holds keep it: ",
        name(base.holds.join("; ")), ". Release all holds, or remove this base alone."),
      command("gc --release-holds"), command("base rm", base.id));
    }
    if (base.foreign !== undefined) {
      reason(paragraph("Its file is foreign: basedisk did not make it and never deletes it."));
    }
    if (found.length === 0) {
      reason(paragraph("Nothing in the records needs it. A collection removes it, unless an image names it ",
        "or a process has it open."), command("gc"));
    }
    return element("ul", { className: "reasons" }, ...found);
  }

  function ofBase(base) {
    const below = model.below(base);
    const boxes = model.boxesAbove(base);
    panel.replaceChildren(
      heading(base.kind, base, name(model.title(base)),
        element("p", { className: "subtitle" }, element("span", { className: "id", textContent: base.id }),
          ...(base.of === undefined ? [] : [" of ", name(base.of)]))),
      chart(base),
      facts([
        ["Created", format.moment(base.created)],
        ["Virtual", size(base.virtual)],
        ["Allocated", size(base.allocated)],
        ["Exclusive", size(base.exclusive)],
        ["Foreign file", base.foreign === undefined ? null : name(base.foreign)],
      ]),
      section("Why it stays", reasons(base)),
      section("Dependents",
        boxes.length === 0
          ? paragraph("No box needs it.")
          : paragraph(`${count(boxes.length, "box needs", "boxes need")} it, directly or through other bases:`),
        list(boxes, (box) => link(box))),
      section("Depends on",
        below.length === 0 ? paragraph("It is the lowest base of its chain.") : list(below, (one) => link(one))));
  }

  function ofBox(box) {
    panel.replaceChildren(
      heading("box", box, name(box.name), null),
      chart(box),
      facts([
        ["Allocated", size(box.allocated)],
        ["Exclusive", size(box.exclusive)],
        ["Shared", size(box.shared)],
        ["Snapshots", format.number(box.snapshots)],
      ]),
      section("Depends on", box.on.length === 0 ? paragraph("It depends on no base.") : list(box.on, (base) => link(base))),
      section("Remove it",
        paragraph(`This frees ${size(box.exclusive)}.`,
          box.snapshots > 0 ? " Its snapshots go too; their content stays as long as another box needs it." : ""),
        command("box rm", ...(box.snapshots > 0 ? ["--with-snapshots"] : []), word(box.name))),
      ...(box.on.length === 0 ? [] : [section("Shorten its chain",
        paragraph("Merges the layers that only its disk needs. Stop its VM first."),
        command("box compact", word(box.name)))]));
  }

  return {
    on(open, close) {
      Object.assign(listeners, { open, close });
    },

    show(entry) {
      (entry.type === "base" ? ofBase : ofBox)(entry);
      panel.hidden = false;
      panel.scrollTop = 0;
    },

    hide() {
      panel.hidden = true;
      panel.replaceChildren();
    },

    isShown: () => !panel.hidden,
  };
})();
