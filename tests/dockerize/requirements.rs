//! Projects whose requirements pip cannot read get some that it can, and nothing of theirs is touched.

use super::project::{commit, dockerize, modern};
use super::{finding, inspect};
use crate::cli::sandbox::{Ran, Sandbox};

/// Dockerizes a project for Django 4.2 that has these files instead of requirements.txt; the files stay as they are.
fn with(files: &[(&str, &str)]) -> (Sandbox, Ran) {
    let sandbox = modern();
    std::fs::remove_file(sandbox.path("p/requirements.txt")).unwrap();
    for (path, content) in files {
        sandbox.write(&format!("p/{path}"), content);
    }
    commit(&sandbox);
    let ran = dockerize(&sandbox, &["--yes"]);
    assert_eq!(ran.code, 0, "{ran}");
    for (path, content) in files {
        assert_eq!(sandbox.read(&format!("p/{path}")), *content, "{path}");
    }
    (sandbox, ran)
}

/// The lines of a file without its first one, which says what the file is.
fn lines(sandbox: &Sandbox, path: &str) -> Vec<String> {
    sandbox
        .read(path)
        .lines()
        .skip(1)
        .map(str::to_owned)
        .collect()
}

const POETRY: &str = r#"[tool.poetry]
name = "shop"

[tool.poetry.dependencies]
python = "^3.11"
django = "~4.2.1"
celery = {version = "^5.3", extras = ["redis"]}
tzdata = {version = "*", platform = "win32"}
importlib-metadata = {version = "^4.0", python = "<3.8"}
own = {git = "git@example.com:shop/own.git", tag = "v1.2"}
beside = {path = "libs/beside", develop = true}
outside = {path = "../outside"}
either = "^1.0 || ^2.0"
sentry-sdk = {version = "^1.0", optional = true}
secret = {git = "https://ada:hunter2@example.com/secret.git"}
numpy = [
    {version = "<1.20", python = "<3.9"},
    {version = "^1.26", python = ">=3.9", markers = "sys_platform == 'linux' or sys_platform == 'darwin'"},
]

[tool.poetry.group.dev.dependencies]
pytest = "^8"

[tool.poetry.group.prod.dependencies]
gunicorn = "22.0.0"

[[tool.poetry.source]]
name = "ours"
url = "https://packages.example.com/simple"
"#;

#[test]
fn poetry() {
    let lock = "[[package]]\nname = \"django\"\nversion = \"4.2.11\"\n\n[[package]]\nname = \"asgiref\"\nversion = \"3.7.2\"\n\n\
                [[package]]\nname = \"own\"\nversion = \"1.2\"\n[package.source]\ntype = \"git\"\nurl = \"x\"\n\n\
                [[package]]\nname = \"numpy\"\nversion = \"1.19.5\"\n\n[[package]]\nname = \"numpy\"\nversion = \"1.26.4\"\n";
    let (sandbox, ran) = with(&[("pyproject.toml", POETRY), ("poetry.lock", lock)]);
    assert_eq!(
        lines(&sandbox, "p/requirements.in").join("\n"),
        r#"# pyproject.toml:5: for Python ^3.11
--extra-index-url https://packages.example.com/simple
django>=4.2.1,<4.3
celery[redis]>=5.3,<6
tzdata; sys_platform == "win32"
importlib-metadata>=4.0,<5; python_version < "3.8"
own @ git+ssh://git@example.com/shop/own.git@v1.2
-e ./libs/beside
# pyproject.toml:12: outside: ../outside is outside of the project, where an image cannot see it
# pyproject.toml:13: either: pip has no notation for a choice of versions: ^1.0 || ^2.0
# pyproject.toml:14: sentry-sdk: optional, so it is not installed
secret @ git+https://ada:${EXAMPLE_COM_PASSWORD}@example.com/secret.git
numpy<1.20; python_version < "3.9"
numpy>=1.26,<2; (sys_platform == 'linux' or sys_platform == 'darwin') and python_version >= "3.9"
gunicorn==22.0.0"#
    );
    assert_eq!(
        lines(&sandbox, "p/requirements.txt"),
        ["-r requirements.in", "-c requirements-locked.txt"]
    );
    assert_eq!(
        lines(&sandbox, "p/requirements-locked.txt"),
        ["asgiref==3.7.2", "django==4.2.11"]
    );
    assert!(!ran.stdout.contains("hunter2"), "{ran}");
    assert!(
        ran.stdout
            .contains("pyproject.toml:12: outside: ../outside is outside of the project"),
        "{ran}"
    );
    assert!(sandbox.read("p/.env.base").contains("requirements.txt"));
    let undone = sandbox.ixd(&["undo", "p"]);
    assert_eq!(undone.code, 0, "{undone}");
    assert!(!sandbox.exists("p/requirements.in"));
    assert_eq!(sandbox.read("p/poetry.lock"), lock);
}

