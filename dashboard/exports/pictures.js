/* What the page that pictures are taken of does: it shows a sheet, and says how high it is. */
(function () {
  "use strict";
  const rasad = (window.rasad = {});
  const LEAST = 0.45; // of its size is a figure that has to fit on a page

  /* Have everything at hand before the first sheet: fonts that are only declared would come too late to be measured. */
  rasad.warm = async function () {
    await Promise.all(Array.from(document.fonts, (font) => font.load()));
  };

  /* Show a sheet; answers with its height and with how many rows of its table had no room. */
  rasad.show = async function (sheet) {
    document.querySelectorAll(".js-plotly-plot").forEach((figure) => window.Plotly.purge(figure));
    document.title = sheet.title;
    document.documentElement.lang = sheet.language;
    document.documentElement.dir = sheet.direction;
    for (const style of document.styleSheets) {
      const direction = style.ownerNode.dataset.dir;
      if (direction) { style.disabled = direction !== sheet.direction; }
    }
    document.body.className = sheet.paged ? "is-paged" : "";
    document.body.innerHTML = sheet.body;
    for (const link of document.querySelectorAll("a[href]")) { link.removeAttribute("href"); }
    for (const folded of document.querySelectorAll("details")) { folded.open = true; }
    const whole = document.querySelector(".sheet");
    if (!sheet.flows) { whole.style.minHeight = sheet.height + "px"; }
    for (const [id, json] of Object.entries(sheet.figures)) { await plot(document.getElementById(id), JSON.parse(json)); }
    await Promise.all(Array.from(document.images, (image) => image.decode()));
    await document.fonts.ready;
    const left = sheet.most ? cut(whole, sheet) : 0;
    await new Promise((drawn) => window.requestAnimationFrame(() => window.requestAnimationFrame(drawn)));
    return { height: Math.ceil(whole.getBoundingClientRect().height), left: left };
  };

  /* Put the sentence about the rows that were left out into its place. */
  rasad.say = function (words) {
    document.querySelector(".sheet-more").textContent = words;
  };

  /* A figure at its own height. On a page whose height is given, one that is higher is made smaller as a whole. */
  async function plot(element, figure) {
    const room = element.dataset.room ? element.parentElement.clientHeight : 0;
    const high = figure.layout.height;
    const scale = room && high > room ? Math.max(LEAST, room / high) : 1;
    const layout = Object.assign({}, figure.layout, { width: element.clientWidth / scale, height: high, autosize: false });
    element.style.height = high * scale + "px";
    await window.Plotly.newPlot(element, figure.data, layout, { staticPlot: true, displayModeBar: false });
    if (scale < 1) {
      const drawn = element.querySelector(".plot-container");
      drawn.style.transformOrigin = "top left";
      drawn.style.transform = "scale(" + scale + ")";
    }
  }

  /* Take away the last rows of the table until the sheet is as high as it may be. */
  function cut(whole, sheet) {
    const rows = Array.from(whole.querySelectorAll("tbody > tr"));
    const over = () => whole.scrollHeight > sheet.most || whole.getBoundingClientRect().height > sheet.most;
    if (!over() || !rows.length) { return 0; }
    rasad.say(sheet.more);
    let kept = 1;
    let least = rows.length; // so many are too many
    while (least - kept > 1) {
      const tried = Math.floor((kept + least) / 2);
      rows.forEach((row, place) => { row.hidden = place >= tried; });
      if (over()) { least = tried; } else { kept = tried; }
    }
    rows.forEach((row, place) => { row.hidden = place >= kept; });
    return rows.length - kept;
  }
})();
