//! What one side took out and the other one edited or moved is left to a person, whichever side is which.

use three_way::{Class, Labels, Options, merge, merge_with};

/// A clean merge whichever side is ours; `None` for a conflict in both.
#[track_caller]
fn merged(path: &str, [base, ours, theirs]: [&str; 3]) -> Option<String> {
    let merged = |ours: &str, theirs: &str| {
        let merged = merge(path, base.as_bytes(), ours.as_bytes(), theirs.as_bytes()).clean();
        merged.map(|text| String::from_utf8(text).expect("a text"))
    };
    let found = merged(ours, theirs);
    assert_eq!(
        merged(theirs, ours),
        found,
        "{path}: the other way round, of {base:?}, {ours:?} and {theirs:?}"
    );
    found
}

#[track_caller]
fn conflicts(path: &str, sides: [&str; 3]) {
    assert_eq!(merged(path, sides), None, "{path}: {sides:?}");
}

#[test]
fn of_a_line() {
    for (path, from, to) in [
        ("site.py", "DEBUG = True", "DEBUG = False"),
        ("Dockerfile", "USER root", "USER app"),
        ("nginx.conf", "deny all;", "deny 10.0.0.0/8;"),
        (".gitignore", "a/", "a/x"),
        ("CODEOWNERS", "docs/ @a", "docs/ @a @b"),
        ("requirements.in", "psycopg2", "psycopg[binary]"),
        ("requirements.txt", "redis==5.0", "redis==5.1"),
        ("notes.txt", "one", "two"),
        (".env", "NAME=a", "NAME=b"),
        ("setup.cfg", "max-line-length = 80", "max-line-length = 100"),
    ] {
        let around = |line: &str| format!("A=1\n{line}\nZ=1\n");
        let around = if path == "setup.cfg" {
            |line: &str| format!("[flake8]\na = 1\n{line}\nz = 1\n")
        } else {
            around
        };
        let (base, edited) = (around(&format!("{from}\n")), around(&format!("{to}\n")));
        let (base, edited) = (base.replace("\n\n", "\n"), edited.replace("\n\n", "\n"));
        let without = base.replace(&format!("{from}\n"), "");
        conflicts(path, [&base, &without, &edited]);
    }
}

#[test]
fn of_an_item() {
    for (path, open, from, to, close) in [
        (
            "s.py",
            "INSTALLED_APPS = [\n",
            "    'a.b',\n",
            "    'a.b.apps.B',\n",
            "]\n",
        ),
        (
            "s.py",
            "MIDDLEWARE = [\n",
            "    'm.B',\n",
            "    'm.C',\n",
            "]\n",
        ),
        ("ci.yml", "branches:\n", "  - dev\n", "  - develop\n", ""),
        (
            "p.toml",
            "select = [\n",
            "    \"E\",\n",
            "    \"E1\",\n",
            "]\n",
        ),
        (
            "p.toml",
            "dependencies = [\n",
            "    \"psycopg2\",\n",
            "    \"psycopg\",\n",
            "]\n",
        ),
        (
            "p.json",
            "{\"files\": [\n",
            "  \"b\",\n",
            "  \"b/*\",\n",
            "  \"y\"\n]}\n",
        ),
    ] {
        let item =
            |name: &str| from.replace(from.trim().trim_matches(['-', ' ', ',', '"', '\'']), name);
        let (first, last) = (item("first"), item("last"));
        let text = |own: &str| format!("{open}{first}{own}{last}{close}");
        conflicts(path, [&text(from), &text(""), &text(to)]);
    }
}

