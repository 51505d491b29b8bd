/* Views saved by name: page and filters, kept in this browser, for each person who uses it apart. */
(function () {
  "use strict";
  const MOST = 50;

  function place() {
    const shell = document.querySelector(".shell");
    return "rasad-views-" + (shell ? shell.dataset.person : "");
  }

  function load() {
    try {
      const views = JSON.parse(window.localStorage.getItem(place()) || "[]");
      return Array.isArray(views) ? views.filter((view) => view && view.name && String(view.path).startsWith("/")) : [];
    } catch (_error) {
      return []; // a browser that keeps nothing, or keeps something that is not ours
    }
  }

  function keep(views) {
    try {
      window.localStorage.setItem(place(), JSON.stringify(views.slice(0, MOST)));
    } catch (_error) {
      // It keeps nothing: what is shown is all there is.
    }
    show(views);
  }

  function element(name, attributes, content) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) { made.setAttribute(key, value); }
    if (content) { made.append(content); }
    return made;
  }

  function list() {
    return document.getElementById("filter-views-list");
  }

  function show(views) {
    const shown = list();
    if (!shown) { return; }
    shown.replaceChildren(...views.map(function (view) {
      const link = element("a", { href: view.path + view.query, "data-page": view.path, "data-own": "true" }, view.name);
      const label = shown.dataset.delete.replace("{name}", view.name);
      const drop = element("button", { type: "button", class: "tool", "data-view": "delete", "data-name": view.name, "aria-label": label, title: label });
      drop.append(element("i", { class: "bi bi-trash", "aria-hidden": "true" }));
      const row = element("li", {}, link);
      row.append(drop);
      return row;
    }));
  }

  function save() {
    const input = document.getElementById("filter-views-name");
    const name = input.value.trim();
    if (!name) {
      input.focus();
      return;
    }
    const view = { name: name, path: window.location.pathname, query: window.location.search, at: new Date().toISOString() };
    keep([view, ...load().filter((other) => other.name !== name)].sort((a, b) => a.name.localeCompare(b.name, document.documentElement.lang)));
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set.call(input, "");
    input.dispatchEvent(new Event("input", { bubbles: true })); // the page's own state follows
  }

  document.addEventListener("click", function (event) {
    const button = event.target.closest("[data-view]");
    if (button && button.dataset.view === "save") {
      save();
    } else if (button && button.dataset.view === "delete") {
      keep(load().filter((view) => view.name !== button.dataset.name));
      document.getElementById("filter-views-name").focus();
    } else if (event.target.closest(".views a")) {
      event.target.closest("details").open = false;
    }
  });

  document.addEventListener("keydown", function (event) {
    if (event.key === "Enter" && event.target.id === "filter-views-name") { save(); }
  });

  (function wait() {
    if (list()) { show(load()); } else { window.setTimeout(wait, 100); }
  })();
})();
