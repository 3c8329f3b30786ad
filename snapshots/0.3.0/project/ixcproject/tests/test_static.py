"""Static files as production serves them: under names made of their content."""

import json

import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command

MANIFEST = "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"


@pytest.mark.parametrize("name", ["css/site.css", "css/admin.css", "img/logo.svg"])
def test_files_of_the_templates_exist(name):
    assert finders.find(name)


def test_every_reference_can_be_resolved(settings, tmp_path):
    """Fails as `collectstatic` would while an image is built, but names the file today."""
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": MANIFEST}}

    call_command("collectstatic", interactive=False, verbosity=0)

    paths = json.loads((tmp_path / "staticfiles.json").read_text())["paths"]
    assert paths["css/site.css"] != "css/site.css"
    assert (tmp_path / paths["css/site.css"]).is_file()
