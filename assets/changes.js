/* A number that has changed is marked for a moment, calmly; nothing else moves. */
(function () {
  "use strict";
  const quiet = window.matchMedia("(prefers-reduced-motion: reduce)");
  const known = new WeakMap();
  let listening = false;

  function changed(element) {
    const content = element.textContent;
    const before = known.get(element);
    known.set(element, content);
    // Another question has another answer: only the same question answered anew is a change.
    if (before === undefined || before === content || window.location.search !== element.rasadQuestion) {
      element.rasadQuestion = window.location.search;
      return;
    }
    if (quiet.matches) { return; }
    element.classList.remove("has-changed");
    void element.offsetWidth;
    element.classList.add("has-changed");
  }

  function watch() {
    const page = document.getElementById("page");
    if (!page || listening) { return; }
    listening = true;
    new MutationObserver(function () {
      for (const element of page.querySelectorAll('[data-figure="value"]')) { changed(element); }
    }).observe(page, { childList: true, subtree: true, characterData: true });
  }

  (function wait() {
    watch();
    if (!listening) { window.setTimeout(wait, 100); }
  })();
})();
