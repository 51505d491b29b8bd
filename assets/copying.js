/* A card's answer copied to where one pastes it: its table as cells, or the card as a picture. */
(function () {
  "use strict";

  /* The rows of a CSV file down to the empty one, behind which it says what the figures are. */
  function rowsOf(content) {
    const rows = [[]];
    for (const found of content.replace(/^\ufeff/, "").matchAll(/("(?:[^"]|"")*"|[^",\r\n]*)(,|\r?\n|$)/g)) {
      const row = rows[rows.length - 1];
      row.push(found[1].startsWith('"') ? found[1].slice(1, -1).replace(/""/g, '"') : found[1]);
      if (found[2] !== ",") {
        if (row.length === 1 && row[0] === "") { break; }
        rows.push([]);
      }
    }
    return rows.slice(0, -1);
  }

  function asText(rows) {
    return rows.map((row) => row.map((cell) => cell.replace(/[\t\r\n]+/g, " ")).join("\t")).join("\n");
  }

  function asHtml(rows) {
    const table = document.createElement("table");
    table.dir = document.documentElement.dir;
    for (const [number, row] of rows.entries()) {
      const line = table.insertRow();
      for (const cell of row) {
        const place = document.createElement(number ? "td" : "th");
        place.textContent = cell;
        line.append(place);
      }
    }
    return table.outerHTML;
  }

  async function fetched(button, kind) {
    const link = button.closest(".files").querySelector('[data-file="' + kind + '"][href]');
    const response = await fetch(link.getAttribute("href"), { credentials: "same-origin" });
    if (!response.ok) { throw new Error(String(response.status)); }
    return response;
  }

  function blob(type, content) {
    return new Blob([content], { type: type });
  }

  /* Where the page does not come over TLS, browsers know only the old way, and that no pictures. */
  function copiedAsOfOld(rows) {
    function put(event) {
      event.clipboardData.setData("text/plain", asText(rows));
      event.clipboardData.setData("text/html", asHtml(rows));
      event.preventDefault();
    }
    document.addEventListener("copy", put);
    try {
      if (!document.execCommand("copy")) { throw new Error("not copied"); }
    } finally {
      document.removeEventListener("copy", put);
    }
  }

  const copy = {
    table: async function (button) {
      const rows = fetched(button, "csv").then((response) => response.text()).then(rowsOf);
      if (!window.ClipboardItem || !navigator.clipboard) {
        copiedAsOfOld(await rows);
        return;
      }
      // Promises, not what they bring: asked for within the click, or the browser takes it for nobody's wish.
      await navigator.clipboard.write([new window.ClipboardItem({
        "text/plain": rows.then((found) => blob("text/plain", asText(found))),
        "text/html": rows.then((found) => blob("text/html", asHtml(found))),
      })]);
    },
    picture: async function (button) {
      const picture = fetched(button, "png").then((response) => response.blob());
      picture.catch(function () {}); // told by what waits for it
      await navigator.clipboard.write([new window.ClipboardItem({ "image/png": picture })]);
    },
  };

  document.addEventListener("click", function (event) {
    const button = event.target.closest("[data-copy]");
    if (!button || button.disabled) { return; }
    const said = button.parentElement.querySelector(".said");
    button.disabled = true;
    said.textContent = said.dataset.working;
    copy[button.dataset.copy](button)
      .then(function () { said.textContent = said.dataset.done; })
      .catch(function () { said.textContent = said.dataset.trouble; })
      .finally(function () {
        button.disabled = false;
        button.focus(); // a button that could not be pressed has lost the focus
      });
  });
})();
