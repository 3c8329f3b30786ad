//! What is proposed follows from what was found.

use super::project::{commit, dockerize, modern, old, settings};

#[test]
fn wrap_for_a_modern_project() {
    let sandbox = modern();
    let ran = dockerize(&sandbox, &["--yes"]);
    assert_eq!(ran.code, 0, "{ran}");
    assert!(ran.stdout.contains("mode wrap"), "{ran}");
    let legacy = sandbox.read("p/ixcproject/settings/legacy.py");
    assert!(
        legacy.contains("module = MODULES.get(globals()[\"DOTENV\"], \"shop.settings\")"),
        "{legacy}"
    );
    assert!(
        sandbox
            .read("p/.env.base")
            .contains("OVERRIDE_SETTINGS=\"${OVERRIDE_SETTINGS:-legacy.py}\"")
    );
    assert!(
        sandbox
            .read("p/Dockerfile")
            .contains("FROM python:3.11-slim")
    );
    assert!(
        !sandbox.exists("p/ixcproject/urls.py"),
        "the project has its own"
    );
    assert!(
        !sandbox.read("p/compose.yaml").contains("postgres"),
        "it uses SQLite"
    );
    assert_eq!(sandbox.read("p/requirements.in"), "Django==4.2.11\n");
}

#[test]
fn bypass_for_an_old_one() {
    let sandbox = old();
    let ran = dockerize(&sandbox, &["--yes"]);
    assert_eq!(ran.code, 0, "{ran}");
    assert!(ran.stdout.contains("mode bypass"), "{ran}");
    let python: Vec<String> = sandbox
        .tree("p")
        .into_keys()
        .filter(|path| path.starts_with("ixc") && path.ends_with(".py") && !path.contains("/bin/"))
        .collect();
    assert!(
        python.is_empty(),
        "nothing of the wrapper is there to be imported: {python:?}"
    );
    let base = sandbox.read("p/.env.base");
    assert!(
        base.contains("DJANGO_SETTINGS_MODULE=\"${DJANGO_SETTINGS_MODULE:-shop.settings}\""),
        "{base}"
    );
    assert!(!base.contains("BASE_SETTINGS"), "{base}");
    let compose = sandbox.read("p/compose.yaml");
    for service in ["\n  mysql:\n", "\n  memcached:\n", "\n  rabbitmq:\n"] {
        assert!(compose.contains(service), "{service:?} in {compose}");
    }
    assert!(!compose.contains("postgres"), "{compose}");
    let dockerfile = sandbox.read("p/Dockerfile");
    assert!(dockerfile.contains("FROM python:2.7-slim"), "{dockerfile}");
    assert!(
        dockerfile.contains("default-libmysqlclient-dev"),
        "{dockerfile}"
    );
    assert!(
        sandbox
            .read("p/ixc_django_docker/bin/manage.py")
            .contains("\"manage.py\"")
    );
}

#[test]
fn each_database_gets_what_it_needs() {
    for (engine, service, package) in [
        ("postgresql", "image: postgres:", "libpq-dev"),
        ("mysql", "image: mariadb:", "default-libmysqlclient-dev"),
        ("oracle", "which this template has no service for", ""),
    ] {
        let sandbox = modern();
        sandbox.write("p/shop/settings.py", settings(engine, ""));
        let ran = dockerize(&sandbox, &["--yes"]);
        assert_eq!(ran.code, 0, "{ran}");
        let compose = sandbox.read("p/compose.yaml");
        assert!(compose.contains(service), "{engine}: {compose}");
        assert!(sandbox.read("p/Dockerfile").contains(package), "{engine}");
        assert_eq!(
            compose.contains("postgres"),
            engine == "postgresql",
            "{engine}: never a silent PostgreSQL"
        );
    }
    let sandbox = modern();
    let geographic = settings("x", "").replace(
        "django.db.backends.x",
        "django.contrib.gis.db.backends.postgis",
    );
    sandbox.write("p/shop/settings.py", geographic);
    assert_eq!(dockerize(&sandbox, &["--yes"]).code, 0);
    assert!(
        sandbox
            .read("p/compose.yaml")
            .contains("image: postgis/postgis:")
    );
    assert!(sandbox.read("p/Dockerfile").contains("libgdal-dev"));
}

