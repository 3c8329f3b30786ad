//! Each format is read in one way, however its parts are spelled.

use super::project::{Project, shown};

/// What a project with these files beside is said to be, by key.
fn check(files: &[(&str, &str)], expected: &[(&str, &str)]) {
    let report = Project::new(files).report();
    for (key, value) in expected {
        assert_eq!(shown(&report, key), *value, "{key} of {files:?}");
    }
}

#[test]
fn a_key_of_another_tool_says_nothing() {
    check(
        &[(
            "pyproject.toml",
            "[tool.somelinter]\nrequires-python = \"3.8\"\n\n[project]\nname = \"shop\"\nrequires-python = \">=3.11\"\ndependencies = [\"Django>=4.2,<5\"]\n",
        )],
        &[("python.version", ">=3.11 (high) pyproject.toml:6")],
    );
    check(
        &[(
            "Pipfile",
            "[packages]\ndjango = \"==4.2\"\n\n[pipenv]\npython_version = \"3.6\"\n\n[requires]\npython_version = \"3.11\"\n",
        )],
        &[("python.version", "3.11 (high) Pipfile:8")],
    );
    check(
        &[
            ("requirements.txt", "Django==4.2\n"),
            (
                "setup.cfg",
                "[tool:x]\npython_requires = 3.6\n[options]\npython_requires = >=3.11\n",
            ),
        ],
        &[("python.version", ">=3.11 (high) setup.cfg:4")],
    );
    check(
        &[
            ("requirements.txt", "Django==4.2\n"),
            (
                "setup.py",
                "\"\"\"\npython_requires = '3.6'\n\"\"\"\nfrom setuptools import setup\nPYTHON = '>=3.11'\nsetup(name='shop', python_requires=PYTHON)\n",
            ),
        ],
        &[("python.version", ">=3.11 (high) setup.py:5")],
    );
}

#[test]
fn the_standard_table_in_every_spelling() {
    for text in [
        "[project]\nrequires-python = \">=3.11\"\ndependencies = [\"Django>=4.2,<5\"]\n",
        "[project]\n\"requires-python\" = '>=3.11'\n'dependencies' = ['Django>=4.2,<5']\n",
        "#\nproject.requires-python = \">=3.11\"\nproject.dependencies = [\"Django>=4.2,<5\"]\n",
        "[\"project\"]\nrequires-python=\">=3.11\"\ndependencies=[\"Django>=4.2,<5\" ] # , \"x\"\n",
    ] {
        check(
            &[("pyproject.toml", text)],
            &[
                ("python.version", ">=3.11 (high) pyproject.toml:2"),
                ("django.spec", ">=4.2,<5 (high) pyproject.toml:3"),
                ("requirements.main", "pyproject.toml (high) pyproject.toml"),
            ],
        );
    }
    check(
        &[(
            "pyproject.toml",
            "project = {requires-python = \">=3.11\", dependencies = [\"Django>=4.2,<5\"]}\n",
        )],
        &[
            ("python.version", ">=3.11 (high) pyproject.toml:1"),
            ("django.spec", ">=4.2,<5 (high) pyproject.toml:1"),
        ],
    );
}

#[test]
fn poetry_in_every_spelling() {
    for text in [
        "[tool.poetry.dependencies]\npython = \"^3.11\"\ndjango = \"~4.2\"\n",
        "[tool.poetry]\ndependencies.python = \"^3.11\"\ndependencies.django = \"~4.2\"\n",
        "[tool.poetry]\n'dependencies'.python = \"^3.11\"\ndependencies = {}\n",
        "[tool.poetry.dependencies]\n\"python\" = \"^3.11\"\n\"Django\" = {version = \"~4.2\", extras = [\"argon2\"]}\n",
        "[tool]\npoetry.dependencies.python = \"^3.11\"\npoetry.dependencies.django = {version = \"~4.2\"}\n",
        "[tool.poetry.dependencies]\npython = \"^3.11\"\n[tool.poetry.dependencies.django]\nversion = \"~4.2\"\n",
        "[tool.poetry.dependencies]\npython = \"^3.11\"\n[[tool.poetry.dependencies.django]]\nversion = \"~4.2\"\n",
    ] {
        let report = Project::new(&[("pyproject.toml", text)]).report();
        if text.ends_with("= {}\n") {
            assert_eq!(
                shown(&report, "unreadable"),
                "[\"pyproject.toml\"] (high) pyproject.toml:3"
            );
            continue;
        }
        assert_eq!(
            shown(&report, "python.version"),
            "^3.11 (high) pyproject.toml:2",
            "{text}"
        );
        assert_eq!(
            shown(&report, "django.spec"),
            "~4.2 (high) pyproject.toml:3",
            "{text}"
        );
        assert_eq!(
            shown(&report, "requirements.form"),
            "poetry (high) pyproject.toml",
            "{text}"
        );
    }
}

