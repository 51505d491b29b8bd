/* Lists whose rows have buttons: each writes what its row stands for to a store, some after a question. */
(function () {
  "use strict";
  const functions = (window.dash_clientside = window.dash_clientside || {});

  document.addEventListener("click", function (event) {
    const button = event.target.closest("[data-drop]");
    if (button && (!button.dataset.confirm || window.confirm(button.dataset.confirm))) { functions.set_props(button.dataset.drop, { data: { key: button.dataset.key, at: Date.now() } }); }
  });
})();
