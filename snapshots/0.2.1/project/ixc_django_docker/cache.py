"""Local caches that also offer the locks of the Redis cache, so that code runs without Redis."""

import threading
from collections import defaultdict
from contextlib import contextmanager

from django.core.cache.backends import dummy, locmem
from django.core.cache.backends.base import DEFAULT_TIMEOUT

_locks = defaultdict(threading.RLock)


class LocalLocks:
    """The methods that ``redis_lock.django_cache.RedisCache`` adds to a cache.

    A lock holds within this process only. Code that must be alone on several machines needs Redis.
    """

    @contextmanager
    def lock(self, key, expire=None, id=None, auto_renewal=False):  # noqa: A002  (Redis signature)
        """Let one thread at a time into the block."""
        with _locks[self.make_key(key)]:
            yield

    def locked_get_or_set(
        self,
        key,
        value_creator,
        version=None,
        expire=None,
        id=None,  # noqa: A002  (Redis signature)
        lock_key=None,
        timeout=DEFAULT_TIMEOUT,
    ):
        """Return the cached value, else create it while no other thread does."""
        value = self.get(key, version=version)
        if value is not None:
            return value
        with self.lock(lock_key or f"get_or_set:{key}"):
            value = self.get(key, version=version)
            if value is None:
                value = value_creator()
                if value is None:
                    raise ValueError("`value_creator` must return a value")
                self.set(key, value, timeout=timeout, version=version)
            return value

    def reset_all(self):
        """Forget every lock."""
        _locks.clear()


class LocMemCache(LocalLocks, locmem.LocMemCache):
    """A cache in the memory of this process."""


class DummyCache(LocalLocks, dummy.DummyCache):
    """A cache that keeps nothing."""
