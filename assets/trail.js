/* The way up from the cases leads to the page one came from; the server, which does not know it, says the overview. */
(function () {
  "use strict";
  const functions = (window.dash_clientside = window.dash_clientside || {});
  const rasad = (functions.rasad = functions.rasad || {});

  const CASES = "/cases";
  const ABOVE = "rasad-above";

  function below() {
    return window.location.pathname === CASES || window.location.pathname.startsWith(CASES + "/");
  }

  /* Let a link lead to another page, with what it asks for that the page can be asked. */
  function lead(link, path) {
    const page = path && document.querySelector('.side a[data-page="' + CSS.escape(path) + '"]');
    if (!page) { return; }
    const query = new URLSearchParams(link.search);
    if (!page.dataset.chooses) { query.delete("subject"); }
    link.setAttribute("href", path + rasad.written(query));
    link.dataset.page = path;
  }

  document.addEventListener("click", function (event) {
    const link = event.target.closest("a[data-page]");
    if (!link) { return; }
    if (!below() && link.dataset.page === CASES) {
      window.sessionStorage.setItem(ABOVE, window.location.pathname);
    } else if (below() && link.closest(".trail") && link.dataset.page !== CASES) {
      lead(link, window.sessionStorage.getItem(ABOVE));
    }
  }, true);
})();
