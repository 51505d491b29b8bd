/* The gate before every panel: one request at a time; whatever is asked meanwhile is asked once the answer is there. */
(function () {
  "use strict";
  const functions = (window.dash_clientside = window.dash_clientside || {});
  functions.rasad = functions.rasad || {};

  const DEADLINE = 20000; // a server that takes longer is taken for dead
  const BUSY_AFTER = 350; // a card shows that it is being worked on only when it takes that long
  const AGAIN_AFTER = 400; // another server process may hear of new data a moment later
  const UPDATE = "_dash-update-component";

  const panels = new Map(); // key → {asked, since, waiting, wanted, retries, timer}
  let serial = 0;

  function stateOf(key) {
    if (!panels.has(key)) {
      panels.set(key, { asked: null, since: 0, waiting: false, wanted: null, retries: 0, timer: 0 });
    }
    return panels.get(key);
  }

  function card(key) {
    return document.querySelector('[data-panel="' + key + '"]');
  }

  function same(a, b) {
    return a && b && a.theme === b.theme && JSON.stringify(a.filters) === JSON.stringify(b.filters);
  }

  function begin(key, wanted, visibly) {
    const state = stateOf(key);
    state.asked = wanted;
    state.since = Date.now();
    state.waiting = false;
    if (visibly) {
      window.clearTimeout(state.timer);
      state.timer = window.setTimeout(function () {
        const element = card(key);
        if (element && state.since) {
          element.setAttribute("data-busy", "true");
          element.setAttribute("aria-busy", "true");
        }
      }, BUSY_AFTER);
    }
    return wanted;
  }

  /* Called by Dash with all inputs whenever one changes; answers with what to ask of the server, if anything. */
  functions.rasad.ask = function (filters, version, theme, _retry, held, key) {
    if (!filters || !theme || !key) {
      return functions.no_update;
    }
    const state = stateOf(key);
    const wanted = { filters: filters, theme: theme, version: version || 0, serial: ++serial };
    const triggered = (functions.callback_context.triggered || []).map((entry) => entry.prop_id);
    const answered = triggered.length > 0 && triggered.every((name) => name.endsWith("-held.data"));
    const retried = triggered.some((name) => name.endsWith("-retry.n_clicks"));
    const fresh = held && held.digest && held.version >= wanted.version && same(state.asked, wanted);
    if (answered) {
      if (held && held.digest && held.version < wanted.version && state.retries < 5) {
        state.retries += 1;
        window.setTimeout(function () { again(key, wanted); }, AGAIN_AFTER);
      }
      return functions.no_update;
    }
    state.retries = 0;
    if (fresh && !retried) {
      return functions.no_update;
    }
    if (state.since && Date.now() - state.since < DEADLINE + 5000) {
      // What is under way may be just what is wanted: a page that is entered asks before its filters are read.
      state.waiting = !same(state.asked, wanted) || state.asked.version < wanted.version;
      state.wanted = wanted;
      return functions.no_update;
    }
    return begin(key, wanted, retried || !same(state.asked, wanted));
  };

  function again(key, wanted) {
    const state = stateOf(key);
    if (state.since || !card(key)) {
      return;
    }
    functions.set_props("panel-" + key + "-ask", { data: begin(key, Object.assign({}, wanted, { serial: ++serial }), true) });
  }

  function done(key) {
    const state = stateOf(key);
    state.since = 0;
    window.clearTimeout(state.timer);
    const element = card(key);
    if (element) {
      element.removeAttribute("data-busy");
      element.removeAttribute("aria-busy");
    }
    if (state.waiting && element) {
      const wanted = state.wanted;
      state.waiting = false;
      // After the answer has been drawn, or the next one would overtake it.
      window.setTimeout(function () { again(key, wanted); }, 0);
    }
  }

  function failed(key) {
    const element = card(key);
    if (element) {
      element.setAttribute("data-failed", "true");
    }
  }

  /* Whether no panel waits for an answer; the live feed holds new versions back until then. */
  functions.rasad.idle = function () {
    for (const state of panels.values()) {
      if (state.since && Date.now() - state.since < DEADLINE + 5000) {
        return false;
      }
    }
    return true;
  };

  /* Ask again for every card that shows an error: the server is back. */
  functions.rasad.mend = function () {
    for (const [key, state] of panels) {
      const element = card(key);
      if (element && state.asked && (element.dataset.failed || element.querySelector(".panel-body.is-error"))) {
        again(key, state.asked);
      }
    }
  };

  /* The filters are being read anew: every card waits, and says so when that takes a while. */
  function asking(address, options) {
    const root = document.documentElement;
    const timer = window.setTimeout(function () { root.setAttribute("data-asking", "true"); }, BUSY_AFTER);
    return send(address, options).finally(function () {
      window.clearTimeout(timer);
      root.removeAttribute("data-asking");
    });
  }

  function panelOf(body) {
    const found = /"changedPropIds":\["panel-([a-z0-9-]+)-ask\.data"\]/.exec(body);
    return found ? found[1] : null;
  }

  const send = window.fetch.bind(window);
  window.fetch = function (address, options) {
    const body = options && options.body;
    const key = typeof body === "string" && String(address).includes(UPDATE) ? panelOf(body) : null;
    if (!key) {
      const filters = typeof body === "string" && body.startsWith('{"output":"..filters.data');
      return filters ? asking(address, options) : send(address, options);
    }
    const abort = new AbortController();
    const deadline = window.setTimeout(function () { abort.abort(); }, DEADLINE);
    return send(address, Object.assign({}, options, { signal: abort.signal }))
      .then(
        function (response) {
          if (response.ok) {
            const element = card(key);
            if (element) { element.removeAttribute("data-failed"); }
          } else {
            failed(key);
          }
          return response;
        },
        function (error) {
          failed(key);
          throw error;
        },
      )
      .finally(function () {
        window.clearTimeout(deadline);
        window.setTimeout(function () { done(key); }, 0);
      });
  };

  /* A mark that was clicked asks for its filter; the same mark can be clicked again. */
  functions.rasad.pick = function (clicked, key) {
    const point = clicked && clicked.points && clicked.points[0];
    const code = point && (Array.isArray(point.customdata) ? point.customdata[0] : point.customdata);
    if (code) {
      functions.rasad.choose("province", String(code), "toggle");
    }
    return functions.no_update;
  };

  functions.rasad.choose = function (filter, value, mode) {
    functions.set_props("filter-pick-data", { data: { filter: filter, value: value, mode: mode, at: Date.now() } });
  };
})();
