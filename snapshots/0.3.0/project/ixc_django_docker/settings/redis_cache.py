"""Use Redis as the default cache, with locks that hold on every machine.

Needs ``REDIS_ADDRESS`` (``HOST:PORT``); without it the cache stays in memory. When Redis is down,
requests are still served, uncached. Locks then fail with an error: to pretend to hold one is worse.
"""

from urllib.parse import quote

from ixc_django_docker.environ import env, env_address, env_int
from ixc_django_docker.loader import require

require("redis_lock", "python-redis-lock[django]", "redis_cache.py")

REDIS_ADDRESS = env_address("REDIS_ADDRESS")
if REDIS_ADDRESS:
    _password = env("REDIS_PASSWORD")
    _login = f":{quote(_password, safe='')}@" if _password else ""
    CACHES["default"] = {
        "BACKEND": "ixc_django_docker.redis_cache.RedisCache",
        "LOCATION": f"redis://{_login}{REDIS_ADDRESS}/{env_int('REDIS_CACHE_DB', 1)}",
        "KEY_PREFIX": f"{PROJECT_NAME}_{DOTENV}",
        "OPTIONS": {
            "CLIENT_CLASS": "django_redis.client.DefaultClient",
            "IGNORE_EXCEPTIONS": True,
            # A page that waits for a dead cache is slower than one without a cache.
            "SOCKET_CONNECT_TIMEOUT": 1,
            "SOCKET_TIMEOUT": 2,
        },
    }
    DJANGO_REDIS_LOG_IGNORED_EXCEPTIONS = True
    # Reads come from Redis, and no session is lost with it.
    SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
