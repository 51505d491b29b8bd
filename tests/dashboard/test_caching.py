"""The cache: a Redis that is dead or frozen costs next to nothing."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import closing

import pytest
from flask import Flask
from redis import Redis

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
