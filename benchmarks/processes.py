"""Other processes a benchmark starts: the command line on a scratch database, and a served page; with their memory."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psutil

from benchmarks.ground import KEY
from dashboard.claims.database import Database
from dashboard.settings import ROOT


def environment(claims: Database, folder: Path) -> dict[str, str]:
    """The environment in which another process finds the scratch database."""
    settings = {"DATABASE_URL": claims.url, "SECRET_KEY": KEY, "DEMO": "true", "DATA_DIR": str(folder / "data")}
    ours = {f"RASAD_{name}": value for name, value in settings.items()}
    return {**os.environ, "PYTHONPATH": str(ROOT), **ours}


class Loading:
    """``python -m dashboard load FILE --as registrations`` as a process of its own; ``peak_mb`` is its most memory."""

    def __init__(self, claims: Database, folder: Path, file: Path, subject: str = "registrations") -> None:
        command = [sys.executable, "-m", "dashboard", "load", str(file), "--as", subject]
        self.peak_mb = 0.0
        self._process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment(claims, folder),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._watcher = threading.Thread(target=self._watch, daemon=True)
        self._watcher.start()

    def end(self) -> str:
        """Wait for it; its output. A status other than 0 is an error."""
        output, _ = self._process.communicate()
        self._watcher.join()
        if self._process.returncode:
            raise RuntimeError(f"loading ended with {self._process.returncode}: {output}")
        return output

    def _watch(self) -> None:
        try:
            process = psutil.Process(self._process.pid)
            while self._process.poll() is None:
                self.peak_mb = max(self.peak_mb, process.memory_info().rss / 2**20)
                time.sleep(0.05)
        except psutil.NoSuchProcess:
            return


@contextmanager
def page(claims: Database, folder: Path, workers: int = 2) -> Iterator[str]:
    """The page served by gunicorn over a scratch database; its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command: Sequence[str] = [
        *(sys.executable, "-m", "gunicorn", "app:server", "--bind", f"127.0.0.1:{port}", "--worker-class", "gthread"),
        *("--workers", str(workers), "--threads", "16", "--log-level", "warning"),
    ]
    process = subprocess.Popen(command, cwd=ROOT, env=environment(claims, folder))
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            try:
                with urllib.request.urlopen(f"{address}/readyz", timeout=2):  # noqa: S310  (our own address)
                    break
            except (urllib.error.URLError, OSError):
                time.sleep(0.2)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=30)
