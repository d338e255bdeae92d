"use strict";

/** The page as a whole: the heading, the views, the theme, the search and the keys. */
(() => {
  const at = (id) => document.getElementById(id);
  const { count, size } = format;
  const ZOOMS = [0.6, 0.7, 0.8, 0.9, 1, 1.1, 1.25, 1.5, 1.75, 2];

  // Heading.

  const kinds = [["snapshot", "snapshot"], ["clone_base", "clone base"], ["rootfs", "rootfs", "rootfs"]]
    .map(([kind, one, many]) => [model.bases.filter((base) => base.kind === kind).length, one, many])
    .filter(([number]) => number > 0)
    .map(([number, one, many]) => count(number, one, many));
  at("home").append(format.name(model.home), ` · ${format.moment(model.written)}`);
  const strong = (textContent) => format.element("strong", { textContent });
  const figure = (...content) => format.element("span", {}, ...content);
  at("totals").append(
    figure(strong(count(model.bases.length, "base")),
      kinds.length > 1 ? format.element("span", { className: "kinds", textContent: ` (${kinds.join(", ")})` }) : ""), " · ",
    figure(strong(count(model.boxes.length, "box", "boxes"))), " · ",
    figure(strong(size(model.allocated)), " allocated"), " · ",
    figure("gc would free ", strong(size(model.reclaimable))));

  // Theme. Without a choice, the page follows the system.

  const THEMES = { system: "System", light: "Light", dark: "Dark" };
  const KEPT = "basedisk-theme";
  let theme = "system";
  try {
    theme = localStorage.getItem(KEPT) ?? theme;
  } catch {
    // A browser may keep nothing for local pages.
  }
  function useTheme(name) {
    theme = THEMES[name] ? name : "system";
    document.documentElement.dataset.theme = theme;
    at("theme").querySelector("span").textContent = THEMES[theme];
    at("theme").setAttribute("aria-label", `Theme: ${THEMES[theme]}`);
    try {
      localStorage.setItem(KEPT, theme);
    } catch {
      // As above.
    }
  }
  at("theme").addEventListener("click", () => {
    const names = Object.keys(THEMES);
    useTheme(names[(names.indexOf(theme) + 1) % names.length]);
  });
  useTheme(theme);

  // Views.

  const tabs = [at("lineage-tab"), at("space-tab")];
  function view(tab) {
    for (const one of tabs) {
      const isShown = one === tab;
      one.setAttribute("aria-selected", String(isShown));
      one.tabIndex = isShown ? 0 : -1;
      at(one.getAttribute("aria-controls")).hidden = !isShown;
    }
    if (tab === tabs[1]) {
      space.draw();
    } else {
      drawing.refresh();
    }
  }
  tabs.forEach((tab, index) => {
    tab.addEventListener("click", () => view(tab));
    tab.addEventListener("keydown", (event) => {
      if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
        tabs[1 - index].focus();
        view(tabs[1 - index]);
      }
    });
  });

  // Details.

  function open(entry) {
    details.show(entry);
    history.replaceState(null, "", `#${entry.type === "base" ? entry.id : `box=${entry.name}`}`);
  }
  function show(entry) {
    clearSearch();
    view(tabs[0]);
    open(entry);
    drawing.show(entry);
  }
  function close() {
    details.hide();
    drawing.deselect();
    drawing.focus();
    history.replaceState(null, "", location.pathname + location.search);
  }
  drawing.onSelect(open);
  details.on(show, close);
  space.onOpen(show);

  // Search.

  const search = at("search");
  function find() {
    const { count: hits, wanted } = rows.search(search.value);
    at("matches").textContent = wanted ? `${format.number(hits)} found` : "";
    at("search-key").hidden = search.value !== "";
    drawing.mark(wanted);
  }
  function clearSearch() {
    if (search.value) {
      search.value = "";
      find();
    }
  }
  search.addEventListener("input", () => {
    view(tabs[0]);
    find();
  });
  search.addEventListener("keydown", (event) => {
    if (event.key === "Enter") {
      drawing.nextHit(event.shiftKey ? -1 : 1);
    } else if (event.key === "ArrowDown") {
      event.preventDefault();
      drawing.focus();
    } else if (event.key === "Escape") {
      event.stopPropagation();
      clearSearch();
      drawing.focus();
    }
  });

  // Fold and zoom.

  at("unfold").addEventListener("click", () => {
    rows.unfoldAll();
    drawing.refresh();
  });
  at("fold").addEventListener("click", () => {
    rows.foldAll();
    drawing.refresh();
  });
  function zoomTo(index) {
    drawing.zoom = ZOOMS[Math.max(0, Math.min(ZOOMS.length - 1, index))];
    at("zoom-reset").textContent = `${Math.round(drawing.zoom * 100)}%`;
  }
  const zoomBy = (step) => zoomTo(ZOOMS.indexOf(drawing.zoom) + step);
  at("zoom-in").addEventListener("click", () => zoomBy(1));
  at("zoom-out").addEventListener("click", () => zoomBy(-1));
  at("zoom-reset").addEventListener("click", () => zoomTo(ZOOMS.indexOf(1)));
  at("drawing").addEventListener("wheel", (event) => {
    if (event.ctrlKey) {
      event.preventDefault();
      zoomBy(event.deltaY < 0 ? 1 : -1);
    }
  }, { passive: false });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    if (event.key === "Escape" && details.isShown()) {
      close();
      return;
    }
    if (event.target === search) {
      return;
    }
    const keys = {
      "/": () => { search.focus(); search.select(); },
      "+": () => zoomBy(1),
      "=": () => zoomBy(1),
      "-": () => zoomBy(-1),
      0: () => zoomTo(ZOOMS.indexOf(1)),
      n: () => drawing.nextHit(1),
      N: () => drawing.nextHit(-1),
    };
    if (keys[event.key]) {
      event.preventDefault();
      keys[event.key]();
    }
  });

  // A link to a base or box, as the address of the page has it after a click.

  function follow() {
    let target = "";
    try {
      target = decodeURIComponent(location.hash.slice(1));
    } catch {
      // Not an address of this page.
    }
    const entry = target.startsWith("box=") ? model.byName.get(target.slice(4)) : model.byId.get(target);
    if (entry) {
      show(entry);
    }
  }
  addEventListener("hashchange", follow);
  drawing.refresh();
  follow();
})();
