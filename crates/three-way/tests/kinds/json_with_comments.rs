//! JSON with comments, and with commas behind last elements.

use super::*;

const BASE: &str = "// How it is built.\n{\n  \"compilerOptions\": {\n    /* Modern. */\n    \"target\": \"es2020\",\n    \"strict\": true, // always\n    \"lib\": [\"dom\"],\n  },\n  \"include\": [\n    \"src\", // ours\n    \"web\",\n  ],\n}\n";

#[test]
fn members_and_elements_merge_beside_comments() {
    for path in ["tsconfig.json", ".vscode/settings.json", "a.jsonc"] {
        let ours = BASE.replace("es2020", "es2022");
        let theirs = BASE.replace("true, // always", "false, // always");
        let both = ours.replace("true, // always", "false, // always");
        clean(path, BASE, [&ours, &theirs], &both);
        let ours = BASE.replace("    \"web\",\n", "    \"web\",\n    \"api\",\n");
        let theirs = BASE.replace(
            "    \"web\",\n",
            "    \"web\",\n    // For tests.\n    \"e2e\",\n",
        );
        let both = ours.replace(
            "    \"api\",\n",
            "    \"api\",\n    // For tests.\n    \"e2e\",\n",
        );
        clean(path, BASE, [&ours, &theirs], &both);
    }
}

#[test]
fn what_one_side_took_out_and_the_other_edited_is_a_conflict() {
    let ours = BASE.replace("    \"strict\": true, // always\n", "");
    let theirs = BASE.replace("\"strict\": true", "\"strict\": false");
    conflict("tsconfig.json", BASE, [&ours, &theirs]);
}

#[test]
fn one_member_of_both_is_kept_once_or_is_the_conflict() {
    let put = |above: &str, value: &str| {
        BASE.replacen(above, &format!("    \"jsx\": \"{value}\",\n{above}"), 1)
    };
    let (ours, theirs) = (put("    \"strict\"", "a"), put("    \"lib\"", "a"));
    clean("tsconfig.json", BASE, [&ours, &theirs], &ours);
    let theirs = put("    \"lib\"", "b");
    conflict_of(
        "tsconfig.json",
        BASE,
        [&ours, &theirs],
        ["    \"jsx\": \"a\",\n", "    \"jsx\": \"b\",\n"],
    );
}

#[test]
fn arguments_are_one_value() {
    let task = |more: &str| format!("{{\n  // Run it.\n  \"args\": [\"serve\"{more}],\n}}\n");
    let (ours, theirs) = (task(", \"--port\", \"1\""), task(", \"--port\", \"2\""));
    conflict(".vscode/launch.json", &task(""), [&ours, &theirs]);
}

#[test]
fn a_comment_where_none_is_known_is_read_as_well() {
    let base = "{\n  // a\n  \"a\": 1,\n  \"b\": 2\n}\n";
    let (ours, theirs) = (base.replace('1', "3"), base.replace('2', "4"));
    clean(
        "x.json",
        base,
        [&ours, &theirs],
        "{\n  // a\n  \"a\": 3,\n  \"b\": 4\n}\n",
    );
}

/// Some readers take comments, but no comma behind a last element: where no side has one the result has none.
#[test]
fn a_comma_behind_the_last_one_is_there_where_a_side_has_one() {
    for note in ["", "// x\n"] {
        let rules = "  \"rules\": {\n    \"a\": [1]\n  }";
        let base = format!("{note}{{\n  \"root\": true,\n{rules}\n}}\n");
        let ours = base.replace("  }\n", "  },\n  \"x\": 1\n");
        let theirs = base.replace(rules, &format!("  \"x\": 1,\n{rules}"));
        for path in [".eslintrc.json", "tsconfig.json"] {
            for sides in [[&base, &ours, &theirs], [&base, &theirs, &ours]] {
                let text = merged(path, sides.map(String::as_str), Class::Pin);
                assert!(text.is_none_or(|text| !text.contains("},\n}")), "{path}");
            }
        }
    }
}
