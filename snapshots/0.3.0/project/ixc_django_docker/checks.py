"""System checks of ``manage.py check --deploy``."""

from django.conf import settings
from django.core.checks import Tags, Warning, register  # noqa: A004  (Django's name)


@register(Tags.security, deploy=True)
def secret_key_is_shared(app_configs, **kwargs):
    """Warn when the secret key is known to this machine only."""
    if not getattr(settings, "SECRET_KEY_GENERATED", False):
        return []
    return [
        Warning(
            "SECRET_KEY was generated on this machine, so sessions and signed links made here are "
            "not valid on any other machine, and end when VAR_DIR is lost.",
            hint="Set SECRET_KEY, or SECRET_KEY_FILE, to one long random value on every machine.",
            id="ixc_django_docker.W001",
        )
    ]


@register(Tags.security, deploy=True)
def master_password_is_hashed(app_configs, **kwargs):
    """Warn of a master password that cannot be used because it is in clear."""
    from ixc_django_docker.master_password import is_hash

    master = getattr(settings, "MASTER_PASSWORD", "")
    if not master or settings.DEBUG or is_hash(master):
        return []
    return [
        Warning(
            "MASTER_PASSWORD is in clear, which only DEBUG allows: nobody can log in with it here.",
            hint="Set it to a hash: `manage.py make_password --generate`.",
            id="ixc_django_docker.W002",
        )
    ]


@register(deploy=True)
def search_index_is_shared(app_configs, **kwargs):
    """Warn when the search index is on this machine only."""
    connections = getattr(settings, "HAYSTACK_CONNECTIONS", {})
    engines = [connection.get("ENGINE", "") for connection in connections.values()]
    if not any("whoosh" in engine for engine in engines):
        return []
    return [
        Warning(
            "The search index is in VAR_DIR, so every machine finds what was indexed on itself.",
            hint="Set ELASTICSEARCH_ADDRESS, unless there is one machine only.",
            id="ixc_django_docker.W003",
        )
    ]


@register(deploy=True)
def bucket_has_a_region(app_configs, **kwargs):
    """Warn when links to private files would be signed for a region that nobody named."""
    region, endpoint = (getattr(settings, f"MEDIA_AWS_{name}", "") for name in ("REGION", "S3_ENDPOINT_URL"))
    if not settings.ENABLE_S3_STORAGE or region or endpoint:
        return []
    return [
        Warning(
            "MEDIA_AWS_REGION is not set: links to private files are signed for us-east-1, and S3 refuses them elsewhere.",
            hint="Set MEDIA_AWS_REGION to the region of the bucket.",
            id="ixc_django_docker.W004",
        )
    ]
