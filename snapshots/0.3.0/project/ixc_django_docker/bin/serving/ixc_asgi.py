"""The ASGI application that ASGI_MODULE names, with its static files before it: see `gunicorn.sh`."""

import os

import ixc_static

own = ixc_static.application(os.environ["ASGI_MODULE"])
settings = ixc_static.settings()
found = ixc_static.served(settings) if os.environ.get("SERVE_STATIC") else None


def missing(environ, start_response):
    """Answer for a file that is not there."""
    start_response("404 Not Found", [("Content-Type", "text/plain")])
    return [b"Not Found\n"]


if found:
    from asgiref.wsgi import WsgiToAsgi

    files = WsgiToAsgi(ixc_static.before(missing, settings))

    async def application(scope, receive, send):
        """Answer what is below the prefix of static files, and leave the rest to the project."""
        is_static = scope["type"] == "http" and scope["path"].startswith(found[1])
        await (files if is_static else own)(scope, receive, send)

else:
    application = own
