"""Visitors who ask for pages all the time."""

import http.client
import ssl
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from support.process import wait_until


@dataclass
class Request:
    """When it was sent and answered, in seconds of the monotonic clock, and what was wrong with the answer."""

    begun: float
    ended: float
    problem: str


def connect(url):
    address = urlsplit(url)
    if address.scheme == "https":
        # A certificate that the test has made.
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        return http.client.HTTPSConnection(address.hostname, address.port, timeout=30, context=context)
    return http.client.HTTPConnection(address.hostname, address.port, timeout=30)


@contextmanager
def load(url, host, path, visitors=4):
    """Ask for `path` all the time: half of the visitors keep their connection. Yields the requests so far."""
    done, stop = [], threading.Event()

    def visit(keep):
        connection = None
        while not stop.is_set():
            begun, problem = time.monotonic(), ""
            try:
                if connection is None:
                    connection = connect(url)
                connection.request("GET", path, headers={"Host": host})
                reply = connection.getresponse()
                reply.read()
                if reply.status != 200:
                    problem = str(reply.status)
            except (OSError, http.client.HTTPException) as error:
                problem = repr(error)
            if connection is not None and (problem or not keep):
                connection.close()
                connection = None
            done.append(Request(begun, time.monotonic(), problem))
            time.sleep(0.02)
        if connection is not None:
            connection.close()

    threads = [threading.Thread(target=visit, args=(number % 2 == 0,)) for number in range(visitors)]
    for thread in threads:
        thread.start()
    try:
        wait_until(lambda: len(done) > 40, 60, "the load is on")
        yield done
    finally:
        stop.set()
        for thread in threads:
            thread.join(60)
