//! What a merge has to say is said by every report.

use super::case::{Case, named};
use super::review::{FILE, START};

const NOTE: &str = "take one side, then run `npm install --package-lock-only`";

fn lock(version: &str) -> String {
    format!("{{\n  \"a\": {{\n    \"version\": \"{version}\"\n  }}\n}}\n")
}

fn conflict() -> Case {
    let (base, ours, theirs) = (lock("1.0"), lock("1.1"), lock("1.2"));
    named("package-lock.json", &base, &ours, &theirs)
}

#[test]
fn the_plan_and_json_have_the_notes_of_a_merge() {
    conflict().upgrade().code(3).says(NOTE);
    let case = conflict().upgrade_with("--dry-run").code(3).says(NOTE);
    let json = |case: &Case| serde_json::from_str::<serde_json::Value>(&case.ran().stdout).unwrap();
    let case = case.run("upgrade --from ../cat --dry-run --json");
    let note = &json(&case)["changes"][0]["notes"][0];
    assert!(note.as_str().unwrap().ends_with(NOTE), "{note}");
    let case = case.run("upgrade --from ../cat --yes --json").code(3);
    let note = &json(&case)["notes"][0];
    assert_eq!(note[0], "package-lock.json");
    assert!(note[1].as_str().unwrap().ends_with(NOTE), "{note}");
}

#[test]
fn the_review_shows_them() {
    conflict()
        .converse(&[(START, "a"), (NOTE, ""), (FILE, "q")])
        .code(1)
        .untouched();
}

#[test]
fn merge_file_says_them_beside_the_result() {
    let case = conflict();
    case.sandbox
        .write("1", lock("1.0"))
        .write("2", lock("1.1"))
        .write("3", lock("1.2"));
    for more in [&[][..], &["--in-place"]] {
        let args = ["merge-file", "--path", "package-lock.json", "1", "2", "3"];
        let ran = case.sandbox.ixd(&[&args, more].concat());
        assert_eq!(ran.code, 1, "{ran}");
        assert!(ran.stderr.contains(NOTE), "{ran}");
        assert!(!ran.stdout.contains(NOTE), "{ran}");
    }
}
