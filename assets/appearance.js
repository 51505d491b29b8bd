/* Theme without reloading, language with: both are remembered for a year. */
(function () {
  "use strict";
  const functions = (window.dash_clientside = window.dash_clientside || {});
  const rasad = (functions.rasad = functions.rasad || {});

  function remember(name, value) {
    document.cookie = name + "=" + value + "; path=/; max-age=31536000; samesite=lax";
  }

  rasad.theme = function (clicks) {
    const root = document.documentElement;
    if (clicks) {
      root.dataset.bsTheme = root.dataset.bsTheme === "dark" ? "light" : "dark";
      remember("rasad_theme", root.dataset.bsTheme);
    }
    return root.dataset.bsTheme;
  };

  rasad.language = function (chosen) {
    if (chosen && chosen !== document.documentElement.lang) {
      remember("rasad_language", chosen);
      window.location.reload();
    }
  };
})();
