"""Keep uploaded files on S3, or on any server that speaks its protocol.

On when ``MEDIA_AWS_ACCESS_KEY_ID`` is set. ``ENABLE_S3_STORAGE=1`` without keys uses the
credentials of the machine (an instance role); ``ENABLE_S3_STORAGE=0`` keeps files on this disk.
"""

from ixc_django_docker.environ import env, env_bool
from ixc_django_docker.loader import require

require("storages", "django-storages[s3]", "storages.py")

MEDIA_AWS_ACCESS_KEY_ID = env("MEDIA_AWS_ACCESS_KEY_ID")
MEDIA_AWS_SECRET_ACCESS_KEY = env("MEDIA_AWS_SECRET_ACCESS_KEY")
# Bucket names are host names: no underscores.
MEDIA_AWS_STORAGE_BUCKET_NAME = env(
    "MEDIA_AWS_STORAGE_BUCKET_NAME", PROJECT_NAME.replace("_", "-").lower()
)
MEDIA_AWS_S3_ENDPOINT_URL = env("MEDIA_AWS_S3_ENDPOINT_URL")
# Private links are signed for it. Machines of AWS have it in their environment.
MEDIA_AWS_REGION = env("MEDIA_AWS_REGION") or env("AWS_REGION") or env("AWS_DEFAULT_REGION")
# Buckets made since 2023 refuse ACLs. Public files need a bucket policy, or a CDN in front: for
# `media/*` only, because private files lie beside it in `private/`.
MEDIA_AWS_DEFAULT_ACL = env("MEDIA_AWS_DEFAULT_ACL")
MEDIA_AWS_CUSTOM_DOMAIN = env("MEDIA_AWS_CUSTOM_DOMAIN")

ENABLE_S3_STORAGE = env_bool("ENABLE_S3_STORAGE", bool(MEDIA_AWS_ACCESS_KEY_ID))
