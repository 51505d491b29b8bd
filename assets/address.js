/* Address bar and filters: the address is read on load, back and forward; afterwards it only mirrors the filters. */
(function () {
  "use strict";
  const functions = (window.dash_clientside = window.dash_clientside || {});
  functions.rasad = functions.rasad || {};

  let restored = true; // the next filters come from the address itself: nothing to push

  function present() {
    return { path: window.location.pathname, query: window.location.search };
  }

  functions.rasad.address = function () {
    return present();
  };

  functions.rasad.path = function (address, known) {
    markPage();
    return !address || address.path === known ? functions.no_update : address.path;
  };

  functions.rasad.mirror = function (filters) {
    if (!filters) {
      return;
    }
    // Commas part provinces and are at home in an address: "?province=IR-01,IR-07" can be read aloud.
    const query = new URLSearchParams(filters).toString().replaceAll("%2C", ",");
    const address = window.location.pathname + (query ? "?" + query : "");
    if (address === window.location.pathname + window.location.search) {
      restored = false;
      return;
    }
    // What was left out of a bad address is no step of its own.
    window.history[restored ? "replaceState" : "pushState"](null, "", address);
    restored = false;
  };

  window.addEventListener("popstate", function () {
    restored = true;
    functions.set_props("address", { data: present() });
  });

  // Links between our own pages change the address without loading everything anew.
  document.addEventListener("click", function (event) {
    const link = event.target.closest("a[href]");
    if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey) {
      return;
    }
    if (link.closest(".side") && link.origin === window.location.origin) {
      event.preventDefault();
      window.history.pushState(null, "", link.pathname + window.location.search);
      functions.set_props("address", { data: present() });
      document.getElementById("page").focus({ preventScroll: true });
    }
  });

  function markPage() {
    for (const link of document.querySelectorAll(".side a[data-page]")) {
      if (link.dataset.page === window.location.pathname) {
        link.setAttribute("aria-current", "page");
      } else {
        link.removeAttribute("aria-current");
      }
    }
  }
})();
