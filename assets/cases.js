/* The page of cases: where one is in the list, which case is in view, and what both ask. */
(function () {
  "use strict";
  const functions = (window.dash_clientside = window.dash_clientside || {});
  const rasad = (functions.rasad = functions.rasad || {});

  const PAGE = "/cases";
  const USUAL = { of: "", state: "all", turn: "anyone", filed: "period", sort: "newest", gap: "any" };
  let chosen = null; // what the address says beside the filters
  let viewed = ""; // the case that was asked for last
  let scrolled = 0; // where the list was left

  const AGAIN_AFTER = 400; // another server process may hear of new data a moment later
  const MOST_TRIES = 5;

  /* A card that asks for itself: one request at a time; whatever is asked meanwhile is asked after the answer. */
  function asking(key) {
    const state = { asked: null, wanted: null, waiting: false, tries: 0, finish: function () {} };

    function card() {
      return document.getElementById("panel-" + key + "-card");
    }

    function same(wanted) {
      return state.asked && state.asked.theme === wanted.theme && JSON.stringify(state.asked.filters) === JSON.stringify(wanted.filters);
    }

    function begin(wanted, visibly) {
      state.asked = wanted;
      state.waiting = false;
      state.finish = rasad.working(visibly ? [card()] : []);
      card().removeAttribute("data-failed");
      return gate.ask(wanted);
    }

    function again(wanted) {
      if (!gate.busy() && card()) {
        functions.set_props("panel-" + key + "-ask", { data: begin(wanted, true) });
      }
    }

    const gate = rasad.gate("panel-" + key, {
      failed: function () {
        if (card()) { card().setAttribute("data-failed", "true"); }
      },
      done: function () {
        state.finish();
        if (state.waiting && card()) {
          const wanted = state.wanted;
          state.waiting = false;
          // After the answer has been drawn, or the next one would overtake it.
          window.setTimeout(function () { again(wanted); }, 0);
        }
      },
      mend: function () {
        if (card() && state.asked && (card().dataset.failed || card().querySelector(".panel-body.is-error"))) { again(state.asked); }
      },
    });

    /* Called with all inputs whenever one changes; answers with what to ask of the server, if anything. */
    return function (filters, version, theme, held) {
      if (!filters || !theme) { return functions.no_update; }
      const wanted = { filters: filters, theme: theme, version: version || 0 };
      const triggered = (functions.callback_context.triggered || []).map((entry) => entry.prop_id);
      const retried = triggered.some((name) => name.endsWith("-retry.n_clicks"));
      if (triggered.length && triggered.every((name) => name.endsWith("-held.data"))) {
        if (held && held.digest && held.version < wanted.version && state.tries < MOST_TRIES) {
          state.tries += 1;
          window.setTimeout(function () { again(wanted); }, AGAIN_AFTER);
        }
        return functions.no_update;
      }
      state.tries = 0;
      if (held && held.digest && held.version >= wanted.version && same(wanted) && !retried) {
        return functions.no_update;
      }
      if (gate.busy()) {
        state.waiting = !same(wanted) || state.asked.version < wanted.version;
        state.wanted = wanted;
        return functions.no_update;
      }
      return begin(wanted, retried || !same(wanted));
    };
  }

  const asks = new Map(); // card → its way of asking, made when it first asks: by then every script is there

  function ask(key, ...given) {
    if (!asks.has(key)) { asks.set(key, asking(key)); }
    return asks.get(key)(...given);
  }

  function here() {
    return window.location.pathname === PAGE || window.location.pathname.startsWith(PAGE + "/");
  }

  function fromAddress() {
    const query = new URLSearchParams(window.location.search);
    return Object.fromEntries(Object.keys(USUAL).map((name) => [name, query.get(name) || USUAL[name]]));
  }

  function unusual(own) {
    return Object.fromEntries(Object.entries(own).filter(([name, value]) => value !== USUAL[name]));
  }

  /* What the address of this page holds beside the filters. */
  rasad.further = function () {
    if (!here()) {
      chosen = null;
      return {};
    }
    chosen = chosen || fromAddress();
    return unusual(chosen);
  };

  function write() {
    const query = new URLSearchParams(window.location.search);
    Object.keys(USUAL).forEach((name) => query.delete(name));
    Object.entries(unusual(chosen)).forEach(([name, value]) => query.set(name, value));
    window.history.replaceState(null, "", window.location.pathname + rasad.written(query));
  }

  function page() {
    return document.getElementById("panel-cases-page");
  }

  /* Called with all choices whenever one changes; answers with the list to ask for, and with the choices as they are. */
  rasad.turnCases = function (filters, of, state, turn, filed, sort, gap, _next, _previous, subject, own, held) {
    const nothing = Array(1 + Object.keys(USUAL).length).fill(functions.no_update);
    if (!filters || !subject) {
      return nothing;
    }
    const triggered = (functions.callback_context.triggered || []).map((entry) => entry.prop_id);
    const by = (name) => triggered.some((entry) => entry === "panel-cases-list-" + name);
    if (own && held && (by("next.n_clicks") || by("previous.n_clicks"))) {
      const next = by("next.n_clicks");
      const place = next ? held.next : held.previous;
      if (!place) {
        return nothing;
      }
      const card = document.getElementById("panel-cases-list-card");
      if (card.getBoundingClientRect().top < 0) { card.scrollIntoView({ block: "start" }); }
      // The way back from the second page leads to what is first now: cases may have come since.
      const cursor = next ? { after: place } : held.page > 2 ? { before: place } : null;
      return [Object.assign({}, own, { cursor: cursor, page: held.page + (next ? 1 : -1) }), ...nothing.slice(1)];
    }
    if (!own || !chosen) {
      chosen = fromAddress();
    } else if (by("of.value") && of && of !== (chosen.of || subject)) {
      chosen.of = of === "benefits" ? of : "";
      if (!chosen.of && of !== subject) {
        functions.set_props("filter-subject-choice", { value: of }); // the filters answer with the subject
        return nothing;
      }
    } else {
      for (const [name, value] of Object.entries({ state: state, turn: turn, filed: filed, sort: sort, gap: gap })) {
        if (by(name + ".value")) { chosen[name] = value || USUAL[name]; }
      }
    }
    const asked = Object.assign({}, chosen, { subject: chosen.of || subject, filters: filters });
    page().dataset.of = asked.subject;
    page().dataset.ordered = ["all", "closed"].includes(chosen.state) && chosen.turn === USUAL.turn ? "newest" : "";
    write();
    const values = [asked.subject, ...Object.keys(USUAL).slice(1).map((name) => chosen[name])];
    if (own && JSON.stringify(asked) === JSON.stringify(own.asked)) {
      return [functions.no_update, ...values];
    }
    return [{ asked: asked, cursor: null, page: 1 }, ...values];
  };

  rasad.askCases = function (own, version, theme, _retry, held) {
    if (!own) {
      return functions.no_update;
    }
    const list = Object.assign({}, own.asked, { filters: null, cursor: own.cursor, page: own.page });
    return ask("cases-list", Object.assign({}, own.asked.filters, { list: list }), version, theme, held);
  };

  /* The case that the address names, if it names one. */
  function named(address) {
    const found = address && /^\/cases\/([a-z_]+)\/([^/]+)\/?$/.exec(address.path);
    try {
      return found && { subject: found[1], number: decodeURIComponent(found[2]) };
    } catch (_malformed) {
      return { subject: found[1], number: "" };
    }
  }

  function show(what) {
    const element = page();
    if (!element || element.dataset.shows === what) {
      return;
    }
    if (what === "case") { scrolled = window.scrollY; }
    element.dataset.shows = what;
    window.setTimeout(function () {
      window.scrollTo({ top: what === "case" ? 0 : scrolled, behavior: "instant" });
      const left = viewed && document.querySelector('.case-rows a[href$="/' + CSS.escape(viewed.split("/")[1]) + '"]');
      const target = what === "case" ? document.getElementById("panel-cases-case-title") : left;
      if (target) { target.focus({ preventScroll: true }); }
    }, 0);
  }

  rasad.askCase = function (address, version, theme, _retry, held) {
    const wanted = named(address);
    show(wanted ? "case" : "list");
    if (!wanted) {
      return functions.no_update;
    }
    const name = wanted.subject + "/" + encodeURIComponent(wanted.number);
    if (name !== viewed) {
      viewed = name;
      functions.set_props("panel-cases-case-body", { className: "panel-body is-loading" });
    }
    return ask("cases-case", { case: wanted }, version, theme, held);
  };

  // The file is of the list that the address names when it is asked for.
  document.addEventListener("click", function (event) {
    const link = event.target.closest("[data-list-file]");
    if (!link) { return; }
    const query = new URLSearchParams(window.location.search);
    query.set("lang", document.documentElement.lang);
    link.setAttribute("href", link.dataset.listFile + "?" + query);
  });

  // A telephone shows the choices that are seldom made only when asked.
  document.addEventListener("click", function (event) {
    const button = event.target.closest("[data-folds]");
    if (!button) { return; }
    const open = button.parentElement.classList.toggle("is-open");
    button.setAttribute("aria-expanded", String(open));
  });
})();
