"""The S3 side of ``storage.py``; imported only when ``ENABLE_S3_STORAGE`` is on."""

from django.conf import settings
from storages.backends.s3 import S3Storage

from ixc_django_docker.storage import UniqueMixin


class BaseS3Storage(S3Storage):
    """A bucket described by the ``MEDIA_AWS_…`` settings.

    Nothing is read from the ``AWS_…`` settings: those may belong to other parts of the project.
    """

    place = {}  # noqa: RUF012  (read only)

    def __init__(self, **options):
        defaults = {
            # None lets the client find the machine's own credentials.
            "access_key": settings.MEDIA_AWS_ACCESS_KEY_ID or None,
            "secret_key": settings.MEDIA_AWS_SECRET_ACCESS_KEY or None,
            "bucket_name": settings.MEDIA_AWS_STORAGE_BUCKET_NAME,
            "endpoint_url": settings.MEDIA_AWS_S3_ENDPOINT_URL or None,
            "region_name": settings.MEDIA_AWS_REGION or None,
            "signature_version": "s3v4",
            "addressing_style": "path" if settings.MEDIA_AWS_S3_ENDPOINT_URL else "auto",
            "file_overwrite": False,
        }
        super().__init__(**defaults | self.place | options)


class S3PublicStorage(BaseS3Storage):
    """Files below ``media/`` in the bucket, with plain links."""

    access = "public"
    place = {"location": "media", "querystring_auth": False}  # noqa: RUF012

    def __init__(self, **options):
        defaults = {
            "default_acl": settings.MEDIA_AWS_DEFAULT_ACL or None,
            "custom_domain": settings.MEDIA_AWS_CUSTOM_DOMAIN or None,
        }
        super().__init__(**defaults | options)


class S3PrivateStorage(BaseS3Storage):
    """Files below ``private/`` in the bucket, with signed links that expire."""

    access = "private"
    place = {"location": "private", "querystring_auth": True}  # noqa: RUF012

    def __init__(self, **options):
        defaults = {"querystring_expire": settings.PRIVATE_MEDIA_EXPIRE, "default_acl": None}
        super().__init__(**defaults | options)


class UniqueS3PublicStorage(UniqueMixin, S3PublicStorage):
    """Public files on S3 under unique names, which browsers may keep for ever."""

    place = S3PublicStorage.place | {
        "file_overwrite": True,
        "object_parameters": {"CacheControl": "public, max-age=31536000, immutable"},
    }


class UniqueS3PrivateStorage(UniqueMixin, S3PrivateStorage):
    """Private files on S3 under unique names."""

    place = S3PrivateStorage.place | {"file_overwrite": True}