#[test]
fn pep_621() {
    let (sandbox, _) = with(&[(
        "pyproject.toml",
        r#"[project]
name = "shop"
requires-python = ">=3.11"
dependencies = [
    "Django[argon2] ~= 4.2 ; python_version >= '3.8'",
    "own[all]>=1",  # from our own server
    "attached @ https://example.com/attached-1.0.tar.gz",
]
[project.optional-dependencies]
docs = ["sphinx"]
[dependency-groups]
prod = ["gunicorn"]
dev = ["pytest"]
[tool.uv.sources]
own = {git = "https://example.com/own", branch = "main", subdirectory = "python"}
"#,
    )]);
    assert_eq!(
        lines(&sandbox, "p/requirements.in"),
        [
            "Django[argon2] ~= 4.2 ; python_version >= '3.8'",
            "own[all] @ git+https://example.com/own@main#subdirectory=python",
            "attached @ https://example.com/attached-1.0.tar.gz",
            "gunicorn",
        ]
    );
    assert!(!sandbox.exists("p/requirements-locked.txt"));
}

/// Whose lock is there manages what PEP 621 lists.
#[test]
fn who_manages_a_list_of_everybody_s_is_told_by_the_lock() {
    for (lock, form) in [
        ("", "pep621"),
        ("poetry.lock", "poetry"),
        ("uv.lock", "uv"),
        ("pdm.lock", "pdm"),
    ] {
        let sandbox = modern();
        std::fs::remove_file(sandbox.path("p/requirements.txt")).unwrap();
        let list = "[project]\nname = \"shop\"\ndependencies = [\"django~=4.2.1\"]\n";
        sandbox.write("p/pyproject.toml", list);
        if !lock.is_empty() {
            sandbox.write(&format!("p/{lock}"), "");
        }
        let found = inspect(&sandbox, "p");
        assert_eq!(
            finding(&found, "requirements.form")["value"],
            form,
            "{lock}"
        );
    }
}

#[test]
fn pep_621_with_dependencies_in_a_file() {
    let (sandbox, _) = with(&[
        (
            "pyproject.toml",
            "[project]\nname = \"shop\"\ndynamic = [\"dependencies\"]\n[tool.setuptools.dynamic]\n\
             dependencies = {file = [\"reqs/base.txt\"]}\n",
        ),
        ("reqs/base.txt", "Django==4.2.11\n"),
    ]);
    assert!(sandbox.read("p/.env.base").contains("reqs/base.txt"));
    assert!(!sandbox.exists("p/requirements.txt"));
}

