//! Whole trees by chance: whatever both sides did, an upgrade ends, loses no line of the user's, and can be taken back.
//!
//! `IXD_TREES=5000 cargo test --test main whole_trees` looks at more of them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::case::{Case, case};

/// Where files may stand: folders of one side are files of the other.
const PATHS: [&str; 14] = [
    "a",
    "a/b",
    "a/b/c",
    "a/d",
    "b",
    "b/a",
    "c.py",
    "d/c.py",
    "d/e/f.yml",
    "d/e",
    "g.json",
    "G.json",
    "h i",
    "z/é",
];

#[derive(Clone, Debug, PartialEq)]
enum Node {
    Text { lines: Vec<String>, mode: u32 },
    Link(String),
    Bytes(Vec<u8>),
}

type Tree = BTreeMap<String, Node>;

/// One random step: what, at which path, with which number.
type Step = (u8, u8, u8);

fn text(path: &str) -> Node {
    let lines = (0..8).map(|n| format!("{path} line {n} of the template"));
    Node::Text {
        lines: lines.collect(),
        mode: 0o644,
    }
}

/// Whether a file can stand at `path`: no folder is there, and no file above.
fn is_free(tree: &Tree, path: &str) -> bool {
    tree.keys().all(|other| {
        other != path
            && !other.starts_with(&format!("{path}/"))
            && !path.starts_with(&format!("{other}/"))
    })
}

fn walk(tree: &mut Tree, steps: &[Step], who: &str) {
    for (index, (what, path, number)) in steps.iter().enumerate() {
        let path = PATHS[usize::from(*path) % PATHS.len()];
        let new = format!("{who} {index}");
        let has_room = is_free(tree, path);
        match (what % 10, tree.get_mut(path)) {
            (0 | 1, Some(Node::Text { lines, .. })) if !lines.is_empty() => {
                let at = usize::from(*number) % lines.len();
                lines[at] = new;
            }
            (2, Some(Node::Text { lines, .. })) => {
                let at = usize::from(*number) % (lines.len() + 1);
                lines.insert(at, new);
            }
            (3, Some(_)) => {
                tree.remove(path);
            }
            (4 | 5, Some(_)) => {
                let to = PATHS[usize::from(*number) % PATHS.len()];
                let node = tree.remove(path).unwrap();
                let to = if is_free(tree, to) { to } else { path };
                tree.insert(to.into(), node);
            }
            (6, Some(Node::Text { mode, .. })) => *mode ^= 0o111,
            (9, Some(Node::Text { mode, .. })) => *mode &= 0o700,
            (7, Some(_)) => {
                tree.insert(path.into(), Node::Link(new.replace(' ', "-")));
            }
            (8, Some(_)) => {
                tree.insert(path.into(), Node::Bytes(format!("\0{new}").into_bytes()));
            }
            (_, None) if has_room => {
                let Node::Text { mut lines, mode } = text(path) else {
                    unreachable!()
                };
                lines.push(new);
                tree.insert(path.into(), Node::Text { lines, mode });
            }
            _ => {}
        }
    }
}

fn write(sandbox: &crate::cli::sandbox::Sandbox, dir: &str, tree: &Tree) {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    for (path, node) in tree {
        let path = sandbox.path(&format!("{dir}/{path}"));
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        match node {
            Node::Text { lines, mode } => {
                fs::write(
                    &path,
                    lines
                        .iter()
                        .map(|line| line.clone() + "\n")
                        .collect::<String>(),
                )
                .unwrap();
                fs::set_permissions(&path, fs::Permissions::from_mode(*mode)).unwrap();
            }
            Node::Link(target) => symlink(target, &path).unwrap(),
            Node::Bytes(bytes) => fs::write(&path, bytes).unwrap(),
        }
    }
}

/// Replaces what the project holds but for git, the state file and the file that never changes.
fn replace(case: &Case, tree: &Tree) {
    for entry in fs::read_dir(case.path("")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if [".git", ".ixd-template.yml", "same"].contains(&name) {
            continue;
        }
        if path.is_dir() && !path.is_symlink() {
            fs::remove_dir_all(path).unwrap();
        } else {
            fs::remove_file(path).unwrap();
        }
    }
    write(&case.sandbox, "shop", tree);
}

fn index(case: &Case) -> String {
    if case.path(".git").exists() {
        case.git("ls-files --stage")
    } else {
        String::new()
    }
}

/// Everything that is written somewhere in the project.
fn everything(case: &Case) -> String {
    case.sandbox
        .tree("shop")
        .into_values()
        .collect::<Vec<_>>()
        .join("\n")
}

fn check(git: bool, base: &[Step], theirs: &[Step], ours: &[Step]) {
    let mut base_tree: Tree = ["a", "c.py", "d/c.py", "d/e/f.yml", "g.json"]
        .map(|path| (path.to_owned(), text(path)))
        .into();
    walk(&mut base_tree, base, "base");
    let (mut their_tree, mut our_tree) = (base_tree.clone(), base_tree.clone());
    walk(&mut their_tree, theirs, "theirs");
    walk(&mut our_tree, ours, "ours");

    let case = case(&[], &[]);
    write(&case.sandbox, "cat/snapshots/0.1.0/project", &base_tree);
    write(&case.sandbox, "cat/template/project", &their_tree);
    let case = if git { case } else { case.without_git() };
    let case = case.make();
    replace(&case, &our_tree);
    let case = case.commit();
    let (before, staged, written) = (case.contents(), index(&case), everything(&case));

    let case = case.run("upgrade --from ../cat --yes");
    let code = case.ran().code;
    assert!(code == 0 || code == 3, "{}", case.ran());
    let after = everything(&case);
    let words = |text: &str, who: &str| -> BTreeSet<String> {
        text.match_indices(who)
            .map(|(at, _)| text[at..].chars().take_while(|c| !c.is_control()).collect())
            .collect()
    };
    for line in words(&written, "ours") {
        assert!(after.contains(&line), "lost `{line}`\n{}", case.ran());
    }
    for (path, node) in &their_tree {
        if our_tree.get(path) == base_tree.get(path) && code == 0 && our_tree == base_tree {
            let Node::Text { lines, .. } = node else {
                continue;
            };
            assert_eq!(
                case.text(path),
                lines
                    .iter()
                    .map(|line| line.clone() + "\n")
                    .collect::<String>()
            );
        }
    }
    let case = case
        .run(if code == 3 { "upgrade --abort" } else { "undo" })
        .code(0);
    assert_eq!(case.contents(), before, "taking back");
    assert_eq!(index(&case), staged, "taking back the index");
}

#[test]
fn whole_trees_lose_nothing_and_come_back() {
    let trees = std::env::var("IXD_TREES")
        .ok()
        .and_then(|count| count.parse().ok());
    let steps = |count| proptest::collection::vec(any::<Step>(), 0..count);
    let config = Config {
        cases: trees.unwrap_or(12),
        failure_persistence: None,
        ..Config::default()
    };
    TestRunner::new(config)
        .run(
            &(any::<bool>(), steps(6), steps(8), steps(8)),
            |(git, base, theirs, ours)| {
                check(git, &base, &theirs, &ours);
                Ok(())
            },
        )
        .unwrap();
}