#[test]
fn groups_of_packages() {
    let with = |more: &str| {
        format!(
            "[project]\nname = \"shop\"\nrequires-python = \">=3.11\"\ndependencies = [\"Django~=4.2.1\"]\n{more}"
        )
    };
    // What one group takes in of another is no package of that name.
    check(
        &[(
            "pyproject.toml",
            &with(
                "[dependency-groups]\nprod = [\"celery[redis]>=5\", {include-group = \"elasticsearch\"}]\nelasticsearch = []\n",
            ),
        )],
        &[
            ("celery", "true (high) pyproject.toml:6"),
            ("redis", "true (high) pyproject.toml:6"),
            ("elasticsearch", "false (high) "),
        ],
    );
    check(
        &[(
            "pyproject.toml",
            &with("[dependency-groups]\n\"dev\" = [\"celery>=5\"]\n"),
        )],
        &[("celery", "true (low) pyproject.toml:6")],
    );
    check(
        &[(
            "pyproject.toml",
            "[tool.poetry.dependencies]\npython = \"^3.11\"\ndjango = \"^4.2\"\n[tool.poetry.group.production.dependencies]\ncelery = \"^5\"\n[tool.poetry.group.lint.dependencies]\npymemcache = \"*\"\n",
        )],
        &[
            ("celery", "true (high) pyproject.toml:5"),
            ("memcached", "true (low) pyproject.toml:7"),
        ],
    );
}

#[test]
fn locks() {
    let poetry = "[tool.poetry.dependencies]\npython = \"^3.11\"\ndjango = \"^4.2\"\n";
    check(
        &[
            ("pyproject.toml", poetry),
            (
                "poetry.lock",
                "# made\n[[package]]\nversion = \"4.2.9\"\nname = \"django\"\n\n[package.dependencies]\nsqlparse = \"*\"\n",
            ),
        ],
        &[("django.spec", "==4.2.9 (high) poetry.lock:4")],
    );
    check(
        &[
            (
                "pyproject.toml",
                "[project]\nrequires-python = \">=3.11\"\ndependencies = [\"django>=4.2\"]\n",
            ),
            (
                "uv.lock",
                "version = 1\npackage = [\n  {name = \"django\", version = \"4.2.9\", source = {registry = \"https://index.example.com/simple\"}},\n]\n",
            ),
        ],
        &[("django.spec", "==4.2.9 (high) uv.lock:3")],
    );
}

#[test]
fn what_tells_a_distribution_from_a_site() {
    let no_site = Project::new(&[(
        "pyproject.toml",
        "[ build-system ]\nrequires = []\n[\"project\"]\nname = \"django-shop\"\nclassifiers = [\"Framework :: Django\"]\n",
    )]);
    assert_eq!(no_site.report()["verdict"], "ask");
    // The name of an index is no name of a package.
    let site = Project::new(&[
        (
            "pyproject.toml",
            "[tool.poetry]\nname = \"site\"\nclassifiers = [\"Framework :: Django\"]\n[tool.poetry.dependencies]\npython = \"^3.11\"\ndjango = \"^4.2\"\n[[tool.poetry.source]]\nname = \"parts\"\nurl = \"https://example.com\"\n",
        ),
        ("parts/__init__.py", ""),
    ]);
    assert_eq!(site.report()["verdict"], "ok");
}

#[test]
fn conda_names_packages_below_dependencies_alone() {
    let text = "channels:\n  - celery\n  - conda-forge\ndependencies:\n  - python=3.11=build\n  - conda-forge::django=4.2\n  - pip\n  - pip:\n    - redis>=5\n";
    check(
        &[("environment.yml", text)],
        &[
            ("python.version", "3.11 (high) environment.yml:5"),
            ("django.source", "environment.yml (high) environment.yml:6"),
            ("celery", "false (high) "),
            ("redis", "true (high) environment.yml:9"),
        ],
    );
}

#[test]
fn an_instruction_of_a_dockerfile_has_all_its_lines() {
    check(
        &[
            ("requirements.txt", "Django==4.2\n"),
            ("requirements/live.txt", "Django==4.2.9\n"),
            (
                "Dockerfile",
                "FROM \\\n  python:3.11-slim\nRUN pip install \\\n  # quietly\n  -r requirements/live.txt\n",
            ),
        ],
        &[
            ("python.version", "3.11 (high) Dockerfile:1"),
            (
                "requirements.main",
                "requirements/live.txt (high) requirements/live.txt",
            ),
        ],
    );
}

#[test]
fn the_settings_module_that_a_tool_is_told() {
    for text in [
        "[tool.pytest.ini_options]\nDJANGO_SETTINGS_MODULE = \"shop.live\" # DJANGO_SETTINGS_MODULE=a.b\n",
        "[tool.pytest]\nini_options = {\"DJANGO_SETTINGS_MODULE\" = 'shop.live'}\n",
        "[tool.pytest.ini_options]\nenv = [\"A=DJANGO\", \"DJANGO_SETTINGS_MODULE=shop.live\"]\n",
    ] {
        let project = Project::new(&[("pyproject.toml", text)]);
        project.write(
            "manage.py",
            "from django.core.management import execute_from_command_line\n",
        );
        assert_eq!(
            shown(&project.report(), "settings_module"),
            "shop.live (low) pyproject.toml:2",
            "{text}"
        );
    }
}