#[test]
fn pipenv() {
    let (sandbox, _) = with(&[
        (
            "Pipfile",
            "[[source]]\nname = \"pypi\"\nurl = \"https://pypi.org/simple\"\n\n[[source]]\nname = \"ours\"\n\
             url = \"https://$USER:${TOKEN}@packages.example.com/simple\"\n\n[packages]\ndjango = \"~=4.2.1\"\n\
             celery = {extras = [\"redis\"], version = \"*\"}\npywin32 = {version = \"*\", sys_platform = \"== 'win32'\"}\n\
             \"own-lib\" = {git = \"https://example.com/own.git\", ref = \"abc\", editable = true}\n\
             [dev-packages]\npytest = \"*\"\n",
        ),
        (
            "Pipfile.lock",
            r#"{"default": {"django": {"version": "==4.2.11"}, "own-lib": {"git": "x", "ref": "abc"}}, "develop": {"pytest": {"version": "==8"}}}"#,
        ),
    ]);
    assert_eq!(
        lines(&sandbox, "p/requirements.in"),
        [
            "--extra-index-url https://${USER}:${TOKEN}@packages.example.com/simple",
            "django~=4.2.1",
            "celery[redis]",
            "pywin32; sys_platform == 'win32'",
            "own-lib @ git+https://example.com/own.git@abc",
        ]
    );
    assert_eq!(
        lines(&sandbox, "p/requirements-locked.txt"),
        ["django==4.2.11", "pytest==8"]
    );
    assert_eq!(
        lines(&sandbox, "p/requirements-dev.txt"),
        [
            "-c requirements-locked.txt",
            "--extra-index-url https://${USER}:${TOKEN}@packages.example.com/simple",
            "pytest",
        ]
    );
}

/// Where neither pip nor go.sh would know of them.
#[test]
fn developers_get_what_groups_name() {
    let (sandbox, _) = with(&[("pyproject.toml", POETRY)]);
    assert_eq!(
        lines(&sandbox, "p/requirements-dev.txt"),
        [
            "--extra-index-url https://packages.example.com/simple",
            "pytest>=8,<9"
        ]
    );
    let base = sandbox.read("p/.env.base");
    assert!(
        base.contains("DEVELOPER_REQUIREMENTS=\"requirements-dev.txt\"\n"),
        "{base}"
    );
    assert!(!sandbox.read("p/Dockerfile").contains("requirements-dev"));

    let groups = "[project]\nname = \"shop\"\ndependencies = [\"Django~=4.2\"]\n[project.optional-dependencies]\n\
                  test = [\"factory-boy>=3\"]\ndocs = [\"sphinx\"]\n[dependency-groups]\n\
                  dev = [\"ipdb\", {include-group = \"checks\"}]\nchecks = [\"pytest ~= 8.0\"]\n";
    let (sandbox, _) = with(&[("pyproject.toml", groups)]);
    assert_eq!(
        lines(&sandbox, "p/requirements-dev.txt"),
        ["factory-boy>=3", "ipdb", "pytest ~= 8.0"]
    );

    // The packages of the site may stand in a file for pip all the same.
    let poetry = "[tool.poetry.dev-dependencies]\nipdb = \"*\"\n";
    let files = [
        ("pyproject.toml", poetry),
        ("requirements.txt", "Django==4.2.11\n"),
    ];
    let (sandbox, _) = with(&files);
    assert_eq!(lines(&sandbox, "p/requirements-dev.txt"), ["ipdb"]);

    // Who has such a file already has said it there.
    let more = [("requirements-test.txt", "pytest\n")];
    let (sandbox, _) = with(&[files.as_slice(), &more].concat());
    assert!(!sandbox.exists("p/requirements-dev.txt"));
}

#[test]
fn conda() {
    let (sandbox, ran) = with(&[(
        "environment.yml",
        "name: shop\nchannels:\n  - conda-forge\ndependencies:\n  - python=3.11\n  - conda-forge::django=4.2\n  - gdal=3.6\n  \
         - psycopg2==2.9.9=py311\n  - pip\n  - pip:\n    - django-storages[s3]>=1.14\n    - -e ./libs/own\n  - lxml >=5,<6\n",
    )]);
    assert_eq!(
        lines(&sandbox, "p/requirements.in"),
        [
            "# environment.yml:5: for Python =3.11",
            "django==4.2.*",
            "# environment.yml:7: gdal=3.6: conda's, not covered; add it here if pip has it, or its library to the Dockerfile",
            "psycopg2==2.9.9",
            "django-storages[s3]>=1.14",
            "-e ./libs/own",
            "lxml>=5,<6",
        ]
    );
    assert!(ran.stdout.contains("environment.yml:7: gdal=3.6"), "{ran}");
}

