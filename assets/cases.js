/* The page of cases: where one is in the list, which case is in view, and what both ask. */
(function () {
  "use strict";
  const functions = (window.dash_clientside = window.dash_clientside || {});
  const rasad = (functions.rasad = functions.rasad || {});

  const PAGE = "/cases";
  const USUAL = { of: "", state: "all", sort: "newest" };
  let chosen = null; // what the address says beside the filters
  let viewed = ""; // the case that was asked for last
  let scrolled = 0; // where the list was left

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
  rasad.turnCases = function (filters, of, state, sort, _next, _previous, subject, own, held) {
    const nothing = [functions.no_update, functions.no_update, functions.no_update, functions.no_update];
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
    } else if (by("state.value") || by("sort.value")) {
      chosen.state = state || USUAL.state;
      chosen.sort = sort || USUAL.sort;
    }
    const asked = { subject: chosen.of || subject, state: chosen.state, sort: chosen.sort, filters: filters };
    page().dataset.state = chosen.state;
    write();
    const values = [chosen.of || subject, chosen.state, chosen.sort];
    if (own && JSON.stringify(asked) === JSON.stringify(own.asked)) {
      return [functions.no_update, ...values];
    }
    return [{ asked: asked, cursor: null, page: 1 }, ...values];
  };

  rasad.askCases = function (own, version, theme, retry, held, key) {
    if (!own) {
      return functions.no_update;
    }
    const list = Object.assign({}, own.asked, { filters: null, cursor: own.cursor, page: own.page });
    return rasad.ask(Object.assign({}, own.asked.filters, { list: list }), version, theme, retry, held, key);
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

  rasad.askCase = function (address, version, theme, retry, held, key) {
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
    return rasad.ask({ case: wanted }, version, theme, retry, held, key);
  };
})();
