//! What a person says is true whatever the files say, and the rest follows without a second look at them.

use django_facts::{Database, Engine, Findings, Key, Overrides};

use super::project::Project;

#[test]
fn an_answer_reads_no_file_again() {
    let project = Project::new(&[
        (
            "pyproject.toml",
            "[project]\nrequires-python = \">=3.11\"\ndependencies = [\"Django~=4.2.1\"]\n",
        ),
        (
            "shop/live.py",
            "from .settings import *\nDATABASES = {\"default\": {\"ENGINE\": \"django.db.backends.mysql\", \"NAME\": \"x\"}}\n",
        ),
    ]);
    let sources = project.sources();
    let before = Findings::of(&sources);
    assert_eq!(before.database.value, Some(Database::PerEnvironment));
    for path in [
        "pyproject.toml",
        "shop/live.py",
        "shop/settings.py",
        "manage.py",
    ] {
        project.write(path, "broken = (\n");
    }
    let mut overrides = Overrides::default();
    overrides.set(Key::SettingsModule, "shop.live");
    let after = Findings::with(&sources, &overrides);
    assert_eq!(after.settings_module.text(), Some("shop.live"));
    assert_eq!(
        after.settings_files.list(),
        ["shop/live.py", "shop/settings.py"]
    );
    assert_eq!(
        after.database.value.and_then(Database::engine),
        Some(Engine::Mysql)
    );
    assert_eq!(after.python.version, before.python.version);
    assert_eq!(after.django.spec, before.django.spec);
    // Nothing was changed by it.
    let again = Findings::of(&sources);
    assert_eq!(again.database, before.database);
    assert_eq!(again.settings_module, before.settings_module);
}

#[test]
fn every_key_has_its_finding() {
    let findings = Findings::of(&Project::new(&[]).sources());
    let report = serde_json::to_value(&findings).unwrap();
    for (key, found) in findings.all() {
        let shown = key
            .name()
            .split('.')
            .fold(&report, |inner, part| &inner[part]);
        match key {
            Key::Unreadable => assert!(shown.is_null()),
            _ => assert_eq!(
                shown["evidence"].as_array().unwrap().len(),
                found.evidence.len(),
                "{}",
                key.name()
            ),
        }
        assert!(!key.words().is_empty());
    }
}
