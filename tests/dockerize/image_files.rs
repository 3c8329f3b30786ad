//! `.dockerignore` of an older project: it hides nothing that git has, and lets nothing in that git ignores.

use std::fs;

use super::project::{commit, dockerize, modern};
use crate::cli::sandbox::Sandbox;

/// Whether a list hides a path, by Docker's own rules: the last line that fits it, or a folder on the way, decides.
fn hides(list: &str, path: &str) -> bool {
    let mut hidden = false;
    for line in list.lines().map(str::trim) {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (pattern, hides) = match line.strip_prefix('!') {
            Some(rest) => (rest, false),
            None => (line, true),
        };
        let pattern: Vec<&str> = pattern.trim_matches('/').split('/').collect();
        let parts: Vec<&str> = path.split('/').collect();
        if (1..=parts.len()).any(|end| fits(&pattern, &parts[..end])) {
            hidden = hides;
        }
    }
    hidden
}

fn fits(pattern: &[&str], parts: &[&str]) -> bool {
    match (pattern, parts) {
        ([], []) => true,
        (["**", rest @ ..], _) => (0..=parts.len()).any(|from| fits(rest, &parts[from..])),
        ([first, rest @ ..], [part, others @ ..]) => {
            part_fits(first.as_bytes(), part.as_bytes()) && fits(rest, others)
        }
        _ => false,
    }
}

fn part_fits(pattern: &[u8], text: &[u8]) -> bool {
    match (pattern, text) {
        ([], []) => true,
        ([b'*', rest @ ..], _) => (0..=text.len()).any(|from| part_fits(rest, &text[from..])),
        ([b'?', rest @ ..], [_, others @ ..]) => part_fits(rest, others),
        ([b'[', b'c', b'o', b']', rest @ ..], [b'c' | b'o', others @ ..]) => {
            part_fits(rest, others)
        }
        ([a, rest @ ..], [b, others @ ..]) => a == b && part_fits(rest, others),
        _ => false,
    }
}

/// Checks the list at `list` against what git has and ignores.
fn check(sandbox: &Sandbox, list: &str, tracked: &[&str], ignored: &[&str]) {
    let text = sandbox.read(list);
    for path in tracked {
        assert!(!hides(&text, path), "{path} is hidden by\n{text}");
    }
    for path in ignored {
        assert!(hides(&text, path), "{path} is let in by\n{text}");
    }
}

const IGNORE: &str = "# what a team ignores\nlocal.py\n/media/*\n!/media/logo.png\n*.log\n!keep.log\nenvs/\n!envs/readme\n*.py[co]\n/tmp/**/x\nstatic_root\n!*.tmpl\n";

const TRACKED: [&str; 12] = [
    "media/logo.png",
    "keep.log",
    "harbour/keep.log",
    "var/berths/list.json",
    "node_modules/slider/slider.js",
    "harbour/totals.sqlite3",
    "harbour/__pycache__/tide.cpython-33.pyc",
    "static_root/own.css",
    "kubernetes/__init__.py",
    ".env.example",
    "stack.d/a.py",
    "harbour/local.py.dist",
];

const IGNORED: [&str; 10] = [
    "shop/local.py",
    "media/upload.png",
    "a.log",
    "harbour/b.log",
    "envs/a/bin/python",
    "envs/readme",
    "envs/a/keep.log",
    "harbour/x.pyc",
    "tmp/a/b/x",
    "harbour/inner/secret.txt",
];

fn project() -> Sandbox {
    let sandbox = modern();
    sandbox
        .write("p/.gitignore", IGNORE)
        .write("p/harbour/inner/.gitignore", "*.txt\n/only\n");
    for path in TRACKED {
        sandbox.write(&format!("p/{path}"), "x\n");
    }
    commit(&sandbox);
    for path in IGNORED {
        sandbox.write(&format!("p/{path}"), "x\n");
    }
    sandbox
}

#[test]
fn what_git_has_comes_in_and_what_it_ignores_does_not() {
    let sandbox = project();
    // What is to be ignored is, by git's own word.
    for path in IGNORED {
        assert_eq!(sandbox.git("p", &["check-ignore", path]).trim(), path);
    }
    let before = sandbox.tree("p");
    let ran = dockerize(&sandbox, &["--yes"]);
    assert_eq!(ran.code, 0, "{ran}");
    check(&sandbox, "p/.dockerignore", &TRACKED, &IGNORED);
    let own = [
        "go.sh",
        ".env.base",
        "ixc_django_docker/bin/gunicorn.sh",
        "requirements.txt",
    ];
    check(
        &sandbox,
        "p/.dockerignore",
        &own,
        &[
            ".env",
            ".env.local",
            ".git/config",
            ".env.production.secret",
        ],
    );
    assert_eq!(sandbox.ixd(&["undo", "p"]).code, 0);
    assert_eq!(sandbox.tree("p"), before);
}

