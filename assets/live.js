/* The live feed: asks for a few bytes about once a second while the page is seen, and says by its own clock how old all is. */
(function () {
  "use strict";
  const functions = (window.dash_clientside = window.dash_clientside || {});
  const rasad = (functions.rasad = functions.rasad || {});

  const EVERY = 800;
  const PATIENCE = 4000;
  const LATE = 15000;
  const GONE = 60000;

  let heard = Date.now(); // when the server last answered, with a feed that is alive
  let reached = Date.now(); // when the server last answered at all
  let lost = false;
  let paused = false;
  let version = 0;
  let shown = 0;
  let asOf = null;
  let silent = false;
  let timer = 0;

  function indicator() {
    return document.getElementById("live");
  }

  function locale() {
    const language = document.documentElement.lang;
    return language === "fa" ? "fa-IR-u-ca-persian-nu-arabext" : language === "vi" ? "vi-VN" : "en-GB";
  }

  function moment(at, zone) {
    const time = { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23", timeZone: zone };
    const day = new Intl.DateTimeFormat("en-CA", { timeZone: zone });
    const today = day.format(at) === day.format(new Date());
    const options = today ? time : { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone };
    return new Intl.DateTimeFormat(locale(), options).format(at);
  }

  function put(element, content) {
    if (element.textContent !== content) {
      element.textContent = content;
    }
  }

  function state() {
    if (paused) { return "paused"; }
    const quiet = Date.now() - heard;
    return quiet > GONE ? "off" : quiet > LATE ? "late" : "on";
  }

  function show() {
    const button = indicator();
    if (!button) { return; }
    const now = state();
    const words = button.dataset;
    if (button.getAttribute("data-state") !== now) {
      button.setAttribute("data-state", now);
      button.setAttribute("aria-pressed", String(paused));
      button.title = paused ? words.resume : words.pause;
    }
    const reachedLately = Date.now() - reached < LATE;
    put(button.querySelector(".state"), now !== "on" && now !== "paused" && silent && reachedLately ? words.silent : words[now]);
    const as = asOf ? words.asOf.replace("{time}", moment(asOf, words.zone)) : "";
    put(button.querySelector(".as-of"), as);
  }

  function apply() {
    if (!paused && version > shown && rasad.idle && rasad.idle()) {
      shown = version;
      functions.set_props("data-version", { data: version });
    }
  }

  function poll() {
    window.clearTimeout(timer);
    if (document.hidden || paused) { return; }
    const abort = new AbortController();
    const deadline = window.setTimeout(function () { abort.abort(); }, PATIENCE);
    fetch("/live", { signal: abort.signal, cache: "no-store", credentials: "same-origin" })
      .then(function (response) {
        if (!response.ok) { throw new Error("live " + response.status); }
        return response.json();
      })
      .then(function (news) {
        const shell = document.querySelector(".shell");
        if (shell && shell.dataset.who !== news.who) {
          window.location.reload(); // signed in as somebody else in another tab, or given another role or province
          return;
        }
        reached = Date.now();
        silent = news.silent;
        if (!silent) { heard = Date.now(); }
        asOf = news.as_of ? new Date(news.as_of) : null;
        version = Math.max(version, news.version);
        apply();
        if (lost) {
          lost = false;
          rasad.mend();
        }
      })
      .catch(function () {
        lost = true; // the clock says it; nothing else is to be done until the server answers again
      })
      .finally(function () {
        window.clearTimeout(deadline);
        show();
        timer = window.setTimeout(poll, lost ? 2000 : EVERY);
      });
  }

  document.addEventListener("visibilitychange", function () {
    if (document.hidden) {
      window.clearTimeout(timer);
    } else {
      heard = Math.max(heard, Date.now() - LATE); // a page that slept is not late, it has yet to ask
      poll();
    }
  });

  document.addEventListener("click", function (event) {
    const button = event.target.closest("#live");
    if (button) {
      paused = !paused;
      heard = paused ? heard : Date.now();
      show();
      poll();
    }
  });

  window.setInterval(show, 1000);

  (function wait() {
    if (indicator() && functions.set_props) { poll(); } else { window.setTimeout(wait, 50); }
  })();
})();
