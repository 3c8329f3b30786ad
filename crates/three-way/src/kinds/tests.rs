//! The merge of files of known kinds through the public face. One line a case.

use crate::*;

/// The merge with every rule applied that may be. `!` stands for a conflict.
#[track_caller]
fn check_as(path: &str, base: &str, ours: &str, theirs: &str, expected: &str) {
    let options = Options {
        apply: Class::Policy,
    };
    let merged = merge_with(
        path,
        base.as_bytes(),
        ours.as_bytes(),
        theirs.as_bytes(),
        options,
    );
    let text = merged.clean().map_or("!".into(), |text| {
        String::from_utf8_lossy(&text).into_owned()
    });
    assert_eq!(text, expected);
}

#[test]
fn merges_requirements_by_name() {
    let check =
        |base, ours, theirs, expected| check_as("requirements.txt", base, ours, theirs, expected);
    check(
        "a==1\nb==1\n",
        "a==2\nb==1\n",
        "a==1\nb==2\n",
        "a==2\nb==2\n",
    );
    check(
        "a==1\n",
        "a==1\nx==1\n",
        "a==1\ny==1\n",
        "a==1\nx==1\ny==1\n",
    );
    check("a==1\nb==1\n", "b==1\n", "a==1\nb==2\n", "b==2\n");
    // Taken out here; changed there, and in another place.
    check("a==1\nb==1\nc==1\n", "a==1\n", "c==2\na==1\nb==1\n", "!");
    check("a==1\nb==1\n", "b==1\n", "a==2\nb==1\n", "!");
    check("a==1.0\n", "a==1.1\n", "a==1.2\n", "a==1.2\n");
    check("a==1.0\n", "a[x]==1.1\n", "a==1.2\n", "!");
    check(
        "A_b==1.0\n",
        "a.b==1.0\nx\n",
        "A_b==1.0\ny\n",
        "a.b==1.0\nx\ny\n",
    );
}

#[test]
fn sorts_additions_into_sorted_rows() {
    check_as(
        "requirements.txt",
        "b\nd\n",
        "b\nc2\nd\n",
        "b\nc1\nd\n",
        "b\nc1\nc2\nd\n",
    );
}

#[test]
fn moves_the_hashes_with_the_pin() {
    let pin =
        |version: &str, hash: &str| format!("a=={version} \\\n    --hash=sha256:{hash}\nz==1\n");
    let (base, ours, theirs) = (pin("1.0", "aa"), pin("1.1", "bb"), pin("1.2", "cc"));
    check_as("requirements.txt", &base, &ours, &theirs, "!");
    check_as(
        "requirements.txt",
        &base,
        &ours,
        &base.replace("z==1", "z==2"),
        &ours.replace("z==1", "z==2"),
    );
}

#[test]
fn merges_ignore_files_by_pattern() {
    check_as(".gitignore", "a\n", "a\nb\n", "a\nc\n", "a\nb\nc\n");
    check_as(".gitignore", "a\n", "a\nb\n", "a\nc\n!d\n", "!");
    check_as(
        ".gitignore",
        "d\n!e\n\na\n",
        "d\n!e\n\na\nb\n",
        "d\n!e\n\na\nc\n",
        "d\n!e\n\na\nb\nc\n",
    );
    check_as(".gitignore", "a\n!b\n", "x\na\n!b\n!c\n", "a\n!b\ny\n", "!");
}

#[test]
fn gives_a_new_first_element_the_place_of_the_old_one() {
    check_as(
        "a.yml",
        "needs: [a, b, c]\n",
        "needs: [a, b, d]\n",
        "needs: [b, c]\n",
        "needs: [b, d]\n",
    );
}

#[test]
fn leaves_a_section_that_one_side_renamed_and_the_other_took_out() {
    check_as(
        "a.toml",
        "[a]\nb = 1\nc = 2\nd = 3\n",
        "[x]\nb = 1\nc = 2\nd = 4\n",
        "",
        "!",
    );
}

