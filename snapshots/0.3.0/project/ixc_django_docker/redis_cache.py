"""The Redis cache of ``settings/redis_cache.py``, with locks that last as long as whoever holds them."""

import logging
import time

import redis_lock
from django_redis.client.default import glob_escape
from redis import StrictRedis
from redis.exceptions import RedisError
from redis_lock import django_cache

logger = logging.getLogger(__name__)

# For how many seconds a lock outlives a holder that was killed. Whoever holds it renews it three times as often.
LEASE = 30
# Waiting is done in questions of so many seconds, so that a server that went away is noticed.
QUESTION = 5

_pools = {}


class Lock(redis_lock.Lock):
    """A lock of ``redis_lock`` that waits as long as it is told to, and is renewed through a short outage of Redis."""

    def __init__(self, client, name, **options):
        super().__init__(client, name, **options)
        if self._lock_renewal_interval:
            self._lock_renewal_interval = self._expire / 3

    def acquire(self, blocking=True, timeout=None):
        """Take the lock; return whether it is ours. ``timeout`` is in seconds, without it there is no limit."""
        if self._held:
            raise redis_lock.AlreadyAcquired("Already acquired from this Lock instance.")
        if not blocking and timeout is not None:
            raise redis_lock.TimeoutNotUsable("Timeout cannot be used if blocking=False")
        if timeout and timeout < 0:
            raise redis_lock.InvalidTimeout(f"Timeout ({timeout}) cannot be less than 0")
        end = time.monotonic() + timeout if timeout else None
        while not self._client.set(self._name, self._id, nx=True, ex=self._expire):
            wait = QUESTION if end is None else min(QUESTION, end - time.monotonic())
            if not blocking or wait <= 0:
                return False
            # A length that Redis would round to zero would be for ever.
            self._client.blpop(self._signal, max(wait, 0.01))
        if self._lock_renewal_interval:
            self._start_lock_renewer()
        return True

    @staticmethod
    def _lock_renewer(name, lockref, interval, stop):
        while not stop.wait(interval):
            lock = lockref()
            if lock is None:
                return
            try:
                lock.extend()
            except redis_lock.NotAcquired:
                logger.error("the lock %s was lost: Redis forgot it, or did not answer for too long", name)
                return
            except RedisError as error:
                logger.warning("the lock %s could not be renewed, which is tried again: %s", name, error)
            del lock


class RedisCache(django_cache.RedisCache):
    """Locks are named as keys are, so each project and environment has its own, and have connections of their own."""

    def lock(self, key, expire=None, id=None, auto_renewal=None):  # noqa: A002  (the library's signature)
        """Return a lock that is held until it is released, by one process on all machines.

        When that process is killed, the lock is free after ``LEASE`` seconds. With ``expire`` it is free after so many
        seconds anyhow. With an ``id`` it may be released elsewhere, so it stays until then.
        """
        if expire is None and id is None and auto_renewal is not False:
            expire, auto_renewal = LEASE, True
        return Lock(
            self._lock_client(), str(self.make_key(key)), expire=expire, id=id, auto_renewal=bool(auto_renewal)
        )

    def reset_all(self):
        """Release every lock of this project and environment, whoever holds it."""
        client = self._lock_client()
        pattern = "lock:" + glob_escape(str(self.make_key(""))) + "*"
        for name in list(client.scan_iter(match=pattern)):
            Lock(client, name.decode().removeprefix("lock:")).reset()

    def _lock_client(self):
        # The connections of the cache give up after a moment, which a page needs and a wait must not do.
        factory = self.client.connection_factory
        params = factory.make_connection_params(self.client._server[0])
        url = params["url"]
        if url not in _pools:
            _pools[url] = factory.get_connection_pool(params | {"socket_timeout": QUESTION + 5})
        return StrictRedis(connection_pool=_pools[url])
