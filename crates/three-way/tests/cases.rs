//! Fixture folders: `tests/fixtures/<name>/{base,ours,theirs,expected}/<file>`.
//!
//! A file that is absent is empty. `expected` shows conflicts between markers named `ours`, `base` and `theirs`.

use std::fs;
use std::path::{Path, PathBuf};

use three_way::{Labels, merge};

fn folders() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let mut folders: Vec<PathBuf> = fs::read_dir(root)
        .expect("fixture folders")
        .map(|entry| entry.expect("a folder").path())
        .collect();
    folders.sort();
    folders
}

#[test]
fn every_case_comes_out_as_expected() {
    let mut wrong = Vec::new();
    for folder in folders() {
        let file = fs::read_dir(folder.join("expected"))
            .expect("expected")
            .next()
            .expect("one file")
            .expect("a file")
            .file_name();
        let read = |side: &str| fs::read(folder.join(side).join(&file)).unwrap_or_default();
        let merged = merge(
            &file.to_string_lossy(),
            &read("base"),
            &read("ours"),
            &read("theirs"),
        );
        let actual = merged.with_markers(&Labels::default());
        if actual != read("expected") {
            wrong.push(format!(
                "{}:\n{}",
                folder.display(),
                String::from_utf8_lossy(&actual)
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
