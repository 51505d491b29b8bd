"""Verbs that run the page: ``serve``, and ``demo``, which brings data and life to it as well."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer

from dashboard import vendor
from dashboard.access.starting import check_settings, first_account
from dashboard.commands.loading import run_simulation
from dashboard.commands.opening import Opened, one_sentence, opened, settings_with
from dashboard.commands.working import beside
from dashboard.intake.demo.generate import SCENARIOS
from dashboard.intake.demo.loading import is_loaded, load_demo
from dashboard.intake.demo.volumes import CASES
from dashboard.settings import ROOT, Settings

_START_SECONDS = 60
_RATE = 0.2
"""Records a second that go on arriving in a demo."""


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on")] = None,
) -> None:
    """Serve the page and the interfaces."""
    with one_sentence():
        settings = settings_with(host=host, port=port)
        check_settings(settings)
        vendor.build()
        _welcome(opened(settings))
        with beside(settings, _environment(settings)):
            raise SystemExit(_served(settings))


def demo(
    cases: Annotated[int | None, typer.Option(help=f"Cases to make; {CASES:,} unless told")] = None,
    seed: Annotated[int, typer.Option(help="The same seed makes the same demo")] = 1,
    years: Annotated[float, typer.Option(help="Years up to now")] = 3.0,
    scenario: Annotated[str | None, typer.Option(help=f"A recorded time: {', '.join(SCENARIOS)}")] = None,
    rate: Annotated[float, typer.Option(help="Records a second that go on arriving; 0 stops the simulator")] = _RATE,
    port: Annotated[int | None, typer.Option(help="Port to listen on")] = None,
    load_only: Annotated[bool, typer.Option("--load-only", help="Load the demo data and end")] = False,
) -> None:
    """A live page with demo data: loads them once, serves, and lets them go on."""
    with one_sentence():
        settings = settings_with(demo=True, port=port)
        vendor.build()
        deployment = _with_demo(settings, cases=cases, seed=seed, years=years, scenario=scenario)
        if load_only:
            return
        server = subprocess.Popen(_gunicorn(settings), cwd=ROOT, env=_environment(settings))
        signal.signal(signal.SIGTERM, _interrupt)
        try:
            _wait_until_live(settings, server)
            print(f"\n  Rasad is live at {_address(settings)}   (Ctrl-C ends it)\n", flush=True)
            with beside(settings, _environment(settings)):
                if rate > 0:
                    run_simulation(deployment, rate, seed, lambda: server.poll() is None)
                if server.wait():
                    raise OSError("the page has ended: see above")
        except KeyboardInterrupt:
            print("ending …", flush=True)
        finally:
            server.terminate()
            server.wait(timeout=15)


def first_settings() -> Settings:
    """The settings of who only wants to look: where none says whose data to show, those of the demo."""
    settings = settings_with()
    if settings.model_fields_set & {"demo", "database_url", "secret_key"}:
        return settings
    settings = settings_with(demo=True)
    print(
        f"No setting says whose data to show, so this is the demo, soon at {_address(settings)} (Ctrl-C ends it). "
        "To serve your own, set RASAD_SECRET_KEY (README.md, Settings) and run `python -m dashboard serve`.",
        flush=True,
    )
    return settings


@contextmanager
def first_look(settings: Settings, rate: float = _RATE) -> Iterator[None]:
    """Everything a page needs; in demo mode with the demo's data, which go on arriving as long as the block lasts."""
    check_settings(settings)
    vendor.build()
    if not settings.demo:
        _welcome(opened(settings))
        with beside(settings):
            yield
        return
    deployment = _with_demo(settings)
    ended = threading.Event()
    going_on = threading.Thread(
        target=run_simulation, name="rasad-simulator", args=(deployment, rate, 1, lambda: not ended.is_set())
    )
    going_on.start()
    try:
        with beside(settings, _environment(settings)):
            yield
    finally:
        ended.set()
        going_on.join()


def _welcome(deployment: Opened) -> None:
    """Say how somebody gets in, where nobody can as yet."""
    said = first_account(deployment.settings, deployment.database)
    deployment.database.close()
    if said:
        print(said, flush=True)


def _with_demo(settings: Settings, **how: Any) -> Opened:
    """The deployment with its demo data, loaded unless they are there; ``how`` goes to ``load_demo``."""
    deployment = opened(settings)
    if not is_loaded(deployment.database):
        print("Making and loading the demo data …", flush=True)
    load_demo(deployment.database, deployment.key, **how)
    return deployment


def _served(settings: Settings) -> int:
    """Serve until the server ends, or is told to; its status. What this process is told, the server is told."""
    server = subprocess.Popen(_gunicorn(settings), cwd=ROOT, env=_environment(settings))
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT):
        signal.signal(number, lambda told, _frame: server.send_signal(told))
    return server.wait()


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _gunicorn(settings: Settings) -> list[str]:
    return [
        *(sys.executable, "-m", "gunicorn", "app:server", "--bind", f"{settings.host}:{settings.port}"),
        *("--worker-class", "gthread", "--workers", str(settings.workers), "--threads", str(settings.threads)),
        *("--timeout", "60", "--graceful-timeout", "5", "--log-level", settings.log_level.lower()),
        *("--logger-class", "dashboard.logs.ServerLog"),
        "--no-control-socket",  # every other gunicorn of this account would take the same one
    ]


def _environment(settings: Settings) -> dict[str, str]:
    return {**os.environ, "RASAD_DEMO": str(settings.demo).lower(), "RASAD_PORT": str(settings.port)}


def _address(settings: Settings) -> str:
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host  # noqa: S104  (compared, not bound)
    return f"http://{host}:{settings.port}"


def _wait_until_live(settings: Settings, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise OSError(f"the page could not start on port {settings.port}: see above; PORT= chooses another")
        try:
            with urllib.request.urlopen(f"{_address(settings)}/readyz", timeout=2):  # noqa: S310  (our own address)
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise OSError(f"the page did not start within {_START_SECONDS} seconds")
