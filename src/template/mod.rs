//! What new projects are made from: the catalogue of releases, a release's manifest, and its rendering.

mod answer;
mod answers;
mod apart;
mod catalogue;
pub mod changelog;
mod embedded;
mod engine;
mod glob;
mod manifest;
mod pieces;
mod pins;
mod question;
mod render;
mod scope;

pub use answer::Answer;
pub use answers::Answers;
pub use apart::answer_apart;
pub use catalogue::{Catalogue, Release};
pub use django_facts::normalised;
pub(crate) use glob::{Glob, Globs};
pub use manifest::{Manifest, Rename};
pub use question::{Check, Choice, Kind, Question};
pub use render::{Rendered, render, render_recorded};
pub use scope::Scope;