#[test]
fn of_an_entry_or_a_section() {
    let base = "[a]\nx = 1\n\n[b]\ny = 1\n\n[c]\nz = 1\n";
    let without = "[a]\nx = 1\n\n[c]\nz = 1\n";
    for path in ["p.toml", "setup.cfg"] {
        conflicts(path, [base, without, &base.replace("y = 1", "y = 2")]);
        conflicts(
            path,
            [base, without, &base.replace("y = 1", "y = 1\nw = 1")],
        );
        conflicts(path, [base, without, &base.replace("[b]", "[bb]")]);
    }
    let base = "services:\n  a:\n    image: x\n  b:\n    image: y\n  c:\n    image: z\n";
    let without = base.replace("  b:\n    image: y\n", "");
    conflicts(
        "c.yml",
        [base, &without, &base.replace("image: y", "image: w")],
    );
    conflicts(
        "c.yml",
        [
            base,
            &without,
            &base.replace("image: y\n", "image: y\n    user: u\n"),
        ],
    );
}

#[test]
fn moved_by_the_other_side() {
    conflicts("order.txt", ["a\nb\nc\n", "a\nc\n", "b\na\nc\n"]);
    conflicts(
        "x.yml",
        ["x: 1\ny: 2\nz: 3\n", "x: 1\nz: 3\n", "y: 2\nx: 1\nz: 3\n"],
    );
    // Changed on the way, too.
    conflicts(
        "x.yml",
        ["x: 1\ny: 2\nz: 3\n", "x: 1\nz: 3\n", "y: 4\nx: 1\nz: 3\n"],
    );
    conflicts(
        "s.py",
        [
            "A = 1\n\nB = f(1)\n\nC = 1\n\nD = 4\n",
            "A = 1\n\nB = f(1)\n\nC = 1\n",
            "A = 1\nD = 5\n\nB = f(1)\n\nC = 1\n",
        ],
    );
    let list = |names: &str| {
        let items = names.chars().map(|name| format!("    \"{name}\",\n"));
        format!("MIDDLEWARE = [\n{}]\n", items.collect::<String>())
    };
    conflicts("s.py", [&list("abc"), &list("ac"), &list("bac")]);
    // The one that moved is another one.
    let sides = [&list("abcde"), &list("abde"), &list("bcdea")];
    assert_eq!(
        merged("s.py", sides.map(String::as_str)),
        Some(list("bdea"))
    );
}

#[test]
fn moved_with_what_stands_around_it() {
    let apps = "APPS = [\n    'a',\n]\n";
    let list = |item: &str| format!("LIST = [\n{item}    'z',\n]\n");
    let base = format!("import x\n{apps}\n{}", list("    'y',\n"));
    let ours = format!("import x\n\n{}{apps}", list("    'y.w',\n"));
    let theirs = format!("import x\n{apps}\n{}", list(""));
    for path in ["s.py", "notes.txt"] {
        conflicts(path, [&base, &ours, &theirs]);
    }
}

/// To lines it is the two short settings above it that were moved.
#[test]
fn a_long_entry_that_others_went_around_was_moved() {
    let apps = "\nINSTALLED_APPS = [\n    'a.b',\n    'c.d',\n]\n";
    let (short, rest) = (
        "BETA = 'x'\nGAMMA = 'y'\n",
        "\nMIDDLEWARE = [\n    'm.M',\n]\n",
    );
    let base = format!("import a\n{short}{apps}{rest}");
    let moved = format!("import a\n{apps}{short}{rest}");
    let without = format!("import a\n{short}{rest}");
    conflicts("settings.py", [&base, &moved, &without]);
    // Whatever a person takes, the settings around it stay.
    let merged = merge(
        "settings.py",
        base.as_bytes(),
        moved.as_bytes(),
        without.as_bytes(),
    );
    let text = String::from_utf8(merged.with_markers(&Labels::default())).unwrap();
    assert_eq!(text.matches("GAMMA = 'y'\n").count(), 2, "{text}");
    let conflict = text
        .split("<<<<<<<")
        .nth(1)
        .unwrap()
        .split(">>>>>>>")
        .next()
        .unwrap();
    assert_eq!(conflict.matches("GAMMA").count(), 1, "{text}");
}

