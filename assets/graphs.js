/* Figures, drawn by plotly one after the other, what is in view first: the page stays at hand meanwhile. */
(function () {
  "use strict";
  const functions = (window.dash_clientside = window.dash_clientside || {});
  const rasad = (functions.rasad = functions.rasad || {});

  const CONFIG = { displayModeBar: false, doubleClick: "reset", showTips: false };
  const undrawn = new Map(); // element → JSON of the figure it is to show
  const drawn = new Set(); // elements that show a figure
  const AT_ONCE = 50; // milliseconds of drawing before the page is let do something else
  let scheduled = false;

  /* Let an element show a figure, given as JSON; of several for the same element the last. */
  rasad.draw = function (element, figure) {
    undrawn.set(element, figure);
    if (!scheduled) {
      scheduled = true;
      window.setTimeout(drawNext, 0);
    }
  };

  /* Whether a figure is still to be drawn. */
  rasad.drawing = function () {
    return undrawn.size > 0;
  };

  /* The page was left: what it held is given back. */
  rasad.clear = function () {
    undrawn.clear();
    for (const element of drawn) {
      if (!element.isConnected) {
        sizes.unobserve(element);
        window.Plotly.purge(element);
        drawn.delete(element);
      }
    }
  };

  function inView(element) {
    const box = element.getBoundingClientRect();
    return box.bottom > 0 && box.top < window.innerHeight;
  }

  function drawNext() {
    scheduled = false;
    const begun = performance.now();
    const elements = Array.from(undrawn.keys());
    const seen = elements.filter(inView); // asked once: each drawing would make the browser lay out the page anew
    for (const element of [...seen, ...elements.filter((each) => !seen.includes(each))]) {
      const figure = JSON.parse(undrawn.get(element));
      undrawn.delete(element);
      if (element.isConnected) { show(element, figure); }
      if (performance.now() - begun > AT_ONCE) { break; }
    }
    if (undrawn.size) {
      scheduled = true;
      window.setTimeout(drawNext, 0);
    }
  }

  function show(element, figure) {
    element.style.height = figure.layout.height + "px"; // of rows more or less, as many as there are
    element.style.setProperty("--drawn", element.style.height);
    window.Plotly.react(element, figure.data, figure.layout, CONFIG);
    if (!drawn.has(element)) {
      drawn.add(element);
      sizes.observe(element);
      element.on("plotly_click", function (clicked) {
        rasad.picked(element.closest("[data-panel]").dataset.panel, clicked.points[0]);
      });
    }
  }

  // A figure is as wide as its card.
  const sizes = new ResizeObserver(function (entries) {
    for (const entry of entries) {
      const width = Math.round(entry.contentRect.width);
      if (width && entry.target._fullLayout && Math.round(entry.target._fullLayout.width) !== width) {
        window.Plotly.Plots.resize(entry.target);
      }
    }
  });
})();
