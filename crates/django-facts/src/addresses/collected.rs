//! Holds what one set of files says about addresses, place by place.

use std::collections::BTreeSet;

use super::context::Context;
use super::model::Told;

/// A variable as it is read at one place.
#[derive(Clone, Debug)]
pub(super) struct Occurrence {
    pub(super) name: String,
    pub(super) told: Told,
    pub(super) alias: Option<String>,
    pub(super) default: Option<String>,
    pub(super) is_required: bool,
    pub(super) file: String,
    pub(super) line: usize,
}

/// A value as it stands at one place.
#[derive(Clone, Debug)]
pub(super) struct Written {
    pub(super) context: Context,
    pub(super) text: String,
    pub(super) file: String,
    pub(super) line: usize,
}

/// All that one set of files says about addresses.
#[derive(Clone, Debug, Default)]
pub(super) struct Collected {
    pub(super) reads: Vec<Occurrence>,
    pub(super) written: Vec<Written>,
    /// The name of the default database.
    pub(super) database: Option<String>,
    /// The names that only choose.
    pub(super) choices: BTreeSet<String>,
    seen: BTreeSet<(String, usize, String)>,
    groups: usize,
    steps: usize,
}

/// The number of values that are looked at, and of reads that are noted. No real settings have as many; only names that
/// stand for names that stand for names lead to more.
const MOST: usize = 50_000;
const MOST_READS: usize = 2_000;

impl Collected {
    pub(super) fn next_group(&mut self) -> usize {
        self.groups += 1;
        self.groups
    }

    /// Counts a value that is looked at. It is false once the limit is reached, and then the search must end.
    pub(super) fn may_go_on(&mut self) -> bool {
        self.steps += 1;
        self.steps <= MOST && self.reads.len() + self.written.len() <= MOST_READS
    }

    /// Whether this text was not noted before at this place.
    pub(super) fn is_new(&mut self, file: &str, line: usize, name: &str) -> bool {
        self.seen.insert((file.to_owned(), line, name.to_owned()))
    }
}
