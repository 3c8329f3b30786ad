//! `--dry-run --json` holds the plan, and the plan is what a run does.

use std::collections::BTreeSet;

use serde_json::Value;

use super::project::{DOCKERIZE, commit, dockerize, modern, old, settings};
use crate::cli::sandbox::Sandbox;

/// What `--dry-run --json` prints with more flags.
fn report(sandbox: &Sandbox, flags: &[&str]) -> Value {
    let mut args = DOCKERIZE.to_vec();
    args.extend(["--dry-run", "--json"]);
    args.extend(flags);
    let ran = sandbox.ixd(&args);
    assert_eq!(ran.code, 0, "{ran}");
    serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error} in {ran}"))
}

fn planned_mode(sandbox: &Sandbox) -> String {
    report(sandbox, &[])["plan"]["mode"]
        .as_str()
        .unwrap()
        .to_owned()
}

#[test]
fn a_dry_run_equals_the_run() {
    for (project, flags) in [
        (modern(), &["--yes"][..]),
        (
            old(),
            &["--yes", "--skip", "docker", "--on-conflict", "ours"][..],
        ),
    ] {
        project
            .write("p/.gitignore", ".vscode\n*.log\n.vscode\n")
            .write("p/go.sh", "mine\n");
        commit(&project);
        let before = project.tree("p");
        let planned = report(&project, flags);
        assert_eq!(project.tree("p"), before, "nothing is written");
        let files = planned["plan"]["files"].as_array().unwrap();
        let of = |class: &dyn Fn(&str) -> bool| -> BTreeSet<String> {
            let files = files
                .iter()
                .filter(|file| class(file["class"].as_str().unwrap()));
            files
                .map(|file| file["path"].as_str().unwrap().to_owned())
                .collect()
        };
        let written = of(&|class| !matches!(class, "conflict" | "kept"));
        assert_eq!(
            of(&|class| class == "conflict"),
            BTreeSet::from(["go.sh".to_owned()])
        );

        assert_eq!(dockerize(&project, flags).code, 0);
        let mut after = project.tree("p");
        after.retain(|path, content| before.get(path) != Some(content));
        assert_eq!(after.into_keys().collect::<BTreeSet<_>>(), written);
    }
}

#[test]
fn the_steps_are_in_the_plan() {
    let sandbox = modern();
    let planned = report(&sandbox, &["--yes"]);
    let steps = planned["plan"]["steps"].as_array().unwrap();
    assert!(steps.iter().any(|step| step == "docker"), "{steps:?}");
    for other in ["manage-py", "data", "media"] {
        assert!(!steps.iter().any(|step| step == other), "{steps:?}");
    }
    sandbox.write("p/shop/settings.py", settings("postgresql", ""));
    let steps = report(&sandbox, &["--yes"])["plan"]["steps"].clone();
    assert!(
        steps.as_array().unwrap().contains(&"data".into()),
        "{steps}"
    );
}

#[test]
fn what_keeps_a_run_from_starting_is_told_beside_the_findings() {
    let sandbox = modern();
    sandbox.write(
        "p/shop/settings.py",
        settings("x", "").replace("\"django.db.backends.x\"", "ENGINE"),
    );
    let report = report(&sandbox, &[]);
    assert_eq!(report["plan"], Value::Null);
    assert!(
        report["no_plan"].as_str().unwrap().contains("`database`"),
        "{report}"
    );
    assert_eq!(report["manage_py"]["value"], "manage.py");
}

