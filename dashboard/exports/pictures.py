"""Documents as pictures and PDF, drawn by a Chromium that is kept warm.

One headless Chromium a process, started on first use and driven from a thread of its own; jobs wait in a queue. It has
no network: what its one page asks for (styles, fonts, plotly) is answered out of ``assets/``, and nothing of a viewer's
session reaches it. SVG is the PDF with its words as outlines, so that it looks right in every program.
"""

from __future__ import annotations

import atexit
import logging
import os
import queue
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from concurrent.futures import TimeoutError as Late
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, Protocol

import psutil

from dashboard import vendor
from dashboard.figures import theme
from dashboard.settings import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Playwright, Route

log = logging.getLogger(__name__)

Form = Literal["png", "svg", "pdf"]
SCALE: Final = 2
"""Pixels of a PNG for each pixel of its document."""
_DEADLINE: Final = 15.0
_OUTLINED: Final = 20.0
_IDLE: Final = 900.0
"""Seconds without a job after which Chromium is let go; the next job starts another."""
_MOST: Final = 16
"""Jobs that may wait."""
_FRESH: Final = 200
"""Jobs after which the page is opened anew: whatever they left behind is given back."""
_NICE: Final = 10
_PROGRAMS: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_ORIGIN: Final = "https://rasad.invalid"
"""No address at all (RFC 6761): what the page asks for there is answered here."""
_FLAGS: Final = (
    *("--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update"),
    *("--disable-sync", "--disable-extensions", "--disable-quic", "--mute-audio", "--font-render-hinting=none"),
    "--host-resolver-rules=MAP * ~NOTFOUND",
)
_TYPES: Final = {".css": "text/css", ".js": "text/javascript", ".woff2": "font/woff2"}
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self'; img-src data:; "
    "base-uri 'none'; form-action 'none'"
)
_DOCUMENT: Final = f"""<!DOCTYPE html>
<html data-bs-theme="light">
  <head>
    <meta charset="utf-8">
    <link rel="stylesheet" href="/assets/vendor/{vendor.BOOTSTRAP["ltr"]}" data-dir="ltr">
    <link rel="stylesheet" href="/assets/vendor/{vendor.BOOTSTRAP["rtl"]}" data-dir="rtl">
    <link rel="stylesheet" href="/assets/vendor/{vendor.ICONS}">
    <link rel="stylesheet" href="/assets/vendor/{vendor.FONTS}">
    <link rel="stylesheet" href="/theme.css">
    <link rel="stylesheet" href="/assets/rasad.css">
    <link rel="stylesheet" href="/assets/sheet.css">
    <script src="/assets/vendor/{vendor.PLOTLY}"></script>
    <script src="/pictures.js"></script>
  </head>
  <body></body>
</html>
"""


class NotPictured(RuntimeError):
    """There is no picture now; the message is one sentence that says what to do."""


class NoRenderer(NotPictured):
    """A program that pictures need is not installed."""


class Busy(NotPictured):
    """The picture was not ready in time, or too many wait for theirs."""


@dataclass(frozen=True)
class Sheet:
    """A document to be pictured, `width` × `height` pixels of 1/96 inch.

    ``body`` is HTML around one element of class ``sheet``. ``figures`` gives the elements, by their ids, that show a
    figure, as plotly's JSON with its height. A sheet grows with what is on it, unless it ``flows``: as PDF it then goes
    on over pages of its size, as a picture it ends where it is full, and ``more`` says of a number of rows that they
    were left out.
    """

    title: str
    language: str
    direction: Literal["ltr", "rtl"]
    body: str
    figures: Mapping[str, str]
    width: int
    height: int
    flows: bool = False
    more: Callable[[int], str] = field(default=str)


class Pictures(Protocol):
    """How an answer looks, for the files that show it."""

    def card(self, form: Form) -> bytes:
        """The whole card: title, figure, table or number, and what it rests on. Raises NotPictured."""

    def figure(self) -> bytes:
        """Its figure alone (PNG); empty where it has none, and where there is no Chromium. Raises Busy."""


@dataclass
class _Job:
    sheet: Sheet
    form: Form
    due: float
    done: Future[bytes] = field(default_factory=Future)

    @property
    def left(self) -> float:
        """Seconds until it is due."""
        return self.due - time.monotonic()


