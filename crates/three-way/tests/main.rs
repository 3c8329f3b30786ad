//! The merge through its public face.

#![allow(clippy::unwrap_used, clippy::disallowed_methods)]

mod cases;
mod copies;
mod damage;
mod doubles;
mod hostile;
mod kinds;
mod last_entry;
mod layout;
mod lists;
mod moved;
mod neighbours;
mod pins;
mod projects;
mod properties;
mod rows;
mod taken_out;
