/* What the server refuses is said on the page: that the session is over, with the way back in, or what was not done. */
(function () {
  "use strict";
  const functions = (window.dash_clientside = window.dash_clientside || {});
  const rasad = (functions.rasad = functions.rasad || {});

  const LIVE = "/live";
  let over = false;

  /* The session is over: what the page shows is covered, and the way back leads to this very page. */
  function end() {
    const dialog = document.getElementById("ended");
    if (over || !dialog) { return; }
    over = true;
    const here = window.location.pathname + window.location.search;
    dialog.querySelector("a").setAttribute("href", "/sign-in?next=" + encodeURIComponent(here));
    dialog.addEventListener("cancel", (event) => event.preventDefault());
    dialog.showModal();
  }

  function say(kind) {
    const place = document.getElementById("said");
    if (!place || over) { return; }
    place.querySelector("p").textContent = place.getAttribute("data-" + kind) || place.getAttribute("data-500");
    place.querySelector("[data-reload]").hidden = kind !== "stale";
    place.hidden = false;
  }

  function told(response) {
    response.clone().json().then(
      (problem) => say(problem.kind),
      () => say(String(response.status)), // not ours: a proxy's own page
    );
  }

  /* Called with every answer. Cards say themselves that they failed, and so does the live feed. */
  rasad.heard = function (address, response) {
    if (response.status === 401) {
      end();
    } else if (!response.ok && !address.startsWith(LIVE)) {
      told(response);
    } else if (over && response.ok && address.startsWith(LIVE)) {
      window.location.reload(); // signed in again, in another tab
    }
  };

  document.addEventListener("click", function (event) {
    if (event.target.closest("#said [data-reload]")) { window.location.reload(); }
    if (event.target.closest("#said [data-close]")) { document.getElementById("said").hidden = true; }
  });
})();
