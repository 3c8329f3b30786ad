//! Reads the result of a run of tests from the words of unittest and of pytest.

/// What became of a run of tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tests {
    pub(super) is_good: bool,
    /// How many tests ran and how many of these failed. It is `None` where the run ended before it said so.
    pub(super) counts: Option<(u32, u32)>,
}

/// The exit code of pytest where there are no tests.
const NO_TESTS: i32 = 5;

impl Tests {
    pub(super) fn of(code: i32, said: &str) -> Self {
        let counts = counts(said);
        Self {
            is_good: code == 0 || (code == NO_TESTS && counts.is_none_or(|(ran, _)| ran == 0)),
            counts: counts.or((code == NO_TESTS).then_some((0, 0))),
        }
    }

    pub(super) fn told(self) -> String {
        match self.counts {
            None if self.is_good => "they pass".into(),
            None => "they do not run".into(),
            Some((0, 0)) => "there are none".into(),
            Some((ran, 0)) if self.is_good => format!("{ran} passed"),
            Some((ran, failed)) => format!("{failed} of {ran} failed"),
        }
    }

    /// Whether nothing is worse than it was. Tests that failed before, or never ran, do not count against the changes.
    pub(super) fn is_no_worse_than(self, before: Option<Self>) -> bool {
        let Some(before) = before.filter(|before| !before.is_good) else {
            return self.is_good;
        };
        self.is_good
            || match (self.counts, before.counts) {
                (Some((ran, failed)), Some((ran_before, failed_before))) => {
                    failed <= failed_before && ran >= ran_before
                }
                (_, None) => true,
                (None, Some(_)) => false,
            }
    }
}

fn counts(said: &str) -> Option<(u32, u32)> {
    let lines = || said.lines().rev().map(str::trim);
    let of_pytest = lines().find(|line| {
        line.contains(" in ")
            && ["passed", "failed", "error", "no tests ran"]
                .iter()
                .any(|word| line.contains(word))
            && line.trim_matches('=').trim().ends_with(['s', ')'])
    });
    let of_unittest = lines().find(|line| line.starts_with("Ran ") && line.contains(" test"));
    if let Some(line) = of_unittest {
        let ran = line.split(' ').nth(1)?.parse().ok()?;
        let failed = lines().find(|line| line.starts_with("FAILED ("));
        return Some((ran, failed.map_or(0, failed_of_unittest)));
    }
    let line = of_pytest?;
    let before = |word: &str| number_before(line, word);
    let failed = before(" failed") + before(" error");
    Some((before(" passed") + failed, failed))
}

/// The number of failures in `FAILED (failures=1, errors=2, expected failures=3)`. Expected ones do not count.
fn failed_of_unittest(line: &str) -> u32 {
    let inner = line.trim_start_matches("FAILED (").trim_end_matches(')');
    let counts = inner.split(", ").filter_map(|part| part.split_once('='));
    let bad =
        counts.filter(|(kind, _)| matches!(*kind, "failures" | "errors" | "unexpected successes"));
    bad.filter_map(|(_, count)| count.parse::<u32>().ok()).sum()
}

fn number_before(line: &str, word: &str) -> u32 {
    let last = |head: &str| {
        head.rsplit(|c: char| !c.is_ascii_digit())
            .next()
            .and_then(|number| number.parse().ok())
    };
    line.split_once(word)
        .and_then(|(head, _)| last(head))
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(code: i32, said: &str, told: &str) {
        assert_eq!(Tests::of(code, said).told(), told);
    }

    #[test]
    fn both_tools_are_understood() {
        check(0, "....\nRan 12 tests in 0.1s\n\nOK\n", "12 passed");
        check(
            1,
            "Ran 12 tests in 0.1s\n\nFAILED (failures=2, errors=1, skipped=3)\n",
            "3 of 12 failed",
        );
        check(
            1,
            "Ran 5 tests in 0.1s\n\nFAILED (errors=1, expected failures=2)\n",
            "1 of 5 failed",
        );
        check(
            1,
            "Ran 5 tests in 0.1s\n\nFAILED (expected failures=2, unexpected successes=1)\n",
            "1 of 5 failed",
        );
        check(0, "Ran 0 tests in 0.000s\n\nOK", "there are none");
        check(
            1,
            "==== 1 failed, 5 passed, 2 warnings in 3.21s ====\n",
            "1 of 6 failed",
        );
        check(0, "5 passed in 3.21s\n", "5 passed");
        check(5, "no tests ran in 0.01s", "there are none");
        check(1, "ImportError: no module", "they do not run");
    }

    #[test]
    fn only_what_was_good_before_can_become_worse() {
        let good = Tests::of(0, "Ran 2 tests in 1s");
        let bad = Tests::of(1, "Ran 2 tests in 1s\nFAILED (errors=1)");
        let broken = Tests::of(1, "");
        assert!(good.is_no_worse_than(Some(good)) && good.is_no_worse_than(None));
        assert!(!bad.is_no_worse_than(Some(good)) && !bad.is_no_worse_than(None));
        assert!(bad.is_no_worse_than(Some(bad)) && broken.is_no_worse_than(Some(broken)));
        assert!(!broken.is_no_worse_than(Some(bad)));
    }
}
