"""Scripts in every text of the data, brought in by the doors that records and people come through, and looked at.

A browser walks the pages on which they show. A payload that runs calls ``__xss``; one that the policy stopped is a
violation; one that neither ran nor was stopped, but became an element, is found by its class. So the gate is red when
text is not escaped, whether or not something else caught it.
"""

from __future__ import annotations

import base64
import logging
import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import quote

from playwright.sync_api import Browser, Page, Response, sync_playwright
from playwright.sync_api import Error as BrowserError

from benchmarks.live import FLAGS
from benchmarks.security import Findings
from benchmarks.security._ground import applied
from callbacks.index import Rasad
from dashboard.access import people, sessions, tokens
from dashboard.claims import judgement, problems
from dashboard.claims.database import Database
from dashboard.claims.problems import Report
from dashboard.claims.subjects import SUBJECTS
from dashboard.intake.chunk import Chunk
from dashboard.intake.load import Loader
from dashboard.intake.mapping import plain
from dashboard.intake.reading import from_objects
from dashboard.intake.reasons import BrokenInput
from layouts.pages import PAGES
from tests.conftest import KEY
from tests.pages import cookies, served, signed_in

TRIES: Final = 200
_ROUND: Final = 25
"""Payloads that are looked at together: tables show the newest."""
_LONGEST: Final = 74
_CALLS: Final = (
    "<script>{}</script>",
    "<img class=xp src=x onerror={}>",
    "<svg class=xp onload={}>",
    "<svg><script>{}</script></svg>",
    "<body onload={}>",
    "<iframe class=xp src=javascript:{}>",
    "<iframe class=xp srcdoc='<script>{}</script>'>",
    "<a class=xp href=javascript:{}>x</a>",
    "<a class=xp href=' java\tscript:{}'>x</a>",
    "<details class=xp open ontoggle={}>",
    "<input class=xp autofocus onfocus={}>",
    "<video class=xp><source onerror={}>",
    "<object class=xp data=javascript:{}>",
    "<embed class=xp src=javascript:{}>",
    "<math class=xp><mi xlink:href=javascript:{}>",
    "<form class=xp action=javascript:{}><button>x",
    "<style class=xp>@import 'javascript:{}'</style>",
    "<b class=xp onmouseover={}>x</b>",
    "<div class=xp style=background:url(javascript:{})>x",
    "<noscript><p title='</noscript><img class=xp src=x onerror={}>'>",
    "<select><noembed></select><img class=xp src=x onerror={}>",
    "<svg><animate class=xp onbegin={} attributeName=x>",
    "<marquee class=xp onstart={}>",
    "<base class=xp href=javascript:{}//>",
    "<meta class=xp http-equiv=refresh content=0;url=javascript:{}>",
    "javascript:{}",
    "data:text/html,<script>{}</script>",
    "{{{{constructor.constructor('{}')()}}}}",
    "${{{}}}",
    "<%= {} %>",
    "&lt;img src=x onerror={}&gt;",
    "&#60;img class=xp src=x onerror={}&#62;",
    "\\u003cimg class=xp src=x onerror={}\\u003e",
    "%3Cimg class=xp src=x onerror={}%3E",
    "<scr<script>ipt>{}</scr</script>ipt>",
    "<IMG CLASS=xp SRC=x OnErRoR={}>",
    "<img/class=xp/src=x/onerror={}>",
    "＜img class=xp src=x onerror={}＞",
    "\u202e<img class=xp src=x onerror={}>",
    "<!--><img class=xp src=x onerror={}>-->",
)
_AROUND: Final = ("{}", '">{}', "'>{}", "</td>{}", "</title>{}", "]]>{}", "--!>{}", "`-{}-`")
_FIELDS: Final = {
    "numbers of registrations": "~c",
    "numbers of disputes": "~d",
    "boards": "~b",
    "rejected values": "~q",
    "names of sources": "~s",
    "errors of batches": "~e",
    "reporters": "~r",
    "titles of reports": "~t",
    "words of reports": "~p",
    "answers": "~a",
    "who answered": "~y",
    "annotations": "~w",
    "names of people": "~n",
}
"""The fields that have to be seen somewhere, and the end of what stands in them. Who set an annotation and the names of
tokens are brought in too.
"""
_HOOKS: Final = """
window.__ran = []; window.__stopped = [];
window.__xss = (n) => window.__ran.push(n);
document.addEventListener("securitypolicyviolation", (e) => window.__stopped.push(
  `${e.violatedDirective} ${e.blockedURI} ${e.sample} ${e.sourceFile}`));
"""
_BECAME: Final = """
() => {
  const bad = [];
  for (const e of document.querySelectorAll("*")) {
    const own = Array.from(e.attributes).some((a) => /^on/i.test(a.name)
      || (/^(href|src|action|formaction|data|xlink:href)$/i.test(a.name)
        && /^[\\s\\x00-\\x1f]*(java\\s*script|vbscript|data:text)/i.test(a.value)));
    if (own || e.classList.contains("xp")) { bad.push(e.outerHTML.slice(0, 160)); }
  }
  return bad;
}
"""
_IDLE: Final = (
    "() => !document.querySelector('.panel-body.is-loading') && !document.documentElement.dataset.asking"
    " && (!window.dash_clientside || !dash_clientside.rasad || !dash_clientside.rasad.idle"
    " || dash_clientside.rasad.idle())"
)
_LOOSE: Final[dict[Page, set[str]]] = {}
"""What was wrong with the policies of documents since a page was last looked at."""
_SEEN: Final = "() => [document.body.innerText, ...Array.from(document.querySelectorAll('text'), (e) => e.textContent)]"


