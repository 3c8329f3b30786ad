//! Behaviour through the public face, in one binary.

#![allow(clippy::unwrap_used, clippy::disallowed_methods)]

mod adopt;
mod cli;
mod dockerize;
mod merge;
mod properties;
mod upgrade;
