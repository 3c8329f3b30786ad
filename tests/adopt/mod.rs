//! Projects without a state file: what they were made from, found again.

mod dockerized;
mod score;