#[test]
fn what_is_uncertain_is_not_guessed() {
    let sandbox = modern();
    sandbox.write(
        "p/shop/settings.py",
        settings("x", "").replace("\"django.db.backends.x\"", "ENGINE"),
    );
    let ran = dockerize(&sandbox, &["--yes"]);
    assert_eq!(ran.code, 1, "{ran}");
    assert!(
        ran.stderr.contains("`database` cannot be told for certain"),
        "{ran}"
    );
    assert!(ran.stderr.contains("--answer database=…"), "{ran}");
    assert!(!sandbox.exists("p/go.sh"));
    let ran = dockerize(&sandbox, &["--yes", "--answer", "database=mysql"]);
    assert_eq!(ran.code, 0, "{ran}");
    assert!(sandbox.read("p/compose.yaml").contains("mariadb"));
}

#[test]
fn what_is_no_project_is_refused() {
    let sandbox = modern();
    sandbox.write("p/other/README.md", "nothing here\n");
    let ran = sandbox.ixd(&["dockerize", "p/other", "--yes"]);
    assert_eq!(ran.code, 1, "{ran}");
    assert!(
        ran.stderr.contains("there is no Django project here"),
        "{ran}"
    );
    assert_eq!(sandbox.ixd(&["dockerize", "p/nowhere", "--yes"]).code, 1);
}

#[test]
fn steps_can_be_declined() {
    let sandbox = modern();
    let ran = dockerize(
        &sandbox,
        &[
            "--yes",
            "--skip",
            "docker",
            "--skip",
            "secrets",
            "--skip",
            "requirements",
        ],
    );
    assert_eq!(ran.code, 0, "{ran}");
    for path in [
        "Dockerfile",
        "compose.yaml",
        ".env.production.secret",
        "requirements.in",
    ] {
        assert!(!sandbox.exists(&format!("p/{path}")), "{path}");
    }
    assert!(sandbox.exists("p/go.sh"));
}

#[test]
fn it_is_done_once_and_upgraded_from_then_on() {
    let sandbox = modern();
    commit(&sandbox);
    assert_eq!(dockerize(&sandbox, &["--yes"]).code, 0);
    let ran = dockerize(&sandbox, &["--yes"]);
    assert_eq!(ran.code, 1, "{ran}");
    assert!(
        ran.stderr
            .contains("is a project made by ixd-template already"),
        "{ran}"
    );
    let repository = env!("CARGO_MANIFEST_DIR");
    let args = [
        "upgrade",
        "p",
        "--from",
        repository,
        "--release",
        env!("CARGO_PKG_VERSION"),
        "--yes",
        "--allow-dirty",
    ];
    let ran = sandbox.ixd(&args);
    assert_eq!(ran.code, 0, "{ran}");
    assert!(ran.stdout.contains("Nothing to do"), "{ran}");
}

