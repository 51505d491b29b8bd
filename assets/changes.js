/* A number that has changed is marked for a moment, calmly; nothing else moves. */
(function () {
  "use strict";
  const quiet = window.matchMedia("(prefers-reduced-motion: reduce)");
  const known = new Map(); // panel → {content, question}: elements come and go, cards stay

  function look(element) {
    const card = element.closest("[data-panel]");
    const now = { content: element.textContent, question: window.location.search };
    const before = known.get(card.dataset.panel);
    known.set(card.dataset.panel, now);
    // Another question has another answer: only the same question answered anew is a change.
    if (before && before.content !== now.content && before.question === now.question && !quiet.matches) {
      element.classList.remove("has-changed");
      void element.offsetWidth;
      element.classList.add("has-changed");
    }
  }

  (function wait() {
    const page = document.getElementById("page");
    if (!page) {
      window.setTimeout(wait, 100);
      return;
    }
    new MutationObserver(function () {
      for (const element of page.querySelectorAll('[data-figure="value"]')) { look(element); }
    }).observe(page, { childList: true, subtree: true, characterData: true });
  })();
})();
