"""Two endpoints for load balancers and orchestrators.

``/healthz`` says that the process answers. ``/readyz`` says that it can also reach its database, so
that traffic may be sent to it. Neither needs a valid Host header, TLS or a session.
"""

import logging

from asgiref.sync import iscoroutinefunction, sync_to_async
from django.db import connections
from django.http import HttpResponseNotAllowed, JsonResponse
from django.utils.cache import add_never_cache_headers
from django.utils.decorators import sync_and_async_middleware

logger = logging.getLogger(__name__)


@sync_and_async_middleware
def HealthMiddleware(get_response):  # noqa: N802  (named as in the MIDDLEWARE setting)
    """Answer the probes before any other middleware can refuse, redirect or cache them."""
    if iscoroutinefunction(get_response):

        async def middleware(request):
            probe = PROBES.get(request.path_info)
            if probe is None:
                return await get_response(request)
            return await sync_to_async(answer)(request, probe)

    else:

        def middleware(request):
            probe = PROBES.get(request.path_info)
            return get_response(request) if probe is None else answer(request, probe)

    return middleware


def answer(request, probe):
    """Run the checks of ``probe``; a failure is logged in full and reported by name only."""
    if request.method not in {"GET", "HEAD"}:
        return HttpResponseNotAllowed(["GET", "HEAD"])
    checks = {}
    for name, check in probe.items():
        try:
            check()
            checks[name] = "ok"
        except Exception:
            logger.exception("health check failed: %s", name)
            checks[name] = "failed"
    ok = "failed" not in checks.values()
    body = {"status": "ok" if ok else "failed"} | ({"checks": checks} if checks else {})
    response = JsonResponse(body, status=200 if ok else 503)
    add_never_cache_headers(response)
    return response


def database():
    """Ask the default database for the smallest possible answer."""
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT 1")


PROBES = {"/healthz": {}, "/readyz": {"database": database}}
