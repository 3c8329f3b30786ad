//! Damaged files: no panic, and an end in sight, in real files of every kind.

use std::time::{Duration, Instant};

use proptest::prelude::*;
use three_way::{Choice, Labels, merge};

use super::damage::{damage, damaged};

/// Generous: a merge of such a file takes a millisecond, and a build server may be busy.
const LONG: Duration = Duration::from_secs(20);

/// A file of each kind, with the shapes that its parser knows.
const FILES: [(&str, &str); 14] = [
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
        "ARG V=1\nFROM python:3.13-slim AS web\nENV A=1 \\\n    # x\n    B='é x'\nRUN a \\\n    && b\n# x\nRUN <<EOF\nc\nEOF\nCOPY . /app\nCMD [\"a\"]\n",
    ),
    (
        "Makefile",
        "A := 1\nexport B ?= $(shell x:y=z)\n\n.PHONY: all é\nifeq ($(A),1)\nC = 2\nelse\nC = 3\nendif\ndefine D\nx\nendef\n\nall: b c \\\n  d\n\t@echo é\n\t# x\n\ny::\n\tz\n",
    ),
    (
        "django.po",
        "# x\nmsgid \"\"\nmsgstr \"\"\n\"Language: de\\n\"\n\n#, fuzzy\nmsgctxt \"a\"\nmsgid \"é \\\"\"\n\"b\"\nmsgid_plural \"c\"\nmsgstr[0] \"d\"\nmsgstr[1] \"\"\n#~ msgid \"old\"\n",
    ),
    (
        "tsconfig.json",
        "// é\n{\n  /* x */\n  \"a\": [1, /* y */ 2,], // z\n  \"b\": {\"//\": \"/*\"},\n}\n// end\n",
    ),
    (
        "k8s.yaml",
        "---\nkind: A\nmetadata:\n  name: x\n---\n# y\nkind: A\nmetadata: {name: y}\nspec:\n- z\n",
    ),
    ("notes.md", "# A\n\n- b\n- c\n\n```\n[\n```\n"),
];

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
