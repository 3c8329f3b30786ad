//! Django migrations that both sides made: no merge brings them together, so they are named.

use super::case::{Case, case};

const TWICE: &str = "makemigrations --merge";

fn migration(app: &str, after: &str) -> String {
    let needs = if after.is_empty() {
        String::new()
    } else {
        format!("(\"{app}\", \"{after}\")")
    };
    format!(
        "from django.db import migrations\n\n\nclass Migration(migrations.Migration):\n    dependencies = [{needs}]\n\n    operations = []\n"
    )
}

const FIRST: &str = "shop/migrations/0001_initial.py";

/// The template adds a second migration named `theirs` behind the first.
fn adding(theirs: &str, ours: &[(&str, &str)]) -> Case {
    let (first, second) = (migration("shop", ""), migration("shop", "0001_initial"));
    let theirs = format!("shop/migrations/{theirs}.py");
    let package = ("shop/migrations/__init__.py", "");
    let made = case(
        &[(FIRST, &first), package],
        &[(FIRST, &first), package, (&theirs, &second)],
    );
    let edit = |case: Case, (name, after): &(&str, &str)| {
        case.edit(
            &format!("shop/migrations/{name}.py"),
            &migration("shop", after),
        )
    };
    ours.iter().fold(made, edit)
}

#[test]
fn two_leaves_of_one_app_are_named_in_every_report() {
    let made = || adding("0002_theirs", &[("0002_ours", "0001_initial")]);
    made()
        .upgrade()
        .code(0)
        .says("0002_ours and 0002_theirs")
        .says(TWICE);
    let dry = made().upgrade_with("--dry-run --json").code(0);
    let json: serde_json::Value = serde_json::from_str(&dry.ran().stdout).unwrap();
    let notes: Vec<&serde_json::Value> = json["changes"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|change| change.get("notes"))
        .collect();
    assert_eq!(notes.len(), 1, "{json}");
    assert!(notes[0][0].as_str().unwrap().contains(TWICE), "{json}");
}

#[test]
fn two_leaves_need_not_have_one_number() {
    adding("0003_theirs", &[("0002_ours", "0001_initial")])
        .upgrade()
        .code(0)
        .says("0002_ours and 0003_theirs")
        .says(TWICE);
}

#[test]
fn what_fits_is_not_named() {
    adding("0002_theirs", &[])
        .upgrade()
        .code(0)
        .silent_about(TWICE);
    // A leaf that depends on an app of another name is a leaf of its own app only.
    adding("0002_theirs", &[])
        .edit("blog/migrations/0002_ours.py", &migration("blog", ""))
        .upgrade()
        .code(0)
        .silent_about(TWICE);
}

#[test]
fn one_number_twice_in_one_chain_is_named_without_a_merge() {
    adding("0002_a", &[("0002_b", "0002_a")])
        .upgrade()
        .code(0)
        .says("two migrations of one number: 0002_a and 0002_b")
        .silent_about(TWICE);
}

#[test]
fn what_was_so_before_is_the_projects_own() {
    let first = migration("shop", "");
    let commented = format!("# The first one.\n{first}");
    case(&[(FIRST, &first)], &[(FIRST, &commented)])
        .edit(
            "shop/migrations/0002_x.py",
            &migration("shop", "0001_initial"),
        )
        .edit(
            "shop/migrations/0002_y.py",
            &migration("shop", "0001_initial"),
        )
        .upgrade()
        .code(0)
        .silent_about(TWICE)
        .silent_about("one number");
}
