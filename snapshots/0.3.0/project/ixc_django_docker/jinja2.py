"""Jinja2 with the conveniences of Django's own templates."""

from django.templatetags.static import static
from django.urls import reverse
from jinja2 import Environment, nodes
from jinja2.ext import Extension

from ixc_django_docker.context_processors import environment as context


def url(name, *args, **kwargs):
    """Return the path of a view: ``{{ url('article', pk=1) }}``."""
    return reverse(name, args=args or None, kwargs=kwargs or None)


def environment(**options):
    """Return a Jinja2 environment with ``static()``, ``url()`` and the ``environment`` context."""
    result = Environment(**options)  # noqa: S701  (Django's backend passes autoescape=True)
    result.globals.update(context(None), static=static, url=url)
    return result


class PlainCompress(Extension):
    """``{% compress css %}…{% endcompress %}`` for projects without compressor."""

    tags = {"compress"}  # noqa: RUF012  (Jinja2's interface)

    def parse(self, parser):
        line = next(parser.stream).lineno
        while parser.stream.current.type != "block_end":
            next(parser.stream)
        body = parser.parse_statements(("name:endcompress",), drop_needle=True)
        return nodes.Scope(body, lineno=line)