def payloads(most: int) -> list[str]:
    """Texts that run ``__xss`` where they are taken for anything but text; each another, none too long for a title."""
    found = []
    for around in _AROUND:
        for place, call in enumerate(_CALLS):
            written = around.format(call.format(f"__xss({place})"))
            if len(written) <= _LONGEST:
                found.append(written)
    return [found[place % len(found)] for place in range(most)]


def run(tries: int = TRIES, claims: Database | None = None, paths: Sequence[str] = ()) -> Findings:
    """`_walked` on a thread of its own: where another Chromium is steered already, Playwright steers no second one."""
    with ThreadPoolExecutor(1) as own:
        return own.submit(_walked, tries, claims, paths).result()


def _walked(tries: int, claims: Database | None, paths: Sequence[str]) -> Findings:
    """Bring ``tries`` payloads into every text and walk the pages, some payloads at a time; or ``paths`` alone."""
    findings = Findings("XSS payloads in every text field of the data", tries, "0 executions, 0 CSP violations")
    shown: Counter[str] = Counter()
    walked = 0
    with applied(claims, cases=3_000) as (database, made), served(made) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        every = payloads(tries)
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        for start in range(0, len(every), _ROUND):
            some = every[start : start + _ROUND]
            fields = _brought(database, some, start)
            sessions_of = _sessions(made, database, some[0])
            walk = _walk(browser, address, sessions_of, some, start)
            for page, told in _looked_at(browser, address, sessions_of["hq"], paths) if paths else walk:
                walked += 1
                findings.found += [f"{told}: {what}" for what in _happened(page)]
                text = "\n".join(page.evaluate(_SEEN))
                shown.update({field for field, values in fields.items() if any(v in text for v in values)})
        browser.close()
        nowhere = [field for field in fields if not shown[field] and not paths]
        findings.found += [f"{field} shown nowhere: the gate says nothing of it" for field in nowhere]
    findings.figures = {"pages walked": str(walked), "payloads": f"{len(set(every))} different ones"}
    findings.figures |= {f"pages that showed {field}": str(n) for field, n in sorted(shown.items())}
    return findings


