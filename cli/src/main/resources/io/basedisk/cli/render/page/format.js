"use strict";

/** Texts and elements. Names in the data may be hostile: they become text, never markup. */
const format = (() => {
  const UNITS = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
  const day = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", year: "numeric" });
  const moment = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });
  const whole = new Intl.NumberFormat();

  /** Control characters, and format characters that hide text or change its direction. */
  const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

  const code = (character) => character.codePointAt(0).toString(16).toUpperCase().padStart(4, "0");

  return {
    /** A size as the command line prints it: three digits, in a unit of 1024. */
    size(bytes) {
      if (bytes === null || bytes === undefined) {
        return "–";
      }
      let unit = 0;
      let value = bytes;
      while (value >= 1000 && unit < UNITS.length - 1) {
        value /= 1024;
        unit++;
      }
      const digits = value < 1 ? 3 : value < 10 ? 2 : value < 100 ? 1 : 0;
      // A space at which no line breaks.
      return `${Number(value.toFixed(digits))}\u00a0${UNITS[unit]}`;
    },

    number: (count) => whole.format(count),

    count: (count, one, many = one + "s") => `${whole.format(count)} ${count === 1 ? one : many}`,

    day: (seconds) => day.format(new Date(seconds * 1000)),

    moment: (seconds) => moment.format(new Date(seconds * 1000)),

    kind: (kind) => ({ snapshot: "snapshot", clone_base: "clone base", rootfs: "rootfs" })[kind] ?? kind,

    /** A name with each invisible character as its code. */
    visible: (text) => text.replace(INVISIBLE, (character) => `⟨U+${code(character)}⟩`),

    /** A name as one word of a shell; with bash's escapes for characters that can't be seen. */
    word(text) {
      if (/^[A-Za-z0-9_@%+=:,./-]+$/.test(text)) {
        return text;
      }
      if (text.search(INVISIBLE) < 0) {
        return `'${text.replaceAll("'", "'\\''")}'`;
      }
      const escaped = text
        .replace(/[\\']/g, "\\$&")
        .replace(INVISIBLE, (character) => `\\U${code(character).padStart(8, "0")}`);
      return `$'${escaped}'`;
    },

    /** An element with properties and children; a string becomes text. */
    element(tag, properties = {}, ...children) {
      const made = document.createElement(tag);
      for (const [name, value] of Object.entries(properties)) {
        if (name.startsWith("aria-") || name === "role") {
          made.setAttribute(name, value);
        } else {
          made[name] = value;
        }
      }
      made.append(...children.filter((child) => child !== null));
      return made;
    },

    /** An element of a drawing. */
    shape(tag, attributes = {}, ...children) {
      const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
      for (const [name, value] of Object.entries(attributes)) {
        made.setAttribute(name, value);
      }
      made.append(...children);
      return made;
    },

    /** A name from the data, whose direction does not touch the text around it. */
    name(text, matching = "") {
      const made = document.createElement("bdi");
      const shown = format.visible(text);
      const at = matching ? shown.toLowerCase().indexOf(matching) : -1;
      if (at < 0) {
        made.textContent = shown;
      } else {
        const marked = format.element("mark", { textContent: shown.slice(at, at + matching.length) });
        made.append(shown.slice(0, at), marked, shown.slice(at + matching.length));
      }
      return made;
    },

    mark(kind) {
      return format.shape("svg", { class: `mark ${kind}`, "aria-hidden": "true" },
        format.shape("use", { href: `#${kind}` }));
    },

    /** A bar of the exclusive and the shared part of a size, of the given largest size. */
    bar(exclusive, shared, largest) {
      const width = (bytes) => (bytes > 0 && largest > 0 ? Math.max(1.2, (100 * bytes) / largest) : 0);
      const first = Math.min(100, width(exclusive));
      const second = Math.min(100 - first, width(shared));
      return format.shape("svg",
        { class: "bar", viewBox: "0 0 100 8", preserveAspectRatio: "none", "aria-hidden": "true" },
        format.shape("rect", { class: "track", width: 100, height: 8 }),
        format.shape("rect", { class: "exclusive", width: first, height: 8 }),
        format.shape("rect", { class: "shared", x: first, width: second, height: 8 }));
    },
  };
})();
