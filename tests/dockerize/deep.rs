//! Settings that are nested deeper than anybody writes: they are read in no time, and what they hide is asked.

use std::fmt::Write as _;
use std::time::Instant;

use super::certain::check;
use super::project::{modern, settings};
use super::{finding, inspect};

#[test]
fn long_expressions_do_not_exhaust_the_stack() {
    let sandbox = modern();
    let start = Instant::now();
    let chains: Vec<String> = [
        ("X = ", "not ", "1"),
        ("X = ", "1 + ", "1"),
        ("X = ", "1 ** ", "1"),
        ("X = ", "- ", "1"),
        ("X = ", "a if b else ", "1"),
        ("X = ", "lambda: ", "1"),
        ("X = ", "(", ""),
        ("X = ", "[", ""),
        ("X = a", ".b", ""),
        ("X = a", "()", ""),
        ("X = a", "[0]", ""),
        ("a", " = a", ""),
        ("X = ", "\"a\" ", ""),
    ]
    .iter()
    .map(|(before, link, after)| format!("{before}{}{after}\n", link.repeat(30_000)))
    .collect();
    let mut cases: Vec<(&str, &str)> = chains
        .iter()
        .map(|text| (text.as_str(), "sqlite"))
        .collect();
    // An open bracket takes the rest of the file with it.
    let hidden = format!("DATABASES = {}PG\n", "PG or ".repeat(10_000));
    cases.push((&hidden, "ask"));
    check(&sandbox, &cases);
    assert!(start.elapsed().as_secs() < 60, "{:?}", start.elapsed());
}

#[test]
fn modules_that_double_the_work_at_each_step_are_asked_about() {
    let sandbox = modern();
    let mut names = String::new();
    for level in 0..24 {
        let next = level + 1;
        let both = format!("from .m{next} import *\nfrom .n{next} import *\n");
        sandbox
            .write(&format!("p/shop/m{level}.py"), &both)
            .write(&format!("p/shop/n{level}.py"), &both);
        let _ = writeln!(names, "X{next} = X{level} if a else X{level}");
    }
    sandbox
        .write("p/shop/m24.py", "A = 1\n")
        .write("p/shop/n24.py", settings("postgresql", ""))
        .write(
            "p/shop/settings.py",
            settings("sqlite3", "from .m0 import *\n"),
        );
    let start = Instant::now();
    let found = inspect(&sandbox, "p");
    assert!(start.elapsed().as_secs() < 10, "{:?}", start.elapsed());
    let asked = found["ask_for"].as_array().unwrap();
    assert!(
        asked.iter().any(|key| key == "database"),
        "{}",
        finding(&found, "database")
    );
    let hidden = format!("X0 = PG\n{names}DATABASES = {{\"default\": X24}}\n");
    check(&sandbox, &[(&hidden, "ask")]);
}
