//! Kills the program at each call that changes a file, and lets each such call fail.
//!
//! A normal run takes a sample of the calls; `tests/fault/all` takes every one.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::disallowed_methods, clippy::print_stderr)]

mod bed;
mod disk;
mod projects;
mod secrets;
mod walk;
