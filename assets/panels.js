/* The cards of a page: asked for together, in as many requests as there are lanes, and drawn as the answers come. */
(function () {
  "use strict";
  const functions = (window.dash_clientside = window.dash_clientside || {});
  const rasad = (functions.rasad = functions.rasad || {});

  const AGAIN_AFTER = 400; // another server process may hear of new data a moment later
  const MOST_TRIES = 5;
  const AGES_EVERY = 60000;
  const GIVEN_UP = 25000;
  const UNDRAWN = 2000; // an answer that is not drawn by then never will be

  const known = new Map(); // card → {asked, again, digest, tries}: what was asked for it last, and what it shows
  let page = null; // {page, cards, lanes}: the page in view, the HTML of its cards, the number of lanes
  let wish = null; // {filters, theme, version}: what every card is to show
  let lanes = []; // as many as the server has

  function laneOf(number) {
    // question: what was sent last; since: when, as long as its answer is neither drawn nor given up
    const lane = { store: "lane-" + number + "-ask", keys: [], question: null, since: 0, finish: function () {} };
    lane.gate = rasad.gate("lane-" + number, {
      failed: function () {
        lane.since = 0;
        lane.keys.forEach(markFailed);
      },
      done: function () { // come, but drawn a moment later: Dash would drop it for another question of its lane
        if (lane.since) {
          const question = lane.question;
          window.setTimeout(function () {
            if (lane.since && lane.question === question) { release(lane); }
          }, UNDRAWN);
        } else {
          release(lane);
        }
      },
      mend: mend,
    });
    return lane;
  }

  /* The answer is drawn, or there is none: the lane is free. */
  function release(lane) {
    lane.since = 0;
    lane.finish();
    lane.keys = [];
    turn();
  }

  function busy(lane) {
    return lane.gate.busy() || (lane.since > 0 && Date.now() - lane.since < GIVEN_UP);
  }

  function cards() {
    return Array.from(document.querySelectorAll(".cards > [data-panel]"));
  }

  function card(key) {
    return document.querySelector('.cards > [data-panel="' + CSS.escape(key) + '"]');
  }

  function part(key, name) {
    return document.getElementById("panel-" + key + "-" + name);
  }

  function same(a, b) {
    return a.theme === b.theme && JSON.stringify(a.filters) === JSON.stringify(b.filters);
  }

  function markFailed(key) {
    const element = card(key);
    if (element) { element.setAttribute("data-failed", "true"); }
  }

  /* Called by Dash whenever filters, data or theme change, and when a page has come. */
  rasad.show = function (filters, version, theme, shown) {
    wish = filters && theme ? { filters: filters, theme: theme, version: version || 0 } : null;
    page = shown;
    if (page && !lanes.length) { lanes = Array.from({ length: page.lanes }, (_, number) => laneOf(number)); }
    enter();
  };

  /* The filters now in force, as soon as they are known: the cards are asked for while Dash changes its controls. */
  rasad.ahead = function (filters) {
    if (!wish) { return; }
    rasad.mirror(filters); // an answer that comes before Dash has told all is no change of the question before
    wish = Object.assign({}, wish, { filters: filters });
    turn();
  };

  /* Put the cards of the page in their place, once React has made it, and ask for what lacks. */
  function enter() {
    if (!page) { return; }
    const place = document.getElementById("cards-" + page.page);
    if (page.page && !place) {
      window.requestAnimationFrame(enter);
      return;
    }
    if (place && place.dataset.page !== page.page) {
      place.dataset.page = page.page;
      place.innerHTML = page.cards;
      known.clear();
      rasad.clear();
      for (const lane of lanes) {
        lane.gate.leave();
        lane.finish();
        Object.assign(lane, { keys: [], question: null, since: 0 });
      }
    }
    turn();
    if (wish) { rasad.read(); }
  }

  function lacks(key) {
    const state = known.get(key);
    return !state || state.again || !same(state.asked, wish) || state.asked.version < wish.version;
  }

  /* Ask for what lacks, with the lanes that are free: what is in view comes with the first. */
  function turn() {
    const free = lanes.filter((lane) => !busy(lane));
    if (!wish || !free.length) { return; }
    const taken = new Set(lanes.filter(busy).flatMap((lane) => lane.keys));
    const lacking = cards().map((element) => element.dataset.panel).filter((key) => !taken.has(key) && lacks(key));
    for (const [number, keys] of shares(lacking, free.length).entries()) {
      if (keys.length) { begin(free[number], keys); }
    }
  }

  function shares(keys, count) {
    const seen = keys.filter((key) => card(key).getBoundingClientRect().top < window.innerHeight);
    const rest = keys.filter((key) => !seen.includes(key));
    if (count === 1) { return [[...seen, ...rest]]; }
    return seen.length && rest.length ? [seen, rest] : halves([...seen, ...rest]);
  }

  function halves(keys) {
    return [keys.filter((_, place) => place % 2 === 0), keys.filter((_, place) => place % 2 === 1)];
  }

  function begin(lane, keys) {
    const waiting = keys.filter(function (key) {
      const state = known.get(key);
      return !state || !same(state.asked, wish); // an answer to the same question anew comes unnoticed
    });
    const held = {};
    for (const key of keys) {
      const state = known.get(key);
      const tries = state && same(state.asked, wish) && state.asked.version === wish.version ? state.tries : 0;
      held[key] = state ? state.digest : "";
      known.set(key, { asked: wish, again: false, digest: held[key], tries: tries });
    }
    lane.keys = keys;
    const tables = keys.filter((key) => card(key).dataset.view === "table");
    lane.question = lane.gate.ask({ panels: held, tables: tables, filters: wish.filters, theme: wish.theme });
    lane.since = Date.now();
    lane.finish = rasad.working(waiting.map(card));
    functions.set_props(lane.store, { data: lane.question });
  }

  function again(key) {
    const state = known.get(key);
    if (state) { state.again = true; }
  }

  /* A card shows its table now, or its figure again. */
  rasad.turned = function (key) {
    again(key);
    turn();
  };

  // What counts the minutes since something is another answer each minute, also when nothing new came in.
  window.setInterval(function () {
    const aging = cards().filter((element) => element.dataset.ages);
    if (aging.length && !document.hidden) {
      aging.forEach((element) => again(element.dataset.panel));
      turn();
    }
  }, AGES_EVERY);

  /* The server is back: ask again for every card that shows an error. */
  function mend() {
    for (const element of cards()) {
      if (element.dataset.failed || element.querySelector(".panel-body.is-error")) { again(element.dataset.panel); }
    }
    turn();
  }

  document.addEventListener("click", function (event) {
    const button = event.target.closest("[data-retry]");
    if (button) {
      known.delete(button.dataset.retry);
      turn();
    }
  });

  /* Called by Dash with the answer of a lane. What was asked before something else was wished is not drawn. */
  rasad.answered = function (answer) {
    const lane = answer && lanes.find((each) => each.question && each.question.serial === answer.serial);
    if (!lane) { return; }
    lane.since = 0;
    if (same(lane.question, wish)) {
      answer.panels.filter((panel) => card(panel.key)).forEach(fill);
    }
    if (!lane.gate.busy()) { release(lane); }
  };

  /* Whether an answer is still to come. */
  rasad.waiting = function () {
    return lanes.some((lane) => lane.since && Date.now() - lane.since < GIVEN_UP);
  };

  function put(key, name, html) {
    const element = part(key, name);
    if (element && element.innerHTML !== html) { element.innerHTML = html; }
  }

  function fill(panel) {
    const key = panel.key;
    const state = known.get(key);
    card(key).removeAttribute("data-failed");
    part(key, "body").className = panel.state;
    state.digest = panel.digest || "";
    if (!panel.digest) { return; } // an error: whatever the card showed is hidden
    if (panel.version < state.asked.version && state.tries < MOST_TRIES) {
      state.tries += 1;
      window.setTimeout(function () { again(key); turn(); }, AGAIN_AFTER);
    }
    part(key, "note").innerHTML = panel.note;
    part(key, "links").innerHTML = panel.links;
    for (const file of card(key).querySelectorAll("[data-file]")) {
      file.setAttribute("href", "/export/" + key + "." + file.dataset.file + "?" + panel.files);
    }
    if (!panel.drawn) { return; } // as it was
    const drawn = panel.drawn;
    put(key, "table", drawn.content); // a table that is not shown is not kept: it would be of another question soon
    for (const name of ["title", "subtitle", "definition", "empty"]) {
      if (drawn[name]) { put(key, name, drawn[name]); }
    }
    if (drawn.figure) { rasad.draw(part(key, "graph"), drawn.figure); }
  }
})();