#[test]
fn merges_environment_files_by_variable() {
    check_as(
        ".env",
        "A=1\nB=1\n",
        "A=2\nB=1\n",
        "A=1\nB=2\n",
        "A=2\nB=2\n",
    );
    check_as(".env", "A=1\n", "A=2\n", "A=3\n", "!");
    let spans = |names: &str| format!("A=\"\n{names}\"\n");
    check_as(
        ".env",
        &spans("x\ny\n"),
        &spans("x\nmine\ny\n"),
        &format!("{}B=1\n", spans("x\ny\n")),
        &format!("{}B=1\n", spans("x\nmine\ny\n")),
    );
    check_as(
        ".env",
        &format!("{}B=1\n", spans("x\n")),
        &format!("{}B=1\n", spans("x\nmine\n")),
        &format!("{}B=2\n", spans("x\n")),
        &format!("{}B=2\n", spans("x\nmine\n")),
    );
    check_as(".env", "A=1\n", "A=\"2\nx\n", "A=3\nB=1\n", "!");
}

#[test]
fn merges_json_members() {
    let check =
        |base, ours, theirs, expected| check_as("package.json", base, ours, theirs, expected);
    check(
        "{\n  \"a\": 1\n}\n",
        "{\n  \"a\": 1,\n  \"b\": 2\n}\n",
        "{\n  \"a\": 1,\n  \"c\": 3\n}\n",
        "{\n  \"a\": 1,\n  \"b\": 2,\n  \"c\": 3\n}\n",
    );
    check(
        "{\"a\": 1, \"b\": 1}\n",
        "{\"a\": 2, \"b\": 1}\n",
        "{\"a\": 1, \"b\": 2}\n",
        "{\"a\": 2, \"b\": 2}\n",
    );
}

#[test]
fn merges_toml_by_table_and_key() {
    let check =
        |base, ours, theirs, expected| check_as("pyproject.toml", base, ours, theirs, expected);
    check(
        "[a]\nx = 1\ny = 1\n",
        "[a]\nx = 2\ny = 1\n",
        "[a]\nx = 1\ny = 2\n",
        "[a]\nx = 2\ny = 2\n",
    );
    check(
        "x = [\"a\"]\n",
        "x = [\"a\", \"b\"]\n",
        "x = [\"a\", \"c\"]\n",
        "x = [\"a\", \"b\", \"c\"]\n",
    );
    check(
        "x = [\n    \"a\",\n]\n",
        "x = [\n    \"a\",\n    \"b\",\n]\n",
        "x = [\n    \"a\",\n    \"c\",\n]\n",
        "x = [\n    \"a\",\n    \"b\",\n    \"c\",\n]\n",
    );
}

#[test]
fn refuses_a_clean_merge_that_does_not_parse() {
    // Both sides add the same table, in different places.
    let base = "[a]\nx = 1\n\n[b]\ny = 1\n\n[c]\nz = 1\n";
    let ours = format!("[lint]\nq = 1\n\n{base}");
    let theirs = format!("{base}\n[lint]\nq = 2\n");
    check_as("ruff.toml", base, &ours, &theirs, "!");
}

#[test]
fn merges_yaml_by_path() {
    let check =
        |base, ours, theirs, expected| check_as("compose.yaml", base, ours, theirs, expected);
    check(
        "a:\n  x: 1\n  y: 1\n",
        "a:\n  x: 2\n  y: 1\n",
        "a:\n  x: 1\n  y: 2\n",
        "a:\n  x: 2\n  y: 2\n",
    );
    check(
        "a:\n  x: 1\n",
        "a:\n  x: 1\nb:\n  x: 1\n",
        "a:\n  x: 1\nc:\n  x: 1\n",
        "a:\n  x: 1\nb:\n  x: 1\nc:\n  x: 1\n",
    );
    check(
        "- id: a\n  v: 1\n  w: 1\n",
        "- id: a\n  v: 2\n  w: 1\n",
        "- id: a\n  v: 1\n  w: 2\n",
        "- id: a\n  v: 2\n  w: 2\n",
    );
    check(
        "x:\n- a\n",
        "x:\n- a\n- b\n",
        "x:\n- a\n- c\n",
        "x:\n- a\n- b\n- c\n",
    );
}

#[test]
fn leaves_an_element_that_both_replaced() {
    check_as(
        "compose.yaml",
        "ports:\n  - 8000:8000\n",
        "ports:\n  - 8081:8000\n",
        "ports:\n  - 8000\n",
        "!",
    );
    check_as(
        "pyproject.toml",
        "x = [\"a\"]\n",
        "x = [\"b\"]\n",
        "x = [\"c\"]\n",
        "!",
    );
}

