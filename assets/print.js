/* On paper: light colours, figures as wide as their card, and at the edge of each sheet what it is. */
(function () {
  "use strict";
  const root = document.documentElement;
  const edges = document.createElement("style");
  let theme = ""; // that of the screen, while a page is printed

  function said(selector) {
    return Array.from(document.querySelectorAll(selector), (element) => element.innerText.trim()).filter(Boolean);
  }

  function quoted(words) {
    return '"' + words.replace(/[\u0000-\u001f"\\<>]/g, (sign) => "\\" + sign.codePointAt(0).toString(16) + " ") + '"';
  }

  /* What the sheets say at their edges; a browser that knows no such places has the same on the first sheet. */
  function edge() {
    const rtl = root.dir === "rtl";
    const digits = root.lang === "fa" ? ", persian" : "";
    const chosen = Array.from(document.querySelectorAll(".filters .chip:not(.all), .filters .window"), (each) => each.innerText.trim());
    const places = {
      start: [document.title.split(" · ")[0], ...said(".trail li")].join(" · "),
      middle: [...new Set(chosen.filter(Boolean))].join(" · "),
      end: said(".about .demo").join(""),
      foot: said(".live .as-of").join(""),
    };
    const at = rtl ? ["right", "left"] : ["left", "right"];
    const font = "font: 9px " + getComputedStyle(document.body).fontFamily + "; color: #555;";
    edges.textContent = "@page {" +
      " @top-" + at[0] + " { content: " + quoted(places.start) + "; " + font + " font-weight: 700; }" +
      " @top-center { content: " + quoted(places.middle) + "; " + font + " }" +
      " @top-" + at[1] + " { content: " + quoted(places.end) + "; " + font + " font-weight: 700; }" +
      " @bottom-" + at[0] + " { content: " + quoted(places.foot) + "; " + font + " }" +
      " @bottom-" + at[1] + " { content: counter(page" + digits + ") ' / ' counter(pages" + digits + "); " + font + " } }";
    document.head.append(edges);
  }

  window.addEventListener("beforeprint", function () {
    theme = root.dataset.bsTheme;
    root.dataset.printed = theme;
    root.dataset.bsTheme = "light";
    // A drawing with a box of its own is as wide as the paper lets it be.
    for (const drawing of document.querySelectorAll(".graph .main-svg:not([viewBox])")) {
      const [wide, high] = [drawing.getAttribute("width"), drawing.getAttribute("height")];
      drawing.setAttribute("viewBox", "0 0 " + wide + " " + high);
      drawing.parentElement.style.setProperty("--wide", wide + "px");
      drawing.parentElement.style.setProperty("--shape", wide + " / " + high);
    }
    edge();
  });

  window.addEventListener("afterprint", function () {
    root.dataset.bsTheme = theme;
    delete root.dataset.printed;
    edges.remove();
    for (const drawing of document.querySelectorAll(".graph .main-svg[viewBox]")) { drawing.removeAttribute("viewBox"); }
  });
})();