#[test]
fn a_manage_py_that_does_more_stays_in_charge() {
    let sandbox = modern();
    let plain = sandbox.read("p/manage.py");
    assert_eq!(planned_mode(&sandbox), "wrap");
    for more in [
        "import dotenv\n\ndotenv.load_dotenv()\n",
        "os.environ[\"REGION\"] = \"south\"\n",
        "if \"test\" in sys.argv:\n    os.environ.setdefault(\"DJANGO_SETTINGS_MODULE\", \"shop.settings_test\")\n",
    ] {
        sandbox.write(
            "p/manage.py",
            plain.replace("import sys\n", &format!("import sys\n\n{more}")),
        );
        assert_eq!(planned_mode(&sandbox), "bypass", "{more}");
    }
    // What is said when something fails is no more than that.
    let careful = plain.replace(
        "from django.core",
        "try:\n    import django\nexcept ImportError:\n    complain(1)\n\nfrom django.core",
    );
    sandbox.write("p/manage.py", careful);
    assert_eq!(planned_mode(&sandbox), "wrap");
    let ran = {
        sandbox.write(
            "p/manage.py",
            plain.replace("import sys\n", "import sys\n\nprepare()\n"),
        );
        dockerize(&sandbox, &["--yes", "--dry-run"])
    };
    assert!(
        ran.stdout
            .contains("because its manage.py does more than to start Django (manage.py:4)"),
        "{ran}"
    );
}

#[test]
fn a_wsgi_module_that_does_more_stays_in_charge() {
    let sandbox = modern();
    let plain = sandbox.read("p/shop/wsgi.py");
    for usual in [
        "import os\nimport sys\nsys.path.append('/srv/p')\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\n",
        "import django\ndjango.setup()\n",
        "\"\"\"application = Other(application)\"\"\"\n",
    ] {
        sandbox.write(
            "p/shop/wsgi.py",
            format!("{usual}{plain}app = application\n"),
        );
        assert_eq!(planned_mode(&sandbox), "wrap", "{usual}");
    }
    for more in [
        "import os\nos.environ['REGION'] = 'south'\n",
        "import os\nos.environ.setdefault('REGION', 'south')\n",
        "import dotenv\ndotenv.load_dotenv()\n",
        "import shop.signals\n",
        "def application(environ, start):\n    return inner(environ, start)\n",
        "from whitenoise import WhiteNoise\napplication = WhiteNoise(application)\n",
    ] {
        sandbox
            .write("p/shop/signals.py", "")
            .write("p/shop/wsgi.py", format!("{plain}{more}"));
        assert_eq!(planned_mode(&sandbox), "bypass", "{more}");
    }
    let ran = dockerize(&sandbox, &["--yes", "--dry-run"]);
    assert!(
        ran.stdout
            .contains("because its WSGI module does more than to hand out Django's application (shop/wsgi.py:4)"),
        "{ran}"
    );
}

#[test]
fn a_helper_class_is_no_class_of_settings() {
    let sandbox = modern();
    let helper = "class Storage:\n    strict = True\n    DEBUG = False\n\n    def url(self):\n        return self.strict\n";
    sandbox.write("p/shop/settings.py", settings("sqlite3", helper));
    assert_eq!(planned_mode(&sandbox), "wrap");
}

