//! The kinds of index that git can have are understood: what is dirty, what is tracked, and how conflicts are marked.

use super::case::{Case, case};

const LINES: &str = "one line\ntwo lines\nthree lines\nfour lines\nfive lines\n";

/// Four files: one in conflict, one merged, one that the user has too, one deleted by the user.
fn project() -> Case {
    let theirs = LINES.replace("five", "THEIRS");
    let long = format!("{}/name", "x".repeat(200));
    let more: Vec<(String, String)> = (0..40)
        .map(|number| (format!("many/{number}"), format!("{number}\n")))
        .chain([(long, "long\n".into())])
        .collect();
    let project = case(
        &[("clash", "a\n"), ("merged", LINES), ("moved", LINES)],
        &[
            ("clash", "theirs\n"),
            ("merged", &theirs),
            ("moved", &theirs),
            ("own", "theirs\n"),
        ],
    );
    let project = project
        .edit("clash", "ours\n")
        .edit("merged", &LINES.replace("one", "OURS"))
        .edit("own", "ours\n")
        .rename("moved", "elsewhere");
    more.iter()
        .fold(project, |project, (path, text)| project.edit(path, text))
        .commit()
}

fn check(prepare: impl Fn(&Case)) {
    let project = project();
    prepare(&project);
    let project = project
        .run("upgrade --from ../cat --yes")
        .conflict("UU clash, AA own")
        .is(
            "merged",
            &LINES.replace("one", "OURS").replace("five", "THEIRS"),
        )
        .is("elsewhere", &LINES.replace("five", "THEIRS"));
    assert_eq!(project.git("show :1:clash"), "a\n");
    project
        .run("upgrade --abort")
        .done()
        .status("")
        .edit("merged", "dirty\n")
        .run("upgrade --from ../cat --yes")
        .code(1)
        .says("uncommitted changes in files that would be written: merged");
}

#[test]
fn versions_two_to_four() {
    for version in ["2", "3", "4"] {
        check(|case| {
            case.git(&format!("update-index --index-version {version}"));
        });
    }
}

#[test]
fn an_index_with_flags_and_extensions() {
    check(|case| {
        case.git("update-index --skip-worktree many/1");
        case.git("update-index --assume-unchanged many/2");
        case.git("update-index --untracked-cache");
        case.sandbox.write("shop/intended", "x\n");
        case.git("add --intent-to-add intended");
        case.git("reset -q intended");
        std::fs::remove_file(case.path("intended")).unwrap();
    });
}

#[test]
fn a_split_index_is_refused_with_the_way_out() {
    let project = project();
    project.git("update-index --split-index");
    project.sandbox.write("shop/many/3", "changed\n");
    project.git("commit -qam more");
    let project = project
        .run("upgrade --from ../cat --yes")
        .code(1)
        .untouched()
        .says("git update-index --no-split-index");
    project.git("update-index --no-split-index");
    project
        .run("upgrade --from ../cat --yes")
        .conflict("UU clash, AA own");
}

#[test]
fn no_index_at_all() {
    let project = project();
    std::fs::remove_file(project.path(".git/index")).unwrap();
    project
        .run("upgrade --from ../cat --yes")
        .code(1)
        .says("uncommitted changes");
}

/// A change that is staged and then taken back in the file is still one that a commit would have.
#[test]
fn what_is_only_staged_counts() {
    let project = project().edit("merged", "staged\n");
    project.git("add merged");
    project
        .edit("merged", &LINES.replace("one", "OURS"))
        .run("upgrade --from ../cat --yes")
        .code(1)
        .untouched()
        .says("uncommitted changes in files that would be written: merged");
}

/// Attributes that stand in the index alone count, as they do for git.
#[test]
fn attributes_are_read_from_the_index_too() {
    let project = project()
        .edit(".gitattributes", "clash filter=crypt\n")
        .commit();
    std::fs::remove_file(project.path(".gitattributes")).unwrap();
    let project = project
        .run("upgrade --from ../cat --yes")
        .conflict("AA own");
    let clear = project.git("cat-file --batch-all-objects --batch-check=%(objectname)");
    let hash = project.git("hash-object --no-filters clash");
    assert!(!clear.contains(hash.trim()), "{}", project.ran());
}
