//! Nothing of the user's is overwritten, hidden or lost, and `undo` takes everything back.

use std::fs;

use super::project::{commit, dockerize, modern, old, settings};

/// Files that a project may have at the template's own paths or near them.
const OWN: [(&str, &str); 17] = [
    ("README.md", "# Shop\n"),
    ("Dockerfile", "FROM python:3.11\n"),
    ("docker-compose.yml", "services: {}\n"),
    ("compose.yaml", "services: {web: {image: x}}\n"),
    ("package.json", "{\"name\": \"own\"}\n"),
    ("requirements.in", "Django<5\n"),
    ("requirements-dev.txt", "pytest\n"),
    (
        "setup.py",
        "from setuptools import setup\nsetup(name='x', install_requires=open('requirements.txt').read().split())\n",
    ),
    (".env", "SECRET=hunter2\n"),
    (".dockerignore", "own\n"),
    (".gitattributes", "*.bin -diff\n"),
    (".editorconfig", "root = true\r\n"),
    ("src/core.c", "int main() {}\n"),
    ("var/data.txt", "kept\n"),
    ("static_root/own.css", "a {}\n"),
    ("pyproject.toml", "[tool.black]\nline-length = 80\n"),
    ("bin/README.md", "own\n"),
];

#[test]
fn what_is_there_stays() {
    let sandbox = modern();
    for (path, content) in OWN {
        sandbox.write(&format!("p/{path}"), content);
    }
    sandbox.write("p/.gitignore", "*.log\n").write(
        "p/requirements.txt",
        "django==4.2.11 \\\n    --hash=sha256:aa\n",
    );
    commit(&sandbox);
    let before = sandbox.tree("p");
    let ran = dockerize(&sandbox, &["--yes"]);
    assert_eq!(ran.code, 0, "{ran}");
    let after = sandbox.tree("p");
    for (path, content) in &before {
        let now = &after[path];
        // These two are lists, to which lines may be added.
        if matches!(
            path.as_str(),
            ".gitignore" | ".dockerignore" | ".gitattributes"
        ) {
            for line in content.lines() {
                assert!(
                    now.lines().any(|now| now == line),
                    "{path} lost {line:?}: {now}"
                );
            }
        } else {
            assert_eq!(now, content, "{path}");
        }
    }
    assert!(after.contains_key("go.sh") && after.contains_key(".ixd-template.yml"));
    assert!(!ran.stdout.contains("hunter2") && !ran.stderr.contains("hunter2"));
    assert_eq!(sandbox.ixd(&["undo", "p"]).code, 0);
    assert_eq!(sandbox.tree("p"), before, "byte for byte");
}

#[test]
fn undo_works_without_git_too() {
    let sandbox = modern();
    let before = sandbox.tree("p");
    assert_eq!(dockerize(&sandbox, &["--yes"]).code, 0);
    assert_ne!(sandbox.tree("p"), before);
    assert_eq!(sandbox.ixd(&["undo", "p"]).code, 0);
    assert_eq!(sandbox.tree("p"), before);
}

/// Two sets of files for the same thing would be in each other's way, wherever the project's lie.
#[test]
fn docker_files_in_a_folder_of_their_own_count_too() {
    for (path, is_there) in [
        ("docker/Dockerfile.prod", true),
        ("deploy/docker-compose.yml", true),
        ("frontend/Dockerfile", false),
        (".devcontainer/Dockerfile", false),
    ] {
        let sandbox = modern();
        sandbox.write(&format!("p/{path}"), "FROM python:3.12\n");
        let ran = dockerize(&sandbox, &["--yes", "--answer", "image_python=3.12"]);
        assert_eq!(ran.code, 0, "{ran}");
        assert_eq!(sandbox.path("p/compose.yaml").exists(), !is_there, "{ran}");
    }
}

/// Who wants the template's all the same gets them whole: the step with what belongs to it, not its files alone.
#[test]
fn the_templates_docker_files_come_beside_others_where_somebody_says_so() {
    let sandbox = modern();
    let more = "import os\nCELERY_BROKER_URL = os.environ.get(\"SHOP_BROKER\", \"redis://localhost:6379/0\")\n";
    sandbox
        .write("p/docker-compose.yml", "services: {}\n")
        .write("p/shop/settings.py", settings("sqlite3", more));
    for answer in ["docker=true", "docker=yes"] {
        let flags = ["--dry-run", "--json", "--answer", answer];
        let ran = dockerize(&sandbox, &flags);
        let found: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
        let steps = found["plan"]["steps"].as_array().unwrap();
        assert!(steps.iter().any(|step| step == "docker"), "{ran}");
    }
    let ran = dockerize(&sandbox, &["--yes", "--answer", "docker=true"]);
    assert_eq!(ran.code, 0, "{ran}");
    assert!(sandbox.read("p/compose.yaml").contains("SHOP_BROKER"));
    assert_eq!(sandbox.read("p/docker-compose.yml"), "services: {}\n");
}

