"""Full-text search from index to result, on the engine within the process and on a server."""

import json

import pytest
from support import sinks

# An application of the kind that a project has; on PYTHONPATH, because other tests use the same project.
APP = {
    "__init__.py": "",
    "search_indexes.py": """
from django.contrib.auth.models import Group
from haystack import indexes


class GroupIndex(indexes.SearchIndex, indexes.Indexable):
    text = indexes.CharField(document=True)

    def get_model(self):
        return Group

    def prepare_text(self, group):
        return group.name
""",
}
CODE = """
import json
from django.contrib.auth.models import Group
from haystack.query import SearchQuerySet
from haystack.utils import loading
found = {word: sorted(r.object.name for r in SearchQuerySet().filter(content=word)) for word in ("gardeners", "bakers", "smiths")}
print()
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def shop(maximal, tmp_path_factory):
    """The project with something to find, and the variables to use it with."""
    folder = tmp_path_factory.mktemp("search")
    (folder / "lib/guilds").mkdir(parents=True)
    for name, text in APP.items():
        (folder / "lib/guilds" / name).write_text(text)
    # The local settings are the place for what only one machine has; these are removed again.
    local = maximal.path / "ixcproject/settings/local.py"
    local.write_text('INSTALLED_APPS += ["guilds"]\n')
    env = {"VAR_DIR": str(folder / "var"), "PYTHONPATH": str(folder / "lib")}
    try:
        maximal.go("migrate.sh", **env)
        code = "from django.contrib.auth.models import Group as G\nfor n in ('London Gardeners', 'London Bakers'): G.objects.create(name=n)"
        maximal.python(code, **env)
        yield maximal, env
    finally:
        local.unlink()


def search(shop):
    project, env = shop
    return json.loads(project.python(CODE, **env).splitlines()[-1])


FOUND = {"gardeners": ["London Gardeners"], "bakers": ["London Bakers"], "smiths": []}


def test_on_whoosh(shop):
    project, env = shop
    project.manage("rebuild_index", "--noinput", **env)
    assert search(shop) == FOUND
    project.python("from django.contrib.auth.models import Group; Group.objects.create(name='Smiths')", **env)
    project.manage("update_index", **env)
    assert search(shop)["smiths"] == ["Smiths"]
    project.python("from django.contrib.auth.models import Group; Group.objects.get(name='Smiths').delete()", **env)
    project.manage("update_index", "--remove", **env)
    assert search(shop) == FOUND


def test_on_elasticsearch(shop):
    project, env = shop
    with sinks.elasticsearch() as (address, server):
        env = env | {"ELASTICSEARCH_ADDRESS": address}
        project.manage("rebuild_index", "--noinput", **env)
        assert len(server.documents) == 2
        assert search((project, env)) == FOUND
        index = f"{project.path.name}_develop"
        assert any(path.startswith(f"/{index}/_bulk") or path == "/_bulk" for _, path, _ in server.requests)
        assert "text" in json.dumps(server.mapping), "the fields are declared"
        assert any("compatible-with=7" in accept for *_, accept in server.requests), "as a server of version 8 needs it"


def test_a_search_server_that_is_away_fails_no_page(shop):
    """The engine finds nothing and says why in the log."""
    project, env = shop
    env = env | {"ELASTICSEARCH_ADDRESS": "127.0.0.1:1"}
    result = project.manage("shell", "--no-imports", "-c", CODE, **env)
    assert json.loads(result.stdout.splitlines()[-1])["bakers"] == []
    assert "127.0.0.1" in result.stderr or "onnection" in result.stderr
