"""The login with the master password: see ``settings/master_password.py``."""

import logging

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import check_password, identify_hasher
from django.utils.crypto import constant_time_compare

logger = logging.getLogger(__name__)

MIN_LENGTH = 50
MIN_DIFFERENT = 15


def weakness(password):
    """Return why ``password`` is too weak to open every account; an empty text when it is not."""
    if len(password) < MIN_LENGTH:
        return f"it has fewer than {MIN_LENGTH} characters"
    if len(set(password)) < MIN_DIFFERENT:
        return f"it has fewer than {MIN_DIFFERENT} different characters"
    return ""


def is_hash(text):
    """Tell whether ``text`` is a password as Django stores it, made with one of PASSWORD_HASHERS."""
    try:
        identify_hasher(text)
    except ValueError:
        return False
    return True


class Backend(BaseBackend):
    """Lets in whoever knows the master password, as the user they name."""

    def authenticate(self, request, username=None, password=None, **credentials):
        model = get_user_model()
        username = username or credentials.get(model.USERNAME_FIELD)
        if not username or not password or not matches(password):
            return None
        user = model._default_manager.filter(**{model.USERNAME_FIELD: username}).first()
        address = request.META.get("REMOTE_ADDR", "") if request else ""
        if user is None or not user.is_active:
            logger.warning(
                "master password refused: no active user %r", username, extra={"address": address}
            )
            return None
        logger.warning("master password used for %r", username, extra={"address": address})
        return user

    def get_user(self, user_id):
        user = get_user_model()._default_manager.filter(pk=user_id).first()
        return user if user and user.is_active else None


def matches(password):
    """Tell whether ``password`` is the master password, and one that may be used."""
    master = settings.MASTER_PASSWORD
    if is_hash(master):
        if not check_password(password, master):
            return False
        if not settings.DEBUG and (problem := weakness(password)):
            logger.error("master password refused: %s", problem)
            return False
        return True
    if settings.DEBUG:
        return constant_time_compare(password, master)
    if constant_time_compare(password, master):
        logger.error("master password refused: MASTER_PASSWORD is in clear, which only DEBUG allows")
    return False