#[test]
fn beside_a_list_of_the_projects_the_templates_is_as_complete() {
    let sandbox = project();
    sandbox
        .write("p/Dockerfile", "FROM python:3.11\n")
        .write("p/.dockerignore", "*\n!shop\n");
    commit(&sandbox);
    let flags = ["--yes", "--defaults", "--answer", "docker_files=beside"];
    let ran = dockerize(&sandbox, &flags);
    assert_eq!(ran.code, 0, "{ran}");
    assert_eq!(sandbox.read("p/.dockerignore"), "*\n!shop\n");
    check(
        &sandbox,
        "p/Dockerfile.ixc.dockerignore",
        &TRACKED,
        &[".env", "Dockerfile.ixc"],
    );
}

#[test]
fn a_list_of_the_projects_stays_and_hides_nothing_of_the_template() {
    let sandbox = project();
    let own = "*.json\n.env*\n*.sh\nbin\n**/bin\n";
    sandbox.write("p/.dockerignore", own);
    let ran = dockerize(&sandbox, &["--yes"]);
    assert_eq!(ran.code, 0, "{ran}");
    assert!(sandbox.read("p/.dockerignore").starts_with(own));
    let needed = ["go.sh", ".env.base", "ixc_django_docker/bin/gunicorn.sh"];
    check(
        &sandbox,
        "p/.dockerignore",
        &needed,
        &["ab.json", ".env", "shop/local.py"],
    );
    // What the project's own list hides stays hidden.
    let list = sandbox.read("p/.dockerignore");
    assert!(hides(&list, ".env.example"), "{list}");
}

#[test]
fn rules_of_the_repository_around_the_project_count() {
    let sandbox = modern();
    fs::rename(sandbox.path("p"), sandbox.path("inner")).unwrap();
    fs::create_dir(sandbox.path("p")).unwrap();
    fs::rename(sandbox.path("inner"), sandbox.path("p/back")).unwrap();
    sandbox.write("p/.gitignore", "*.key\n/back/data\n/front\nback/*/cache\n");
    commit(&sandbox);
    sandbox
        .write("p/back/a/x.key", "x\n")
        .write("p/back/data/x", "x\n")
        .write("p/back/a/cache/x", "x\n");
    let mut args = vec!["dockerize", "p/back", "--yes"];
    args.extend(super::DEVELOPMENT);
    let ran = sandbox.ixd(&args);
    assert_eq!(ran.code, 0, "{ran}");
    check(
        &sandbox,
        "p/back/.dockerignore",
        &["front/x", "shop/settings.py"],
        &["a/x.key", "data/x", "a/cache/x"],
    );
}

/// A worker and a scheduler come with the site, where the project has any.
#[test]
fn the_load_balancer_starts_all_that_the_site_needs() {
    for (more, has_worker) in [("", false), ("celery==5.4.0\n", true)] {
        let sandbox = modern();
        sandbox.write("p/requirements.txt", format!("Django==4.2.11\n{more}"));
        if has_worker {
            let app =
                "from celery import Celery\napp = Celery(\"shop\", broker=\"redis://localhost\")\n";
            sandbox.write("p/shop/celery.py", app);
        }
        commit(&sandbox);
        let ran = dockerize(&sandbox, &["--yes"]);
        assert_eq!(ran.code, 0, "{ran}");
        let compose = sandbox.read("p/compose.yaml");
        let (_, rest) = compose.split_once("\n  haproxy:\n").unwrap();
        let (_, rest) = rest.split_once("    depends_on:\n").unwrap();
        let needs: Vec<&str> = rest
            .lines()
            .take_while(|line| line.starts_with("      "))
            .map(|line| line.trim().split(':').next().unwrap())
            .collect();
        let expected: &[&str] = if has_worker {
            &["django", "celery", "celerybeat"]
        } else {
            &["django"]
        };
        assert_eq!(needs, expected, "{compose}");
    }
}
