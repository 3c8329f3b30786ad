//! The day up to which packages are taken that the project does not pin: the newest ones may not fit what it was written for.

use std::time::{SystemTime, UNIX_EPOCH};

use super::questions::{IMAGE_PYTHON, PACKAGES_UNTIL};
use crate::ask::Given;
use crate::error::Result;
use crate::git::Git;
use crate::template::{Answer, Manifest};
use crate::ui::Ui;
use django_facts::{Sources, Translation, has_hashes};

const DAY: i64 = 24 * 60 * 60;
/// So old a project's last commit is before its packages of that time are proposed.
const OLD: i64 = 180 * DAY;
/// The oldest Python 3 whose pip can be told a day.
const FIRST_MINOR: u32 = 9;

/// Asks a person whether packages are taken as they were on the day of the last commit; nobody else is asked, and the sentence
/// that tells of the answer is given back.
pub(super) fn complete(
    given: &mut Given,
    manifest: &Manifest,
    git: Option<&Git>,
    is_locked: bool,
    may_ask: bool,
    ui: &mut Ui,
) -> Result<Option<String>> {
    let is_known = manifest.question(PACKAGES_UNTIL).is_some() && !given.has(PACKAGES_UNTIL);
    let Some(day) = git
        .filter(|_| is_known && !is_locked && has_such_pip(given))
        .and_then(last_day)
    else {
        return Ok(None);
    };
    let said = format!(
        "The last commit is of {day}, and packages that no file pins are installed in their newest versions"
    );
    if !may_ask {
        return Ok(Some(format!(
            "{said}: `--answer {PACKAGES_UNTIL}={day}` takes them as they were that day."
        )));
    }
    ui.say(format!("  {said}."));
    let items = ["the newest".to_owned(), format!("as they were on {day}")];
    let index = ui
        .prompt
        .select("Which versions shall be taken?", &items, 0)?;
    ui.say(format!("  packages: {}", items[index.min(1)]));
    let chosen = if index == 1 { day } else { String::new() };
    given.said.push((PACKAGES_UNTIL, chosen.clone()));
    given.suggest(PACKAGES_UNTIL, Answer::Text(chosen));
    Ok(None)
}

/// Whether every package has its version already, those that others need included.
pub(super) fn is_locked(main: &str, sources: &Sources, translation: Option<&Translation>) -> bool {
    match translation {
        Some(translation) if !sources.survey().has(main) => translation.locked.is_some(),
        _ => has_hashes(sources, main),
    }
}

fn has_such_pip(given: &Given) -> bool {
    let python = given.text(IMAGE_PYTHON).unwrap_or_default();
    let minor = python
        .strip_prefix("3.")
        .and_then(|rest| rest.split('.').next()?.parse::<u32>().ok());
    minor.is_some_and(|minor| minor >= FIRST_MINOR)
}

/// The day of the last commit, where that is long ago.
fn last_day(git: &Git) -> Option<String> {
    let then = git.last_commit()?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH).ok()?;
    let now = i64::try_from(now.as_secs()).ok()?;
    (now - then > OLD).then(|| date(then.div_euclid(DAY)))
}

/// The date of a day that is counted from 1970 on.
fn date(days: i64) -> String {
    // Years start in March, so that the day that some of them have more is their last.
    let days = days + 719_468;
    let (era, day) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let (month, is_next) = if month < 10 {
        (month + 3, 0)
    } else {
        (month - 9, 1)
    };
    format!("{:04}-{month:02}-{day:02}", era * 400 + year + is_next)
}

#[cfg(test)]
mod tests {
    use super::date;

    #[test]
    fn a_day_has_its_date() {
        for (days, said) in [
            (0, "1970-01-01"),
            (-1, "1969-12-31"),
            (11_016, "2000-02-29"),
            (19_782, "2024-02-29"),
            (19_783, "2024-03-01"),
            (20_207, "2025-04-29"),
            (20_453, "2025-12-31"),
        ] {
            assert_eq!(date(days), said);
        }
    }
}