class Renderer:
    """The Chromium of a process: `picture` may be called from any thread.

    ``chromium`` is the path of the program, empty to look for it.
    """

    def __init__(self, chromium: str = "", deadline: float = _DEADLINE, idle: float = _IDLE) -> None:
        self._chromium, self._deadline, self._idle = chromium, deadline, idle
        self._jobs: queue.Queue[_Job | None] = queue.Queue(_MOST)
        self._thread: threading.Thread | None = None
        self._guard = threading.Lock()
        self._process: psutil.Process | None = None

    @property
    def pid(self) -> int | None:
        """The process of the Chromium that runs now."""
        return self._process.pid if self._process is not None else None

    def picture(self, sheet: Sheet, form: Form, deadline: float | None = None) -> bytes:
        """A sheet as a file. Raises NoRenderer, and Busy when it is not there within ``deadline`` seconds."""
        if form == "svg" and shutil.which("pdftocairo") is None:
            raise NoRenderer("SVG needs the program pdftocairo: install poppler-utils")
        self.program()
        wanted = deadline or self._deadline
        job = _Job(sheet, form, time.monotonic() + wanted)
        self._begin()
        try:
            self._jobs.put_nowait(job)
        except queue.Full as error:
            raise Busy("too many pictures are being drawn") from error
        try:
            made = job.done.result(wanted + 1)
        except Late as error:
            job.done.cancel()
            raise Busy("the picture was not drawn in time") from error
        return _outlined(made) if form == "svg" else made

    def program(self) -> str:
        """The Chromium that draws. Raises NoRenderer."""
        if self._chromium:
            if found := shutil.which(self._chromium):
                return found
            raise NoRenderer(f"pictures need Chromium, and RASAD_CHROMIUM names none: {self._chromium}")
        for name in _PROGRAMS:
            if found := shutil.which(name):
                return found
        raise NoRenderer("pictures need Chromium: install it, or name it with RASAD_CHROMIUM")

    def stop(self) -> None:
        """End Chromium and the thread; a later picture starts both again."""
        with self._guard:
            thread, self._thread = self._thread, None
        if thread is not None and thread.is_alive():
            self._jobs.put(None)
            thread.join(10)
        atexit.unregister(self.stop)

    def _begin(self) -> None:
        with self._guard:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._work, name="rasad-pictures", daemon=True)
                self._thread.start()
                atexit.register(self.stop)

    def _work(self) -> None:
        if sys.platform == "linux":  # there it is the thread's own, and what it starts inherits it
            os.nice(_NICE)
        warm: _Warm | None = None
        while True:
            try:
                job = self._jobs.get(timeout=self._idle)
            except queue.Empty:
                self._ended(warm)
                warm = None
                continue
            if job is None:
                self._ended(warm)
                return
            if job.done.set_running_or_notify_cancel():
                warm = self._answer(job, warm)

    def _answer(self, job: _Job, warm: _Warm | None) -> _Warm | None:
        """Do a job, once more where Chromium broke off; answers with the Chromium that is warm now."""
        for again in (True, False):
            if job.left <= 0:
                job.done.set_exception(Busy("the picture was not drawn in time"))
                return warm
            over = threading.Timer(job.left, self._kill)
            over.start()
            try:
                if warm is None or warm.worn:
                    self._ended(warm)
                    warm = None
                    warm = _Warm(self.program())
                    self._process = warm.process
                job.done.set_result(warm.picture(job.sheet, job.form))
                break
            except NoRenderer as error:
                job.done.set_exception(error)
                break
            except Exception as error:  # of Playwright, for whatever became of Chromium: a new one may do better
                log.warning("Chromium did not draw a picture", exc_info=error)
                self._ended(warm)
                warm = None
                if not again:
                    job.done.set_exception(Busy("the picture could not be drawn"))
            finally:
                over.cancel()
        return warm

    def _kill(self) -> None:
        """Chromium holds on to a job that is overdue: without it the job breaks off."""
        if self._process is not None:
            for process in (self._process, *_children(self._process)):
                _end(process)

    def _ended(self, warm: _Warm | None) -> None:
        if warm is not None:
            warm.close()
        self._process = None


