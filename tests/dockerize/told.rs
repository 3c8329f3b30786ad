//! What a person says is so, and the rest follows from it; what names nothing is no answer.

use super::project::{DOCKERIZE, dockerize, modern, settings};
use super::{finding, inspect};
use crate::cli::sandbox::Sandbox;
use serde_json::Value;

/// Two projects in one folder, each as good as the other: `a` on `SQLite`, `b` on `MySQL`.
pub(super) fn two() -> Sandbox {
    let sandbox = modern();
    let manage = sandbox.read("p/manage.py");
    for (folder, package, engine) in [("a", "shop", "sqlite3"), ("b", "till", "mysql")] {
        let own = |text: &str| text.replace("shop", package);
        sandbox
            .write(&format!("p/{folder}/manage.py"), own(&manage))
            .write(&format!("p/{folder}/{package}/__init__.py"), "")
            .write(
                &format!("p/{folder}/{package}/settings.py"),
                own(&settings(engine, "")),
            )
            .write(
                &format!("p/{folder}/{package}/urls.py"),
                "urlpatterns = []\n",
            )
            .write(
                &format!("p/{folder}/{package}/wsgi.py"),
                own(&sandbox.read("p/shop/wsgi.py")),
            );
    }
    std::fs::remove_file(sandbox.path("p/manage.py")).unwrap();
    std::fs::remove_dir_all(sandbox.path("p/shop")).unwrap();
    sandbox
}

fn report(sandbox: &Sandbox, flags: &[&str]) -> Value {
    let mut args = DOCKERIZE.to_vec();
    args.extend(["--dry-run", "--json"]);
    args.extend(flags);
    let ran = sandbox.ixd(&args);
    serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error} in {ran}"))
}

#[test]
fn the_rest_follows_from_an_answer() {
    let sandbox = two();
    let found = report(&sandbox, &[]);
    assert_eq!(found["ask_for"], serde_json::json!(["manage_py"]));
    for answer in ["manage_py=b/manage.py", "settings_module=till.settings"] {
        let mut flags = vec!["--answer", answer];
        if !answer.starts_with("manage") {
            flags.extend(["--answer", "manage_py=a/manage.py"]);
        }
        let found = report(&sandbox, &flags);
        assert_eq!(found["verdict"], "ok", "{answer}: {found}");
        for (key, name, value) in [
            ("settings_module", "settings_module", "till.settings"),
            ("wsgi_module", "wsgi_module", "till.wsgi"),
            ("python_path", "python_path", "b"),
            ("database", "database", "mysql"),
        ] {
            assert_eq!(finding(&found, key)["value"], value, "{answer}: {key}");
            assert_eq!(found["plan"]["answers"][name], value, "{answer}: {name}");
        }
        assert_eq!(finding(&found, "root_urlconf")["value"], "till.urls");
    }
    let ran = dockerize(&sandbox, &["--yes", "--answer", "manage_py=b/manage.py"]);
    assert_eq!(ran.code, 0, "{ran}");
    assert!(sandbox.read("p/compose.yaml").contains("mariadb"));
}

#[test]
fn an_answer_that_names_nothing_is_refused() {
    let sandbox = two();
    for (answer, complaint) in [
        (
            "manage_py=c/manage.py",
            "the project has no file `c/manage.py`; there is a/manage.py, b/manage.py",
        ),
        (
            "settings_module=till.setings",
            "neither `till/setings.py` nor `till/setings/__init__.py` is below `b`",
        ),
        ("python_path=c", "the project has no folder `c`"),
        (
            "python_path=a",
            "`till.settings` is not below it, but in b/till/settings.py",
        ),
        ("wsgi_module=till.wgsi", "neither `till/wgsi.py` nor"),
        (
            "requirements_file=r.txt",
            "the project has no file `r.txt`; there is requirements.txt",
        ),
        ("requirements_file=", "it cannot be empty"),
    ] {
        let mut flags = vec!["--yes", "--answer", answer];
        if !answer.starts_with("manage") {
            flags.extend(["--answer", "manage_py=b/manage.py"]);
        }
        let ran = dockerize(&sandbox, &flags);
        assert_eq!(ran.code, 2, "{answer}: {ran}");
        assert!(ran.stderr.contains(complaint), "{answer}: {ran}");
        let name = answer.split('=').next().unwrap();
        assert!(ran.stderr.contains(&format!("--answer {name}=…")), "{ran}");
    }
    assert!(!sandbox.exists("p/go.sh"));
    // Settings that are made on each machine are not there, and no mistake.
    let sandbox = modern();
    std::fs::remove_file(sandbox.path("p/shop/settings.py")).unwrap();
    let flags = [
        "--yes",
        "--answer",
        "settings_module=shop.settings",
        "--answer",
        "database=mysql",
    ];
    let ran = dockerize(&sandbox, &flags);
    assert_eq!(ran.code, 0, "{ran}");
}

