/* Gates: a question passes one at a time, within a deadline; and what becomes of it is told to who asked.

   A gate watches the requests that Dash sends because the store `<id>-ask` changed. */
(function () {
  "use strict";
  const functions = (window.dash_clientside = window.dash_clientside || {});
  const rasad = (functions.rasad = functions.rasad || {});

  const DEADLINE = 20000; // a server that takes longer is taken for dead
  const BUSY_AFTER = 350; // a card shows that it is being worked on only when it takes that long
  const UNHEARD = 1000;
  const UPDATE = "_dash-update-component";
  const ASKED = '{"output":"..filters.data';
  const MOVED = '"changedPropIds":["address.data"]';
  const gates = new Map(); // id → gate
  let serial = 0;

  /* A gate; `told` has the functions `failed()`, `done()` (failed or not) and `mend()` (the server is back). */
  rasad.gate = function (id, told) {
    const gate = { since: 0, abort: null, told: told };

    gate.busy = function () {
      return gate.since > 0 && Date.now() - gate.since < DEADLINE + 5000;
    };

    /* Nobody waits for the answer any more. */
    gate.leave = function () {
      const abort = gate.abort;
      gate.since = 0;
      gate.abort = null;
      if (abort) { abort.abort(); }
    };

    /* What to write into the store of the question: it differs from whatever was asked before. */
    gate.ask = function (question) {
      gate.since = Date.now();
      return Object.assign({}, question, { serial: ++serial });
    };

    gates.set(id, gate);
    return gate;
  };

  /* Show that cards are being worked on, should it take long; answers with the function that ends it. */
  rasad.working = function (elements) {
    const timer = window.setTimeout(function () {
      for (const element of elements) {
        element.setAttribute("data-busy", "true");
        element.setAttribute("aria-busy", "true");
      }
    }, BUSY_AFTER);
    return function () {
      window.clearTimeout(timer);
      for (const element of elements) {
        element.removeAttribute("data-busy");
        element.removeAttribute("aria-busy");
      }
    };
  };

  /* Whether nothing waits for an answer; the live feed holds new versions back until then. */
  rasad.idle = function () {
    return !reading && Array.from(gates.values()).every((gate) => !gate.busy()) && !rasad.waiting() && !rasad.drawing();
  };

  rasad.mend = function () {
    for (const gate of gates.values()) { gate.told.mend(); }
  };

  let reading = false; // whether the filters are being read anew or another page is on its way

  /* What was read has been told to the cards. */
  rasad.read = function () {
    reading = false;
  };

  /* The filters are being read anew: every card waits, and says so when that takes a while. */
  function asking(address, options) {
    const root = document.documentElement;
    reading = true;
    const timer = window.setTimeout(function () { root.setAttribute("data-asking", "true"); }, BUSY_AFTER);
    return send(address, options).then(function (response) {
      return tell(options.body, response);
    }).finally(function () {
      window.clearTimeout(timer);
      root.removeAttribute("data-asking");
      window.setTimeout(rasad.read, UNHEARD); // filters that are what they were are told to nobody
    });
  }

  /* Tell the cards the filters while Dash tells its components; on another page they are told when its cards have come. */
  function tell(body, response) {
    if (response.status !== 200 || !body.startsWith(ASKED) || body.includes(MOVED)) { return response; }
    return response.clone().json().then(function (answer) {
      if (answer.response.filters) { rasad.ahead(answer.response.filters.data); }
      return response;
    });
  }

  function through(gate, address, options) {
    const abort = new AbortController();
    const deadline = window.setTimeout(function () { abort.abort(); }, DEADLINE);
    gate.abort = abort;
    return send(address, Object.assign({}, options, { signal: abort.signal }))
      .then(
        function (response) {
          if (!response.ok) { gate.told.failed(); }
          return response;
        },
        function (error) {
          if (gate.abort === abort) { gate.told.failed(); }
          throw error;
        },
      )
      .finally(function () {
        window.clearTimeout(deadline);
        window.setTimeout(function () {
          if (gate.abort === abort) {
            gate.since = 0;
            gate.abort = null;
            gate.told.done();
          }
        }, 0);
      });
  }

  const fetched = window.fetch.bind(window);
  const token = document.querySelector('meta[name="rasad-token"]');

  /* What changes anything brings the token of the session (dashboard/access/csrf.py); what is refused is said. */
  function send(address, options) {
    return fetched(address, proven(options)).then(function (response) {
      rasad.heard(String(address), response);
      return response;
    });
  }

  function proven(options) {
    if (!token || !options || (options.method || "GET") === "GET") { return options; }
    const headers = new Headers(options.headers);
    headers.set("X-Rasad-Token", token.content);
    return Object.assign({}, options, { headers: headers });
  }

  window.fetch = function (address, options) {
    const body = options && options.body;
    if (typeof body !== "string" || !String(address).includes(UPDATE)) {
      return send(address, options);
    }
    const found = /"changedPropIds":\["([a-z0-9-]+)-ask\.data"\]/.exec(body);
    const gate = found && gates.get(found[1]);
    if (gate) {
      return through(gate, address, options);
    }
    return body.startsWith(ASKED) || body.startsWith('{"output":"..page.children') ? asking(address, options) : send(address, options);
  };
})();
