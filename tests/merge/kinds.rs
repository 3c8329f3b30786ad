//! `merge-file` on a file of each kind that merges by structure: in both directions, and what one side took out and the other edited.

use crate::cli::sandbox::Sandbox;

/// Path, base, the first entry as the one side has it, the second one as the other has it.
const FILES: [(&str, &str, [&str; 2], [&str; 2]); 7] = [
    (
        "Dockerfile",
        "FROM a:1\nENV A=1\nENV B=2\n",
        ["ENV A=1\n", "ENV A=3\n"],
        ["ENV B=2\n", "ENV B=4\n"],
    ),
    (
        "de/django.po",
        "msgid \"\"\nmsgstr \"\"\n\"Language: de\\n\"\n\"X-Generator: a\\n\"\n\nmsgid \"b\"\nmsgstr \"\"\n",
        ["\"Language: de\\n\"\n", "\"Language: fr\\n\"\n"],
        ["\"X-Generator: a\\n\"\n", "\"X-Generator: b\\n\"\n"],
    ),
    (
        "tsconfig.json",
        "// x\n{\n  \"a\": 1, // y\n  \"b\": 2,\n  \"c\": 5,\n}\n",
        ["  \"a\": 1, // y\n", "  \"a\": 3, // y\n"],
        ["  \"b\": 2,\n", "  \"b\": 4,\n"],
    ),
    (
        "k8s/web.yaml",
        "kind: A\nmetadata:\n  name: x\n---\nkind: B\nmetadata:\n  name: x\na: 1\nb: 2\n",
        ["a: 1\n", "a: 3\n"],
        ["b: 2\n", "b: 4\n"],
    ),
    (
        ".github/workflows/ci.yml",
        "jobs:\n  a:\n    steps:\n      - name: One\n        run: a\n      - id: two\n        run: b\n      - name: Three\n        run: c\n",
        [
            "      - name: One\n        run: a\n",
            "      - name: One\n        run: d\n",
        ],
        [
            "      - id: two\n        run: b\n",
            "      - id: two\n        run: e\n",
        ],
    ),
    (
        ".pre-commit-config.yaml",
        "repos:\n  - repo: a\n    rev: v1.0.0\n    hooks:\n      - id: x\n        stages: [a]\n      - id: y\n        stages: [a]\n",
        [
            "      - id: x\n        stages: [a]\n",
            "      - id: x\n        stages: [b]\n",
        ],
        [
            "      - id: y\n        stages: [a]\n",
            "      - id: y\n        stages: [c]\n",
        ],
    ),
    (
        "setup.cfg",
        "[a]\nb = 1\nc = 2\n",
        ["b = 1\n", "b = 3\n"],
        ["c = 2\n", "c = 4\n"],
    ),
];

#[test]
fn merge_file_merges_each_kind_by_its_entries() {
    let sandbox = Sandbox::new();
    for (path, base, [first, one], [second, other]) in FILES {
        let (ours, theirs) = (base.replace(first, one), base.replace(second, other));
        let gone = base.replace(first, "");
        sandbox
            .write("b", base)
            .write("o", &ours)
            .write("t", &theirs)
            .write("g", gone);
        let merge = |ours: &str, theirs: &str| {
            let ran = sandbox.ixd(&["merge-file", "--path", path, "b", ours, theirs]);
            (ran.code, ran.stdout)
        };
        let both = (0, ours.replace(second, other));
        assert_eq!(merge("o", "t"), both, "{path}");
        assert_eq!(merge("t", "o"), both, "{path}, exchanged");
        assert_eq!(merge("o", "g").0, 1, "{path}: taken out");
        assert_eq!(merge("g", "o").0, 1, "{path}: taken out, exchanged");
    }
}
