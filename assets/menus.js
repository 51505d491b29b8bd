/* What opens and closes: drop-downs, definitions, the navigation and the sheet of filters; by mouse, touch and keyboard. */
(function () {
  "use strict";
  const functions = (window.dash_clientside = window.dash_clientside || {});
  const root = document.documentElement;
  const SHEETS = ["navigation", "filters"];
  let opener = null;

  function closeDetails(except) {
    for (const box of document.querySelectorAll("details[open]:not(.fold, .ticked)")) {
      if (!except || !box.contains(except)) {
        box.open = false;
      }
    }
  }

  function sheet(name, open) {
    root.classList.toggle(name + "-open", open);
    for (const button of document.querySelectorAll('[data-opens="' + name + '"]')) {
      button.setAttribute("aria-expanded", String(open));
    }
  }

  function open(name, button) {
    opener = button;
    sheet(name, true);
    const panel = document.getElementById("shell-" + name);
    const first = panel && panel.querySelector("a, button, input, select, summary");
    if (first) { first.focus({ preventScroll: true }); }
  }

  function closeSheets() {
    const wasOpen = SHEETS.some((name) => root.classList.contains(name + "-open"));
    SHEETS.forEach((name) => sheet(name, false));
    if (wasOpen && opener) {
      opener.focus({ preventScroll: true });
      opener = null;
    }
    return wasOpen;
  }

  function toggleTable(button) {
    const card = document.querySelector('[data-panel="' + button.dataset.table + '"]');
    const shown = card.getAttribute("data-view") !== "table";
    card.setAttribute("data-view", shown ? "table" : "chart");
    button.setAttribute("aria-pressed", String(shown));
    functions.rasad.turned(button.dataset.table);
  }

  document.addEventListener("click", function (event) {
    const target = event.target;
    closeDetails(target);
    const button = target.closest("button, [data-closes], a");
    if (!button) { return; }
    const data = button.dataset;
    if (data.opens) {
      if (root.classList.contains(data.opens + "-open")) { closeSheets(); } else { open(data.opens, button); }
    } else if (data.closes === "details") {
      const box = button.closest("details");
      box.open = false;
      box.querySelector("summary").focus();
    } else if (data.closes) {
      closeSheets();
    } else if (data.table) {
      toggleTable(button);
    } else if (data.pick) {
      functions.rasad.choose(data.pick, data.value || "", data.mode || "toggle");
    } else if (data.page) {
      closeSheets();
    }
  });

  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape") {
      const box = document.querySelector("details[open]:not(.fold, .ticked)");
      if (box) {
        box.open = false;
        box.querySelector("summary").focus();
      } else {
        closeSheets();
      }
    }
  });

  // Tab out of a drop-down closes it; on a telephone, where it lies within the sheet, it may stay open.
  document.addEventListener("focusin", function (event) {
    if (!root.classList.contains("filters-open")) { closeDetails(event.target); }
  });

  // A long list is searched as it is typed, whatever its accents.
  function plain(content) {
    return content.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase().replace(/đ/g, "d").replace(/ي/g, "ی").replace(/ك/g, "ک");
  }
  document.addEventListener("input", function (event) {
    if (!event.target.matches(".drop .search")) { return; }
    const wanted = plain(event.target.value.trim());
    for (const row of event.target.closest(".drop").querySelectorAll(".ticks > *")) {
      row.hidden = wanted !== "" && !plain(row.textContent).includes(wanted);
    }
  });
})();
