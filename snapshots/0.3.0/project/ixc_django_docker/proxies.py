"""The address of the visitor, where proxies of ours stand in front."""

from asgiref.sync import iscoroutinefunction
from django.conf import settings
from django.utils.decorators import sync_and_async_middleware


@sync_and_async_middleware
def ClientAddressMiddleware(get_response):  # noqa: N802  (named as in the MIDDLEWARE setting)
    """Put the address that the outermost of ``TRUSTED_PROXIES`` proxies saw into ``REMOTE_ADDR``.

    Each adds what it saw to the end of ``X-Forwarded-For``; what stands before that, a visitor may have written.
    """

    def address(request):
        seen = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        if len(seen) >= settings.TRUSTED_PROXIES and (client := seen[-settings.TRUSTED_PROXIES].strip()):
            request.META["REMOTE_ADDR"] = client

    if iscoroutinefunction(get_response):

        async def middleware(request):
            address(request)
            return await get_response(request)

    else:

        def middleware(request):
            address(request)
            return get_response(request)

    return middleware