#[test]
fn all_that_is_uncertain_is_named_at_once() {
    let sandbox = two();
    let local = settings("sqlite3", "from .local import *\n");
    sandbox
        .write("p/a/shop/settings.py", &local)
        .write("p/requirements.txt", "Django\n")
        .write("p/Pipfile", "[packages]\ndjango = \"*\"\nother = \"*\"\n");
    std::fs::remove_file(sandbox.path("p/runtime.txt")).unwrap();
    let all = [
        ("manage_py", "manage_py=a/manage.py"),
        ("django.spec", "mode=bypass"),
        ("python.version", "image_python=3.9"),
        ("requirements.main", "requirements_file=requirements.txt"),
        ("database", "database=mysql"),
    ];
    // In any order: what is answered is no longer asked, and nothing else comes up.
    for turn in 0..all.len() {
        let mut open: Vec<&str> = all.iter().map(|(key, _)| *key).collect();
        let mut flags = Vec::new();
        for step in 0..=all.len() {
            let found = report(&sandbox, &flags);
            assert_eq!(found["ask_for"], serde_json::json!(open), "{flags:?}");
            let verdict = if open.is_empty() { "ok" } else { "ask" };
            assert_eq!(found["verdict"], verdict, "{flags:?}");
            // The version has no answer of its own.
            let has_plan = open.iter().all(|key| *key == "django.spec");
            assert_eq!(found["plan"].is_object(), has_plan, "{flags:?}: {found}");
            if step < all.len() {
                let (key, answer) = all[(turn * 2 + step) % all.len()];
                open.retain(|one| *one != key);
                flags.extend(["--answer", answer]);
            }
        }
    }
    let ran = dockerize(&sandbox, &["--yes"]);
    assert_eq!(ran.code, 1, "{ran}");
    let told = "`manage_py` cannot be told for certain, nor can `python.version`, `requirements.main`, `database`, and";
    assert!(ran.stderr.contains(told), "{ran}");
    // The hint names them all, and what `--defaults` would make of them.
    let hint = "add `--answer manage_py=… --answer image_python=… --answer requirements_file=… --answer database=…` \
                (`--answer manage_py=` if it has none), or `--defaults` with those of `image_python`: \
                it takes the best guesses of the others, `manage_py=a/manage.py`, `requirements_file=requirements.txt`, `database=sqlite`";
    assert!(ran.stderr.contains(hint), "{ran}");
    // A guess is not confirmed by its being taken.
    let found = report(&sandbox, &["--defaults"]);
    assert_eq!(found["ask_for"].as_array().map(Vec::len), Some(5));
    // An answer may take others with it: the second project has another database.
    let found = report(&sandbox, &["--answer", "manage_py=b/manage.py"]);
    let left = ["django.spec", "python.version", "requirements.main"];
    assert_eq!(found["ask_for"], serde_json::json!(left));
}

#[test]
fn a_mistake_on_the_command_line_says_nothing_of_the_project() {
    let sandbox = two();
    for (flags, complaint) in [
        (["--answer", "database=mariadb"], "`mariadb`"),
        (["--answer", "image_python=three"], "such as `3.8`"),
        (
            ["--answer", "manage_py=c/manage.py"],
            "has no file `c/manage.py`",
        ),
        (["--answer", "manage=a/manage.py"], "no question `manage`"),
        (["--answer", "manage_py"], "NAME=VALUE"),
    ] {
        for more in [&["--dry-run", "--json"][..], &["--yes"]] {
            let ran = dockerize(&sandbox, &[&flags, more].concat());
            assert_eq!(ran.code, 2, "{ran}");
            assert!(!ran.stdout.contains("verdict"), "{ran}");
            assert!(ran.stderr.contains(complaint), "{complaint}: {ran}");
        }
    }
}

#[test]
fn a_project_without_manage_py() {
    let sandbox = modern();
    std::fs::remove_file(sandbox.path("p/manage.py")).unwrap();
    let told = ["--answer", "settings_module=shop.settings"];
    let ran = dockerize(&sandbox, &["--yes", told[0], told[1]]);
    assert_eq!(ran.code, 1, "{ran}");
    assert!(
        ran.stderr.contains("`--answer manage_py=` if it has none"),
        "{ran}"
    );
    for none in [&["--defaults"][..], &["--answer", "manage_py="]] {
        let mut flags = vec!["--yes", "--dry-run", told[0], told[1]];
        flags.extend(none);
        let ran = dockerize(&sandbox, &flags);
        assert_eq!(ran.code, 0, "{ran}");
        assert_eq!(
            ran.stderr.contains("No manage.py was found"),
            none.len() == 1,
            "{ran}"
        );
    }
}

