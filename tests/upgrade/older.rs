//! A project that an older template made, of which there are no releases: hashes of that template's lines tell which of
//! the project's are its team's own.

use std::collections::BTreeSet;
use std::process::Command;

use super::case::{Case, case};

const DOCKERFILE: [&str; 2] = [
    "FROM python:2\nRUN apt-get install nodejs\n\nCOPY requirements.txt .\nRUN pip-install.sh project_template\nCMD serve\n",
    "FROM python:3\nRUN apt-get install nodejs\n\nCOPY requirements.txt .\nRUN pip-install.sh project_template\nRUN compile-things\nCMD serve\n",
];
const COMPOSE: &str = "version: '2'\nservices:\n  django:\n    image: project_template\n    command: runserver.sh\n  database:\n    image: postgres:9\n";
const GO: &str = "#!/bin/bash\nexport PROJECT_DIR=here\nexport PROJECT_VENV=there\nsource entrypoint.sh\nexec shell-of-it\n";

const MOVES: &str = "\
Dockerfile
docker-compose.yml -> compose.yaml
go.sh
~.gitignore
old-notes.md -> -
old-service.yml -> ?
";

/// A catalogue that knows an older template by its history, and a project `shop` of that template.
fn older(edits: &[(&str, &str)]) -> Case {
    let case = case(
        &[],
        &[
            (
                "Dockerfile",
                "FROM python:3.14\nRUN make the-image\nCMD serve\n",
            ),
            (
                "compose.yaml",
                "name: shop\nservices:\n  django:\n    image: shop:dev\n  postgres:\n    image: postgres:17\n",
            ),
            ("go.sh", "#!/bin/bash\nexec ./start.sh\n"),
            (".gitignore", "/var/\n"),
            ("package-lock.json", "{\"new\": 1}\n"),
        ],
    );
    let sandbox = &case.sandbox;
    std::fs::remove_dir_all(sandbox.path("cat/snapshots/0.1.0")).unwrap();
    std::fs::create_dir_all(sandbox.path("history/template")).unwrap();
    sandbox.git("history", &["init", "-q"]);
    for dockerfile in DOCKERFILE {
        sandbox
            .write("history/template/Dockerfile", dockerfile)
            .write("history/template/docker-compose.yml", COMPOSE)
            .write("history/template/go.sh", GO)
            .write("history/template/.gitignore", "node_modules/\n")
            .write(
                "history/template/old-notes.md",
                "Notes about the old things\n",
            )
            .write(
                "history/template/old-service.yml",
                "service: of the older days\n",
            );
        sandbox.git("history", &["add", "-A"]);
        sandbox.git("history", &["commit", "-q", "-m", "version"]);
    }
    sandbox.write("cat/snapshots/legacy/moves.txt", MOVES);
    let tool = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/tools/legacy_lines.py");
    let mut command: Command = sandbox.command("python3");
    command
        .arg(tool)
        .arg("--moves")
        .arg("cat/snapshots/legacy/moves.txt")
        .arg("history:template");
    let made = command.output().unwrap();
    assert!(made.status.success(), "{}", sandbox.ran(made));
    sandbox.write("cat/snapshots/legacy/lines.txt", made.stdout);

    let named = |text: &str| text.replace("project_template", "shop");
    sandbox
        .write("shop/Dockerfile", named(DOCKERFILE[1]))
        .write("shop/docker-compose.yml", named(COMPOSE))
        .write("shop/go.sh", GO)
        .write("shop/old-notes.md", "Notes about the old things\n")
        .write("shop/old-service.yml", "service: of the older days\n");
    for (path, text) in edits {
        sandbox.write(&format!("shop/{path}"), text);
    }
    sandbox.git("shop", &["init", "-q"]);
    case.already_made().commit()
}

#[test]
fn what_nobody_edited_follows_today_s_template() {
    let case = older(&[]);
    let before = case.contents();
    let case = case
        .run("upgrade --from ../cat --adopt --dry-run")
        .done()
        .says("of 5 files of that template, 5 are as they were")
        .says("old-service.yml")
        .untouched()
        .run("upgrade --from ../cat --adopt --yes")
        .done()
        .is("go.sh", "#!/bin/bash\nexec ./start.sh\n")
        .holds("compose.yaml", &["image: shop:dev"])
        .gone("docker-compose.yml")
        .gone("old-notes.md")
        .is("old-service.yml", "service: of the older days\n")
        .holds(".ixd-template.yml", &["version: 0.2.0"])
        .run("upgrade --from ../cat")
        .done()
        .says("Nothing to do")
        .run("undo")
        .done();
    assert_eq!(case.contents(), before);
}

