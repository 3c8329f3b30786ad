//! Starts a Django project and keeps it current for years.
//!
//! The crate in reading order:
//!
//! - [`cli`] and [`command`]: one verb each. A verb says where base, ours and theirs come from; `command` holds the tail
//!   that all share: plan → show → review → apply → summary.
//! - [`adopt`]: what a project without a state file was made from.
//! - [`ask`], [`review`], [`apply`]: the rooms that touch the world: questions, decisions, writing.
//! - [`plan`], [`state`], [`project`], [`template`], [`merge`]: pure rooms, values in and values out.
//! - [`tree`], [`git`], [`run`], [`fs`], [`error`], [`ui`]: the floor.
//!
//! Imports go downward only, and each outside crate has one door; `tests/tidy.rs` keeps both true.

pub mod adopt;
pub mod apply;
pub mod ask;
pub mod cli;
pub mod command;
pub mod environment;
pub mod error;
pub mod fs;
pub mod git;
pub mod plan;
pub mod review;
pub mod run;
pub mod secrets;
pub mod state;
pub mod template;
pub mod tree;
pub mod ui;
pub mod workplace;

pub use apply::Interrupt;
pub use cli::Cli;
pub use ui::Ui;
