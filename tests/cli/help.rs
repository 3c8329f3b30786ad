//! The help texts, and that the README quotes them as they are.

use insta::assert_snapshot;

use super::sandbox::Sandbox;

const COMMANDS: [&str; 9] = [
    "new",
    "upgrade",
    "dockerize",
    "undo",
    "status",
    "diff",
    "merge-file",
    "secrets",
    "completions",
];

#[test]
fn help_of_the_program() {
    assert_snapshot!(Sandbox::new().ixd(&["--help"]).stdout);
}

#[test]
fn help_of_every_command() {
    let sandbox = Sandbox::new();
    for command in COMMANDS {
        let ran = sandbox.ixd(&[command, "--help"]);
        assert_eq!(ran.code, 0);
        assert_snapshot!(format!("help_{command}"), ran.stdout);
    }
}

#[test]
fn the_readme_quotes_the_help() {
    let readme = include_str!("../../README.md");
    let sandbox = Sandbox::new();
    let own = sandbox.ixd(&["--help"]).stdout;
    assert!(
        readme.contains(own.trim()),
        "README.md quotes an older `ixd-template --help`"
    );
    for command in COMMANDS {
        let help = sandbox.ixd(&[command, "--help"]).stdout;
        assert!(
            readme.contains(help.trim()),
            "README.md quotes an older `ixd-template {command} --help`"
        );
        assert!(
            own.contains(&format!("  {command} ")),
            "COMMANDS of this test names `{command}`"
        );
    }
    let listed = own
        .split("Commands:\n")
        .nth(1)
        .unwrap()
        .split("\n\n")
        .next()
        .unwrap()
        .lines()
        .count();
    assert_eq!(
        listed,
        COMMANDS.len() + 1,
        "a command is missing in COMMANDS"
    );
}

#[test]
fn mistakes_on_the_command_line_exit_with_2() {
    let sandbox = Sandbox::new();
    assert_eq!(sandbox.ixd(&["new"]).code, 2);
    assert_eq!(sandbox.ixd(&["nonsense"]).code, 2);
    assert_snapshot!(sandbox.ixd(&["new", "x", "--answer", "project_nam=y"]), @r"
    exit 2
    --- stderr
    error: there is no question `project_nam`; did you mean `project_name`?

    hint: the questions are project_name, project_title, site_domain, python_version, docker, postgres_version, features, node, secrets, ci, nginx, deployment, devcontainer, pre_commit, timezone, language
    ");
    assert_eq!(sandbox.ixd(&["new", "x", "--answer", "title"]).code, 2);
}
