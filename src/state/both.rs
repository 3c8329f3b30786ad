//! A state file with git's conflict markers in it: the two files that it was, and the one that both agree on.

use super::{FILE, Open, State};
use crate::error::{Error, Result};

impl State {
    /// Reads the text of a state file; also one with conflict markers of git's in it, where both sides agree on the answers.
    /// [`State::both`] tells of it then.
    ///
    /// # Errors
    /// As [`State::parse`], and [`Error::StateConflict`] where a person has to decide.
    pub fn read(text: &str) -> Result<Self> {
        let Some((ours, theirs)) = sides(text) else {
            return Self::parse(text);
        };
        Self::of_both(Self::of_side(&ours)?, Self::of_side(&theirs)?)
    }

    fn of_side(text: &str) -> Result<Self> {
        Self::parse(text).map_err(|error| match error {
            newer @ Error::NewerState { .. } => newer,
            other => conflict(&other.to_string()),
        })
    }

    /// What two clones that each upgraded have together: the newer release, and what is open in either.
    fn of_both(ours: Self, theirs: Self) -> Result<Self> {
        if ours.template != theirs.template {
            return Err(conflict("the two sides were made from different templates"));
        }
        for (name, answer) in ours.answers.iter() {
            if theirs
                .answers
                .get(name)
                .is_some_and(|other| other != answer)
            {
                return Err(conflict(&format!(
                    "the two sides answer `{name}` differently"
                )));
            }
        }
        let (newer, older) = if theirs.version > ours.version {
            (theirs, ours)
        } else {
            (ours, theirs)
        };
        let is_same_release = newer.version == older.version;
        let of_release = |state: &Self| (state.digest.clone(), state.rendered.clone());
        if is_same_release && of_release(&newer) != of_release(&older) {
            return Err(conflict(
                "the two sides record different files of one release",
            ));
        }
        let differs = |(key, value)| newer.unknown.get(key).is_some_and(|other| other != value);
        if newer.format != older.format || older.unknown.iter().any(differs) {
            return Err(conflict(
                "a newer ixd-template wrote what only that one can merge",
            ));
        }
        let mut both = newer;
        for open in older.open {
            let is_known =
                |known: &Open| known.path == open.path && known.is_conflict() == open.is_conflict();
            if !both.open.iter().any(is_known) {
                both.open.push(open);
            }
        }
        both.declined.extend(older.declined);
        for (key, value) in older.unknown {
            if !both.unknown.contains_key(&key) {
                both.unknown.insert(key, value);
            }
        }
        both.sort();
        both.both = true;
        Ok(both)
    }
}

fn conflict(reason: &str) -> Error {
    let reason = reason.strip_prefix(&format!("{FILE}: ")).unwrap_or(reason);
    Error::StateConflict {
        reason: reason.to_owned(),
    }
}

/// The texts of the two sides of a file with git's markers; none for a file without.
fn sides(text: &str) -> Option<(String, String)> {
    const SIZE: usize = 7;
    if !text.lines().any(|line| line.starts_with("<<<<<<<")) {
        return None;
    }
    let mut sides = [String::new(), String::new()];
    // These say to which sides the lines belong.
    let mut of = [true, true];
    for line in text.lines() {
        let signs = |sign: char| line.chars().take_while(|letter| *letter == sign).count() >= SIZE;
        match () {
            () if signs('<') => of = [true, false],
            () if signs('|') => of = [false, false],
            () if signs('=') => of = [false, true],
            () if signs('>') => of = [true, true],
            () => {
                for (side, _) in sides.iter_mut().zip(of).filter(|(_, of)| *of) {
                    side.push_str(line);
                    side.push('\n');
                }
            }
        }
    }
    let [ours, theirs] = sides;
    Some((ours, theirs))
}