#[test]
fn the_verdict_agrees_with_the_plan() {
    // The template's names are in use where modules are imported from, wherever that is.
    let sandbox = two();
    sandbox.write("p/b/ixc_django_docker/__init__.py", "");
    let found = report(&sandbox, &["--answer", "manage_py=b/manage.py"]);
    assert_eq!(found["verdict"], "refuse");
    assert!(found["plan"].is_null());
    let reason = found["reason"].as_str().unwrap();
    assert!(
        reason.contains("`b/ixc_django_docker` is there already"),
        "{reason}"
    );
    let found = report(&sandbox, &["--answer", "manage_py=a/manage.py"]);
    assert_eq!(
        found["verdict"], "ok",
        "nothing is imported from there: {found}"
    );

    let sandbox = modern();
    sandbox.write("p/.ixd-template.yml", "");
    assert_eq!(inspect(&sandbox, "p")["verdict"], "refuse");

    // Two files, and none of them certain: that is asked, so it is a question in the report too.
    let sandbox = modern();
    sandbox.write(
        "p/Pipfile",
        "[packages]\ndjango = \"==4.2.11\"\nother = \"*\"\n",
    );
    let found = report(&sandbox, &[]);
    assert!(found["plan"].is_null());
    assert_eq!(found["ask_for"], serde_json::json!(["requirements.main"]));
}

#[test]
fn passwords_are_not_shown() {
    let sandbox = modern();
    let more = "STATIC_URL = \"https://me:hush1@cdn.example.com/s/\"\nWHO = \"k\" + \":hush2\"\n\
                MEDIA_URL = \"//%s@cdn.example.com/m/\" % WHO\nMEDIA_ROOT = \"s3://hush3@bucket/m\"\n\
                CACHES = {\"default\": {\"LOCATION\": \"redis://:hush4@cache/1\"}}\n";
    sandbox
        .write("p/shop/settings.py", settings("sqlite3", more))
        .write(
            "p/pyproject.toml",
            "[tool.poetry.dependencies]\npython = \"^3.11\"\ndjango = \"4.2.11\"\n\
             one = {url = \"ftp://me:hush5@host/one.zip\"}\n\
             two = \"https://me:hush6@host/two.zip\"\n",
        );
    std::fs::remove_file(sandbox.path("p/requirements.txt")).unwrap();
    let found = report(&sandbox, &[]);
    assert_eq!(
        finding(&found, "static.url")["value"],
        "https://…@cdn.example.com/s/"
    );
    assert_eq!(
        finding(&found, "media.url")["value"],
        "//…@cdn.example.com/m/"
    );
    let shown = [
        found.to_string(),
        dockerize(&sandbox, &["--defaults", "--dry-run"]).to_string(),
    ];
    for shown in shown {
        assert!(!shown.contains("hush"), "{shown}");
    }
}

#[test]
fn a_python_that_has_no_image_is_refused() {
    let sandbox = modern();
    for answer in ["?", "3", "3.99", "2.3", "python", "4.1", "3.x", "-"] {
        let answer = format!("image_python={answer}");
        let ran = dockerize(&sandbox, &["--dry-run", "--json", "--answer", &answer]);
        assert_eq!(ran.code, 2, "{answer}: {ran}");
        assert!(ran.stderr.contains("3.8"), "{answer}: {ran}");
    }
    for answer in ["2.7", "3.8", "3.12.1"] {
        let answer = format!("image_python={answer}");
        let ran = dockerize(&sandbox, &["--dry-run", "--json", "--answer", &answer]);
        assert_eq!(ran.code, 0, "{answer}: {ran}");
    }
}

#[test]
fn folders_with_signs_in_their_names_are_taken() {
    let sandbox = modern();
    let files = ["manage.py", "requirements.txt", "shop"];
    std::fs::create_dir(sandbox.path("p/fish & chips (new), [x]")).unwrap();
    for file in files {
        let to = format!("p/fish & chips (new), [x]/{file}");
        std::fs::rename(sandbox.path(&format!("p/{file}")), sandbox.path(&to)).unwrap();
    }
    let ran = dockerize(&sandbox, &["--defaults", "--yes"]);
    assert_eq!(ran.code, 0, "{ran}");
    let base = sandbox.read("p/.env.base");
    assert!(base.contains("fish & chips (new), [x]"), "{base}");
}
