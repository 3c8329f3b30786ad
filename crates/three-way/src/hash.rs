//! Hashes for texts that are compared much more often than they are kept.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, Hash, Hasher};

use foldhash::fast::RandomState;
use foldhash::quality::FixedState;

pub(super) type Map<K, V> = HashMap<K, V, RandomState>;
pub(super) type Set<K> = HashSet<K, RandomState>;

/// A number that stands for a value: the same for equal ones, and another one for any two that a file can hold.
pub(super) fn of<T: Hash>(value: &T) -> u64 {
    FixedState::default().hash_one(value)
}

/// As [`of`], for a row of values.
pub(super) fn of_all<T: Hash>(values: impl Iterator<Item = T>) -> u64 {
    let mut hasher = FixedState::default().build_hasher();
    let length = values.map(|value| value.hash(&mut hasher)).count();
    length.hash(&mut hasher);
    hasher.finish()
}
