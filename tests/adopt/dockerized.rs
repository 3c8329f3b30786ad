//! Projects that `dockerize` brought onto the template, and whose state file is gone.
//!
//! `IXD_ADOPT=60 cargo test --test main dockerized_projects -- --nocapture` looks at more of them.

use ixd_template::adopt;
use ixd_template::state::State;
use ixd_template::template::{Answer, Catalogue};

use super::score::{Dice, runs};
use crate::dockerize::project::{commit, dockerize, modern, old, settings};

/// A project by chance, and the flags of a run that brings it onto the template.
fn flags(database: &str, dice: &mut Dice) -> (bool, Vec<String>) {
    let is_modern = dice.chance(50);
    let mut flags = vec!["--defaults".to_owned(), "--yes".to_owned()];
    let mut answer = |name: &str, value: &str| {
        flags.extend(["--answer".to_owned(), format!("{name}={value}")]);
    };
    if dice.chance(70) {
        answer(
            "mode",
            if is_modern && dice.chance(60) {
                "wrap"
            } else {
                "bypass"
            },
        );
    }
    answer("database", database);
    let services = ["redis", "memcached", "rabbitmq", "elasticsearch"];
    let services: Vec<&str> = services.into_iter().filter(|_| dice.chance(40)).collect();
    answer("services", &services.join(","));
    if dice.chance(40) {
        answer("project_name", dice.pick::<&str>(&["city_museum", "a2"]));
    }
    if dice.chance(30) {
        answer("site_domain", "shop.example.com");
    }
    if dice.chance(40) {
        answer("celery_app", dice.pick::<&str>(&["shop", "shop.queue"]));
    }
    if dice.chance(30) {
        answer("python_path", dice.pick::<&str>(&["src", "code/of it"]));
    }
    if !is_modern && dice.chance(20) {
        answer("manage_py", "code/manage.py");
    }
    if dice.chance(30) {
        answer("settings_module", "shop.settings.production");
    }
    if dice.chance(30) {
        answer("developer_requirements", "dev.txt requirements/test.txt");
    }
    if dice.chance(30) {
        answer("requirements_file", "requirements/base.txt");
    }
    for step in ["docker", "secrets", "requirements"] {
        if dice.chance(20) {
            flags.extend(["--skip".to_owned(), step.to_owned()]);
        }
    }
    (is_modern, flags)
}

#[test]
fn dockerized_projects_are_found_again() {
    let mut dice = Dice(0xd0c);
    let mut wrong = Vec::new();
    for _ in 0..runs(3) {
        let database = *dice.pick(&["sqlite", "postgresql", "postgis", "mysql", "oracle"]);
        let (is_modern, flags) = flags(database, &mut dice);
        let sandbox = if is_modern { modern() } else { old() };
        let engine = match database {
            "sqlite" => "sqlite3",
            other => other,
        };
        std::fs::remove_file(sandbox.path("p/shop/settings.py")).unwrap();
        // Whatever is answered names something that is there.
        for folder in ["p", "p/src", "p/code/of it"] {
            sandbox
                .write(&format!("{folder}/shop/__init__.py"), "")
                .write(
                    &format!("{folder}/shop/settings/__init__.py"),
                    settings(engine, ""),
                )
                .write(
                    &format!("{folder}/shop/settings/production.py"),
                    "from shop.settings import *\n",
                );
        }
        sandbox
            .write("p/.gitignore", "*.log\n")
            .write(
                "p/requirements/base.txt",
                sandbox.read("p/requirements.txt"),
            )
            .write("p/code/manage.py", sandbox.read("p/manage.py"));
        commit(&sandbox);
        let flags: Vec<&str> = flags.iter().map(String::as_str).collect();
        let ran = dockerize(&sandbox, &flags);
        assert_eq!(ran.code, 0, "{flags:?}: {ran}");
        let truth = State::parse(&sandbox.read("p/.ixd-template.yml")).unwrap();
        std::fs::remove_file(sandbox.path("p/.ixd-template.yml")).unwrap();
        // What a team does to its files, some of them.
        for path in sandbox.tree("p").into_keys() {
            if !path.starts_with(".git/") && dice.chance(15) {
                let text = sandbox.read(&format!("p/{path}"));
                sandbox.write(&format!("p/{path}"), text + "# own line\n");
            }
        }

        let catalogue = Catalogue::new(None);
        let root = sandbox.path("p");
        let Some(found) = adopt::find(&catalogue, &root, "p", None).unwrap() else {
            wrong.push(format!("not recognised: {flags:?}"));
            continue;
        };
        if !found.evidence.confident {
            println!("asks: {:?}", found.evidence);
        }
        for (name, answer) in truth.answers.iter() {
            let got = found.answers.get(name);
            // Without Docker no file names a service, and the project here has none.
            let is_lost =
                name == "services" && truth.answers.get("docker") != Some(&Answer::Bool(true));
            // What compose.yaml has of the project's own names stays there as an edit of the project's.
            let is_lost = is_lost || name == "addresses" || name == "database_name";
            if got != Some(answer) && !is_lost {
                wrong.push(format!(
                    "{name}: {answer} → {:?} ({:?}), {flags:?}",
                    got.map(ToString::to_string),
                    truth.answers.get("mode").map(ToString::to_string),
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
