//! Which lists are joined, whichever side is ours.

use ixd_template::merge::{Class, Options, merge, merge_with};

/// The merge by default, and with every rule applied that may be.
fn merged(path: &str, sides: [&str; 3]) -> [Option<String>; 2] {
    let [base, ours, theirs] = sides.map(str::as_bytes);
    let apply = Class::Policy;
    let all = merge_with(path, base, ours, theirs, Options { apply });
    [merge(path, base, ours, theirs), all].map(|merged| {
        let text = merged.clean()?;
        Some(String::from_utf8(text).unwrap())
    })
}

/// `+` stands for what a side puts in; the result of both is expected, or a conflict.
#[track_caller]
fn check(path: &str, around: &str, [ours, theirs]: [&str; 2], both: Option<&str>) {
    let text = |added: &str| around.replace('+', added);
    let (base, ours, theirs) = (text(""), text(ours), text(theirs));
    let expected = both.map(text);
    let [default, all] = merged(path, [&base, &ours, &theirs]);
    assert_eq!(default, expected, "{path}");
    if expected.is_none() {
        assert_eq!(all, None, "{path}: with every rule");
    }
    let [turned, _] = merged(path, [&base, &theirs, &ours]);
    assert_eq!(turned.is_some(), expected.is_some(), "{path}: exchanged");
}

#[test]
fn the_arguments_of_a_command_are_one_value() {
    let block = |indent: &str, port: &str| format!("{indent}- --port\n{indent}- \"{port}\"\n");
    for (path, around) in [
        (
            "compose.yaml",
            "services:\n  web:\n    command:\n    - serve\n+",
        ),
        (
            "compose.yaml",
            "services:\n  web:\n    entrypoint:\n    - serve\n+",
        ),
        (
            "compose.yaml",
            "web:\n  healthcheck:\n    test:\n    - CMD\n+",
        ),
        (
            "job.yaml",
            "spec:\n  containers:\n  - name: a\n    args:\n    - serve\n+",
        ),
        ("other.yaml", "anything:\n    - serve\n+"),
    ] {
        let added = [block("    ", "1"), block("    ", "2")];
        check(path, around, added.each_ref().map(String::as_str), None);
    }
    for (path, around) in [
        ("compose.yaml", "web:\n  command: [serve+]\n"),
        (
            ".pre-commit-config.yaml",
            "repos:\n- repo: x\n  hooks:\n  - id: a\n    args: [-x+]\n",
        ),
        (
            "pyproject.toml",
            "[tool.pytest.ini_options]\naddopts = [\"-x\"+]\n",
        ),
        ("settings.py", "RUN_COMMAND = [\"serve\"+]\n"),
        ("x.py", "anything = [\"serve\"+]\n"),
        ("launch.json", "{\n  \"args\": [\"serve\"+]\n}\n"),
        (
            "settings.json",
            "{\n  \"python.testing.pytestArgs\": [\"x\"+]\n}\n",
        ),
        (
            ".eslintrc.json",
            "{\n  \"rules\": {\"max-len\": [\"error\"+]}\n}\n",
        ),
    ] {
        let added = [", \"--port\", \"1\"", ", \"--port\", \"2\""];
        check(path, around, added, None);
    }
    check(
        "pytest.ini",
        "[pytest]\naddopts =\n    -x\n+",
        ["    --maxfail=1\n", "    --maxfail=2\n"],
        None,
    );
}

#[test]
fn what_one_side_alone_changed_in_a_value_is_taken() {
    let text = |port: &str, image: &str| {
        format!("web:\n  image: {image}\n  command: [serve, \"{port}\"]\n")
    };
    let sides = [text("1", "a"), text("2", "a"), text("1", "b")];
    let [default, _] = merged("compose.yaml", sides.each_ref().map(String::as_str));
    assert_eq!(default, Some(text("2", "b")));
}

#[test]
fn a_value_that_both_edited_lines_apart_is_one_conflict() {
    let text = |first: &str, last: &str| {
        format!("web:\n  command:\n    - {first}\n    - b\n    - c\n    - {last}\n  init: true\n")
    };
    for (ours, theirs) in [
        (text("x", "d"), text("a", "y")),
        (text("a", "y"), text("x", "d")),
    ] {
        let base = text("a", "d");
        let [base, ours, theirs] = [&base, &ours, &theirs].map(String::as_bytes);
        let merged = merge("compose.yaml", base, ours, theirs);
        assert_eq!(merged.conflicts(), 1);
        let conflict = merged.regions().iter().find(|region| region.is_conflict());
        assert!(!String::from_utf8_lossy(&conflict.unwrap().ours).contains("init"));
    }
}

