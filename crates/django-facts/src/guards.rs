//! What runs only for tests, by files and by conditions.

use super::expression::{Expr, ExprKind as E};
use super::sources::name;
use super::syntax::Block;

/// Whether a settings file is for tests or a build server.
#[must_use]
pub(super) fn is_for_tests(path: &str) -> bool {
    let name = name(path).trim_end_matches(".py").to_ascii_lowercase();
    name.split(['_', '-', '.']).any(|part| {
        matches!(
            part,
            "test"
                | "unittest"
                | "unittests"
                | "tests"
                | "testing"
                | "ci"
                | "travis"
                | "jenkins"
                | "circleci"
                | "docs"
                | "example"
                | "sample"
                | "template"
                | "gh"
                | "actions"
                | "pytest"
                | "build"
        )
    })
}

/// Whether a block runs only for tests or on a build server.
#[must_use]
pub(super) fn is_test_guard(block: &Block) -> bool {
    match block {
        Block::If(condition) => asks_for_tests(condition, true),
        Block::Else(condition) => asks_for_tests(condition, false),
        _ => false,
    }
}

/// Whether a condition can only be as `wanted` while tests run.
fn asks_for_tests(condition: &Expr, wanted: bool) -> bool {
    let is_false = |expr: &Expr| {
        matches!(expr.name(), Some("False" | "None")) || expr.text().is_some_and(str::is_empty)
    };
    match &condition.kind {
        E::Not(inner) => asks_for_tests(inner, !wanted),
        E::Binary(op, a, b) if op == "and" || op == "or" => {
            let (a, b) = (asks_for_tests(a, wanted), asks_for_tests(b, wanted));
            if (op == "and") == wanted {
                a || b
            } else {
                a && b
            }
        }
        E::Binary(op, a, b) => {
            let is_negated = matches!(op.as_str(), "!=" | "<>" | "not in" | "is not");
            let is_other = is_false(a) || is_false(b);
            wanted != (is_negated != is_other) && names_tests(condition)
        }
        _ => wanted && names_tests(condition),
    }
}

fn names_tests(condition: &Expr) -> bool {
    let is_test = |text: &str| {
        let text = text.to_ascii_lowercase();
        let mut words = text.split(|letter: char| !letter.is_alphanumeric());
        words.any(|word| {
            word.starts_with("test")
                || word.ends_with("tests")
                || word.ends_with("testing")
                || matches!(
                    word,
                    "pytest" | "unittest" | "ci" | "travis" | "jenkins" | "circleci"
                )
        }) || text.contains("github_actions")
            || text.contains("github_workflow")
    };
    condition.any(&|expr| expr.text().is_some_and(is_test) || expr.name().is_some_and(is_test))
}
