//! What holds for whatever anybody did. `PROPTEST_CASES` sets the number of cases; `tests/soak` makes a million.

mod inputs;
mod trees;
