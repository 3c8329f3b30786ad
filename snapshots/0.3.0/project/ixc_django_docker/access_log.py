"""Gunicorn's own lines in the format of the site's log: ``--logger-class`` of ``gunicorn.sh``."""

import logging

from gunicorn import glogging

from ixc_django_docker.environ import env, env_choice
from ixc_django_docker.logging import JSONFormatter

PROBES = {"/healthz", "/readyz"}


class Logger(glogging.Logger):
    """Writes a JSON object per line, or text where ``LOG_FORMAT`` or the environment says so."""

    def setup(self, cfg):
        """Replace gunicorn's formats."""
        super().setup(cfg)
        developing = env("DOTENV") in {"develop", "test"}
        if env_choice("LOG_FORMAT", ["json", "text"], "text" if developing else "json") == "json":
            formatter = JSONFormatter()
        else:
            formatter = logging.Formatter("{asctime} {levelname} {name} {message}", style="{")
        for log in (self.error_log, self.access_log):
            for handler in log.handlers:
                handler.setFormatter(formatter)

    def access(self, resp, req, environ, request_time):
        """Log a request, without its query string and referrer: both may hold tokens.

        A probe that went well is not logged: there is one every few seconds.
        """
        if not self.access_log_enabled:
            return
        atoms = self.atoms(resp, req, environ, request_time)
        if atoms["U"] in PROBES and int(atoms["s"]) < 400:
            return
        entry = {
            "method": atoms["m"],
            "path": atoms["U"],
            "status": int(atoms["s"]),
            "bytes": atoms["B"],
            "seconds": float(atoms["L"]),
            "client": atoms["h"],
            # What a proxy says, or anybody else: to be believed where the proxy overwrites it.
            "forwarded_for": environ.get("HTTP_X_FORWARDED_FOR", ""),
            "agent": atoms["a"],
        }
        message = "%(client)s %(method)s %(path)r %(status)s %(bytes)s %(seconds)s"
        self.access_log.info(message, entry, extra=entry)