/// Each of several, in a list, in a mapping, and in lines whose order counts.
#[test]
fn two_that_others_went_around_were_moved() {
    let apps = ["A", "B"].map(|name| format!("\n{name} = [\n    'a.b',\n    'c.d',\n]\n"));
    let short = "BETA = 'x'\nGAMMA = 'y'\n";
    let base = format!("import a\n{short}{}{}\nZ = 1\n", apps[0], apps[1]);
    let moved = format!("import a\n{}{}{short}\nZ = 1\n", apps[0], apps[1]);
    for gone in &apps {
        let without = base.replace(gone.as_str(), "");
        conflicts("settings.py", [&base, &moved, &without]);
    }
    conflicts(
        "settings.py",
        [&base, &moved, &format!("import a\n{short}\nZ = 1\n")],
    );
    let job = "b:\n  script:\n    - x\n    - y\n";
    let rest = "z:\n  script:\n    - z\n";
    let base = format!("a: 1\n{job}{rest}");
    conflicts(
        ".gitlab-ci.yml",
        [
            &base,
            &format!("{job}a: 1\n{rest}"),
            &format!("a: 1\n{rest}"),
        ],
    );
    let (table, other) = ("[b]\nx = 1\ny = 2\n\n", "[a]\nn = 1\n\n");
    let base = format!("{other}{table}[z]\nk = 1\n");
    let moved = format!("{table}{other}[z]\nk = 1\n");
    conflicts("x.toml", [&base, &moved, &format!("{other}[z]\nk = 1\n")]);
}

#[test]
fn not_where_a_whole_mapping_was_sorted() {
    let base = "{\n  \"c\": 1,\n  \"b\": 2,\n  \"a\": 3\n}\n";
    let without = "{\n  \"c\": 1,\n  \"a\": 3\n}\n";
    let sorted = "{\n  \"a\": 3,\n  \"b\": 2,\n  \"c\": 1\n}\n";
    let expected = "{\n  \"a\": 3,\n  \"c\": 1\n}\n";
    assert_eq!(
        merged("x.json", [base, without, sorted]).as_deref(),
        Some(expected)
    );
    // One entry that was moved, and happens to come to stand by name.
    let base = "{\n  \"r\": 1,\n  \"a\": 2,\n  \"b\": 3\n}\n";
    let without = "{\n  \"a\": 2,\n  \"b\": 3\n}\n";
    let moved = "{\n  \"a\": 4,\n  \"b\": 3,\n  \"r\": 1\n}\n";
    conflicts("x.json", [base, without, moved]);
}

#[test]
fn a_word_that_stands_elsewhere_is_another_one() {
    for (base, ours, theirs) in [
        (
            "listen 80;\n",
            "listen 80 ssl;\n",
            "listen 80;\nadd_header ssl on;\n",
        ),
        (
            "FLAGS = -O2\n",
            "FLAGS = -O2 -g\n",
            "FLAGS = -O2\nDEBUG = -g\n",
        ),
        ("run web\n", "run web false\n", "run web\nset cache false\n"),
    ] {
        for apply in [Class::Pin, Class::Policy] {
            for (ours, theirs) in [(ours, theirs), (theirs, ours)] {
                let [base, ours, theirs] = [base, ours, theirs].map(str::as_bytes);
                let merged = merge_with("x.conf", base, ours, theirs, Options { apply });
                assert!(!merged.is_clean(), "{apply:?}");
            }
        }
    }
}

/// A conflict holds only what both sides changed: with the other side's part of it, the neighbour is as it became.
#[test]
fn a_conflict_holds_no_neighbours() {
    for (path, base) in [
        (
            "a.json",
            "{\n  \"a\": \"x\",\n  \"b\": \"y\",\n  \"c\": \"z\"\n}\n",
        ),
        ("a.yml", "a: x\nb: y\nc: z\n"),
        ("a.toml", "a = \"x\"\nb = \"y\"\nc = \"z\"\n"),
        ("a.cfg", "[s]\na = x\nb = y\nc = z\n"),
        (".env", "A=x\nB=y\nC=z\n"),
        ("settings.py", "A = \"x\"\nB = \"y\"\nC = \"z\"\n"),
    ] {
        let ours = base.replacen('x', "mine", 1);
        let theirs = base.replacen('x', "other", 1).replacen('y', "new", 1);
        for (ours, theirs) in [(&ours, &theirs), (&theirs, &ours)] {
            let merged = merge(path, base.as_bytes(), ours.as_bytes(), theirs.as_bytes());
            assert_eq!(merged.conflicts(), 1, "{path}");
            let shown = merged.with_markers(&Labels::default());
            let shown = String::from_utf8(shown).expect("a text");
            assert_eq!(shown.matches("new").count(), 1, "{path}: {shown}");
            assert!(!shown.contains('y'), "{path}: {shown}");
        }
    }
}