#[test]
fn a_team_s_lines_stay() {
    let compose =
        COMPOSE.replace("project_template", "shop") + "  search:\n    image: a-search-engine:1\n";
    older(&[("docker-compose.yml", &compose), ("own.py", "own = 1\n")])
        .run("upgrade --from ../cat --adopt --yes")
        .holds(
            "compose.yaml",
            &["image: a-search-engine:1", "image: shop:dev"],
        )
        .is("own.py", "own = 1\n");
}

/// What was computed from other files is nothing to merge.
#[test]
fn a_lock_file_of_the_team_s_stays_beside_today_s() {
    older(&[("package-lock.json", "{\"old\": 1}\n")])
        .run("upgrade --from ../cat --adopt --yes")
        .code(3)
        .is("package-lock.json", "{\"old\": 1}\n")
        .is("package-lock.json.theirs", "{\"new\": 1}\n");
}

#[test]
fn it_is_never_applied_unseen() {
    older(&[])
        .run("upgrade --from ../cat --yes")
        .code(1)
        .says("looks made from an older template")
        .untouched()
        .run("upgrade --from ../cat --adopt")
        .code(1)
        .says("there is no terminal to confirm it on")
        .untouched()
        .run("upgrade --from ../cat --check")
        .code(3)
        .says("an older template")
        .untouched();
    // `--yes` alone does not answer for what is told line by line.
    let steps = [
        ("[a] show what release 0.2.0 would change", "a"),
        ("Apply?", "q"),
    ];
    older(&[])
        .converse_with("--yes", &steps)
        .code(1)
        .untouched();
}

#[test]
fn a_person_sees_it_first() {
    let steps = [
        ("[a] show what release 0.2.0 would change", "a"),
        ("Apply?", "a"),
    ];
    older(&[])
        .converse(&steps)
        .done()
        .says("an older template made it")
        .holds("compose.yaml", &["image: shop:dev"]);
}

#[test]
fn a_project_of_another_origin_is_none() {
    let case = older(&[
        (
            "Dockerfile",
            "FROM python:3\nCOPY requirements.txt .\nRUN something else\nCMD run\n",
        ),
        (
            "docker-compose.yml",
            "version: '2'\nservices:\n  web:\n    build: .\n",
        ),
        ("go.sh", "#!/bin/sh\necho hello there\n"),
    ]);
    case.run("upgrade --from ../cat --adopt --yes")
        .code(1)
        .says("its files resemble no release")
        .untouched();
}

/// Numbers by chance that are the same everywhere.
fn dice(seed: &mut u64, sides: u64) -> usize {
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    usize::try_from(*seed % sides).unwrap()
}

/// `IXD_OLDER=300 cargo test --test main no_line_of_a_team` looks at more of them.
#[test]
fn no_line_of_a_team_is_lost() {
    let runs: u64 = std::env::var("IXD_OLDER").map_or(4, |runs| runs.parse().unwrap());
    for run in 0..runs {
        let mut seed = 0x0dd5 + run * 7919;
        let mut count = 0;
        let mut edits = Vec::new();
        for (path, text) in [
            ("Dockerfile", DOCKERFILE[dice(&mut seed, 2)]),
            ("docker-compose.yml", COMPOSE),
            ("go.sh", GO),
        ] {
            let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
            for _ in 0..dice(&mut seed, 5) {
                let at = dice(&mut seed, lines.len() as u64);
                match dice(&mut seed, 4) {
                    0 if lines.len() > 3 => drop(lines.remove(at)),
                    kind => {
                        count += 1;
                        let line = format!("# own line {count} of run {run}");
                        if kind == 1 {
                            lines[at] = line;
                        } else {
                            lines.insert(at, line);
                        }
                    }
                }
            }
            edits.push((path, lines.join("\n") + "\n"));
        }
        let edits: Vec<(&str, &str)> = edits
            .iter()
            .map(|(path, text)| (*path, text.as_str()))
            .collect();
        let own: BTreeSet<&str> = edits
            .iter()
            .flat_map(|(_, text)| text.lines())
            .filter(|line| line.starts_with("# own"))
            .collect();
        let case = older(&edits).run("upgrade --from ../cat --adopt --yes");
        let files = case.sandbox.tree("shop");
        for line in own {
            let is_there = files.values().any(|text| text.contains(line));
            assert!(
                is_there,
                "run {run} lost `{line}`: {files:#?}\n{}",
                case.ran()
            );
        }
    }
}