#[test]
fn settings_of_an_editor_are_not_hidden() {
    let sandbox = modern();
    sandbox.write("p/.vscode/launch.json", "{}\n");
    commit(&sandbox);
    assert_eq!(dockerize(&sandbox, &["--yes"]).code, 0);
    let rules = sandbox.read("p/.gitignore");
    assert!(rules.contains(".idea/"), "{rules}");
    assert!(!rules.contains(".vscode"), "{rules}");
}

#[test]
fn no_file_is_hidden_by_a_new_rule() {
    let sandbox = modern();
    for path in [
        "var/data.txt",
        "static_root/a.css",
        "fixture.sqlite3",
        "initial_data.sql",
        "deploy/.env.local",
    ] {
        sandbox.write(&format!("p/{path}"), "x\n");
    }
    sandbox.write("p/.gitignore", "*.log\n");
    commit(&sandbox);
    assert_eq!(dockerize(&sandbox, &["--yes"]).code, 0);
    let hidden = sandbox.git("p", &["ls-files", "-i", "-c", "--exclude-standard"]);
    assert_eq!(hidden, "", "tracked files that an ignore rule names");
    assert!(
        sandbox.read("p/.gitignore").contains("/node_modules/"),
        "other rules are there"
    );
}

#[test]
fn line_ends_are_left_alone() {
    let sandbox = modern();
    sandbox.write("p/shop/views.py", "a = 1\r\nb = 2\r\n");
    commit(&sandbox);
    assert_eq!(dockerize(&sandbox, &["--yes"]).code, 0);
    sandbox.git("p", &["add", "-A"]);
    assert_eq!(
        sandbox.git("p", &["diff", "--cached", "--name-only", "--diff-filter=M"]),
        ""
    );
}

#[test]
fn a_dry_run_shows_what_a_run_does() {
    for sandbox in [modern(), old()] {
        commit(&sandbox);
        let before = sandbox.tree("p");
        let dry = dockerize(&sandbox, &["--yes", "--dry-run"]);
        assert_eq!(dry.code, 0, "{dry}");
        assert_eq!(sandbox.tree("p"), before, "nothing is written");
        let run = dockerize(&sandbox, &["--yes"]);
        assert_eq!(dry.stdout, run.stdout);
        for path in sandbox
            .tree("p")
            .keys()
            .filter(|path| !before.contains_key(*path))
        {
            let top = path.split('/').next().unwrap();
            assert!(
                dry.stdout.contains(top) || path == ".ixd-template.yml",
                "{path} was not announced: {dry}"
            );
        }
    }
}

#[test]
fn uncommitted_changes_in_files_that_would_be_written_are_refused() {
    let sandbox = modern();
    sandbox.write("p/.gitignore", "*.log\n");
    commit(&sandbox);
    sandbox.write("p/.gitignore", "*.log\n*.tmp\n");
    let ran = dockerize(&sandbox, &["--yes"]);
    assert_eq!(ran.code, 1, "{ran}");
    assert!(ran.stderr.contains(".gitignore"), "{ran}");
    assert_eq!(dockerize(&sandbox, &["--yes", "--allow-dirty"]).code, 0);
}

#[test]
fn a_name_that_the_template_needs_is_not_taken_over() {
    for (name, flags) in [
        ("ixc_django_docker/__init__.py", &["--yes"][..]),
        ("ixc_django_docker.py", &["--yes"]),
        ("ixcproject/models.py", &["--yes", "--answer", "mode=wrap"]),
        ("ixcproject.py", &["--yes", "--answer", "mode=wrap"]),
    ] {
        let sandbox = modern();
        sandbox.write(&format!("p/{name}"), "own = 1\n");
        let before = sandbox.tree("p");
        let ran = dockerize(&sandbox, flags);
        assert_eq!(ran.code, 1, "{ran}");
        assert!(ran.stderr.contains("the template needs that name"), "{ran}");
        assert_eq!(sandbox.tree("p"), before);
    }
}

/// Without the wrapper's settings nothing of the template has that name.
#[test]
fn a_package_called_as_that_of_the_settings_is_bypassed() {
    let sandbox = modern();
    sandbox.write("p/ixcproject/__init__.py", "own = 1\n");
    let ran = dockerize(&sandbox, &["--yes"]);
    assert_eq!(ran.code, 0, "{ran}");
    assert!(ran.stdout.contains("`ixcproject` is there"), "{ran}");
    assert!(sandbox.read("p/.ixd-template.yml").contains("mode: bypass"));
    assert_eq!(sandbox.read("p/ixcproject/__init__.py"), "own = 1\n");
    assert!(!sandbox.path("p/ixcproject/settings").exists());
}

