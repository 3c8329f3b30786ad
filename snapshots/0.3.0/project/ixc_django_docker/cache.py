"""Local caches that also offer the locks of the Redis cache, so that code runs without Redis."""

import threading
import time
import uuid

from django.core.cache.backends import dummy, locmem
from django.core.cache.backends.base import DEFAULT_TIMEOUT

try:
    from redis_lock import AlreadyAcquired, NotAcquired
except ImportError:  # Without the feature redis_cache.

    class AlreadyAcquired(RuntimeError):
        """This lock is ours already."""

    class NotAcquired(RuntimeError):
        """This lock is not ours, or not any more."""


_changed = threading.Condition(threading.RLock())
# By name: the id of the holder, when that ends, and the thread that is in a `with` block.
_held = {}


class Lock:
    """The interface of ``redis_lock.Lock`` within one process."""

    def __init__(self, name, expire=None, id=None, auto_renewal=None):  # noqa: A002  (Redis signature)
        self.name, self.id = name, id or uuid.uuid4().hex
        self.expire = None if auto_renewal else expire
        self.nested = False

    def acquire(self, blocking=True, timeout=None):
        """Take the lock; return whether it is ours. ``timeout`` is in seconds, without it there is no limit."""
        with _changed:
            if self.get_owner_id() == self.id:
                raise AlreadyAcquired("Already acquired from this Lock instance.")
            end = time.monotonic() + timeout if timeout else float("inf")
            while self.locked():
                wait = min(end, _held[self.name][1]) - time.monotonic()
                if not blocking or time.monotonic() >= end:
                    return False
                _changed.wait(None if wait == float("inf") else max(wait, 0))
            self._take(self.expire)
            return True

    def release(self):
        """Let others have the lock."""
        with _changed:
            if self.get_owner_id() != self.id:
                raise NotAcquired(f"Lock({self.name}) is not acquired or it already expired.")
            self.reset()

    def extend(self, expire=None):
        """Keep the lock for so many more seconds."""
        with _changed:
            if self.get_owner_id() != self.id:
                raise NotAcquired(f"Lock({self.name}) is not acquired or it already expired.")
            self._take(expire or self.expire)

    def reset(self):
        """Release the lock, whoever holds it."""
        with _changed:
            _held.pop(self.name, None)
            _changed.notify_all()

    def locked(self):
        """Tell whether anybody holds the lock."""
        return self.get_owner_id() is not None

    def get_owner_id(self):
        """Return the id of whoever holds the lock."""
        with _changed:
            owner, end, _ = _held.get(self.name, (None, 0, None))
            return owner if time.monotonic() < end else None

    def _take(self, expire, thread=None):
        _held[self.name] = (self.id, time.monotonic() + expire if expire else float("inf"), thread)

    def __enter__(self):
        with _changed:
            # A thread may enter twice, and leaves with the outer block.
            self.nested = self.locked() and _held[self.name][2] == threading.get_ident()
        if not self.nested:
            self.acquire()
            # Nobody in this process can be killed within the block, so it needs no limit.
            self._take(None, threading.get_ident())
        return self

    def __exit__(self, *error):
        if not self.nested:
            self.release()


class LocalLocks:
    """The methods that ``redis_lock.django_cache.RedisCache`` adds to a cache.

    A lock holds within this process only. Code that must be alone on several machines needs Redis.
    """

    def lock(self, key, expire=None, id=None, auto_renewal=None):  # noqa: A002  (Redis signature)
        """Return a lock, to be used as the one of the Redis cache."""
        return Lock(self.make_key(key), expire, id, auto_renewal)

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
        """Release every lock."""
        with _changed:
            _held.clear()
            _changed.notify_all()


class LocMemCache(LocalLocks, locmem.LocMemCache):
    """A cache in the memory of this process."""


class DummyCache(LocalLocks, dummy.DummyCache):
    """A cache that keeps nothing."""