#[test]
fn a_later_release_comes_with_the_answers_of_then() {
    let sandbox = modern();
    let manifest = "questions:\n- {name: mode, prompt: Mode, type: choice, hidden: true, choices: [{value: wrap}, {value: bypass}]}\n\
                    - {name: settings_module, prompt: Settings, type: text, hidden: true}\n";
    let more: String = [
        "python_path",
        "manage_py",
        "wsgi_module",
        "requirements_file",
        "image_python",
        "database",
    ]
    .map(|name| format!("- {{name: {name}, prompt: x, type: text, hidden: true}}\n"))
    .concat();
    let rest = "- {name: services, prompt: x, type: choices, hidden: true, choices: [{value: redis}]}\n\
                - {name: docker, prompt: x, type: bool, default: true}\n- {name: features, prompt: x, type: choices, default: [], choices: [{value: a}]}\n\
                - {name: deployment, prompt: x, type: choices, default: [], choices: [{value: a}]}\n- {name: ci, prompt: x, type: text, default: none}\n\
                - {name: secrets, prompt: x, type: text, default: none}\n- {name: python_version, prompt: x, type: text, default: '3.14'}\n";
    let manifest = format!("{manifest}{more}{rest}");
    sandbox.catalogue(
        &manifest,
        &[
            ("own.tera", "one {{ settings_module }} {{ mode }}\n"),
            (".gitignore.tera", "# Ours\n/var/\n.DS_Store\n*.swp\n"),
        ],
    );
    // In another order, twice, and with an exception: no list that could be merged by its lines.
    sandbox.write("p/.gitignore", "*.swp\n.DS_Store\n*.swp\n!kept.txt\n");
    let ran = sandbox.ixd(&["dockerize", "p", "--from", "cat", "--yes"]);
    assert_eq!(ran.code, 0, "{ran}");
    assert_eq!(sandbox.read("p/own"), "one shop.settings wrap\n");
    std::fs::create_dir(sandbox.path("cat/snapshots")).unwrap();
    std::fs::rename(
        sandbox.path("cat/template"),
        sandbox.path("cat/snapshots/0.1.0"),
    )
    .unwrap();
    sandbox
        .write(
            "cat/template/template.yml",
            format!("name: tiny\nversion: 0.2.0\n{manifest}"),
        )
        .write(
            "cat/template/project/own.tera",
            "two {{ settings_module }} {{ mode }}\n",
        )
        .write(
            "cat/template/project/.gitignore.tera",
            "# Ours\n/var/\n/cache/\n.DS_Store\n*.swp\n*.bak\n",
        );
    let ran = sandbox.ixd(&["upgrade", "p", "--from", "cat", "--yes"]);
    assert_eq!(ran.code, 0, "{ran}");
    assert_eq!(sandbox.read("p/own"), "two shop.settings wrap\n");
    assert_eq!(
        sandbox.read("p/.gitignore"),
        "*.swp\n.DS_Store\n*.swp\n!kept.txt\n\n# Ours\n/var/\n/cache/\n.DS_Store\n*.swp\n*.bak\n"
    );
}

#[test]
fn a_worker_for_the_projects_own_celery() {
    let sandbox = old();
    sandbox
        .write("p/requirements.txt", "Django==1.11.29\ncelery==4.4.7\n")
        .write(
            "p/shop/celery.py",
            "from celery import Celery\napp = Celery('shop')\n",
        );
    let ran = dockerize(&sandbox, &["--yes"]);
    assert_eq!(ran.code, 0, "{ran}");
    assert!(
        sandbox
            .read("p/.env.base")
            .contains("CELERY_APP=\"${CELERY_APP:-shop}\"")
    );
    let compose = sandbox.read("p/compose.yaml");
    assert!(compose.contains("command: [celery.sh]"), "{compose}");
    assert!(compose.contains("command: [celerybeat.sh]"), "{compose}");
    assert!(
        !sandbox.exists("p/ixc_django_docker/bin/pydevd.sh"),
        "it needs the wrapper"
    );
}

/// What was kept had nothing to do with any release, so that the template's is always another one.
#[test]
fn a_file_that_was_kept_is_offered_again() {
    let sandbox = modern();
    sandbox.write("p/go.sh", "mine\n");
    commit(&sandbox);
    assert_eq!(dockerize(&sandbox, &["--yes"]).code, 0);
    assert_eq!(sandbox.read("p/go.sh"), "mine\n");
    commit(&sandbox);
    let again = |flags: &[&str]| {
        let from = env!("CARGO_MANIFEST_DIR");
        let release = env!("CARGO_PKG_VERSION");
        let mut args = vec![
            "upgrade",
            "p",
            "--from",
            from,
            "--release",
            release,
            "--yes",
        ];
        args.extend(flags);
        sandbox.ixd(&args)
    };
    assert_eq!(again(&["--on-conflict", "theirs"]).code, 0);
    assert_eq!(sandbox.read("p/go.sh"), "mine\n", "it was declined");
    let ran = again(&["--ask", "--defaults", "--on-conflict", "theirs"]);
    assert_eq!(ran.code, 0, "{ran}");
    assert!(sandbox.read("p/go.sh").starts_with("#!"), "{ran}");
    assert!(!sandbox.read("p/.ixd-template.yml").contains("open:"));
}
