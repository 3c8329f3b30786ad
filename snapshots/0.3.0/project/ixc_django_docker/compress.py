"""What django-compressor lacks: a stand-in for its tag, and contexts for offline compression.

Imports nothing of compressor, which may not be installed.
"""

from itertools import chain, combinations

from django import template
from django.conf import settings

register = template.Library()


class PlainNode(template.Node):
    """Renders what stands between the tags, as it is."""

    def __init__(self, nodelist):
        self.nodelist = nodelist

    def render(self, context):
        return self.nodelist.render(context)


@register.tag
def compress(parser, token):
    """``{% compress css %}…{% endcompress %}`` for projects without ``compressor.py``.

    Templates are then written once, whether files are combined or served one by one.
    """
    nodelist = parser.parse(("endcompress",))
    parser.delete_first_token()
    return PlainNode(nodelist)


def offline_context():
    """Yield every context in which ``manage.py compress`` must render the templates.

    ``IXC_COMPRESSOR_GLOBAL_CONTEXT`` is in all of them. ``IXC_COMPRESSOR_OPTIONAL_CONTEXT`` is a
    list of dictionaries that may each be there or not: all 2^n combinations are compressed.
    """
    optional = settings.IXC_COMPRESSOR_OPTIONAL_CONTEXT
    subsets = chain.from_iterable(combinations(optional, n) for n in range(len(optional) + 1))
    for subset in subsets:
        result = dict(settings.IXC_COMPRESSOR_GLOBAL_CONTEXT)
        for part in subset:
            result |= part
        yield result
