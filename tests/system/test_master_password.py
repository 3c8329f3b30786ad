"""One password for every account: only a strong one that is hashed, never for closed accounts, and never unnoticed."""

import json

import pytest

STRONG = "kR8_vq-Zt3mXw5Yb7Nc1Lp9Js4Hd6Gf2-QaEoUiTyWzMxBvCnKj"
LOGIN = """
    from django.contrib.auth import authenticate, get_user_model
    users = get_user_model().objects
    users.filter(username__in=["ada", "gone"]).delete()
    users.create_user("ada", password="her-own-password")
    users.create_user("gone", password="x", is_active=False)
    names = [("ada", {password!r}), ("ada", "her-own-password"), ("ada", "wrong"), ("gone", {password!r}), ("nobody", {password!r})]
    print()
    print(json.dumps([str(authenticate(None, username=u, password=p)) for u, p in names]))
"""


@pytest.fixture(scope="module")
def login(maximal, tmp_path_factory):
    """Log in with a password; returns who got in in five attempts, and the log."""
    env = {"VAR_DIR": str(tmp_path_factory.mktemp("master")), "SECRET_KEY": "m" * 60, "LOG_FORMAT": "json"}
    maximal.go("migrate.sh", **env)

    def login(password, master, dotenv="production"):
        code = "import json\n" + "\n".join(line[4:] for line in LOGIN.format(password=password).splitlines())
        result = maximal.manage("shell", "--no-imports", "-c", code, DOTENV=dotenv, MASTER_PASSWORD=master, **env)
        return json.loads(result.stdout.splitlines()[-1]), result.stderr

    return login


@pytest.fixture(scope="module")
def hashed(maximal):
    result = maximal.go("manage.py", "make_password", stdin=STRONG + "\n")
    return result.stdout.strip()


OWN_ONLY = ["None", "ada", "None", "None", "None"]


def test_a_strong_hashed_one_opens_active_accounts(login, hashed):
    assert hashed.startswith("pbkdf2_sha256$")
    who, log = login(STRONG, hashed)
    assert who == ["ada", "ada", "None", "None", "None"]
    assert "master password used for 'ada'" in log
    assert "master password refused: no active user 'gone'" in log
    assert STRONG not in log


@pytest.mark.parametrize("dotenv", ["production", "staging"])
def test_one_in_clear_opens_nothing_on_public_sites(login, dotenv):
    who, log = login(STRONG, STRONG, dotenv)
    assert who == OWN_ONLY
    assert "MASTER_PASSWORD is in clear, which only DEBUG allows" in log


def test_a_weak_one_opens_nothing_although_it_is_hashed(login, maximal):
    code = "from django.contrib.auth.hashers import make_password; print(make_password('letmein'))"
    who, log = login("letmein", maximal.python(code).splitlines()[-1])
    assert who == OWN_ONLY
    assert "fewer than 50 characters" in log


def test_a_developer_may_have_a_short_one(login):
    who, log = login("letmein", "letmein", "develop")
    assert who == ["ada", "ada", "None", "None", "None"]
    assert "master password used for 'ada'" in log


def test_without_one_nothing_changes(login):
    who, log = login("", "", "develop")
    assert who == OWN_ONLY and "master" not in log


def test_the_command_refuses_what_is_weak_and_makes_up_what_is_strong(maximal):
    refused = maximal.go("manage.py", "make_password", stdin="short\n", check=False)
    assert refused.returncode == 1 and refused.stdout == ""
    assert "fewer than 50 characters" in refused.stderr and "--generate" in refused.stderr
    made = maximal.go("manage.py", "make_password", "--generate")
    assert made.stdout.startswith("pbkdf2_sha256$") and len(made.stdout.split()) == 1


def test_the_deployment_check_tells_of_one_in_clear(maximal, hashed):
    env = {"DOTENV": "production", "SECRET_KEY": "m" * 60}
    assert "ixc_django_docker.W002" in maximal.manage("check", "--deploy", MASTER_PASSWORD=STRONG, **env).stderr
    assert "ixc_django_docker.W002" not in maximal.manage("check", "--deploy", MASTER_PASSWORD=hashed, **env).stderr
