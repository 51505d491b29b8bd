/* Before anything is painted: the theme chosen earlier, or the one the reader's system asks for. */
(function () {
  "use strict";
  const chosen = /(?:^|; )rasad_theme=(light|dark)/.exec(document.cookie);
  const dark = window.matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.dataset.bsTheme = chosen ? chosen[1] : dark ? "dark" : "light";
})();
