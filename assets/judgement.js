/* The lists of targets and annotations: a button in a row takes away what the row stands for. */
(function () {
  "use strict";
  const functions = (window.dash_clientside = window.dash_clientside || {});

  document.addEventListener("click", function (event) {
    const button = event.target.closest("[data-drop]");
    if (button) { functions.set_props(button.dataset.drop, { data: { key: button.dataset.key, at: Date.now() } }); }
  });
})();