class _Warm:
    """A running Chromium with one page, in which fonts, styles and plotly are loaded."""

    def __init__(self, program: str) -> None:
        from playwright.sync_api import sync_playwright  # noqa: PLC0415  nobody else waits for it

        self._driver: Playwright = sync_playwright().start()
        try:
            self._browser = self._launched(program)
            self.process = self._found()
            self._page = self._opened()
        except BaseException:
            self._driver.stop()
            raise
        self._jobs = 0
        _nice(self.process)

    @property
    def worn(self) -> bool:
        """Whether it has done so much that it is better opened anew."""
        return self._jobs >= _FRESH

    def picture(self, sheet: Sheet, form: Form) -> bytes:
        """The sheet as PNG or PDF; for SVG as the PDF of one page, cut where it is full."""
        self._jobs += 1
        page, paged, cut = self._page, sheet.flows and form == "pdf", sheet.flows and form != "pdf"
        page.set_viewport_size({"width": sheet.width, "height": sheet.height})
        told = page.evaluate(
            "sheet => rasad.show(sheet)",
            {
                "title": sheet.title,
                "language": sheet.language,
                "direction": sheet.direction,
                "body": sheet.body,
                "figures": dict(sheet.figures),
                "height": sheet.height,
                "flows": sheet.flows,
                "paged": paged,
                "most": sheet.height if cut else 0,
                "more": sheet.more(10_000) if cut else "",
            },
        )
        if told["left"]:
            page.evaluate("words => rasad.say(words)", sheet.more(told["left"]))
        if form == "png":
            clip = {"x": 0, "y": 0, "width": sheet.width, "height": told["height"]}
            return page.screenshot(type="png", clip=clip, full_page=True, animations="disabled")  # type: ignore[arg-type]
        high = sheet.height if paged else told["height"]
        return page.pdf(width=f"{sheet.width}px", height=f"{high}px", print_background=True, prefer_css_page_size=paged)

    def close(self) -> None:
        """End it, however little of it is left."""
        for end in (self._browser.close, self._driver.stop):
            with suppress(Exception):  # it is dead already
                end()
        for process in (self.process, *_children(self.process)):
            _end(process)

    def _launched(self, program: str) -> Browser:
        """With Chromium's sandbox, unless this is root, or a system that allows none."""
        launch = self._driver.chromium.launch
        how: dict[str, Any] = {
            "executable_path": program,
            "args": list(_FLAGS),
            **dict.fromkeys(("handle_sigint", "handle_sigterm", "handle_sighup"), False),
        }
        if os.geteuid() == 0:
            return launch(**how)
        try:
            return launch(**how, chromium_sandbox=True)
        except Exception as error:
            log.warning("Chromium does not start in its sandbox", exc_info=error)
            return launch(**how)

    def _found(self) -> psutil.Process:
        """Chromium's own process."""
        told = self._browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")
        return psutil.Process(next(int(each["id"]) for each in told["processInfo"] if each["type"] == "browser"))

    def _opened(self) -> Page:
        context = self._browser.new_context(device_scale_factor=SCALE, service_workers="block", accept_downloads=False)
        page = context.new_page()
        page.set_default_timeout(_DEADLINE * 1000)
        page.route("**/*", _served)
        page.emulate_media(media="screen", reduced_motion="reduce")
        page.goto(_ORIGIN + "/")
        page.evaluate("rasad.warm()")
        return page


def _served(route: Route) -> None:
    """What the page asks for: its document, or a file of ``assets/``; everything else is refused."""
    path = route.request.url.partition("?")[0].removeprefix(_ORIGIN)
    if path == "/":
        headers = {"Content-Security-Policy": _POLICY}
        route.fulfill(body=_DOCUMENT, content_type="text/html; charset=utf-8", headers=headers)
    elif path == "/theme.css":
        route.fulfill(body=theme.css(), content_type="text/css")
    elif path == "/pictures.js":
        route.fulfill(path=Path(__file__).with_suffix(".js"), content_type="text/javascript")
    elif path.startswith("/assets/") and (file := (ROOT / path[1:])).suffix in _TYPES and file.is_file():
        route.fulfill(path=file, content_type=_TYPES[file.suffix])
    else:
        route.abort()


def _outlined(document: bytes) -> bytes:
    """The one page of a PDF as SVG, its words as outlines. Raises Busy."""
    with tempfile.TemporaryDirectory(prefix="rasad-svg-") as folder:
        source, target = Path(folder, "card.pdf"), Path(folder, "card.svg")
        source.write_bytes(document)
        try:
            subprocess.run(
                ["pdftocairo", "-svg", "-f", "1", "-l", "1", source, target],
                check=True,
                capture_output=True,
                timeout=_OUTLINED,
            )
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
            log.warning("pdftocairo made no SVG: %s", error)
            raise Busy("the picture could not be drawn") from error
        return target.read_bytes()


def _children(process: psutil.Process) -> list[psutil.Process]:
    try:
        return process.children(recursive=True)
    except psutil.Error:
        return []


def _nice(chromium: psutil.Process) -> None:
    """Let live pages come first, also where Chromium may raise itself above others, as it may under root."""
    if sys.platform != "linux":
        return
    for process in (chromium, *_children(chromium)):
        with suppress(psutil.Error, OSError):  # some end while this is done
            for thread in process.threads():
                os.setpriority(os.PRIO_PROCESS, thread.id, _NICE)


def _end(process: psutil.Process) -> None:
    try:
        process.kill()
    except psutil.Error:  # it is gone
        return
