"""One JSON object per line, which every log collector understands without a rule of its own."""

import datetime
import json
import logging

# What a record has anyway; everything else was given by the caller with `extra=`.
STANDARD = {*vars(logging.makeLogRecord({})), "message", "asctime", "request", "server_time"}


class JSONFormatter(logging.Formatter):
    """Format a record as JSON: time, level, logger, message, then request, extras and traceback."""

    def format(self, record):
        entry = {
            "time": datetime.datetime.fromtimestamp(record.created, datetime.UTC).isoformat(
                timespec="milliseconds"
            ),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        request = getattr(record, "request", None)
        if hasattr(request, "method") and hasattr(request, "path"):
            # The query string is left out: it may hold tokens.
            entry["method"], entry["path"] = request.method, request.path
        entry |= {key: value for key, value in vars(record).items() if key not in STANDARD}
        # A visitor's mistake is one line: where it was found out says nothing.
        if record.exc_info and not 400 <= getattr(record, "status_code", 500) < 500:
            entry["exception"] = self.formatException(record.exc_info)
        if record.stack_info:
            entry["stack"] = self.formatStack(record.stack_info)
        return json.dumps(entry, default=str, ensure_ascii=False)
