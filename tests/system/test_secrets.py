"""Secrets of a project: encrypted in git from the first commit on, decrypted where it runs, by openssl or gpg alone."""

import base64
import json
import os
import re
import shutil
import stat
import textwrap

import pytest
from support.machine import clean_environment
from support.process import run
from support.project import binary, new

SECRET = "export PGPASSWORD=\"${PGPASSWORD:-it is s3cret}\"\nMULTI='two\nlines'\n"
IDENTITY = {f"GIT_{who}_{what}": "ada@example.com" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
SCRIPTS = "ixc_django_docker/bin"


def git(path, *arguments, check=True):
    return run(["git", *arguments], cwd=path, env=clean_environment(**IDENTITY), check=check).stdout


def secrets(path, *arguments, check=True, **env):
    return run([binary(), "secrets", *arguments], cwd=path, env=clean_environment(**env), check=check)


def enter(path, *command, check=True, **env):
    """Run a command through entrypoint.sh with nothing but coreutils, openssl and gpg on PATH, as in a container."""
    bin = path.parent / "bin"
    if not bin.exists():
        bin.mkdir()
        programs = "bash basename cat chmod cut dirname env gpg gpgconf gpg-agent grep head id mktemp mv od openssl python3 rm sed tail tr wc"
        for name in programs.split():
            (bin / name).symlink_to(shutil.which(name))
    env = {"PATH": str(bin), "HOME": str(path.parent), "DOTENV": "production"} | env
    return run([f"{SCRIPTS}/entrypoint.sh", *command], cwd=path, env=env, check=check)


def start(path, **answers):
    new(path, answers, env=clean_environment(**IDENTITY))
    git(path, "commit", "-qm", "Start")
    return path


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """A project with a real secret in its second commit."""
    path = start(tmp_path_factory.mktemp("secrets") / "shop")
    (path / ".env.production.secret").write_text(SECRET)
    git(path, "commit", "-qam", "A secret")
    return path


@pytest.fixture(scope="module")
def password(shop):
    return git(shop, "config", "--local", "transcrypt.password").strip()


@pytest.fixture
def image(shop, tmp_path):
    """The files of the last commit as they are in it, without git."""
    archive = tmp_path / "archive.tar"
    git(shop, "-c", "filter.crypt.smudge=cat", "-c", "filter.crypt.required=false", "archive", "-o", archive, "HEAD")
    path = tmp_path / "image"
    shutil.unpack_archive(archive, path)
    return path


def test_no_commit_holds_a_secret_in_the_clear(shop, password):
    objects = git(shop, "cat-file", "--batch-all-objects", "--batch")
    assert "s3cret" not in objects and "Secrets of the production site" not in objects
    for name in (".env.develop.secret", ".env.staging.secret", ".env.production.secret"):
        assert git(shop, "cat-file", "blob", f"HEAD:{name}").startswith("U2FsdGVk")
    assert (shop / ".env.production.secret").read_text() == SECRET
    assert git(shop, "status", "--porcelain") == ""
    assert len(password) == 32
    assert stat.S_IMODE((shop / ".git/config").stat().st_mode) == 0o600
    for path in shop.rglob("*"):
        if path.is_file() and ".git" not in path.relative_to(shop).parts:
            assert password.encode() not in path.read_bytes(), path


def test_a_clone_is_locked_until_it_is_set_up(shop, password, tmp_path):
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", shop, clone)
    assert (clone / ".env.production.secret").read_text().startswith("U2FsdGVk")
    result = secrets(clone, "init", check=False)
    assert result.returncode == 1 and "TRANSCRYPT_PASSWORD" in result.stderr
    result = secrets(clone, "init", check=False, TRANSCRYPT_PASSWORD="not the password at all")
    assert result.returncode == 1 and "the password is wrong" in result.stderr
    secrets(clone, "init", TRANSCRYPT_PASSWORD=password)
    assert (clone / ".env.production.secret").read_text() == SECRET
    assert git(clone, "status", "--porcelain") == ""
    (clone / ".env.production.secret").write_text(SECRET + "A=1\n")
    git(clone, "commit", "-qam", "More")
    assert "✓ .env.production.secret" in secrets(clone, "check").stdout
    assert "+A=1" in git(clone, "show")
    run([f"{SCRIPTS}/secrets.sh", "check"], cwd=clone, env=clean_environment())


def test_a_container_needs_openssl_and_the_password(image, password, tmp_path):
    code = "import os; print(os.environ['PGPASSWORD'], os.environ['MULTI'])"
    show = ("python3", "-c", code)
    assert enter(image, *show, TRANSCRYPT_PASSWORD=password).stdout == "it is s3cret two\nlines\n"
    # As a Docker secret, and from .env.local, which is read first and again at the end.
    (tmp_path / "password").write_text(password + "\n")
    given = enter(image, *show, TRANSCRYPT_PASSWORD_FILE=str(tmp_path / "password"))
    assert given.stdout.startswith("it is s3cret")
    (image / ".env.local").write_text(f"DOTENV=production\nTRANSCRYPT_PASSWORD='{password}'\nMULTI=mine\n")
    assert enter(image, *show, DOTENV="").stdout == "it is s3cret mine\n"
    # What comes from outside wins where the file says so.
    assert enter(image, *show, PGPASSWORD="outside").stdout == "outside mine\n"
    assert not list(tmp_path.rglob("*.plain"))
    result = enter(image, f"{SCRIPTS}/secrets.sh", "show", ".env.production.secret")
    assert result.stdout == SECRET


def refused(image, *words, **env):
    result = enter(image, "env", check=False, **env)
    assert result.returncode == 1 and "s3cret" not in result.stdout + result.stderr
    for word in words:
        assert word in result.stderr, result.stderr


def test_what_cannot_be_trusted_is_refused(image, password):
    file = image / ".env.production.secret"
    blob = file.read_text()
    refused(image, "its password is not known here", "TRANSCRYPT_PASSWORD")
    refused(image, "the password is wrong", TRANSCRYPT_PASSWORD="not the password at all")
    raw = base64.b64decode(blob)
    # One bit of the last block but one, of the salt, and a block that is missing.
    for tampered in (
        raw[:-20] + bytes([raw[-20] ^ 1]) + raw[-19:],
        raw[:8] + bytes([raw[8] ^ 1]) + raw[9:],
        raw[:16] + raw[32:],
    ):
        file.write_bytes(base64.encodebytes(tampered))
        refused(image, "tampered", TRANSCRYPT_PASSWORD=password)
    file.write_text(blob)
    file.rename(image / ".env.staging.secret")
    refused(image, "renamed", TRANSCRYPT_PASSWORD=password, DOTENV="staging")
    # Without its salt, as an old transcrypt wrote it.
    file.write_text("\n".join(textwrap.wrap(base64.b64encode(raw[16:]).decode(), 64)) + "\n")
    refused(image, "its salt is missing", TRANSCRYPT_PASSWORD=password)
    assert "PGPASSWORD" not in enter(image, "env", WITHOUT_SECRETS="1").stdout


def test_a_mistake_in_an_encrypted_file_is_told_by_its_line(shop, password, tmp_path):
    path = tmp_path / "shop"
    shutil.copytree(shop, path)
    blob = run(
        [binary(), "secrets", "clean", ".env.production.secret"],
        cwd=path,
        env=clean_environment(),
        stdin="A=1\nB='s3cret\n",
    ).stdout
    (path / ".env.production.secret").write_text(blob)
    refused(path, "is not a valid dotenv file: line ", TRANSCRYPT_PASSWORD=password)


def test_what_double_quotes_would_change_is_told(shop, password, tmp_path):
    """`$`, backticks and braces arrive as they are in the form that our files recommend; in the older one each is told of."""
    path = tmp_path / "shop"
    shutil.copytree(shop, path)
    value = "s3$cret$5}`id`\\\"#$%"
    text = (
        "export OLD=\"${OLD:-s3$cret}\"\nBRACE=\"${BRACE:-s3}cret}\" # no\nTICK=\"s3`echo cret`\"\n"
        'FINE="${FINE:-$PROJECT_NAME ${SITE_DOMAIN:-x} $(echo hi)}"\nESCAPED="s3\\$cret"\n'
        f"NEW=${{NEW:-'{value}'}}\nALSO=${{NEW:+'set'}}\n"
    )
    blob = run(
        [binary(), "secrets", "clean", ".env.production.secret"], cwd=path, env=clean_environment(), stdin=text
    ).stdout
    show = ("python3", "-c", "import os; print([os.environ[n] for n in ('NEW', 'ESCAPED', 'FINE')])")
    for stored in (blob, text):
        (path / ".env.production.secret").write_text(stored)
        result = enter(path, *show, TRANSCRYPT_PASSWORD=password)
        assert result.stdout == f"{[value, 's3$cret', 'shop shop.localhost hi']}\n"
        (told,) = result.stderr.splitlines()
        assert "in OLD (line 1), BRACE (line 2), TICK (line 3);" in told and "s3" not in told
    outside = enter(path, *show, TRANSCRYPT_PASSWORD=password, NEW="a}b$c")
    assert outside.stdout.startswith("['a}b$c'")
    # A process that is started without entrypoint.sh reads the same.
    (path / ".env.base").write_text(text)
    code = (
        "import sys, types; from pathlib import Path; e = {};"
        "m = types.ModuleType('django.core.exceptions'); m.ImproperlyConfigured = ValueError;"
        "sys.modules.update({'django': m, 'django.core': m, 'django.core.exceptions': m});"
        "from ixc_django_docker.environ import load_defaults; load_defaults(Path('.env.base'), e); print([e['NEW']])"
    )
    assert run(["python3", "-c", code], cwd=path, env=clean_environment()).stdout == f"{[value]}\n"


def test_our_own_files_recommend_what_keeps_values(shop):
    for file in (".env.local.sample", ".env.develop.secret", ".env.staging.secret", "ixc_django_docker/README.md"):
        text = (shop / file).read_text()
        assert '="${' not in text and ":-'" in text, file


@pytest.mark.parametrize("line", ["B=abc&s3cret", "B=two s3cret", "B = s3cret"])
def test_a_value_without_its_quotes_is_told_by_its_line_alone(shop, password, tmp_path, line):
    """Bash would run the rest of such a line as a command, quote it, and go on without the value."""
    path = tmp_path / "shop"
    shutil.copytree(shop, path)
    clean = [binary(), "secrets", "clean", ".env.production.secret"]
    blob = run(clean, cwd=path, env=clean_environment(), stdin=f"A=1\n{line}\n").stdout
    for text in (blob, f"A=1\n{line}\n"):
        (path / ".env.production.secret").write_text(text)
        refused(path, "line 2: not an assignment", TRANSCRYPT_PASSWORD=password)


def test_a_clone_that_is_not_set_up_is_found_out(shop, tmp_path):
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", shop, clone)
    (clone / ".env.test.secret").write_text("A=1\n")
    git(clone, "add", "-A")
    result = run([f"{SCRIPTS}/secrets.sh", "check"], cwd=clone, env=clean_environment(), check=False)
    assert result.returncode == 1
    assert ".env.test.secret: git would commit it in the clear" in result.stderr
    assert "✓ .env.production.secret" in result.stderr


def image_context(path, tmp_path):
    """What `docker-build.sh` gives to a `docker` that keeps it: the build itself is among the container tests."""
    docker = tmp_path / "docker/docker"
    docker.parent.mkdir()
    docker.write_text(f'#!/bin/sh\necho "$@"; for last; do :; done; cp -r "$last" {tmp_path}/context\n')
    docker.chmod(0o755)
    env = clean_environment()
    env["PATH"] = f"{docker.parent}:{env['PATH']}"
    result = run([f"{SCRIPTS}/docker-build.sh", "-t", "shop"], cwd=path, env=env)
    assert re.match(r"build --build-arg PROJECT_COMMIT=[0-9a-f]{40,} -t shop /", result.stdout), result.stdout
    return tmp_path / "context"


def test_an_image_is_built_from_what_is_committed(shop, tmp_path):
    context = image_context(shop, tmp_path)
    assert (context / ".env.production.secret").read_text().startswith("U2FsdGVk")
    assert "*.secret*" not in (context / ".dockerignore").read_text()
    assert "*.secret*" in (shop / ".dockerignore").read_text()
    assert (context / "manage.py").stat().st_mode & 0o100


def test_a_project_in_a_folder_of_a_repository_opens_its_secrets_in_the_image(tmp_path):
    repository = tmp_path / "sites"
    repository.mkdir()
    git(repository, "init", "-q")
    git(repository, "commit", "-qm", "Start", "--allow-empty")
    path = repository / "shop"
    new(path, {}, env=clean_environment(**IDENTITY))
    secrets(path, "init")
    (path / ".env.production.secret").write_text(SECRET)
    git(path, "add", "-A")
    git(path, "commit", "-qm", "A secret")
    context = image_context(path, tmp_path)
    password = git(path, "config", "--local", "transcrypt.password").strip()
    assert (context / ".env.production.secret").read_text().startswith("U2FsdGVk")
    assert "PGPASSWORD=it is s3cret" in enter(context, "env", TRANSCRYPT_PASSWORD=password).stdout


@pytest.mark.parametrize("content", [SECRET.encode(), b"", b"x", bytes(range(256)) * 9, "ö\n\n".encode()])
def test_a_dev_container_encrypts_as_the_program_does(shop, password, tmp_path, content):
    """With the scripts that devcontainer.json names as git's filters, instead of the program, which is not in there."""
    path = start(tmp_path / "shop", devcontainer=True)
    settings = json.loads((path / ".devcontainer/devcontainer.json").read_text())["remoteEnv"]
    inside = {name: value.replace("/app/", f"{path}/") for name, value in settings.items()}
    (path / "a b.secret").write_bytes(content)

    def blob(env):
        run(["git", "add", "a b.secret"], cwd=path, env=env)
        return run(["git", "cat-file", "blob", ":a b.secret"], cwd=path, env=env).stdout

    env = clean_environment(**IDENTITY)
    expected = blob(env)
    run(["git", "rm", "-q", "--cached", "a b.secret"], cwd=path, env=env)
    assert blob(env | inside) == expected
    assert expected.startswith("U2FsdGVk") or not content
    git(path, "commit", "-qm", "A secret")
    (path / "a b.secret").unlink()
    run(["git", "checkout", "-q", "--", "a b.secret"], cwd=path, env=env | inside)
    assert (path / "a b.secret").read_bytes() == content
    (path / ".env.production.secret").write_text(SECRET)
    assert "+export PGPASSWORD" in run(["git", "diff"], cwd=path, env=env | inside).stdout
    # Whoever has not got the password gets the file as it is.
    git(path, "config", "--unset", "transcrypt.password")
    (path / "a b.secret").unlink()
    run(["git", "checkout", "-q", "--", "a b.secret"], cwd=path, env=env | inside)
    assert (path / "a b.secret").read_text() == expected


@pytest.mark.parametrize("name", ["-h.secret", "-n.secret", "--.secret", "%f.secret", "it's $(touch run) \"so\".secret"])
def test_a_dev_container_takes_no_name_for_an_option(tmp_path, name):
    path = start(tmp_path / "shop", devcontainer=True)
    settings = json.loads((path / ".devcontainer/devcontainer.json").read_text())["remoteEnv"]
    env = clean_environment(**IDENTITY, **{key: value.replace("/app/", f"{path}/") for key, value in settings.items()})
    file = path / name
    file.write_text("A=1\n")
    run(["git", "add", "-A"], cwd=path, env=env)
    run(["git", "commit", "-qm", "A secret"], cwd=path, env=env)
    encrypted = git(path, "cat-file", "blob", f":{name}")
    assert encrypted.startswith("U2FsdGVk")
    file.write_text("A=2\n")
    assert "-A=1\n+A=2" in run(["git", "diff"], cwd=path, env=env).stdout
    run(["git", "checkout", "-q", "--", "."], cwd=path, env=env)
    assert file.read_text() == "A=1\n" and not (path / "run").exists()
    file.write_text(encrypted)
    assert run([f"{SCRIPTS}/secrets.sh", "show", name], cwd=path, env=env).stdout == "A=1\n"


def test_a_dev_container_merges_what_is_encrypted(tmp_path):
    path = start(tmp_path / "shop", devcontainer=True)
    settings = json.loads((path / ".devcontainer/devcontainer.json").read_text())["remoteEnv"]
    env = clean_environment(**IDENTITY, **{name: value.replace("/app/", f"{path}/") for name, value in settings.items()})
    file = path / ".env.production.secret"

    def commit(first, last):
        file.write_text(f"A={first}\nB=2\nC=3\nD=4\nE={last}\n")
        run(["git", "commit", "-qam", "Edit"], cwd=path, env=env)

    commit(1, 5)
    git(path, "branch", "other")
    commit("ours", 5)
    run(["git", "checkout", "-q", "other"], cwd=path, env=env)
    commit(1, "theirs")
    run(["git", "merge", "-q", "-"], cwd=path, env=env)
    assert file.read_text() == "A=ours\nB=2\nC=3\nD=4\nE=theirs\n"
    assert git(path, "cat-file", "blob", "HEAD:.env.production.secret").startswith("U2FsdGVk")
    commit("again", "theirs")
    run(["git", "checkout", "-q", "-"], cwd=path, env=env)
    commit("not so", 5)
    result = run(["git", "merge", "other"], cwd=path, env=env, check=False)
    assert result.returncode and "CONFLICT" in result.stdout
    assert "<<<<<<< ours\nA=not so\n=======\nA=again\n>>>>>>> theirs\n" in file.read_text()


def test_without_encryption_secrets_stay_out_of_git(tmp_path):
    path = start(tmp_path / "shop", secrets="none")
    (path / ".env.production.secret").write_text(SECRET)
    git(path, "add", "-A")
    assert "secret" not in git(path, "ls-files").replace("bin/secrets.sh", "")
    assert "PGPASSWORD=it is s3cret" in enter(path, "env").stdout


def test_git_secret(tmp_path):
    """The program itself, with a key that the project's script makes."""
    path = start(tmp_path / "shop", secrets="git-secret")
    script = f"{SCRIPTS}/setup-git-secret.sh"
    passphrase = 'a long phrase of "ours" with $signs'
    env = clean_environment(**IDENTITY, TMPDIR=str(tmp_path))

    weak = run([script, "init"], cwd=path, env=env | {"GPG_PASSPHRASE": "weak"}, check=False)
    assert weak.returncode == 1 and "at least 20 characters" in weak.stderr
    run([script, "init"], cwd=path, env=env | {"GPG_PASSPHRASE": passphrase})
    again = run([script, "init"], cwd=path, env=env | {"GPG_PASSPHRASE": passphrase}, check=False)
    assert again.returncode == 1 and "set up here already" in again.stderr
    (path / ".env.production").write_text(SECRET)
    run(["git", "secret", "add", ".env.production"], cwd=path, env=env)
    run(["git", "secret", "hide"], cwd=path, env=env)
    run(["gpgconf", "--homedir", path / ".gitsecret/keys", "--kill", "all"], env=env)
    git(path, "add", "-A")
    git(path, "commit", "-qm", "A secret")
    assert ".env.production\n" not in git(path, "ls-files")
    # gpg's copies of the keyring, made again whenever somebody is told.
    assert "~" not in git(path, "ls-files", ".gitsecret")
    (path / ".gitsecret/keys/pubring.kbx~").write_bytes(b"former")
    assert "~" not in git(path, "status", "--porcelain")
    run([f"{SCRIPTS}/secrets.sh", "check"], cwd=path, env=env)

    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", path, clone)
    assert "PGPASSWORD=it is s3cret" in enter(clone, "env", GPG_PASSPHRASE=passphrase, TMPDIR=str(tmp_path)).stdout
    refused(clone, "GPG_PASSPHRASE is not set")
    refused(clone, "GPG_PASSPHRASE is wrong", GPG_PASSPHRASE="another phrase that is long")
    run([script], cwd=clone, env=env | {"GPG_PASSPHRASE": passphrase})
    assert (clone / ".env.production").read_text() == SECRET
    assert stat.S_IMODE((clone / ".env.production").stat().st_mode) == 0o600
    # Now it is there in the clear, and nobody needs the passphrase.
    assert "PGPASSWORD=it is s3cret" in enter(clone, "env").stdout
    assert [name for name in os.listdir(tmp_path) if name.startswith("gpg.")] == []