/// What is suggested must be a file that its reader takes.
#[test]
fn no_suggestion_is_a_broken_file() {
    let workflow = |job: &str| format!("name: {job}\non: push\njobs:\n  {job}:\n    runs-on: x\n");
    let (ours, theirs) = (workflow("a"), workflow("b"));
    for base in ["", "\n"] {
        let merged = merge(
            "ci.yml",
            base.as_bytes(),
            ours.as_bytes(),
            theirs.as_bytes(),
        );
        assert!(!merged.is_clean());
        let suggested = merged
            .regions()
            .iter()
            .filter_map(three_way::Region::resolution);
        assert_eq!(suggested.count(), 0, "{base:?}");
    }
    // Sets still join.
    assert!(merge(".gitignore", b"", b"a\n", b"b\n").is_clean());
}

#[test]
fn beside_an_entry_that_both_put_in() {
    for (path, from, to, both) in [
        (".dockerignore", "tmp.log", "tmp.log-old", "media"),
        (
            "Dockerfile",
            "ARG session",
            "ARG theme",
            "ENV PYTHONUNBUFFERED=1",
        ),
        ("requirements.txt", "psycopg2", "psycopg[binary]", "redis"),
        (".env", "HOST=a", "HOSTS=a", "PORT=1"),
    ] {
        let head = if path == "Dockerfile" {
            "FROM python AS one\n"
        } else {
            "first=1\n"
        };
        let sides = [
            format!("{head}{from}\n"),
            format!("{head}{to}\n{both}\n"),
            format!("{head}{both}\n"),
        ];
        conflicts(path, sides.each_ref().map(String::as_str));
    }
}

/// Under the new name nobody sees any more what the old one had.
#[test]
fn from_an_entry_that_both_renamed() {
    for (path, base, [name, renamed], out, is_clean) in [
        (
            "compose.yaml",
            "services:\n  web:\n    image: a\n    user: root\n  db:\n    image: b\n",
            ["web", "site"],
            "    user: root\n",
            true,
        ),
        (
            "pyproject.toml",
            "[tool.web]\na = 1\nb = 2\n\n[tool.db]\nc = 1\n",
            ["web", "site"],
            "b = 2\n",
            true,
        ),
        (
            "setup.cfg",
            "[web]\na = 1\nb = 2\n\n[db]\nc = 1\n",
            ["web", "site"],
            "b = 2\n",
            true,
        ),
        (
            "package.json",
            "{\n  \"web\": {\n    \"b\": 2,\n    \"a\": 1\n  },\n  \"db\": 3\n}\n",
            ["web", "site"],
            "    \"b\": 2,\n",
            false,
        ),
        (
            ".pre-commit-config.yaml",
            "repos:\n- repo: x\n  hooks:\n  - id: one\n    args: [a]\n  - id: two\n",
            ["one", "uno"],
            "    args: [a]\n",
            false,
        ),
        (
            "settings.py",
            "WEB = [\n    \"a\",\n    \"b\",\n]\n\nDB = 1\n",
            ["WEB", "SITE"],
            "    \"b\",\n",
            true,
        ),
        (
            "Dockerfile",
            "FROM a AS web\nRUN x\nRUN y\n\nFROM b\nRUN z\n",
            ["web", "site"],
            "RUN y\n",
            true,
        ),
    ] {
        let theirs = base.replace(name, renamed);
        let ours = theirs.replace(out, "");
        let expected = is_clean.then(|| ours.clone());
        assert_eq!(merged(path, [base, &ours, &theirs]), expected, "{path}");
    }
}