#[test]
fn steps_are_not_put_together() {
    for (path, around) in [
        (".gitlab-ci.yml", "check:\n  script:\n    - a\n+"),
        (".gitlab-ci.yml", "check:\n  before_script:\n    - a\n+"),
        (
            ".github/workflows/a.yml",
            "jobs:\n  a:\n    steps:\n    - run: a\n+",
        ),
        (".travis.yml", "install:\n    - a\n+"),
    ] {
        let added = if path.contains("workflows") {
            ["    - run: make x\n", "    - run: make y\n"]
        } else {
            ["    - make x\n", "    - make y\n"]
        };
        check(path, around, added, None);
    }
    check(
        "tox.ini",
        "[testenv]\ncommands =\n    a\n+",
        ["    x\n", "    y\n"],
        None,
    );
}

#[test]
fn a_step_is_found_by_its_name() {
    let text = |one: &str, two: &str| {
        format!(
            "jobs:\n  a:\n    steps:\n    - name: x\n      run: {one}\n    - name: y\n      run: {two}\n"
        )
    };
    let sides = [text("1", "1"), text("2", "1"), text("1", "2")];
    let [default, _] = merged(
        ".github/workflows/a.yml",
        sides.each_ref().map(String::as_str),
    );
    assert_eq!(default, Some(text("2", "2")));
}

#[test]
fn one_name_with_two_values_is_a_conflict() {
    for (list, added) in [
        ("ports", ["    - \"80:80\"\n", "    - \"80:443\"\n"]),
        (
            "ports",
            ["    - 127.0.0.1:80:80\n", "    - 127.0.0.1:80:443\n"],
        ),
        ("volumes", ["    - a:/data\n", "    - b:/data:ro\n"]),
        (
            "extra_hosts",
            ["    - \"a:10.0.0.1\"\n", "    - \"a:10.0.0.2\"\n"],
        ),
        ("labels", ["    - x.port=1\n", "    - x.port=2\n"]),
        ("environment", ["    - name=1\n", "    - name=2\n"]),
        ("tmpfs", ["    - /run:size=1m\n", "    - /run:size=2m\n"]),
    ] {
        let around = format!("web:\n  {list}:\n    - first\n+");
        check("compose.yaml", &around, added, None);
    }
    check(
        "environment.yml",
        "dependencies:\n  - a=1\n+",
        ["  - numpy=1\n", "  - numpy=2\n"],
        None,
    );
    check(
        "x.py",
        "KINDS = [\n    (\"a\", \"A\"),\n+]\n",
        ["    (\"b\", \"Mine\"),\n", "    (\"b\", \"Theirs\"),\n"],
        None,
    );
    check(
        ".babelrc.json",
        "{\n  \"plugins\": [\n    \"a\"+\n  ]\n}\n",
        [",\n    [\"b\", {\"x\": 1}]", ",\n    [\"b\", {\"x\": 2}]"],
        None,
    );
}