def _brought(database: Database, some: list[str], start: int) -> dict[str, list[str]]:
    """Bring the payloads in by every door; what was brought, by the field it stands in. Each field's end with a mark of
    its own, so that one is not taken for another.
    """
    now = datetime.now(UTC) - timedelta(hours=2)
    jurisdiction = database.jurisdiction
    provinces = [province.code for province in jurisdiction.provinces]
    for place, payload in enumerate(some):
        number, province = start + place, provinces[(start + place) % len(provinces)]
        at = (now + timedelta(seconds=number)).isoformat()
        case = {"province": province, "channel": "online", "opened_at": at, "updated_at": at}
        category = {key: jurisdiction.codes[f"{key}.category"][0].key for key in ("registrations", "disputes")}
        dispute = {**case, "category": category["disputes"], "board": f"{payload}~b"}
        bad = {**case, "category": f"{payload}~q", "channel": "online", "id": f"{payload}x"}
        _load(database, "disputes", payload, [*({**dispute, "id": f"{payload}~d{n}"} for n in range(3)), bad])
        good = {**case, "category": category["registrations"], "id": f"{payload}~c"}
        _load(database, "registrations", payload, [good, {**good, "id": f"b{number}", "workshop_code": payload}])
        with database.write() as connection:
            told = Report(province, f"{payload}~r", f"{payload}~t", f"{payload}~p")
            report = problems.report(connection, told, jurisdiction)
            by, published = f"{payload}~y", place % 2 == 0
            problems.answer(connection, report, f"{payload}~a", by, jurisdiction, publish=published)
            problems.report(connection, replace(told, urgent=True), jurisdiction)
            day = (now - timedelta(days=number % 20)).date()
            judgement.annotate(connection, jurisdiction, day, f"{payload}~w", f"{payload}~v", "", "")
            tokens.issue(connection, f"{payload}~k", ("premiums",))
            connection.commit()
    return {name: [f"{payload}{mark}" for payload in some] for name, mark in _FIELDS.items()}


def _load(database: Database, subject: str, payload: str, records: list[dict[str, Any]]) -> None:
    """Records as a file of that name that breaks off behind them."""

    def chunks() -> Iterator[Chunk]:
        yield from_objects(records, plain(SUBJECTS[subject]))
        raise BrokenInput(f"{payload}~s", 7, f"{payload}~e")

    Loader(database, SUBJECTS[subject], KEY).chunks(f"{payload}~s", chunks)


def _sessions(made: Rasad, database: Database, payload: str) -> dict[str, str]:
    """Cookies of headquarters and of an administrator whose names, and whose browser's, are a payload."""
    found = {}
    for role in ("hq", "admin"):
        login = f"xss-{role}"
        account = people.by_login(database, login)
        person = account.person if account else people.make(database, login, f"{payload}~n", role)
        found[role] = sessions.start(database, person.id, "127.0.0.1", payload, hours=1)
    return {**found, "tests": signed_in(made)}