#[test]
fn setup_py() {
    let plain = "from setuptools import setup\nsetup(name='x', install_requires=['Django>=4.2,<5', \"own; sys_platform=='linux'\"])\n";
    let (sandbox, _) = with(&[("setup.py", plain)]);
    assert_eq!(
        lines(&sandbox, "p/requirements.in"),
        ["Django>=4.2,<5", "own; sys_platform=='linux'"]
    );
    let computed = "from setuptools import setup\nsetup(name='x', install_requires=['Django>=4.2', 'own' + VERSION])\n";
    let (sandbox, _) = with(&[("setup.py", computed)]);
    assert_eq!(lines(&sandbox, "p/requirements.in"), ["-e ."]);
}

#[test]
fn a_setup_py_that_reads_requirements_is_not_given_locked_ones() {
    let (sandbox, ran) = with(&[
        ("requirements.txt", "Django==4.2.11\n"),
        (
            "setup.py",
            "from setuptools import setup\nsetup(name='x', install_requires=open('requirements.txt').read().split())\n",
        ),
    ]);
    assert!(!ran.stderr.contains("pip compile"), "{ran}");
    assert!(
        ran.stderr.contains("setup.py reads requirements.txt"),
        "{ran}"
    );
    assert_eq!(sandbox.read("p/requirements.in"), "Django==4.2.11\n");
}

#[test]
fn a_python_of_another_tool_decides_nothing() {
    let sandbox = modern();
    for path in ["requirements.txt", "runtime.txt"] {
        std::fs::remove_file(sandbox.path(&format!("p/{path}"))).unwrap();
    }
    let text = "[tool.somelinter]\nrequires-python = \"3.8\"\n\n[project]\nname = \"shop\"\n'requires-python' = \">=3.11\"\ndependencies = [\"Django>=4.2,<5\"]\n";
    sandbox.write("p/pyproject.toml", text);
    let found = inspect(&sandbox, "p");
    assert_eq!(finding(&found, "python.version")["value"], ">=3.11");
    assert_eq!(found["plan"]["mode"], "wrap", "{found}");
    assert_eq!(found["plan"]["answers"]["image_python"], "3.11");
    // What cannot be read is named, and nothing is guessed from it.
    sandbox.write("p/pyproject.toml", text.replace("dependencies", "="));
    let found = inspect(&sandbox, "p");
    assert_eq!(
        finding(&found, "unreadable")["evidence"][0],
        "pyproject.toml:7"
    );
    assert!(found["plan"].is_null(), "{found}");
    assert_eq!(
        found["ask_for"],
        serde_json::json!(["django.spec", "python.version", "requirements.main"])
    );
}

#[test]
fn developers_files_that_pin_another_django_are_left_out() {
    for (dev, is_taken) in [
        ("Django==3.2.1\npytest\n", false),
        ("-r more.txt\npytest\n", false),
        ("Django==4.2.11\npytest\n", true),
        ("Django>=3.2\npytest\n", true),
        ("-r requirements.txt\npytest\n", true),
    ] {
        let (sandbox, ran) = with(&[
            ("requirements.txt", "Django==4.2.11\n"),
            ("more.txt", "django==3.2.1\n"),
            ("requirements-dev.txt", dev),
        ]);
        let base = sandbox.read("p/.env.base");
        assert_eq!(
            base.contains("DEVELOPER_REQUIREMENTS=\"requirements-dev.txt\"\n"),
            is_taken,
            "{dev}: {base}"
        );
        let is_told = ran.stdout.contains("asks for Django ==3.2.1");
        assert_eq!(is_told, !is_taken, "{dev}: {ran}");
    }
}

/// A dry run of a project without requirements.txt, which has these files instead.
fn planned(files: &[(&str, &str)], flags: &[&str]) -> (serde_json::Value, Ran) {
    let sandbox = modern();
    std::fs::remove_file(sandbox.path("p/requirements.txt")).unwrap();
    for (path, content) in files {
        sandbox.write(&format!("p/{path}"), content);
    }
    let ran = dockerize(&sandbox, &[&["--dry-run", "--json"], flags].concat());
    let found = serde_json::from_str(&ran.stdout).unwrap_or_default();
    (found, ran)
}