#[test]
fn developers_get_their_packages_too() {
    let sandbox = modern();
    sandbox
        .write(
            "p/requirements-dev.txt",
            "-r requirements.txt\n-r requirements-test.txt\n",
        )
        .write("p/requirements-test.txt", "pytest\n")
        .write("p/requirements-docs.txt", "sphinx\n")
        .write("p/other/requirements-dev.txt", "x\n");
    let named = |sandbox: &Sandbox| {
        report(sandbox, &[])["plan"]["answers"]["developer_requirements"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    };
    assert_eq!(
        named(&sandbox),
        "requirements-dev.txt",
        "it holds those of the tests"
    );
    sandbox.write("p/requirements-dev.txt", "ipdb\n");
    assert_eq!(
        named(&sandbox),
        "requirements-dev.txt requirements-test.txt"
    );
    assert_eq!(dockerize(&sandbox, &["--yes"]).code, 0);
    let base = sandbox.read("p/.env.base");
    assert!(
        base.contains("DEVELOPER_REQUIREMENTS=\"requirements-dev.txt requirements-test.txt\""),
        "{base}"
    );
    assert!(!sandbox.read("p/Dockerfile").contains("requirements-dev"));

    // A file for servers leaves the plain one to developers.
    let sandbox = modern();
    sandbox
        .write("p/requirements.prod.txt", "Django==4.2.11\n")
        .write("p/requirements.txt", "Django==4.2.11\npytest\n")
        .write(
            "p/Dockerfile",
            "FROM python:3.11\nRUN pip install -r requirements.prod.txt\n",
        );
    assert_eq!(named(&sandbox), "requirements.txt");
}

#[test]
fn the_best_guess_is_named_and_taken() {
    let sandbox = modern();
    let by_variable = settings("sqlite3", "")
        + "if os.environ.get(\"DB\") == \"postgres\":\n    DATABASES = {\"default\": {\"ENGINE\": \"django.db.backends.postgresql\"}}\n";
    sandbox.write("p/shop/settings.py", by_variable);
    let ran = dockerize(&sandbox, &["--yes", "--dry-run"]);
    assert!(ran.stderr.contains("which here is `postgresql`"), "{ran}");
    let planned = report(&sandbox, &["--defaults"]);
    assert_eq!(planned["plan"]["answers"]["database"], "postgresql");

    let sandbox = old();
    std::fs::remove_file(sandbox.path("p/runtime.txt")).unwrap();
    let planned = report(&sandbox, &["--defaults"]);
    assert_eq!(planned["plan"]["answers"]["image_python"], "3.6");
}

#[test]
fn the_settings_in_use_are_proposed_for_those_that_hold_none() {
    let sandbox = modern();
    let manage = sandbox.read("p/manage.py");
    sandbox
        .write("p/shop/settings/__init__.py", "")
        .write("p/shop/settings/base.py", settings("sqlite3", ""))
        .write("p/shop/settings/production.py", "from .base import *\n")
        .write("p/manage.py", manage);
    std::fs::remove_file(sandbox.path("p/shop/settings.py")).unwrap();
    let ran = dockerize(&sandbox, &["--yes", "--dry-run"]);
    assert!(
        ran.stderr
            .contains("which here is `shop.settings.production`"),
        "{ran}"
    );
    sandbox.write(
        "p/compose.yaml",
        "services:\n  web:\n    environment:\n      DJANGO_SETTINGS_MODULE: shop.settings.base\n",
    );
    let planned = report(&sandbox, &["--defaults"]);
    assert_eq!(
        planned["plan"]["answers"]["settings_module"],
        "shop.settings.base"
    );
}

#[test]
fn what_the_template_has_no_service_for_is_told() {
    let sandbox = modern();
    sandbox
        .write(
            "p/requirements.txt",
            "Django==4.2.11\npymongo\nkafka-python==2\npysolr\nopensearch-py\n",
        )
        .write(
            "p/deploy/compose.yml",
            "services:\n  search:\n    image: getmeili/meilisearch:v1\n",
        );
    let planned = report(&sandbox, &[]);
    let told = planned["plan"]["not_covered"].to_string();
    let ran = dockerize(&sandbox, &["--yes", "--dry-run"]);
    for (name, place) in [
        ("MongoDB", "requirements.txt:2"),
        ("Kafka", "requirements.txt:3"),
        ("Solr", "requirements.txt:4"),
        ("OpenSearch", "requirements.txt:5"),
        ("Meilisearch", "deploy/compose.yml:3"),
    ] {
        let line = format!("The template does not cover {name} ({place})");
        assert!(told.contains(&line), "{told}");
        assert!(ran.stdout.contains(&line), "{ran}");
    }
    let none = report(&modern(), &[]);
    assert!(none["plan"].get("not_covered").is_none(), "{none}");
}

#[test]
fn another_project_of_the_tree_is_told() {
    let sandbox = modern();
    let manage = sandbox.read("p/manage.py");
    sandbox
        .write("p/tools/manage.py", &manage)
        .write("p/tests/site/manage.py", manage.replace("shop.", "site."))
        .write("p/till/manage.py", manage.replace("shop.", "till."))
        .write("p/till/till/settings.py", settings("mysql", ""));
    let told = &report(&sandbox, &[])["plan"]["not_covered"];
    let other = "till/manage.py starts another project, which this leaves as it is: `ixd-template dockerize till` is for that one.";
    assert_eq!(told.to_string(), format!("[\"{other}\"]"));
}

#[test]
fn celery_in_the_shapes_that_it_comes_in() {
    let app = "from celery import Celery\n\napp = Celery('shop')\n";
    for (files, expected) in [
        (&[("shop/celery.py", app)][..], "shop"),
        (&[("shop/celeryconf.py", app)], "shop.celeryconf"),
        (
            &[(
                "shop/__init__.py",
                "import celery\nqueue = celery.Celery()\n",
            )],
            "shop",
        ),
        (&[("tasks/app.py", app)], "tasks.app"),
        (&[("celery_app.py", app)], "celery_app"),
        (&[("one/tasks.py", app), ("two/tasks.py", app)], ""),
        (
            &[
                ("one/tasks.py", app),
                ("two/tasks.py", app),
                (
                    "Procfile",
                    "worker: celery worker -A two.tasks:app -l info\n",
                ),
            ],
            "two.tasks",
        ),
        (
            &[
                ("one/tasks.py", app),
                (
                    "compose.yml",
                    "services:\n  w:\n    command: [\"celery\", \"--app=one.tasks\", \"worker\"]\n",
                ),
            ],
            "one.tasks",
        ),
        (
            &[("shop/jobs.py", "def make():\n    app = Celery('shop')\n")],
            "",
        ),
    ] {
        let sandbox = modern();
        sandbox.write("p/requirements.txt", "Django==4.2.11\ncelery\n");
        for (path, text) in files {
            sandbox.write(&format!("p/{path}"), text);
        }
        let planned = report(&sandbox, &[]);
        let found = planned["plan"]["answers"]["celery_app"]
            .as_str()
            .unwrap_or_default();
        assert_eq!(found, expected, "{files:?}");
    }
    let sandbox = modern();
    sandbox.write("p/requirements.txt", "Django==4.2.11\ncelery\n");
    let ran = dockerize(&sandbox, &["--yes", "--dry-run"]);
    assert!(ran.stdout.contains("`--answer celery_app=…`"), "{ran}");
    assert!(
        ran.stdout
            .contains("`--answer services=rabbitmq` adds that"),
        "{ran}"
    );
    // A broker may be named for servers only.
    sandbox.write("p/.env.example", "BROKER=amqp://mq:5672/\n");
    let planned = report(&sandbox, &[]);
    assert_eq!(
        planned["plan"]["answers"]["services"],
        serde_json::json!(["rabbitmq"])
    );
}

#[test]
fn docker_files_of_any_name_and_place_are_found() {
    let sandbox = modern();
    let compose = "services:\n  web:\n    build: .\n";
    let there = [
        ("dockerfile", "FROM python:3.11\n"),
        ("Dockerfile_dev", "FROM python:3.11\n"),
        ("docker/web/Containerfile", "FROM python:3.11\n"),
        ("deploy/docker-compose.live.yml", compose),
        ("deploy/stack.yaml", compose),
    ];
    let others = [
        ("docs/dockerfile.md", "FROM python:3.11\n"),
        ("etc/services.yml", "services:\n  - web\nimage: x\n"),
        (
            "etc/framework.yml",
            "services:\n    app.mailer:\n        class: Mailer\n",
        ),
    ];
    for (path, text) in there.iter().chain(&others) {
        sandbox.write(&format!("p/{path}"), text);
    }
    let found = report(&sandbox, &["--answer", "database=sqlite"]);
    let mut found: Vec<&str> = found["existing_docker"]["value"]
        .as_array()
        .unwrap()
        .iter()
        .map(|path| path.as_str().unwrap())
        .collect();
    found.sort_unstable();
    let mut expected = there.map(|(path, _)| path);
    expected.sort_unstable();
    assert_eq!(found, expected);
}
