//! Passwords and tokens of a project: in no file that is written beside the one that has them, and in nothing that is said.

use super::outside::{program, run};
use super::project::{commit, dockerize, modern, settings};
use super::{finding, inspect};
use crate::cli::sandbox::{Ran, Sandbox};

const SECRET: &str = "hunter2";

/// Dockerizes a project that has these files, and not those of `without`; the files stay as they are.
fn with(files: &[(&str, &str)], without: &[&str]) -> (Sandbox, Ran) {
    let sandbox = modern();
    for path in without {
        std::fs::remove_file(sandbox.path(&format!("p/{path}"))).unwrap();
    }
    for (path, content) in files {
        sandbox.write(&format!("p/{path}"), content);
    }
    commit(&sandbox);
    let dry = dockerize(&sandbox, &["--dry-run", "--json"]);
    let ran = dockerize(&sandbox, &["--yes"]);
    assert_eq!(ran.code, 0, "{ran}");
    for ran in [&dry, &ran] {
        assert!(!ran.stdout.contains(SECRET), "{ran}");
        assert!(!ran.stderr.contains(SECRET), "{ran}");
    }
    for (path, content) in files {
        assert_eq!(sandbox.read(&format!("p/{path}")), *content, "{path}");
    }
    for (path, content) in sandbox.tree("p") {
        let is_own = files.iter().any(|(own, _)| *own == path);
        assert!(is_own || !content.contains(SECRET), "{path}: {content}");
    }
    (sandbox, ran)
}

#[test]
fn requirements_get_a_variable_in_its_place() {
    let own = "-i https://ada:hunter2@pypi.example.com/simple\n# K\u{e4}se\nDjango==4.2.11\n\
               own @ https://hunter2@git.example.com/own.zip\nanother @ https://dl.example.com/a.zip?token=hunter2#sha256=0\n";
    let (sandbox, ran) = with(&[("requirements.txt", own)], &[]);
    let input = sandbox.read("p/requirements.in");
    for line in [
        "-i https://ada:${PYPI_EXAMPLE_COM_PASSWORD}@pypi.example.com/simple",
        "own @ https://${GIT_EXAMPLE_COM_TOKEN}@git.example.com/own.zip",
        "another @ https://dl.example.com/a.zip?token=${DL_EXAMPLE_COM_TOKEN}#sha256=0",
        "# K\u{e4}se",
    ] {
        assert!(input.lines().any(|found| found == line), "{line}: {input}");
    }
    for told in [
        "PYPI_EXAMPLE_COM_PASSWORD in requirements.in: what stands at requirements.txt:1",
        "GIT_EXAMPLE_COM_TOKEN in requirements.in: what stands at requirements.txt:4",
        "DL_EXAMPLE_COM_TOKEN in requirements.in: what stands at requirements.txt:5",
    ] {
        assert!(ran.stdout.contains(told), "{told}: {ran}");
    }
}

#[test]
fn so_does_what_other_tools_files_become() {
    for (path, content, line) in [
        (
            "pyproject.toml",
            "[tool.poetry]\nname = \"shop\"\n[tool.poetry.dependencies]\npython = \"^3.11\"\ndjango = \"~4.2.1\"\n\
             [[tool.poetry.source]]\nname = \"ours\"\nurl = \"https://ada:hunter2@pypi.example.com/simple\"\n",
            "--extra-index-url https://ada:${PYPI_EXAMPLE_COM_PASSWORD}@pypi.example.com/simple",
        ),
        (
            "Pipfile",
            "[[source]]\nname = \"ours\"\n\
             url = \"https://hunter2@pypi.example.com/simple\"\n[packages]\ndjango = \"~=4.2.1\"\n[requires]\npython_version = \"3.11\"\n",
            "--extra-index-url https://${PYPI_EXAMPLE_COM_TOKEN}@pypi.example.com/simple",
        ),
        (
            "environment.yml",
            "dependencies:\n  - python=3.11\n  - pip:\n    - django==4.2.11\n    - own @ https://hunter2@git.example.com/own.zip\n",
            "own @ https://${GIT_EXAMPLE_COM_TOKEN}@git.example.com/own.zip",
        ),
    ] {
        let (sandbox, ran) = with(&[(path, content)], &["requirements.txt"]);
        let input = sandbox.read("p/requirements.in");
        assert!(input.lines().any(|found| found == line), "{input}");
        assert!(
            ran.stdout.contains(&format!("what stands at {path}:")),
            "{ran}"
        );
    }
}

#[test]
fn no_value_of_a_query_is_shown() {
    let sandbox = modern();
    let more = "STATIC_URL = 'https://cdn.example.com/static/?sig=hunter2&v=1'\n\
                import dj_database_url\nDATABASES['default'] = dj_database_url.parse('postgres://db/shop?password=hunter2')\n";
    sandbox.write("p/shop/settings.py", settings("sqlite3", more));
    let found = inspect(&sandbox, "p");
    assert!(!found.to_string().contains(SECRET), "{found}");
    let url = finding(&found, "static.url").to_string();
    assert!(
        url.contains("https://cdn.example.com/static/?sig="),
        "{url}"
    );
    let ran = dockerize(&sandbox, &["--dry-run"]);
    assert!(
        !format!("{}{}", ran.stdout, ran.stderr).contains(SECRET),
        "{ran}"
    );
}

/// pip-compile writes the values of variables into what it locks; uv does not.
#[test]
fn a_lock_that_would_write_passwords_is_not_made() {
    for (address, code) in [
        ("https://ada:hunter2@git.example.com/own.zip", 4),
        ("https://git.example.com/own.zip", 0),
    ] {
        let sandbox = modern();
        sandbox.write(
            "p/requirements.txt",
            format!("Django==4.2.11\nown @ {address}\n"),
        );
        commit(&sandbox);
        let broken = "#!/bin/sh\nexit 1\n";
        sandbox.write("bin/uv", broken);
        program(
            &sandbox,
            "pip-compile",
            "echo 'django==4.2.11' >requirements.txt",
        );
        let uv = sandbox.path("bin/uv");
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        std::fs::set_permissions(uv, mode).unwrap();
        let ran = run(&sandbox, &["--run", "lock"], &[]);
        assert_eq!(ran.code, code, "{ran}");
        let told = "pip-compile writes the values of variables in requirements.in";
        assert_eq!(ran.stderr.contains(told), code != 0, "{ran}");
    }
}