#[test]
fn what_image_build_server_or_readme_install_comes_first() {
    const DEEP: (&str, &str) = ("shop/charts/requirements.txt", "requests\n");
    const PACK: (&str, &str) = ("pack.txt", "Django==4.2.11\n");
    for (path, text) in [
        (
            "Dockerfile",
            "FROM python:3.11\nCOPY . .\nRUN pip install \\\n    -r pack.txt\n",
        ),
        (
            "Dockerfile",
            "FROM python:3.11\nCOPY pack.txt /app/\nRUN pip3 install --requirement /app/pack.txt\n",
        ),
        (
            ".github/workflows/test.yml",
            "jobs:\n  t:\n    steps:\n      - run: pip install -r pack.txt\n",
        ),
        ("README.md", "    $ pip install -r pack.txt\n"),
    ] {
        let (found, ran) = planned(&[DEEP, PACK, (path, text)], &[]);
        assert_eq!(
            finding(&found, "requirements.main")["value"],
            "pack.txt",
            "{path}: {ran}"
        );
        assert_eq!(
            finding(&found, "django.spec")["value"],
            "==4.2.11",
            "{path}"
        );
        assert_eq!(
            found["plan"]["answers"]["requirements_file"], "pack.txt",
            "{path}"
        );
    }
    // What nobody installs is not found by its content.
    let (found, _) = planned(
        &[
            DEEP,
            PACK,
            ("README.md", "What the shop needs is in pack.txt.\n"),
        ],
        &[],
    );
    assert_ne!(finding(&found, "requirements.main")["value"], "pack.txt");
}

const CONDA: &str = "name: shop\ndependencies:\n  - python=3.11\n  - pip:\n    - django==4.2.11\n";

#[test]
fn other_tools_are_chosen_by_name_or_by_their_file() {
    let poetry = [
        (
            "pyproject.toml",
            "[tool.poetry.dependencies]\npython = \"^3.11\"\ndjango = \"~4.2.1\"\n",
        ),
        ("requirements.txt", "Django==3.2.1\n"),
    ];
    let conda = [
        ("environment.yml", CONDA),
        ("requirements.txt", "Django==3.2.1\n"),
    ];
    for (files, answer) in [
        (poetry, "poetry"),
        (poetry, "Poetry"),
        (poetry, "pyproject.toml"),
        (conda, "conda"),
        (conda, "environment.yml"),
    ] {
        let answer = format!("requirements_file={answer}");
        let (found, ran) = planned(&files, &["--answer", &answer]);
        assert_eq!(ran.code, 0, "{answer}: {ran}");
        let answers = &found["plan"]["answers"];
        assert_eq!(
            answers["requirements_file"], "requirements-site.txt",
            "{answer}: {ran}"
        );
        assert_ne!(
            finding(&found, "django.spec")["value"],
            "==3.2.1",
            "{answer}"
        );
        assert_eq!(found["plan"]["mode"], "wrap", "{answer}");
    }
    let (_, ran) = planned(&conda, &["--answer", "requirements_file=poetry"]);
    assert_eq!(ran.code, 2, "{ran}");
    assert!(
        ran.stderr.contains("conda (environment.yml)") || ran.stderr.contains("environment.yml"),
        "{ran}"
    );
    let (_, ran) = planned(
        &[("pyproject.toml", "[tool.black]\nline-length = 100\n")],
        &["--answer", "requirements_file=pyproject.toml"],
    );
    assert_ne!(ran.code, 0, "{ran}");
}

#[test]
fn conda_beside_a_list_of_something_else() {
    let (found, ran) = planned(
        &[
            ("environment.yml", CONDA),
            ("shop/charts/requirements.txt", "requests\n"),
        ],
        &[],
    );
    assert_eq!(
        finding(&found, "requirements.form")["value"],
        "conda",
        "{ran}"
    );
    assert_eq!(
        found["plan"]["answers"]["requirements_file"], "requirements.txt",
        "{ran}"
    );
}

