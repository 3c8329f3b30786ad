"""The public site: TLS assumed, mail sent, JSON logs, hashed static files."""

from ixc_django_docker.environ import env, env_bool, env_choice, env_int
from ixc_django_docker.lists import discard, insert_after

DEBUG = False

SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
# A form that was sent over TLS is ours also when the proxy in front does not tell us about TLS.
_origins = [f"https://{_host.removeprefix('.')}" for _host in ALLOWED_HOSTS if _host != "*"]
_origins += [f"https://*{_host}" for _host in ALLOWED_HOSTS if _host.startswith(".")]
CSRF_TRUSTED_ORIGINS = list(dict.fromkeys([*CSRF_TRUSTED_ORIGINS, *_origins]))
# Both are promises about the domain that browsers remember, so they are made by its owner.
SECURE_SSL_REDIRECT = env_bool("SECURE_SSL_REDIRECT")
SECURE_HSTS_SECONDS = env_int("SECURE_HSTS_SECONDS")
SECURE_HSTS_INCLUDE_SUBDOMAINS = env_bool("SECURE_HSTS_INCLUDE_SUBDOMAINS")
SECURE_HSTS_PRELOAD = env_bool("SECURE_HSTS_PRELOAD")
# These two would ask for promises about other hosts of the domain, which this project cannot know.
SILENCED_SYSTEM_CHECKS += ["security.W005", "security.W021"]

# The header with which a proxy in front says `https`, for example X-Forwarded-Proto. Set it only
# when that proxy overwrites what a visitor sends.
_header = env("SECURE_PROXY_SSL_HEADER")
if _header:
    _header = _header.upper().replace("-", "_").removeprefix("HTTP_")
    SECURE_PROXY_SSL_HEADER = (f"HTTP_{_header}", "https")

IXC_EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"

if "console" in LOGGING.get("handlers", {}):
    LOGGING["handlers"]["console"]["formatter"] = env_choice("LOG_FORMAT", ["json", "text"], "json")

_plain = "django.contrib.staticfiles.storage.StaticFilesStorage"
if STORAGES.get("staticfiles", {}).get("BACKEND") == _plain:
    # Unique names also for a web server that serves `static_root/` by itself.
    STORAGES["staticfiles"] = {
        "BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
    }

# Pages are compressed; files that WhiteNoise serves have been already.
insert_after(
    MIDDLEWARE,
    "ixc_django_docker.compression.CompressionMiddleware",
    "ixc_django_docker.health.HealthMiddleware",
    "ixc_django_docker.proxies.ClientAddressMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "ixc_django_docker.whitenoise.WhiteNoiseMiddleware",
)

# Cache whole pages for this many seconds; a page that depends on who is logged in is kept for each
# visitor apart. Off unless asked for: a page then shows an edit only later.
CACHE_MIDDLEWARE_SECONDS = env_int("CACHE_MIDDLEWARE_SECONDS")
CACHE_MIDDLEWARE_KEY_PREFIX = PROJECT_NAME
if CACHE_MIDDLEWARE_SECONDS:
    MIDDLEWARE.insert(1, "django.middleware.cache.UpdateCacheMiddleware")
    MIDDLEWARE.append("django.middleware.cache.FetchFromCacheMiddleware")

discard(INSTALLED_APPS, "debug_toolbar")
discard(MIDDLEWARE, "debug_toolbar.middleware.DebugToolbarMiddleware")
