"""The cache of answers: in the process, and in Redis behind it where there is one, without ever waiting for Redis long.

Keys carry the data version, so the copy in the process is never older than the one in Redis.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import timedelta
from pickle import PickleError
from typing import Any, TypeVar

from flask import Flask
from flask_caching import Cache
from flask_caching.backends.base import BaseCache
from flask_caching.backends.rediscache import RedisCache
from flask_caching.backends.simplecache import SimpleCache
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

log = logging.getLogger(__name__)

_TIMEOUT = 0.25
_OPEN_SECONDS = 15.0
_KEPT = 1000
_T = TypeVar("_T")


class TieredCache(BaseCache):
    """The process's own cache before a shared Redis. A Redis that fails is left alone for a while."""

    def __init__(self, redis: Redis, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(default_timeout=3600)
        self._near = SimpleCache(threshold=_KEPT, default_timeout=3600)
        self._far = RedisCache(host=redis, key_prefix="rasad:")
        self._clock = clock
        self._closed_from = 0.0

    @classmethod
    def factory(cls, _app: Flask, config: dict[str, Any], _args: list[Any], _kwargs: dict[str, Any]) -> TieredCache:
        """Made by Flask-Caching from ``CACHE_REDIS_URL``; nothing is connected yet."""
        return cls(
            Redis.from_url(
                config["CACHE_REDIS_URL"],
                socket_timeout=_TIMEOUT,
                socket_connect_timeout=_TIMEOUT,
                retry=Retry(NoBackoff(), 0),
            )
        )

    def get(self, key: str) -> Any:
        """What is kept under a key, or None."""
        found = self._near.get(key)
        if found is None:
            found = self._try(lambda: self._far.get(key))
            if found is not None:
                self._near.set(key, found)
        return found

    def set(self, key: str, value: Any, timeout: int | timedelta | None = None) -> bool | None:
        """Keep a value for ``timeout`` seconds."""
        kept: bool | None = self._near.set(key, value, timeout)
        self._try(lambda: self._far.set(key, value, timeout))
        return kept

    def delete(self, key: str) -> bool:
        """Forget a key."""
        self._try(lambda: self._far.delete(key))
        return bool(self._near.delete(key))

    def _try(self, work: Callable[[], _T]) -> _T | None:
        """Ask Redis unless it failed lately: a dead or frozen one costs one time-out every _OPEN_SECONDS."""
        if self._clock() < self._closed_from:
            return None
        try:
            return work()
        except (RedisError, OSError, PickleError) as error:
            self._closed_from = self._clock() + _OPEN_SECONDS
            log.warning("Redis left alone for %.0f s: %s", _OPEN_SECONDS, error)
            return None


def cache_for(server: Flask, redis_url: str) -> Cache:
    """The cache of a server: in process, with Redis behind it when ``redis_url`` names one."""
    config: dict[str, Any] = {"CACHE_TYPE": "SimpleCache", "CACHE_THRESHOLD": _KEPT}
    if redis_url:
        config = {"CACHE_TYPE": "dashboard.caching.TieredCache", "CACHE_REDIS_URL": redis_url}
    return Cache(server, config=config)