def _walk(
    browser: Browser, address: str, sessions_of: dict[str, str], some: list[str], start: int
) -> Iterator[tuple[Page, str]]:
    """Every page as headquarters and as an administrator, then what one payload alone leads to."""
    language = ("en", "fa", "vi")[start // _ROUND % 3]
    for role in ("hq", "admin"):
        page = _opened(browser, address, sessions_of[role], language)
        for path in [*(spec.path for spec in PAGES), "/account"]:
            _go(page, f"{address}{path}")
            if not path.startswith("/account"):
                _look(page)
            yield page, f"{path} as {role}"
        page.context.close()
    page = _opened(browser, address, sessions_of["hq"], language)
    for subject in ("registrations", "disputes"):
        _go(page, f"{address}/cases?subject={subject}")
        yield page, f"the list of {subject}"
    for payload in some:
        coded = quote(f"{payload}~d0", safe="")
        for path in (
            *(f"/cases/disputes/{coded}", f"/?province={coded}&period={coded}&trait={coded}", f"/{coded}"),
            *(f"/export/{coded}.csv?{coded}={coded}", f"/sign-in?next={coded}&lang={coded}", f"/api/v1/panels/{coded}"),
        ):
            _go(page, f"{address}{path}")
            yield page, path
    _go(page, f"{address}/cases")
    for payload in some[:5]:
        _save_view(page, payload)
        yield page, f"a view called {payload}"
        _find(page, f"{payload}~c")
        yield page, f"a look-up of {payload}"
    page.reload()
    page.wait_for_function(_IDLE)
    yield page, "views saved before"
    page.context.close()


def _looked_at(browser: Browser, address: str, cookie: str, paths: Sequence[str]) -> Iterator[tuple[Page, str]]:
    page = _opened(browser, address, cookie, "en")
    for path in paths:
        _go(page, f"{address}{path}")
        _look(page)
        yield page, path
    page.context.close()


def _opened(browser: Browser, address: str, cookie: str, language: str) -> Page:
    context = browser.new_context(viewport={"width": 1440, "height": 1000})
    context.add_init_script(_HOOKS)
    context.add_cookies([*cookies(address, cookie), {"name": "rasad_language", "value": language, "url": address}])
    page = context.new_page()
    page.on("dialog", lambda dialog: dialog.dismiss())
    page.on("response", lambda answer: _held(page, answer))
    return page


def _held(page: Page, answer: Response) -> None:
    """Take for a violation that a document comes with a policy that stops nothing: what is not escaped would run."""
    if answer.request.resource_type == "document":
        policy = answer.headers.get("content-security-policy", "")
        scripts = next((part for part in policy.split("; ") if part.startswith("script-src ")), "")
        if not scripts or "unsafe" in scripts or "*" in scripts or "data:" in scripts or "http" in scripts:
            _LOOSE.setdefault(page, set()).add(f"{answer.status} comes with the policy {scripts or 'none'!r}")


def _go(page: Page, address: str) -> None:
    try:
        page.goto(address)
        page.wait_for_timeout(150)
        page.wait_for_function(_IDLE, timeout=20_000)
    except BrowserError as error:
        if "Download is starting" not in str(error):
            raise


def _look(page: Page) -> None:
    """Open what is folded, turn cards to their tables, and let the pointer rest on every figure."""
    page.evaluate("() => document.querySelectorAll('details').forEach((e) => { e.open = true; })")
    for figure in page.locator(".js-plotly-plot").all()[:12]:
        box = figure.bounding_box()
        if box:
            figure.scroll_into_view_if_needed()
            box = figure.bounding_box() or box
            for share in (0.3, 0.5, 0.7, 0.93):
                page.mouse.move(box["x"] + box["width"] * share, box["y"] + box["height"] * 0.5)
                page.wait_for_timeout(30)
    page.evaluate("() => document.querySelectorAll('button[data-table]').forEach((button) => button.click())")
    page.wait_for_timeout(200)
    page.wait_for_function(_IDLE, timeout=20_000)


def _save_view(page: Page, name: str) -> None:
    page.evaluate("() => { document.querySelector('#filter-views-name').closest('details').open = true; }")
    page.fill("#filter-views-name", name)
    page.click("[data-view=save]")


def _find(page: Page, number: str) -> None:
    page.fill("#panel-cases-find-number", number)
    page.press("#panel-cases-find-number", "Enter")
    page.wait_for_timeout(400)


def _happened(page: Page) -> list[str]:
    """What ran, what was stopped and what became an element on the page in view; then nothing has happened any more."""
    ran, stopped = page.evaluate("() => [window.__ran.splice(0), window.__stopped.splice(0)]")
    became = page.evaluate(_BECAME)
    return [
        *_LOOSE.pop(page, ()),
        *(f"payload {number} ran" for number in ran),
        *(f"stopped by the policy: {violation}" for violation in stopped),
        *(f"became an element: {base64.b64encode(element.encode()).decode()}" for element in became),
    ]
