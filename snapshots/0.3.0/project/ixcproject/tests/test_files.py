"""Uploaded files: private ones need a valid link, unique ones are stored once."""

from pathlib import Path

import pytest
from django.core.files.base import ContentFile

from ixc_django_docker import storage


@pytest.fixture
def private(settings, tmp_path):
    settings.PRIVATE_MEDIA_ROOT = tmp_path
    return storage.LocalPrivateStorage()


@pytest.fixture
def media(settings, tmp_path):
    if not any(name.endswith("WhiteNoiseMiddleware") for name in settings.MIDDLEWARE):
        pytest.skip("whitenoise.py is not in BASE_SETTINGS")
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.MEDIA_ROOT.mkdir()
    return settings.MEDIA_ROOT


def body(response):
    return b"".join(response.streaming_content)


def test_a_private_file_opens_with_its_link(client, private):
    name = private.save("reports/über uns.txt", ContentFile(b"secret"))

    response = client.get(private.url(name))

    assert response.status_code == 200
    assert body(response) == b"secret"
    assert response["Cache-Control"] == "private, no-store"


def test_a_private_link_is_good_for_one_file_only(client, private):
    link = private.url(private.save("a.txt", ContentFile(b"a")))
    private.save("b.txt", ContentFile(b"b"))

    assert client.get(link.replace("a.txt", "b.txt")).status_code == 403
    assert client.get(link.partition("?")[0]).status_code == 403


def test_a_private_link_ends(client, private):
    name = private.save("a.txt", ContentFile(b"a"))

    assert client.get(private.url(name, expire=-1)).status_code == 403


def test_an_uploaded_page_is_not_shown_as_ours(client, private):
    name = private.save("page.html", ContentFile(b"<script>alert(1)</script>"))

    response = client.get(private.url(name))

    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"


@pytest.mark.django_db
def test_equal_content_is_stored_once(tmp_path):
    unique = storage.UniqueLocalPublicStorage(location=tmp_path)

    first = unique.save("photos/cat.JPG", ContentFile(b"meow"))
    second = unique.save("photos/tom.jpg", ContentFile(b"meow"))

    assert first == second
    assert first.startswith("dd/photos/")
    assert first.endswith(".jpg")
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


@pytest.mark.django_db
def test_a_file_that_was_cut_short_is_stored_again(tmp_path):
    unique = storage.UniqueLocalPublicStorage(location=tmp_path)
    name = unique.save("cat.jpg", ContentFile("meow"))
    (tmp_path / name).write_bytes(b"me")

    assert unique.save("cat.jpg", ContentFile("meow")) == name
    assert (tmp_path / name).read_bytes() == b"meow"


def test_a_stored_file_has_a_path_for_other_programs(private):
    name = private.save("a.txt", ContentFile(b"a"))

    with storage.get_local_file_path(name, private) as path:
        assert Path(path).read_bytes() == b"a"


def test_public_files_are_served_from_the_moment_of_upload(client, media):
    (media / "late.txt").write_bytes(b"late")

    response = client.get("/media/late.txt")

    assert body(response) == b"late"
    assert "immutable" not in response["Cache-Control"]


def test_files_with_unique_names_may_be_kept_for_ever(client, media):
    name = storage.UniqueLocalPublicStorage().unique_name("a.png", ContentFile(b"picture"))
    (media / name).parent.mkdir(parents=True)
    (media / name).write_bytes(b"picture")

    assert "immutable" in client.get(f"/media/{name}")["Cache-Control"]


@pytest.mark.parametrize(
    ("name", "kind", "shown"),
    [
        ("a.webp", "image/webp", True),
        ("a.txt", "text/plain; charset=utf-8", True),
        ("a.svg", "image/svg+xml", False),
        ("a.html", "text/html; charset=utf-8", False),
        ("a.txt.gz", "application/octet-stream", False),
    ],
)
def test_a_browser_shows_only_what_cannot_act(client, media, name, kind, shown):
    (media / name).write_bytes(b"content")

    response = client.get(f"/media/{name}")
    assert body(response) == b"content"

    assert response["Content-Type"] == kind
    assert ("Content-Disposition" not in response) is shown


def test_one_upload_is_never_sent_for_another(client, media):
    (media / "photo.jpg").write_bytes(b"a picture of mine")
    (media / "photo.jpg.gz").write_bytes(b"yours")

    response = client.get("/media/photo.jpg", headers={"accept-encoding": "gzip, br"})

    assert body(response) == b"a picture of mine"
    assert "Content-Encoding" not in response


@pytest.mark.parametrize("path", ["../secret", "..%2Fsecret", "%2Fetc%2Fpasswd", "a%00b", "."])
def test_nothing_outside_of_the_folder_is_served(client, media, path):
    (media.parent / "secret").write_bytes(b"secret")

    assert client.get(f"/media/{path}").status_code == 404
