"""The WSGI application that WSGI_MODULE names, with its static files before it: see `gunicorn.sh`."""

import os

import ixc_static

application = ixc_static.application(os.environ["WSGI_MODULE"])
application = ixc_static.before(application, ixc_static.settings())
