"""The WSGI application that WSGI_MODULE names, with its static files before it: see `gunicorn.sh`."""

import importlib
import os

import ixc_static

application = importlib.import_module(os.environ["WSGI_MODULE"]).application
application = ixc_static.before(application, ixc_static.settings())
