"""Public, private and unique storages against a server that speaks the S3 protocol."""

import textwrap
import urllib.error
import urllib.request
import uuid

import pytest


# One project has all that is in others here, so one is enough.
@pytest.fixture
def project(installed):
    return installed("maximal")


@pytest.fixture
def bucket(s3):
    name = f"b{uuid.uuid4().hex}"
    s3.client().create_bucket(Bucket=name)
    return name


@pytest.fixture
def django(project, s3, bucket, tmp_path):
    """Run code with storages on S3; `show` prints what the test then gets back."""
    env = s3.env(bucket) | {"VAR_DIR": str(tmp_path), "DOTENV": "production", "SECRET_KEY": "s" * 60}
    prelude = """
        import json
        from django.conf import settings
        from django.core.files.base import ContentFile
        from django.core.files.storage import storages
        public, private = storages["default"], storages["private"]
        show = lambda *values: print("RESULT " + json.dumps(values))
    """

    def execute(code, **more):
        out = project.python(textwrap.dedent(prelude) + textwrap.dedent(code), **env | more)
        import json

        return json.loads(next(line for line in out.splitlines() if line.startswith("RESULT "))[7:])

    project.go("migrate.sh", **env)
    return execute


def fetch(url):
    try:
        with urllib.request.urlopen(url, timeout=20) as reply:
            return reply.status, reply.read()
    except urllib.error.HTTPError as error:
        return error.code, b""


def test_save_read_list_delete(django):
    code = """
        name = public.save("a/b.txt", ContentFile(b"one"))
        other = public.save("a/b.txt", ContentFile(b"two"))
        listed = sorted(public.listdir("a")[1])
        sizes = [public.size(name), public.open(other).read().decode()]
        public.delete(name)
        show(name, other != name, listed == sorted([name[2:], other[2:]]), sizes, public.exists(name), public.exists(other))
    """
    assert django(code) == ["a/b.txt", True, True, [3, "two"], False, True]


def test_public_address_is_plain_and_private_address_is_signed(django, s3):
    code = """
        show(public.url(public.save("p.txt", ContentFile(b"public"))), private.url(private.save("s.txt", ContentFile(b"private"))))
    """
    public, private = django(code)
    assert "Signature" not in public and "?" not in public
    assert "X-Amz-Signature=" in private
    assert fetch(private) == (200, b"private")
    assert fetch(private.partition("?")[0])[0] == 403
    if s3.strict:
        assert fetch(private[:-4] + "beef")[0] == 403
        assert fetch(private.replace("s.txt", "other.txt"))[0] == 403


def test_no_acl_unless_asked_for(django, s3, bucket):
    """Buckets made since 2023 refuse uploads with an ACL."""
    if s3.strict:
        pytest.skip("this server knows no ACLs")
    django("""show(public.save("plain.txt", ContentFile(b"x")))""")
    grants = s3.client().get_object_acl(Bucket=bucket, Key=key(s3, bucket, "plain.txt"))["Grants"]
    assert not any("AllUsers" in str(grant) for grant in grants)
    (address,) = django(
        """show(public.url(public.save("open.txt", ContentFile(b"x"))))""", MEDIA_AWS_DEFAULT_ACL="public-read"
    )
    assert fetch(address) == (200, b"x")


def test_private_files_stay_private_with_a_public_acl(django):
    (address,) = django(
        """show(private.url(private.save("s.txt", ContentFile(b"x"))))""", MEDIA_AWS_DEFAULT_ACL="public-read"
    )
    assert fetch(address.partition("?")[0])[0] == 403


def key(s3, bucket, end):
    listed = s3.client().list_objects_v2(Bucket=bucket)["Contents"]
    return next(entry["Key"] for entry in listed if entry["Key"].endswith(end))


def test_unique_names(django, s3, bucket):
    code = """
        a = public.save("x/report.txt", ContentFile(b"same"))
        b = public.save("x/report.txt", ContentFile(b"same"))
        c = public.save("x/report.txt", ContentFile(b"changed"))
        p = private.save("x/report.txt", ContentFile(b"same"))
        public.delete(a)
        show(a, a == b, a != c, public.exists(a), private.open(p).read().decode())
    """
    name, same, differs, kept, read = django(code, ENABLE_UNIQUE_STORAGE="1")
    assert (same, differs, kept, read) == (True, True, True, "same")
    head = s3.client().head_object(Bucket=bucket, Key=key(s3, bucket, name))
    assert "immutable" in head["CacheControl"]
    assert head["ContentType"] == "text/plain"


def test_large_file_in_several_parts(django, s3, bucket):
    code = """
        import hashlib
        content = bytes(range(256)) * (12 * 4096)
        name = public.save("large.bin", ContentFile(content))
        show(hashlib.sha256(content).hexdigest() == hashlib.sha256(public.open(name).read()).hexdigest(), public.size(name))
    """
    assert django(code) == [True, 12 * 1024 * 1024]


def test_local_file_path(django):
    """Other programs get a path, and the copy is gone afterwards."""
    code = """
        from pathlib import Path
        from ixc_django_docker.storage import get_local_file_path
        name = public.save("track.mp3", ContentFile(b"sound"))
        with get_local_file_path(name) as path:
            inside = [Path(path).read_bytes().decode(), Path(path).suffix]
        show(inside, Path(path).exists())
    """
    assert django(code) == [["sound", ".mp3"], False]


def test_switched_off_by_variable(django, tmp_path):
    (path,) = django("""show(str(public.path(public.save("here.txt", ContentFile(b"x")))))""", ENABLE_S3_STORAGE="0")
    assert path.startswith(str(tmp_path))


def test_site_stays_up_when_the_bucket_is_unreachable(project, tmp_path):
    """Only what needs the bucket fails, so a page without files is served."""
    env = {
        "MEDIA_AWS_ACCESS_KEY_ID": "x",
        "MEDIA_AWS_SECRET_ACCESS_KEY": "x",
        "MEDIA_AWS_S3_ENDPOINT_URL": "http://127.0.0.1:9",
        "VAR_DIR": str(tmp_path),
    }
    with project.serve("runserver.sh", host="localhost", **env) as site:
        assert site.get("/").status == 200
