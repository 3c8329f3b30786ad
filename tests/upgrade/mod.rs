//! `upgrade` through its public face: a tiny catalogue, a project with edits, the command, and what is there after.

mod answers;
mod case;
mod crossing;
mod endings;
mod files;
mod git;
mod hunks;
mod modes_and_links;
mod renames;
mod review;
mod terminal;
mod text;
