/* One's files: the list is kept as it is on the server; files are asked for from the menu of a card. */
(function () {
  "use strict";
  const EVERY = 500;
  const AFTER_TROUBLE = 5000;

  let due = 0; // when to ask again
  let asking = false;
  let place = null; // the list that was filled last: another page's is another one

  function language() {
    return document.documentElement.lang;
  }

  function post(address) {
    return fetch(address, { method: "POST", credentials: "same-origin", headers: { Accept: "application/json" } });
  }

  /* Put what has come in its place, and the focus where it was. */
  function put(list, html) {
    if (list.dataset.shown === html) { return; }
    const focused = list.contains(document.activeElement) ? document.activeElement : null;
    const key = focused && focused.dataset.fileAct
      ? '[data-file-act="' + focused.dataset.fileAct + '"][data-id="' + CSS.escape(focused.dataset.id) + '"]'
      : null;
    list.innerHTML = html;
    list.dataset.shown = html;
    const again = key && list.querySelector(key);
    if (again) { again.focus(); }
  }

  function look() {
    const list = document.querySelector("[data-files]");
    if (!list || document.hidden || asking || (list === place && Date.now() < due)) { return; }
    place = list;
    asking = true;
    fetch("/files.json?lang=" + language(), { cache: "no-store", credentials: "same-origin" })
      .then(function (response) {
        if (!response.ok) { throw new Error(String(response.status)); }
        return response.json();
      })
      .then(function (answer) {
        put(list, answer.html);
        list.parentElement.removeAttribute("data-lost");
        due = Date.now() + answer.again * 1000;
      })
      .catch(function () {
        list.parentElement.setAttribute("data-lost", "true");
        due = Date.now() + AFTER_TROUBLE;
      })
      .finally(function () { asking = false; });
  }

  document.addEventListener("click", function (event) {
    const act = event.target.closest("[data-file-act]");
    if (act) {
      act.disabled = true;
      post("/files/" + act.dataset.id + "/" + act.dataset.fileAct).finally(function () {
        act.disabled = false;
        due = 0;
        look();
      });
      return;
    }
    const later = event.target.closest("[data-later]");
    if (!later) { return; }
    const link = later.parentElement.querySelector("[data-file]");
    if (!link || !link.getAttribute("href")) { return; }
    later.disabled = true;
    post(link.getAttribute("href")).then(function (response) {
      if (response.ok) { later.closest(".files").setAttribute("data-asked", "true"); }
    }).finally(function () { later.disabled = false; });
  });

  window.setInterval(look, EVERY);
})();
