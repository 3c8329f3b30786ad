//! What is found in small projects, by the public face of the crate.

#![allow(clippy::unwrap_used, clippy::disallowed_methods)]

mod addresses;
mod code;
mod edits;
mod formats;
mod overrides;
mod project;
mod python;
mod unreadable;