#[test]
fn the_project_may_be_a_package_itself() {
    let sandbox = modern();
    sandbox.write("p/__init__.py", "");
    for file in ["settings.py", "urls.py", "wsgi.py"] {
        fs::rename(
            sandbox.path(&format!("p/shop/{file}")),
            sandbox.path(&format!("p/{file}")),
        )
        .unwrap();
    }
    let manage = sandbox
        .read("p/manage.py")
        .replace("shop.settings", "settings");
    sandbox.write("p/manage.py", manage).write(
        "p/settings.py",
        settings("sqlite3", "").replace("shop.", ""),
    );
    let ran = dockerize(&sandbox, &["--yes"]);
    assert_eq!(ran.code, 0, "{ran}");
    assert_eq!(sandbox.read("p/__init__.py"), "");
}

/// Ignore files of real projects repeat themselves, in any order, and make exceptions.
#[test]
fn rules_come_after_whatever_an_ignore_file_holds() {
    for (own, end) in [
        (
            "*.swp\n.env\n.vscode/*\n!.vscode/launch.json\n*.swp\nvar\n.DS_Store",
            "\n",
        ),
        (
            "__pycache__/\r\n.env\r\n!.vscode/launch.json\r\nvar/\r\n",
            "\r\n",
        ),
    ] {
        let sandbox = modern();
        sandbox.write("p/.gitignore", own);
        commit(&sandbox);
        let before = sandbox.tree("p");
        assert_eq!(dockerize(&sandbox, &["--yes"]).code, 0);
        let now = sandbox.read("p/.gitignore");
        assert!(now.starts_with(own), "{now:?}");
        let added = &now[own.len()..];
        assert!(added.contains(&format!("{end}/.env.local{end}")), "{now:?}");
        assert!(!added.contains(".vscode"), "an exception holds: {now:?}");
        assert_eq!(now.contains("\r\n"), end == "\r\n");
        assert_eq!(
            now.matches('\n').count() - now.matches(end).count(),
            0,
            "one line end: {now:?}"
        );
        sandbox.write("p/.env.local", "SECRET=1\n");
        let seen = sandbox.git("p", &["status", "--short", "--untracked-files=all"]);
        assert!(!seen.contains(".env.local\n"), "{seen}");
        std::fs::remove_file(sandbox.path("p/.env.local")).unwrap();
        assert_eq!(sandbox.ixd(&["undo", "p"]).code, 0);
        assert_eq!(sandbox.tree("p"), before, "byte for byte");
    }
}

/// Rules such as `.*` and `bin/` are in many a project's ignore file.
#[test]
fn no_file_of_the_template_is_hidden_by_a_rule_that_is_there() {
    let sandbox = modern();
    sandbox
        .write("p/.gitignore", ".*\n!.gitignore\nbin/\n*.yaml\n")
        .write("p/bin/own", "built\n");
    commit(&sandbox);
    sandbox.git("p", &["rm", "-q", "--cached", "bin/own"]);
    sandbox.git("p", &["commit", "-q", "-m", "built"]);
    let before = sandbox.tree("p");
    assert_eq!(dockerize(&sandbox, &["--yes"]).code, 0);
    let seen = sandbox.git("p", &["status", "--short", "--untracked-files=all"]);
    for path in [
        ".ixd-template.yml",
        ".env.base",
        "compose.yaml",
        "ixc_django_docker/bin/manage.py",
    ] {
        assert!(
            seen.contains(&format!(" {path}\n")),
            "{path} is hidden: {seen}"
        );
    }
    for path in ["bin/own", ".env.local\n", "__pycache__"] {
        assert!(!seen.contains(&format!(" {path}")), "{path} is not: {seen}");
    }
    assert_eq!(sandbox.ixd(&["undo", "p"]).code, 0);
    assert_eq!(sandbox.tree("p"), before);
}

#[test]
fn what_is_committed_stays_visible_in_folders_of_tools_too() {
    let sandbox = modern();
    let committed = [
        "shop/__pycache__/tide.cpython-33.pyc",
        "node_modules/slider/slider.js",
        "var/berths/list.json",
    ];
    for path in committed {
        sandbox.write(&format!("p/{path}"), "x");
    }
    commit(&sandbox);
    let ran = dockerize(&sandbox, &["--yes"]);
    assert_eq!(ran.code, 0, "{ran}");
    let hidden = sandbox.git("p", &["ls-files", "-ci", "--exclude-standard"]);
    assert_eq!(hidden, "", "{}", sandbox.read("p/.gitignore"));
    // What nobody committed is kept out all the same.
    assert!(sandbox.read("p/.gitignore").contains("/.env.local"));
}
