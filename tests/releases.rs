//! Released templates are frozen: every base in the field is one of them, rendered.

#![allow(clippy::unwrap_used)]

use ixd_template::template::{Answer, Answers, Catalogue, render};
use ixd_template::tree;

/// Version → digest of the release, and of its rendering with [`answers`]. Recorded when the release was cut; never
/// changed afterwards.
const RELEASES: [(&str, &str, &str); 4] = [
    (
        "0.1.0",
        "sha256:b1d066a1cd11da17fd8b79931032cd533f2a93b7abfc68ba9618ccb918fcc567",
        "sha256:69ce5951c617ff71dde7488ce0a61671ae99bdc40660c931dde3cf43e1ffa252",
    ),
    (
        "0.2.0",
        "sha256:1018cffdbe256c9b6b403982fad75ed01a77bf581e2a3f6270649fbc8241122c",
        "sha256:c9f1944b50888d666267664c9da3836b40a16209fdcf7ff1b1f163fcec680744",
    ),
    (
        "0.2.1",
        "sha256:ac673c168caa2a1a01adc389e39721f5d7a3541b1e9bde78f8ba9298ee30ded8",
        "sha256:0bdd58311edf5449642b77ea1e7d2bbc1c116c552e4906f4708996c17649567d",
    ),
    (
        "0.3.0",
        "sha256:92461d6e9fabe9968bec707a4fe118256fae3b0b919735d2eb7475e310213264",
        "sha256:f9a4915203863ca5d24ed50300f3b5e7428886daa36aefca319529e9f2074a72",
    ),
];

/// Answers that every release knows or ignores.
fn answers(catalogue: &Catalogue, version: &str) -> Answers {
    let all: [(&str, Answer); 10] = [
        ("project_name", Answer::Text("frozen".into())),
        ("project_title", Answer::Text("Frozen \"project\"".into())),
        ("site_domain", Answer::Text("frozen.example.com".into())),
        ("python_version", Answer::Text("3.13".into())),
        ("docker", Answer::Bool(true)),
        ("postgres_version", Answer::Text("17".into())),
        (
            "features",
            Answer::List(vec!["compressor".into(), "storages".into()]),
        ),
        ("node", Answer::Text("npm".into())),
        ("timezone", Answer::Text("Europe/Berlin".into())),
        ("language", Answer::Text("de".into())),
    ];
    let release = catalogue.release(Some(version)).unwrap();
    all.into_iter()
        .filter(|(name, _)| release.manifest.question(name).is_some())
        .map(|(name, answer)| (name.to_owned(), answer))
        .collect()
}

#[test]
fn released_templates_never_change() {
    let catalogue = Catalogue::new(None);
    for (version, release_digest, rendered_digest) in RELEASES {
        let release = catalogue.release(Some(version)).unwrap();
        assert_eq!(
            release.digest, release_digest,
            "snapshots/{version} was changed"
        );
        let rendered = render(&release, &answers(&catalogue, version)).unwrap();
        assert_eq!(
            tree::digest(&rendered.tree).unwrap(),
            rendered_digest,
            "release {version} renders otherwise than it did"
        );
    }
}

/// The binary has its releases packed. Unpacked they are the files of the repository, byte for byte. Reading these checks the
/// manifests, which a run does not do for those in the binary.
#[test]
fn the_binary_holds_the_files_of_the_repository() {
    let packed = Catalogue::new(None);
    let files = Catalogue::new(Some(std::path::Path::new(env!("CARGO_MANIFEST_DIR"))));
    let versions = files.versions().unwrap();
    assert_eq!(packed.versions().unwrap(), versions);
    for version in versions.iter().map(ToString::to_string) {
        let [packed, files] = [&packed, &files].map(|one| one.release(Some(&version)).unwrap());
        assert_eq!(packed.digest, files.digest, "release {version}");
    }
    assert_eq!(packed.changelog().unwrap(), files.changelog().unwrap());
    for name in [
        "legacy/lines.txt",
        "legacy/moves.txt",
        "README.md",
        "legacy",
    ] {
        let found = [&packed, &files].map(|one| one.beside(name).unwrap_or_default());
        assert_eq!(found[0], found[1], "snapshots/{name}");
        assert_eq!(found[0].is_some(), name != "legacy", "snapshots/{name}");
    }
}

#[test]
fn every_release_is_recorded() {
    let recorded: Vec<&str> = RELEASES.iter().map(|(version, ..)| *version).collect();
    for version in Catalogue::new(None).versions().unwrap() {
        let version = version.to_string();
        let is_frozen = Catalogue::new(None)
            .release(Some(&version))
            .unwrap()
            .label
            .starts_with("snapshots/");
        assert!(
            !is_frozen || recorded.contains(&version.as_str()),
            "snapshots/{version} has no recorded digest"
        );
    }
}

/// While a version is both frozen and under development, the two are the same.
#[test]
fn a_frozen_template_is_changed_under_a_new_version_only() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let frozen = root.join("snapshots").join(env!("CARGO_PKG_VERSION"));
    if !frozen.is_dir() {
        return;
    }
    let output = std::process::Command::new("diff")
        .arg("-r")
        .arg(root.join("template"))
        .arg(&frozen)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "template/ differs from snapshots/{}; raise the version:\n{}",
        env!("CARGO_PKG_VERSION"),
        String::from_utf8_lossy(&output.stdout)
    );
}

/// A dozen questions are what a person answers with care: these, and the one whether there shall be more.
#[test]
fn the_dialogue_is_short() {
    let version = env!("CARGO_PKG_VERSION");
    let release = Catalogue::new(None).release(Some(version)).unwrap();
    let questions = release.manifest.questions.iter();
    let asked = questions.filter(|q| !q.more && !q.hidden);
    assert!(
        asked.clone().count() < 12,
        "{:?}",
        asked.map(|q| &q.name).collect::<Vec<_>>()
    );
    let is_plain = |name: &str| !release.manifest.question(name).unwrap().more;
    assert!(is_plain("project_name") && is_plain("secrets") && !is_plain("timezone"));
}

/// Every file of the catalogue is in the package that `cargo publish` would upload.
#[test]
fn the_package_holds_the_whole_catalogue() {
    let root = env!("CARGO_MANIFEST_DIR");
    let run = |program: &str, args: &[&str]| {
        let output = std::process::Command::new(program)
            .current_dir(root)
            .args(args)
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "{program} {args:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).unwrap()
    };
    let packaged = run(
        env!("CARGO"),
        &["package", "--list", "--allow-dirty", "--offline"],
    );
    let packaged: Vec<&str> = packaged.lines().collect();
    let tracked = run("git", &["ls-files", "template", "snapshots"]);
    let missing: Vec<&str> = tracked
        .lines()
        .filter(|path| !packaged.contains(path))
        .collect();
    assert!(
        missing.is_empty() && tracked.lines().count() > 50,
        "not packaged: {missing:?}"
    );
}