#[test]
fn sets_are_joined() {
    for (path, around, [ours, theirs]) in [
        (
            "compose.yaml",
            "web:\n  ports:\n    - \"80:80\"\n+",
            ["    - \"81:80\"\n", "    - \"82:80\"\n"],
        ),
        (
            "compose.yaml",
            "web:\n  volumes:\n    - a:/a\n+",
            ["    - b:/b\n", "    - c:/c\n"],
        ),
        (
            "compose.yaml",
            "web:\n  depends_on:\n    - a\n+",
            ["    - b\n", "    - c\n"],
        ),
        (
            "compose.yaml",
            "web:\n  environment:\n    - A=1\n+",
            ["    - B=1\n", "    - C=1\n"],
        ),
        (
            "a.yml",
            "on:\n  push:\n    branches:\n    - a\n+",
            ["    - b\n", "    - c\n"],
        ),
        (
            ".pre-commit-config.yaml",
            "repos:\n- repo: a\n  hooks:\n  - id: a\n+",
            ["  - id: b\n", "  - id: c\n"],
        ),
        (
            "pyproject.toml",
            "[project]\ndependencies = [\n  \"a\",\n+]\n",
            ["  \"b\",\n", "  \"c\",\n"],
        ),
        (
            "pyproject.toml",
            "[tool.ruff]\nlint.select = [\n  \"a\",\n+]\n",
            ["  \"b\",\n", "  \"c\",\n"],
        ),
        (
            "settings.py",
            "INSTALLED_APPS = [\n  \"a\",\n+]\n",
            ["  \"b\",\n", "  \"c\",\n"],
        ),
        (
            "settings.py",
            "ALLOWED_HOSTS = [\n  \"a\",\n+]\n",
            ["  \"b\",\n", "  \"c\",\n"],
        ),
        (
            "settings.py",
            "from a import (\n  a,\n+)\n",
            ["  b,\n", "  c,\n"],
        ),
        (
            "setup.cfg",
            "[options]\ninstall_requires =\n  a\n+",
            ["  b\n", "  c\n"],
        ),
        (
            "package.json",
            "{\n  \"keywords\": [\n+    \"z\"\n  ]\n}\n",
            ["    \"a\",\n", "    \"b\",\n"],
        ),
    ] {
        check(
            path,
            around,
            [ours, theirs],
            Some(&format!("{ours}{theirs}")),
        );
    }
}

#[test]
fn the_order_of_patterns_counts_where_one_takes_others_back() {
    check(
        "a.yml",
        "on:\n  push:\n    paths:\n    - a\n    - \"!b\"\n+",
        ["    - b/c\n", "    - b/d\n"],
        None,
    );
}

#[test]
fn a_list_of_one_line_takes_the_lines_of_the_other_side() {
    let spread = |items: &[&str]| {
        let items = items.iter().map(|item| format!("    \"{item}\",\n"));
        format!("[\n{}]\n", items.collect::<Vec<_>>().concat())
    };
    for (path, name) in [
        ("settings.py", "INSTALLED_APPS = "),
        ("pyproject.toml", "[tool.ruff]\nselect = "),
    ] {
        let [base, ours, theirs, both] = [
            "[\"a\", \"b\"]\n".to_string(),
            "[\"a\", \"b\", \"z\"]\n".to_string(),
            spread(&["a", "b", "c"]),
            spread(&["a", "b", "c", "z"]),
        ]
        .map(|list| format!("{name}{list}"));
        let [default, _] = merged(path, [&base, &ours, &theirs]);
        let [turned, _] = merged(path, [&base, &theirs, &ours]);
        assert_eq!(default, Some(both.clone()));
        assert_eq!(turned, Some(both));
    }
    let list = |items: &str| format!("{{\n  \"files\": [{items}]\n}}\n");
    let [default, _] = merged(
        "package.json",
        [
            &list("\"a\""),
            &list("\"a\", \"z\""),
            &list("\n    \"a\",\n    \"b\"\n  "),
        ],
    );
    assert_eq!(
        default,
        Some(list("\n    \"a\",\n    \"z\",\n    \"b\"\n  "))
    );
}

#[test]
fn a_byte_order_mark_changes_no_verdict() {
    for (path, text) in [
        ("a.yml", "a: 1\nb: 1\n"),
        ("a.json", "{\n\"a\": 1,\n\"b\": 1\n}\n"),
        (".env", "a=1\nb=1\n"),
        ("a.toml", "a = 1\nb = 1\n"),
        ("a.ini", "[x]\na = 1\nb = 1\n"),
        ("a.py", "a = 1\nb = 1\n"),
    ] {
        let change = |name: &str| {
            let old = text.lines().find(|line| line.contains(name)).unwrap();
            text.replace(old, &old.replace('1', "2"))
        };
        let sides = [text.to_string(), change("a"), change("b")];
        for marks in 0..8 {
            let mark = |side: usize| {
                if marks & (1 << side) > 0 {
                    "\u{feff}"
                } else {
                    ""
                }
            };
            let marked = [0, 1, 2].map(|side| format!("{}{}", mark(side), sides[side]));
            let [default, _] = merged(path, marked.each_ref().map(String::as_str));
            let expected = format!("{}{}", mark(1), text.replace('1', "2"));
            assert_eq!(default, Some(expected), "{path}: {marks:03b}");
        }
    }
}
