"""The cache: answers are shared through Redis; one that is dead or frozen costs next to nothing."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pandas as pd
import pytest
from flask import Flask
from redis import Redis
from redis.exceptions import ConnectionError as RedisConnectionError

from dashboard.answers import Answer
from dashboard.caching import TieredCache, cache_for


class Clock:
    """Time that passes when told."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def frozen() -> Iterator[socket.socket]:
    """A server that takes connections and never says a word."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        listening.settimeout(0.05)
        yield listening


def knocks(listening: socket.socket) -> int:
    """How many connections wait at the door."""
    found = 0
    while True:
        try:
            listening.accept()[0].close()
        except TimeoutError:
            return found
        found += 1


def tiered(url: str, clock: Clock) -> TieredCache:
    made = TieredCache.factory(Flask("cache"), {"CACHE_REDIS_URL": url}, [], {})
    made._clock = clock
    return made


def test_a_frozen_redis_is_asked_once_and_then_left_alone(frozen: socket.socket) -> None:
    clock = Clock()
    cache = tiered(f"redis://127.0.0.1:{frozen.getsockname()[1]}", clock)
    for number in range(20):
        cache.set(f"key {number}", number)
        assert cache.get(f"key {number}") == number, "what is known in the process is answered all the same"
        assert cache.get("never set") is None
    assert knocks(frozen) == 1
    clock.now += 16
    cache.get("never set")
    assert knocks(frozen) == 1, "after a while it is tried again"


def test_a_dead_redis_changes_no_answer() -> None:
    cache = tiered("redis://127.0.0.1:9", Clock())
    cache.set("key", {"a": 1})
    assert cache.get("key") == {"a": 1}
    assert cache.delete("key") is True
    assert cache.get("key") is None


def test_settings_choose_the_cache() -> None:
    assert not isinstance(cache_for(Flask("a"), "").cache, TieredCache)
    assert isinstance(cache_for(Flask("b"), "redis://127.0.0.1:9").cache, TieredCache)


def test_time_outs_are_short_and_nothing_is_tried_twice() -> None:
    cache = tiered("redis://127.0.0.1:9", Clock())
    client = cache._far._write_client
    assert isinstance(client, Redis)
    options = client.connection_pool.connection_kwargs
    assert options["socket_timeout"] == options["socket_connect_timeout"] == 0.25
    assert options["retry"].get_retries() == 0


@pytest.fixture
def redis_server(tmp_path: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A Redis of its own and its address."""
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("no redis-server here")
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path)],
        stdout=subprocess.DEVNULL,
    )
    url = f"redis://127.0.0.1:{port}"
    try:
        with Redis.from_url(url) as client:
            for _ in range(100):
                try:
                    client.ping()
                    break
                except RedisConnectionError:
                    time.sleep(0.05)
        yield url, process
    finally:
        process.send_signal(signal.SIGCONT)
        process.terminate()
        process.wait(10)


def test_processes_share_answers_through_redis(redis_server: tuple[str, subprocess.Popen[bytes]]) -> None:
    url, process = redis_server
    one, other = tiered(url, Clock()), tiered(url, clock := Clock())
    answer = Answer(pd.DataFrame({"n": [1, 2]}), 7, None)
    one.set("question", answer)
    shared = other.get("question")
    assert shared is not answer
    assert shared.version == 7
    pd.testing.assert_frame_equal(shared.frame, answer.frame)
    one.set("later", answer)
    process.send_signal(signal.SIGSTOP)
    begun = time.monotonic()
    assert other.get("question").version == 7, "what came from it once is known in the process"
    assert other.get("later") is None, "frozen, it is not waited for"
    assert other.get("later") is None
    assert time.monotonic() - begun < 2
    process.send_signal(signal.SIGCONT)
    clock.now += 16
    assert other.get("later").version == 7, "it is taken up again"
