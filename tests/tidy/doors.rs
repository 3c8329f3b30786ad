//! Which outside crates a manifest asks for, and whether code names one.

/// The dependencies of a `Cargo.toml` that its code may use, those of single platforms too; not those of its tests.
pub(crate) fn dependencies(manifest: &str) -> Vec<String> {
    let mut is_inside = false;
    let mut found = Vec::new();
    for line in manifest.lines() {
        if let Some(table) = line.strip_prefix('[') {
            let table = table.trim_end_matches(']');
            is_inside = table == "dependencies"
                || (table.starts_with("target.") && table.ends_with(".dependencies"));
        } else if is_inside && line.starts_with(|letter: char| letter.is_ascii_lowercase()) {
            let end = line.find([' ', '.', '=']).unwrap_or(line.len());
            found.push(line[..end].to_owned());
        }
    }
    found
}

/// The name of a package in code.
pub(crate) fn in_code(package: &str) -> String {
    match package {
        // Its library has another name.
        "md-5" => "md5".to_owned(),
        _ => package.replace('-', "_"),
    }
}

/// Whether code has a path that starts with this crate.
pub(crate) fn names(code: &str, outside: &str) -> bool {
    let path = format!("{outside}::");
    let starts = code.match_indices(&path).any(|(at, _)| {
        !code[..at].ends_with(|letter: char| {
            letter.is_alphanumeric() || matches!(letter, '_' | ':' | '`' | '"')
        })
    });
    starts || code.contains(&format!("use {outside};"))
}

/// Whether a text has this word, between letters that are part of no name.
pub(crate) fn has_word(text: &str, word: &str) -> bool {
    text.split(|letter: char| !letter.is_alphanumeric() && !matches!(letter, '_' | '-'))
        .any(|other| other == word)
}

#[test]
fn dependencies_are_read_off_a_manifest() {
    let manifest = "[package]\nname = \"a\"\n[dependencies]\nserde.workspace = true\nmd-5 = \"1\"\n\n\
        [target.'cfg(unix)'.dependencies]\nrustix = {}\n[dev-dependencies]\ninsta = \"1\"\n";
    assert_eq!(dependencies(manifest), ["serde", "md-5", "rustix"]);
}

#[test]
fn a_crate_is_named_where_a_path_starts_with_it() {
    for code in [
        "use serde::Serialize;",
        "#[derive(Debug, serde::Serialize)]",
        "fn a(b: &serde::Value)",
        "use serde;",
        "Vec<serde::Value>",
    ] {
        assert!(names(code, "serde"), "{code}");
    }
    for code in ["use my_serde::A;", "use crate::serde::A;", "serde_json::A"] {
        assert!(!names(code, "serde"), "{code}");
    }
}
