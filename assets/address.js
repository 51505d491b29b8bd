/* Address bar and filters: the address is read on load, back and forward; afterwards it only mirrors the filters. */
(function () {
  "use strict";
  const functions = (window.dash_clientside = window.dash_clientside || {});
  functions.rasad = functions.rasad || {};

  let restored = true; // the next filters come from the address itself: nothing to push
  let subject = ""; // the one last chosen, for the way back to the page that has that choice

  function present() {
    return { path: window.location.pathname, query: window.location.search };
  }

  /* The path of the page that an address belongs to: a page may have addresses beneath its own. */
  function root(path) {
    const links = document.querySelectorAll(".side a[data-beneath]");
    const link = Array.from(links).find((each) => path.startsWith(each.dataset.page + "/"));
    return link ? link.dataset.page : path;
  }

  function current() {
    return document.querySelector('.side a[data-page="' + CSS.escape(root(window.location.pathname)) + '"]');
  }

  functions.rasad.address = function () {
    return present();
  };

  functions.rasad.path = function (address, known) {
    markPage();
    const path = address && root(address.path);
    return !address || path === known ? functions.no_update : path;
  };

  // Commas part provinces and are at home in an address: "?province=IR-01,IR-07" can be read aloud.
  function written(query) {
    const content = query.toString().replaceAll("%2C", ",").replaceAll("%3A", ":");
    return content ? "?" + content : "";
  }
  functions.rasad.written = written;

  /* What the page in view asks beside the filters: it stays behind when the page is left. */
  function further() {
    return functions.rasad.further ? functions.rasad.further() : {};
  }

  functions.rasad.mirror = function (filters) {
    if (!filters) {
      return;
    }
    const here = current();
    if (here && here.dataset.chooses) {
      subject = filters.subject || "";
    }
    const address = window.location.pathname + written(new URLSearchParams(Object.assign({}, filters, further())));
    if (address !== window.location.pathname + window.location.search) {
      // What was left out of a bad address is no step of its own.
      window.history[restored ? "replaceState" : "pushState"](null, "", address);
    }
    restored = false;
  };

  window.addEventListener("popstate", function () {
    restored = true;
    functions.set_props("address", { data: present() });
  });

  /* The address of a page with the filters in force; a link that has filters of its own keeps those. */
  function kept(link) {
    if (link.search || link.dataset.own) {
      return link.pathname + link.search;
    }
    const query = new URLSearchParams(window.location.search);
    query.delete("subject");
    Object.keys(further()).forEach((name) => query.delete(name));
    if (link.dataset.chooses && subject) {
      query.set("subject", subject);
    }
    return link.pathname + written(query);
  }

  function move(address, moved) {
    window.history.pushState(null, "", address);
    restored = true;
    functions.set_props("address", { data: Object.assign(present(), { moved: moved }) });
    window.scrollTo({ top: 0, behavior: "instant" });
    document.getElementById("page").focus({ preventScroll: true });
  }

  /* To another page, with the filters in force and what that page is asked beside them. */
  functions.rasad.go = function (path, more) {
    const query = new URLSearchParams(window.location.search);
    query.delete("subject");
    Object.keys(further()).forEach((name) => query.delete(name));
    Object.entries(more).forEach(([name, value]) => query.set(name, value));
    move(path + written(query), false);
  };

  // Links between our own pages change the address without loading everything anew.
  document.addEventListener("click", function (event) {
    const link = event.target.closest("a[data-page]");
    if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey) {
      return;
    }
    event.preventDefault();
    const address = kept(link);
    if (address === window.location.pathname + window.location.search) {
      return;
    }
    move(address, !link.search && !link.dataset.own);
  });

  function markPage() {
    const path = window.location.pathname;
    document.documentElement.dataset.below = root(path) === path ? "" : root(path); // the page it is a part of
    for (const link of document.querySelectorAll(".side a[data-page]")) {
      if (link.dataset.page === root(window.location.pathname)) {
        link.setAttribute("aria-current", "page");
        document.title = link.textContent.trim() + " · " + document.querySelector(".brand").textContent.trim();
      } else {
        link.removeAttribute("aria-current");
      }
    }
  }
})();
