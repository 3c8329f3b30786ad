//! Files in every encoding, links to everywhere, folders of any size: what a text case cannot hold.

use std::fs;
use std::os::unix::fs::symlink;
use std::time::{Duration, Instant};

use serde_json::json;

use super::{finding, inspect};
use crate::cli::sandbox::Sandbox;

const MANAGE: &str = "import os, sys\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\n\
                      from django.core.management import execute_from_command_line\nexecute_from_command_line(sys.argv)\n";
const SETTINGS: &str = "INSTALLED_APPS = []\nROOT_URLCONF = 'shop.urls'\n# Größe\n\
                        DATABASES = {'default': {'ENGINE': 'django.db.backends.mysql'}}\n";

fn project() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox
        .write("p/manage.py", MANAGE)
        .write("p/shop/__init__.py", "")
        .write("p/shop/settings.py", SETTINGS)
        .write("p/requirements.txt", "Django==4.2\nmysqlclient\n");
    sandbox
}

fn value(sandbox: &Sandbox, key: &str) -> serde_json::Value {
    finding(&inspect(sandbox, "p"), key)["value"].clone()
}

#[test]
fn text_is_read_in_any_encoding() {
    let crlf = |text: &str| text.replace('\n', "\r\n");
    let utf16 = |text: &str, big: bool| -> Vec<u8> {
        let units = std::iter::once(0xfeff).chain(text.encode_utf16());
        units
            .flat_map(|unit: u16| {
                if big {
                    unit.to_be_bytes()
                } else {
                    unit.to_le_bytes()
                }
            })
            .collect()
    };
    let latin1 = |text: &str| -> Vec<u8> { text.chars().map(|letter| letter as u8).collect() };
    let bom = |text: &str| [b"\xef\xbb\xbf", text.as_bytes()].concat();
    let requirements = "Django==4.2\nmysqlclient\n";
    for (what, settings, wanted) in [
        (
            "CRLF",
            crlf(SETTINGS).into_bytes(),
            crlf(requirements).into_bytes(),
        ),
        ("BOM", bom(SETTINGS), bom(requirements)),
        (
            "Latin-1",
            latin1(SETTINGS),
            latin1("# Größe\nDjango==4.2\n"),
        ),
        (
            "UTF-16 LE",
            SETTINGS.into(),
            utf16(&crlf(requirements), false),
        ),
        ("UTF-16 BE", SETTINGS.into(), utf16(requirements, true)),
        (
            "UTF-16 without mark",
            SETTINGS.into(),
            utf16(requirements, false)[2..].to_vec(),
        ),
    ] {
        let sandbox = project();
        sandbox
            .write("p/shop/settings.py", settings)
            .write("p/requirements.txt", wanted);
        let found = inspect(&sandbox, "p");
        assert_eq!(finding(&found, "django.spec")["value"], "==4.2", "{what}");
        assert_eq!(finding(&found, "database")["value"], "mysql", "{what}");
        assert_eq!(
            finding(&found, "database")["evidence"],
            json!(["shop/settings.py:4"]),
            "{what}"
        );
    }
}

#[test]
fn links_lead_nowhere_else() {
    let sandbox = project();
    let link = |target: &str, path: &str| symlink(target, sandbox.path(path)).unwrap();
    link("nowhere", "p/compose.yaml");
    link("/etc/passwd", "p/Pipfile");
    link("..", "p/loop");
    link("../..", "p/shop/up");
    link("self", "p/self");
    sandbox.write("outside/environment.yml", "dependencies:\n- celery\n");
    link("../outside/environment.yml", "p/environment.yml");
    sandbox.write("p/deps/prod.txt", "Django==4.2\nredis\n");
    fs::remove_file(sandbox.path("p/requirements.txt")).unwrap();
    link("deps/prod.txt", "p/requirements.txt");
    let found = inspect(&sandbox, "p");
    assert_eq!(finding(&found, "existing_docker")["value"], json!([]));
    assert_eq!(finding(&found, "celery")["value"], false);
    assert_eq!(
        finding(&found, "redis")["value"],
        true,
        "a link inside the project is followed"
    );
    assert_eq!(finding(&found, "manage_py")["confidence"], "high");
}

#[test]
fn nothing_of_the_project_is_run() {
    let sandbox = project();
    let trap = format!("open({:?}, 'w')\n", sandbox.path("trapped"));
    for path in [
        "manage.py",
        "shop/__init__.py",
        "shop/settings.py",
        "setup.py",
        "conftest.py",
    ] {
        sandbox.write(&format!("p/{path}"), format!("{trap}{MANAGE}"));
    }
    inspect(&sandbox, "p");
    assert!(!sandbox.exists("trapped"));
}

#[test]
fn source_that_is_no_python_harms_nobody() {
    for source in [
        "(".repeat(100_000),
        "[{(\"".repeat(20_000),
        "'''".to_owned(),
        "if ".repeat(50_000),
        "a = ".to_owned() + &"-".repeat(100_000),
        "a = lambda x: ".repeat(10_000),
        "\\\n\\\n\\".to_owned(),
        "a\u{0}b = \u{feff}1\n".to_owned(),
        "DATABASES = DATABASES\nBASE = BASE\nSTATIC_ROOT = BASE\nROOT_URLCONF = ROOT_URLCONF"
            .to_owned(),
        "from shop.settings import *\nfrom . import *\n".to_owned(),
    ] {
        let sandbox = project();
        sandbox.write("p/shop/settings.py", &source);
        let shown: String = source.chars().take(20).collect();
        assert_ne!(
            finding(&inspect(&sandbox, "p"), "settings_module")["value"],
            json!(null),
            "{shown}"
        );
    }
}

#[test]
fn evidence_shows_no_secret() {
    let sandbox = project();
    sandbox.write(
        "p/shop/settings.py",
        "SECRET_KEY = 'hunter2-hunter2'\nDATABASES = {'default': {'ENGINE': 'django.db.backends.mysql', 'PASSWORD': 'hunter2'}}\n",
    );
    let ran = sandbox.ixd(&["dockerize", "p", "--dry-run", "--json"]);
    assert!(
        !ran.stdout.contains("hunter2") && !ran.stderr.contains("hunter2"),
        "{ran}"
    );
}

/// The bound is generous for a busy machine; a release build takes a fraction of it.
#[test]
fn a_hundred_thousand_files_are_no_burden() {
    let sandbox = project();
    for folder in 0..400 {
        let path = sandbox.path(&format!("p/data/{folder}"));
        fs::create_dir_all(&path).unwrap();
        for file in 0..250 {
            fs::write(path.join(format!("{file}.txt")), "").unwrap();
        }
    }
    let start = Instant::now();
    assert_eq!(value(&sandbox, "settings_module"), "shop.settings");
    assert!(
        start.elapsed() < Duration::from_secs(30),
        "{:?}",
        start.elapsed()
    );
}
