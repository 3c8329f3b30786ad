//! Damaged files: bytes taken out, doubled, swapped and put in, in real files of every kind. No panic, and an end in sight.

use std::time::{Duration, Instant};

use ixd_template::merge::{Choice, Labels, merge};
use ixd_template::state::State;
use ixd_template::template::Manifest;
use proptest::prelude::*;

/// Generous: a merge of such a file takes a millisecond, and a build server may be busy.
const LONG: Duration = Duration::from_secs(20);

const MANIFEST: &str = include_str!("../../template/template.yml");

const STATE: &str = "template: django\nversion: 0.1.0\ndigest: \"00\"\nrendered: \"00\"\nanswers:\n  name: shop\n  \
                     features: [redis, celery]\nopen: []\n";

/// A file of each kind, with the shapes that its parser knows.
const FILES: [(&str, &str); 10] = [
    (
        "requirements.txt",
        "# Web\nDjango==5.0  # pinned\nuvicorn[standard]>=0.30 \\\n    --hash=sha256:00\n    # via x\n-r base.txt\n",
    ),
    (".gitignore", "# Python\n*.pyc\n\n/dist/\n!keep\n"),
    (
        ".env",
        "A=1\nexport B='x y'\nC=\"\n one\n two\n\"\n\nD=a,b,c # words\n",
    ),
    (
        "compose.yaml",
        "x: &x\n  a: [1, {b: c}]\nservices:\n  web:\n    <<: *x\n    ports:\n    - \"80:80\"\n    command: |\n      a\n\n      b\n  db: {image: 'pg:16'}\n",
    ),
    (
        "pyproject.toml",
        "[project]\nname = \"x\"\ndependencies = [\n  \"a>=1\", # why\n  \"b\",\n]\n[[tool.x]]\na.b = '''\n[\n'''\n[tool.\"y z\"]\nk = { a = 1 }\n",
    ),
    (
        "package.json",
        "{\n  \"a\": {\"b\": [1, 2, {\"c\": null}]},\n  \"d\": \"\\\"\",\n  \"e\": \"^1.0.0\"\n}\n",
    ),
    (
        "settings.py",
        "\"\"\"Doc.\"\"\"\nimport os\nfrom a import (b, c)\n\nAPPS = [\n    'a',  # x\n    f(1, {2: [3]}),\n]\nif X:\n    Y = r'\\'\nelse:\n    Y = '''\n'''\n@d\nclass A(B):\n    pass\n",
    ),
    (
        "setup.cfg",
        "[a]\nb = c\nd =\n  e\n  f>=1\n; x\n[g:h]\ni: j\n",
    ),
    (
        "Dockerfile",
        "FROM python:3.13-slim AS web\nRUN a \\\n    && b\n# x\nCOPY . /app\n",
    ),
    ("notes.md", "# A\n\n- b\n- c\n\n```\n[\n```\n"),
];

#[derive(Debug, Clone)]
enum Damage {
    Cut(u16, u8),
    Double(u16, u8),
    Swap(u16, u16),
    Put(u16, Vec<u8>),
}

fn damage() -> impl Strategy<Value = Vec<Damage>> {
    let token = prop::sample::select(vec![
        "\"",
        "'",
        "\"\"\"",
        "[",
        "]",
        "{",
        "}",
        "(",
        ")",
        "\n",
        "\r\n",
        "\t",
        "    ",
        "- ",
        ": ",
        "=",
        ",",
        "#",
        "\\",
        "|\n",
        "&a ",
        "*a",
        "<<<<<<< ours\n",
        "=======\n",
        "\u{feff}",
        "é",
        "\u{2028}",
        "---\n",
    ]);
    let bytes = prop_oneof![
        4 => token.prop_map(|token| token.as_bytes().to_vec()),
        1 => prop::collection::vec(any::<u8>(), 1..6),
    ];
    let one = prop_oneof![
        (any::<u16>(), 1..30_u8).prop_map(|(at, length)| Damage::Cut(at, length)),
        (any::<u16>(), 1..60_u8).prop_map(|(at, length)| Damage::Double(at, length)),
        (any::<u16>(), any::<u16>()).prop_map(|(one, other)| Damage::Swap(one, other)),
        (any::<u16>(), bytes).prop_map(|(at, bytes)| Damage::Put(at, bytes)),
    ];
    prop::collection::vec(one, 0..6)
}

fn damaged(text: &str, damage: &[Damage]) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    for one in damage {
        let at = |place: u16| usize::from(place) % (bytes.len() + 1);
        match one {
            Damage::Cut(place, length) => {
                let start = at(*place);
                let end = bytes.len().min(start + usize::from(*length));
                bytes.drain(start..end);
            }
            Damage::Double(place, length) => {
                let start = at(*place);
                let end = bytes.len().min(start + usize::from(*length));
                bytes.splice(start..start, bytes[start..end].to_vec());
            }
            Damage::Swap(one, other) => {
                let (one, other) = (at(*one), at(*other));
                if one < bytes.len() && other < bytes.len() {
                    bytes.swap(one, other);
                }
            }
            Damage::Put(place, new) => {
                let start = at(*place);
                bytes.splice(start..start, new.clone());
            }
        }
    }
    bytes
}

proptest! {
    #[test]
    fn damaged_files_merge(edits in [damage(), damage(), damage()], at in 0..FILES.len()) {
        let (path, text) = FILES[at];
        let [base, ours, theirs] = edits.map(|damage| damaged(text, &damage));
        let started = Instant::now();
        let merged = merge(path, &base, &ours, &theirs);
        merged.with_markers(&Labels::default());
        prop_assert_eq!(merged.resolve(&vec![Choice::Ours; merged.regions().len()], &Labels::default()), ours);
        prop_assert!(started.elapsed() < LONG);
    }

    #[test]
    fn damaged_manifests_and_states_are_read_or_refused(damage in damage()) {
        let started = Instant::now();
        let _ = Manifest::parse("template.yml", &String::from_utf8_lossy(&damaged(MANIFEST, &damage)));
        let _ = State::parse(&String::from_utf8_lossy(&damaged(STATE, &damage)));
        prop_assert!(started.elapsed() < LONG);
    }
}

#[test]
fn the_undamaged_state_is_read() {
    assert!(
        State::parse(STATE).is_ok(),
        "{:?}",
        State::parse(STATE).err()
    );
}

#[test]
fn repetitive_and_deep_files_end() {
    let deep =
        |open: &str, close: &str| format!("a = {}{}\n", open.repeat(3000), close.repeat(3000));
    let texts = [
        "\n".repeat(5000),
        "- a\n".repeat(5000),
        "a:\n".repeat(3000),
        deep("[", "]"),
        deep("{", "}"),
        deep("(", ")"),
        "'\"".repeat(3000),
    ];
    for (path, _) in FILES {
        for text in &texts {
            let started = Instant::now();
            merge(
                path,
                text.as_bytes(),
                format!("x\n{text}y\n").as_bytes(),
                format!("{text}z\n").as_bytes(),
            );
            assert!(started.elapsed() < LONG, "{path}: {:?}", &text[..8]);
        }
    }
}
