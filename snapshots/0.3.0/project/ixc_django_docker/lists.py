"""Edits of INSTALLED_APPS and MIDDLEWARE that do not depend on which modules are active."""


def insert_after(items, new, *anchors):
    """Put ``new`` behind the last of the ``anchors`` that are there, or first when none is."""
    position = max((items.index(anchor) + 1 for anchor in anchors if anchor in items), default=0)
    items.insert(position, new)


def discard(items, *unwanted):
    """Take out every one of ``unwanted`` that is there."""
    items[:] = [item for item in items if item not in unwanted]
