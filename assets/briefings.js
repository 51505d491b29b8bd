/* Briefings: what is written or chosen goes to the server when it is left; and "Add to briefing" in the menus of cards. */
(function () {
  "use strict";
  const functions = (window.dash_clientside = window.dash_clientside || {});
  let followed = ""; // the button that keeps the focus while its card moves

  function write(element, value) {
    functions.set_props(element.dataset.writes || element.dataset.sends, { data: { key: element.dataset.key, value: value, at: Date.now() } });
  }

  document.addEventListener("change", function (event) {
    const field = event.target.closest("[data-writes]");
    if (field) { write(field, event.target.value); }
  });

  document.addEventListener("keydown", function (event) {
    const making = event.key === "Enter" && event.target.closest(".making");
    if (making && event.target.matches("input")) { send(making.querySelector("[data-sends]")); }
  });

  function send(button) {
    const box = button.parentElement.querySelector("input");
    write(button, box.value);
  }

  document.addEventListener("click", function (event) {
    const button = event.target.closest("button");
    if (!button) { return; }
    if (button.dataset.sends) { send(button); }
    if (button.closest(".ordered") && button.dataset.drop) { follow(button.dataset.key); }
    if (button.hasAttribute("data-brief")) { choose(button); }
    if (button.hasAttribute("data-into")) { add(button, { briefing: button.dataset.into }); }
    if (button.hasAttribute("data-anew")) { add(button, { name: button.parentElement.querySelector("input").value }); }
  });

  /* A card that moves takes the focus along, so that it can be moved on by keyboard. */
  function follow(key) {
    const page = document.querySelector(".briefings");
    followed = key;
    const watch = new MutationObserver(function () {
      const [way, card] = followed.split(":");
      const there = document.querySelector('[data-key="' + followed + '"]') || document.querySelector('[data-key="' + (way === "up" ? "down" : "up") + ":" + card + '"]');
      if (there) { there.focus(); }
    });
    watch.observe(page, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-key"] });
    window.setTimeout(function () { watch.disconnect(); }, 3000);
  }

  /* The briefings there are, and a field for a new one, beneath the button. */
  function choose(button) {
    const place = button.nextElementSibling;
    const open = place.hidden;
    place.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
    if (!open) { return; }
    fetch("/api/v1/briefings", { headers: { Accept: "application/json" } }).then(function (response) {
      return response.ok ? response.json() : { briefings: [] };
    }).then(function (answer) {
      const list = place.querySelector("ul");
      list.replaceChildren();
      for (const each of answer.briefings) {
        const into = document.createElement("button");
        into.type = "button";
        into.className = "file";
        into.dir = "auto";
        into.dataset.into = each.id;
        into.textContent = each.name;
        const row = document.createElement("li");
        row.append(into);
        list.append(row);
      }
      anew(place.querySelector(".anew"));
      (list.querySelector("button") || place.querySelector("input")).focus();
    });
  }

  function anew(place) {
    if (place.firstChild) { return; }
    const box = document.createElement("input");
    box.type = "text";
    box.maxLength = 80;
    box.className = "form-control form-control-sm";
    box.placeholder = place.dataset.label;
    box.setAttribute("aria-label", place.dataset.label);
    const make = document.createElement("button");
    make.type = "button";
    make.className = "btn btn-primary btn-sm";
    make.dataset.anew = "true";
    make.textContent = place.dataset.do;
    place.append(box, make);
  }

  /* Put the card into a briefing, under the filters that its files have, and say so in place. */
  function add(button, where) {
    const card = button.closest("[data-panel]");
    const link = card.querySelector("a[data-file][href]");
    const said = button.closest(".briefs").querySelector(".said");
    const asked = Object.assign({ panel: card.dataset.panel, query: link ? link.getAttribute("href").split("?")[1] || "" : "" }, where);
    fetch("/api/v1/briefings/cards", {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      body: JSON.stringify(asked),
    }).then(function (response) {
      return response.json();
    }).then(function (answer) {
      said.textContent = answer.said || said.dataset.trouble;
    }, function () {
      said.textContent = said.dataset.trouble;
    });
  }
})();
