"""A small HTTP client: it sees every header, follows nothing and keeps cookies only when asked to."""

import http.client
import re
from dataclasses import dataclass
from urllib.parse import urlencode, urljoin, urlsplit


@dataclass
class Response:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self):
        return self.body.decode()


class Site:
    """A running project. `host` is the Host header sent unless a request names another."""

    def __init__(self, url, host, log):
        self.url = url
        self.host = host
        self.log = log
        self.cookies = {}

    def request(self, method, path, *, host=None, headers=(), body=None, timeout=30):
        address = urlsplit(urljoin(self.url, path))
        connection = http.client.HTTPConnection(address.hostname, address.port, timeout=timeout)
        try:
            target = address.path + (f"?{address.query}" if address.query else "")
            connection.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
            connection.putheader("Host", host or self.host)
            for name, value in dict(headers).items():
                connection.putheader(name, value)
            if self.cookies:
                connection.putheader("Cookie", "; ".join(f"{k}={v}" for k, v in self.cookies.items()))
            if body is not None:
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body)
            reply = connection.getresponse()
            return Response(reply.status, reply.headers, reply.read())
        finally:
            connection.close()

    def get(self, path, **options):
        return self.request("GET", path, **options)

    def login(self, username, password):
        """Log in to the admin and keep the cookies."""
        page = self.get("/admin/login/")
        assert page.status == 200, page.text
        self._keep(page)
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)[1]
        form = {"csrfmiddlewaretoken": token, "username": username, "password": password, "next": "/admin/"}
        reply = self.request(
            "POST",
            "/admin/login/",
            body=urlencode(form).encode(),
            headers={"Content-Type": "application/x-www-form-urlencoded", "Referer": self.url},
        )
        assert reply.status == 302, f"{reply.status}: {reply.text[:500]}"
        self._keep(reply)

    def _keep(self, response):
        for value in response.headers.get_all("Set-Cookie") or []:
            name, _, rest = value.partition("=")
            self.cookies[name] = rest.partition(";")[0]


def links(html):
    """What a page loads: addresses of its style sheets, scripts and images."""
    tags = re.findall(r"<(?:link|script|img)\b[^>]*>", html)
    found = (re.search(r'\b(?:href|src)="([^"]+)"', tag) for tag in tags)
    return [match[1].replace("&amp;", "&") for match in found if match]
