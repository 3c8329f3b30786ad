//! A formatter is no edit: what the other side changed comes out in the layout of the side that was formatted.

use three_way::merge;

fn merged(path: &str, sides: [&str; 3]) -> Option<String> {
    let [base, ours, theirs] = sides.map(str::as_bytes);
    let text = merge(path, base, ours, theirs).clean()?;
    Some(String::from_utf8(text).unwrap())
}

/// `laid_out` is the base after a formatter, `edited` the base with an edit; `None` for a conflict. Whichever side is ours.
#[track_caller]
fn check(path: &str, base: &str, laid_out: &str, edited: &str, expected: Option<&str>) {
    for sides in [[base, laid_out, edited], [base, edited, laid_out]] {
        let found = merged(path, sides);
        assert_eq!(found.as_deref(), expected, "{path}");
    }
}

#[test]
fn an_edit_goes_into_the_layout_of_the_other_side() {
    let lines = |sign: &str, five: &str| {
        let line = |at: usize| {
            format!(
                "x{at}{sign}{}\n",
                if at == 5 { five.into() } else { at.to_string() }
            )
        };
        (0..10).map(line).collect::<String>()
    };
    for path in ["a.txt", "a.py", "a.cfg"] {
        let (base, laid_out) = (lines("  =  ", "5"), lines(" = ", "5"));
        let (edited, both) = (lines("  =  ", "55"), lines(" = ", "55"));
        check(path, &base, &laid_out, &edited, Some(&both));
    }
}

#[test]
fn what_was_joined_or_split_is_taken_out() {
    check(
        "settings.py",
        "A = 1\nCACHE = getattr(\n    settings,\n    'CACHE',\n    None\n)\nB = 'x'\n",
        "A = 1\nCACHE = getattr(settings, \"CACHE\", None)\nB = \"x\"\n",
        "A = 1\nB = 'x'\n",
        Some("A = 1\nB = \"x\"\n"),
    );
    check(
        "settings.py",
        "APPS = ['a', 'b', 'c']\nB = 2\n",
        "APPS = [\n    \"a\",\n    \"b\",\n    \"c\",\n]\nB = 2\n",
        "APPS = ['a', 'b', 'x', 'c']\nB = 2\n",
        Some("APPS = [\n    \"a\",\n    \"b\",\n    'x',\n    \"c\",\n]\nB = 2\n"),
    );
    check(
        "a.css",
        ".h {\n  color: #EEE;\n  background: #F0F0F0;\n}\n",
        ".h {\n  color: #eee;\n  background: #f0f0f0;\n}\n",
        ".h {\n  color: #EEE;\n}\n",
        Some(".h {\n  color: #eee;\n}\n"),
    );
}

#[test]
fn blocks_keep_their_depth() {
    check(
        "a.py",
        "def f(x):\n  if x: return 'a'\n  return 'b'\n\ndef g():\n  pass\n",
        "def f(x):\n    if x:\n        return \"a\"\n    return \"b\"\n\n\ndef g():\n    pass\n",
        "def f(x):\n  if x: return 'a'\n  for y in x:\n    print(y)\n  return 'b'\n\ndef g():\n  pass\n",
        Some(
            "def f(x):\n    if x:\n        return \"a\"\n    for y in x:\n        print(y)\n    return \"b\"\n\n\ndef g():\n    pass\n",
        ),
    );
    check(
        "a.yml",
        "jobs:\n  a:\n    steps:\n    - run: 'x'\n    - run: 'y'\n  b:\n    on: 1\n",
        "jobs:\n    a:\n        steps:\n            - run: \"x\"\n            - run: \"y\"\n    b:\n        on: 1\n",
        "jobs:\n  a:\n    steps:\n    - run: 'x'\n    - name: N\n      run: |\n        one\n          two\n    - run: 'y'\n  b:\n    on: 2\n",
        Some(
            "jobs:\n    a:\n        steps:\n            - run: \"x\"\n            - name: N\n              run: |\n                one\n                  two\n            - run: \"y\"\n    b:\n        on: 2\n",
        ),
    );
}

#[test]
fn both_may_be_formatted() {
    let base = "A = {'x': 1, 'y': 2}\nB = f( 'b' )\nC = f( 'c' )\nD = f( 'd' )\n";
    let ours = "A = {\"x\": 1, \"y\": 3}\nB = f(\"b\")\nC = f(\"c\")\nD = f(\"d\")\n";
    let theirs =
        "A = {\n    \"x\": 1,\n    \"y\": 2,\n}\nB = f(\"b\")\nC = f(\"c\")\nD = f(\"e\")\n";
    for sides in [[base, ours, theirs], [base, theirs, ours]] {
        let found = merged("a.py", sides).expect("no conflict");
        let plain: String = found.split_whitespace().collect();
        let plain = plain.replace(",}", "}");
        let wanted = "A={\"x\":1,\"y\":3}B=f(\"b\")C=f(\"c\")D=f(\"e\")";
        assert_eq!(plain, wanted);
    }
}

#[test]
fn two_edits_are_still_two_edits() {
    let base = "A = f( 'a' )\nB = [ 'x', 'y' ]\n";
    let ours = "A = f(\"a\")\nB = [\"x\", \"z\"]\n";
    let theirs = "A = f( 'a' )\nB = [ 'x', 'w' ]\n";
    check("a.py", base, ours, theirs, None);
    // Other brackets are no layout.
    check(
        "a.py",
        "A = a * (b + c)\n",
        "A = a * b + c\n",
        "A = a * (b + d)\n",
        None,
    );
    // What the formatter left of a list that the other side took out is no reason to keep it.
    check(
        "a.toml",
        "[p]\nd = [\n    \"u>=0.32.0\",\n    \"m>=0.4 ; python_version < '3'\",\n]\n",
        "[p]\nd = [\n  \"m>=0.4; python_version<'3'\",\n  \"u>=0.32\",\n]\n",
        "[p]\nd = [\n    \"u>=0.32.0\",\n]\n",
        None,
    );
}

#[test]
fn a_new_table_swallows_nothing() {
    check(
        "pyproject.toml",
        "[project]\nname = \"a\"\n\n[project.deps]\nfull = [\n    \"x\",\n]\n\n[project.urls]\nHome = \"h\"\n",
        "[project]\nname = \"a\"\n\ndeps.full = [\n  \"x\",\n]\nurls.Home = \"h\"\n",
        "[project]\nname = \"a\"\n\n[tool.extra]\nflag = true\n\n[project.deps]\nfull = [\n    \"x\",\n]\n\n[project.urls]\nHome = \"h\"\n",
        None,
    );
}
