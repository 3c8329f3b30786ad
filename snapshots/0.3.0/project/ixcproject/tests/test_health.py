"""What load balancers ask."""

import pytest

from ixc_django_docker import health


def test_alive_whatever_the_host_is_called(client, settings):
    settings.ALLOWED_HOSTS = ["example.com"]
    settings.SECURE_SSL_REDIRECT = True

    response = client.get("/healthz", headers={"host": "10.0.0.7:8000"})

    assert response.status_code == 200
    assert response.json() == {"status": "ok"}


def test_answers_are_never_cached(client):
    assert "no-store" in client.get("/healthz")["Cache-Control"]


@pytest.mark.django_db
def test_ready_when_the_database_answers(client):
    response = client.get("/readyz")

    assert response.status_code == 200
    assert response.json()["checks"] == {"database": "ok"}


def test_not_ready_when_the_database_is_away(client, monkeypatch):
    def away():
        raise ConnectionError("password=hidden")

    monkeypatch.setitem(health.PROBES, "/readyz", {"database": away})

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["checks"] == {"database": "failed"}
    assert "hidden" not in response.content.decode()


def test_only_reading_is_allowed(client):
    assert client.post("/healthz").status_code == 405
