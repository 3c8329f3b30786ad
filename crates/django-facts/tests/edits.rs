//! Addresses that stand in the code become defaults of variables.

use django_facts::{Findings, edited};

use crate::project::Project;

/// What becomes of the settings when all that stands in the code is put behind variables.
fn after(lines: &str) -> Option<String> {
    let project = Project::new(&[("shop/settings.py", lines)]);
    let found = Findings::of(&project.sources()).details.addresses;
    let literals: Vec<_> = found
        .literals
        .iter()
        .filter(|known| known.variable.is_some())
        .collect();
    edited(lines.as_bytes(), &literals).map(|edited| String::from_utf8(edited.bytes).unwrap())
}

#[test]
fn an_edit_changes_the_address_alone() {
    assert_eq!(
        after("\"\"\"Shop.\"\"\"\r\nfrom __future__ import annotations\r\nimport sys\r\nCELERY_BROKER_URL = 'redis://localhost:6379/0'  # ours\r\n").unwrap(),
        "\"\"\"Shop.\"\"\"\r\nfrom __future__ import annotations\r\nimport os\r\nimport sys\r\nCELERY_BROKER_URL = os.environ.get('CELERY_BROKER_URL', 'redis://localhost:6379/0')  # ours\r\n"
    );
    assert_eq!(
        after("import os, sys\nDATABASES = {\"default\": {\"ENGINE\": \"django.db.backends.postgresql\", \"NAME\": \"u\", \"HOST\": \"127.0.0.1\", \"USER\": \"u\", \"PASSWORD\": \"u\", \"PORT\": 5433}}\n").unwrap(),
        "import os, sys\nDATABASES = {\"default\": {\"ENGINE\": \"django.db.backends.postgresql\", \"NAME\": \"u\", \"HOST\": os.environ.get(\"PGHOST\", \"127.0.0.1\"), \"USER\": os.environ.get(\"PGUSER\", \"u\"), \"PASSWORD\": os.environ.get(\"PGPASSWORD\", \"u\"), \"PORT\": os.environ.get(\"PGPORT\", 5433)}}\n"
    );
    assert_eq!(
        after("CHANNEL_LAYERS = {'default': {'BACKEND': 'channels_redis.core.RedisChannelLayer', 'CONFIG': {'hosts': [('127.0.0.1', 6379)]}}}").unwrap(),
        "import os\nCHANNEL_LAYERS = {'default': {'BACKEND': 'channels_redis.core.RedisChannelLayer', 'CONFIG': {'hosts': [(os.environ.get('REDIS_HOST', '127.0.0.1'), 6379)]}}}"
    );
    for refused in [
        "from x import os\nREDIS_HOST = 'localhost'\n",
        "REDIS_URL = 'redis://' 'localhost'\n",
    ] {
        assert_eq!(after(refused), None, "{refused}");
    }
}

#[test]
fn bytes_of_no_unicode_stay_as_they_are() {
    let lines = b"# caf\xe9\nREDIS_HOST = \"localhost\"\n";
    let project = Project::new(&[("shop/settings.py", "\nREDIS_HOST = \"localhost\"\n")]);
    let found = Findings::of(&project.sources()).details.addresses;
    let made = edited(lines, &found.literals.iter().collect::<Vec<_>>()).unwrap();
    assert_eq!(
        made.bytes,
        b"# caf\xe9\nimport os\nREDIS_HOST = os.environ.get(\"REDIS_HOST\", \"localhost\")\n"
    );
}

#[test]
fn no_password_is_shown_with_an_edit() {
    let lines = "import os\nDATABASES = {'default': {'ENGINE': 'django.db.backends.postgresql', 'HOST': 'db', 'USER': 'u', 'PASSWORD': 'geheim'}}\n\
                 CELERY_BROKER_URL = 'amqp://u:geheim@localhost//'\n";
    let project = Project::new(&[("shop/settings.py", lines)]);
    let found = Findings::of(&project.sources()).details.addresses;
    let made = edited(lines.as_bytes(), &found.literals.iter().collect::<Vec<_>>()).unwrap();
    let shown = format!("{:?}", made.changes);
    assert!(!shown.contains("geheim"), "{shown}");
    assert!(
        shown.contains("os.environ.get('PGPASSWORD', '…')"),
        "{shown}"
    );
    assert_eq!(made.changes.len(), 2);
}
