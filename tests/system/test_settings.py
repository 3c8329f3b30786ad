"""The wrapper's settings modules: small subsets with every override (`settings_matrix.py`), and what they refuse."""

import sys
from pathlib import Path

import pytest
from support.process import run
from support.project import new


# The modules of the default project are among those of the maximal one.
@pytest.mark.parametrize("kind", ["minimal", "maximal"])
def test_every_combination_loads(installed, kind):
    project = installed(kind)
    script = Path(__file__).with_name("settings_matrix.py")
    result = run([sys.executable, script, project.path, project.path / "var/go.sh-venv/bin/python"], timeout=550)
    print(result.stdout)


def test_a_build_without_base_settings_takes_the_usual_modules(maximal):
    env = {"DOTENV": "production", "SECRET_KEY": "b" * 60}
    maximal.go("env", "-u", "BASE_SETTINGS", "build-static.sh", **env)
    assert list((maximal.path / "static_root/CACHE/css").glob("output.*.css.gz"))


def test_mail_in_the_background_needs_what_runs_in_the_background(maximal):
    result = maximal.manage("check", check=False, BASE_SETTINGS="base.py celery_email.py celery.py")
    assert result.returncode == 1
    assert "'celery_email.py' needs 'celery.py' before it in BASE_SETTINGS" in result.stderr


def test_mail_in_the_background_brings_it_along(tmp_path):
    """One answer is enough: the other module, its packages and its containers come by themselves."""
    folder = tmp_path / "mailing"
    new(folder, {"features": ["celery_email"]})
    base = (folder / ".env.base").read_text()
    assert 0 < base.index("    celery.py\n") < base.index("    celery_email.py\n")
    for package in ("celery==", "django-celery-beat==", "flower==", "redis=="):
        assert f"\n{package}" in (folder / "requirements.txt").read_text()
    assert "\n  celery:\n" in (folder / "compose.yaml").read_text()