#[test]
fn an_old_export_beside_a_lock_is_not_the_guess() {
    let files = [
        (
            "pyproject.toml",
            "[tool.poetry.dependencies]\npython = \"^3.11\"\ndjango = \"~4.2.1\"\ncelery = \"*\"\n",
        ),
        (
            "poetry.lock",
            "[[package]]\nname = \"django\"\nversion = \"4.2.11\"\n",
        ),
        ("requirements.txt", "Django==3.2.1\n"),
    ];
    let (found, ran) = planned(&files, &["--defaults"]);
    assert_eq!(
        found["plan"]["answers"]["requirements_file"], "requirements-site.txt",
        "{ran}"
    );
    // The image tells, and nobody is asked.
    let docker = ("Dockerfile", "FROM python:3.11\nRUN poetry install\n");
    let all = [&files[..], &[docker]].concat();
    let (found, ran) = planned(&all, &[]);
    assert_eq!(
        found["plan"]["answers"]["requirements_file"], "requirements-site.txt",
        "{ran}"
    );
}

#[test]
fn an_answered_list_is_read_wherever_it_lies() {
    for path in ["pack.txt", "build/pack.txt", "node_modules/a/pack.txt"] {
        let answer = format!("requirements_file={path}");
        let (found, ran) = planned(&[(path, "Django==4.2.11\n")], &["--answer", &answer]);
        assert_eq!(found["plan"]["answers"]["requirements_file"], path, "{ran}");
        assert_eq!(
            finding(&found, "django.spec")["value"],
            "==4.2.11",
            "{path}"
        );
        assert_eq!(found["plan"]["mode"], "wrap", "{path}");
    }
    let outside = planned(
        &[("pack.txt", "")],
        &["--answer", "requirements_file=build/../../x"],
    );
    assert_ne!(outside.1.code, 0, "{}", outside.1);
    let (_, ran) = planned(
        &[("pack.txt", "# nothing\n")],
        &["--answer", "requirements_file=pack.txt"],
    );
    assert!(ran.stderr.contains("nothing stands in it"), "{ran}");
}

#[test]
fn a_list_is_written_from_imports_where_there_is_none() {
    let settings = super::project::settings(
        "postgresql",
        "# Generated by 'django-admin startproject' using Django 2.2.4.\n",
    );
    let settings = settings.replace(
        "INSTALLED_APPS = []",
        "INSTALLED_APPS = [\"django.contrib.admin\", \"rest_framework\", \"shop\"]",
    );
    let files = [
        ("shop/settings.py", settings.as_str()),
        (
            "shop/models.py",
            "import os, json\nimport yaml\nfrom . import urls\nfrom strange.place import thing\nfrom django.db import models\n",
        ),
    ];
    let (found, ran) = planned(&files, &[]);
    assert!(
        found["plan"].is_null(),
        "it is a guess, and asked for: {ran}"
    );
    assert_eq!(finding(&found, "requirements.form")["value"], "none");
    let sandbox = modern();
    std::fs::remove_file(sandbox.path("p/requirements.txt")).unwrap();
    for (path, content) in files {
        sandbox.write(&format!("p/{path}"), content);
    }
    let ran = dockerize(
        &sandbox,
        &["--yes", "--answer", "requirements_file=requirements.txt"],
    );
    assert_eq!(ran.code, 0, "{ran}");
    assert!(ran.stdout.contains("Nothing lists the packages"), "{ran}");
    assert_eq!(
        lines(&sandbox, "p/requirements.in"),
        [
            "Django>=2.2,<2.3",
            "PyYAML",
            "djangorestframework<3.14",
            "psycopg2-binary<2.9",
            "# shop/models.py:4: `strange` is imported, and which package has it is not known",
        ]
    );
    assert_eq!(
        lines(&sandbox, "p/requirements.txt"),
        ["-r requirements.in"]
    );
}