#[test]
fn keeps_a_service_with_its_own_ports() {
    let service =
        |name: &str, port: &str| format!("  {name}:\n    image: x\n    ports:\n      - {port}\n");
    let base = format!("services:\n{}", service("a", "1"));
    let ours = format!("{base}{}", service("b", "1"));
    let theirs = format!("{base}{}", service("c", "1"));
    check_as(
        "compose.yaml",
        &base,
        &ours,
        &theirs,
        &format!("{ours}{}", service("c", "1")),
    );
}

#[test]
fn leaves_a_deleted_entry_whose_comment_changed() {
    check_as(
        "compose.yaml",
        "a: 1\n# why\nb: 1\n",
        "a: 1\n",
        "a: 1\n# because\nb: 1\n",
        "!",
    );
}

#[test]
fn does_not_double_elements_after_a_change_of_quotes() {
    let (base, ours) = (
        "X = [\n    'a',\n    'b',\n]\n",
        "X = [\n    \"a\",\n    \"b\",\n]\n",
    );
    check_as(
        "settings.py",
        base,
        ours,
        "X = [\n    'a',\n    'b',\n    'c',\n]\n",
        "X = [\n    \"a\",\n    \"b\",\n    'c',\n]\n",
    );
}

#[test]
fn keeps_elements_of_several_lines_whole() {
    let route =
        |name: &str| format!("    re_path(\n        r\"^{name}\",\n        {name},\n    ),\n");
    let list = |names: &[&str]| {
        format!(
            "urlpatterns = [\n{}]\n",
            names.iter().map(|name| route(name)).collect::<String>()
        )
    };
    check_as(
        "urls.py",
        &list(&["a", "b"]),
        &list(&["a", "b", "x"]),
        &list(&["a", "y", "b"]),
        &list(&["a", "y", "b", "x"]),
    );
    check_as(
        "urls.py",
        &list(&["a", "b"]),
        &list(&["b"]),
        &list(&["a", "b", "y"]),
        &list(&["b", "y"]),
    );
}

#[test]
fn merges_settings_and_imports() {
    let check =
        |base, ours, theirs, expected| check_as("settings.py", base, ours, theirs, expected);
    check(
        "A = 1\nB = 1\n",
        "A = 2\nB = 1\n",
        "A = 1\nB = 2\n",
        "A = 2\nB = 2\n",
    );
    check(
        "from a import b\n",
        "from a import b, c\n",
        "from a import b, d\n",
        "from a import b, c, d\n",
    );
    check("A = 1\n", "A = 2\n", "A = 3\n", "!");
}

#[test]
fn suggests_where_order_matters() {
    let list = |extra: &str| format!("MIDDLEWARE = [\n    \"a\",\n{extra}]\n");
    let (base, ours, theirs) = (list(""), list("    \"o\",\n"), list("    \"t\",\n"));
    let merged = merge(
        "settings.py",
        base.as_bytes(),
        ours.as_bytes(),
        theirs.as_bytes(),
    );
    let suggestion = merged
        .regions()
        .iter()
        .find_map(|region| match &region.verdict {
            Verdict::Conflict(Some(suggestion)) => Some(suggestion),
            _ => None,
        });
    assert_eq!(
        suggestion.map(|suggestion| suggestion.class),
        Some(Class::Policy)
    );
}

#[test]
fn resolves_crlf_files_in_crlf() {
    check_as(
        "requirements.txt",
        "a==1\nb==1\n",
        "a==2\r\nb==1\r\n",
        "a==1\nb==2\n",
        "a==2\r\nb==2\r\n",
    );
}

#[test]
fn takes_no_version_from_another_entry() {
    let hook = |repo: &str, rev: &str| format!("repos:\n  - repo: {repo}\n    rev: {rev}\n");
    check_as(
        ".pre-commit-config.yaml",
        &hook("x/old", "v3.1"),
        &hook("x/new", "v1.9"),
        &hook("x/old", "v3.5"),
        "!",
    );
}

#[test]
fn keeps_the_blank_lines_of_the_sides() {
    check_as(
        "requirements.txt",
        "a==1\n\nz==1\n",
        "a==1\nb==1\nz==1\n",
        "a==1\nc==1\n\nz==1\n",
        "a==1\nb==1\nc==1\n\nz==1\n",
    );
}
