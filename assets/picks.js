/* What a click asks of the filters: on a mark of a figure, on a row of a table, on a chip. Each is one change of them. */
(function () {
  "use strict";
  const functions = (window.dash_clientside = window.dash_clientside || {});
  const rasad = (functions.rasad = functions.rasad || {});

  const heard = new WeakSet(); // figures whose pointer is followed
  let touched = ""; // the mark that a finger pointed at last

  function send(picks, mode) {
    functions.set_props("filter-pick-data", { data: { picks: picks, mode: mode, at: Date.now() } });
  }

  /* One value of one filter; `mode`: "toggle", "drop" or, of the whole filter, "clear". */
  rasad.choose = function (filter, value, mode) {
    send([{ filter: filter, value: value }], mode);
  };

  /* Several at once: an object of filters and values. A gap is looked at in the list of its cases. */
  function pick(asked) {
    if (asked.gap) {
      rasad.go("/cases", { gap: asked.gap, filed: "ever" });
      return;
    }
    send(Object.entries(asked).map(([filter, value]) => ({ filter: filter, value: value })), "toggle");
  }

  /* What a mark asks for: the last of its customdata, after its keys; null where it asks for nothing. */
  function askedBy(point) {
    // An area has no points: what it carries stands with its trace.
    const data = point && (point.customdata || (point.data && point.data.customdata));
    const last = Array.isArray(data) ? data[data.length - 1] : null;
    return last && typeof last === "object" && !Array.isArray(last) ? last : null;
  }

  /* A mark was clicked. A finger first points, which shows what the mark is and what it does, and then clicks. */
  rasad.picked = function (key, point) {
    const asked = askedBy(point);
    if (!asked) { return; }
    const mark = key + JSON.stringify(asked);
    if (finger && touched !== mark) {
      touched = mark;
      return;
    }
    touched = "";
    pick(asked);
  };

  let finger = false;
  document.addEventListener("pointerdown", function (event) { finger = event.pointerType === "touch"; }, true);

  // A mark that can be clicked has the pointer of a link.
  document.addEventListener("pointerover", function (event) {
    const figure = event.target.closest && event.target.closest(".js-plotly-plot");
    if (!figure || !figure.on || heard.has(figure)) { return; }
    heard.add(figure);
    figure.on("plotly_hover", function (hover) {
      figure.classList.toggle("can-pick", hover.points.some((point) => askedBy(point)));
    });
    figure.on("plotly_unhover", function () { figure.classList.remove("can-pick"); });
  });

  document.addEventListener("click", function (event) {
    const button = event.target.closest("[data-picks]");
    if (button) { pick(JSON.parse(button.dataset.picks)); }
  });
})();
