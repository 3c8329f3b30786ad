//! Starts a Django project and keeps it current for years.
//!
//! The crate in reading order:
//!
//! - [`cli`] and [`command`]: one verb each. A verb says where base, ours and theirs come from.
//! - [`report`] and `change`: the tail that all share: sides → proposal → reviewed → written, and what is said of it.
//! - [`adopt`]: what a project without a state file was made from.
//! - `proof`: what would be written, tried in a copy.
//! - [`ask`], [`review`], [`apply`]: the rooms that touch the world: questions, decisions, writing.
//! - [`plan`], [`state`], [`template`], [`secrets`]: pure rooms, values in and values out.
//! - [`workplace`]: where a run works: the project's folder, its repository, its records.
//! - [`tree`], [`git`], [`run`], [`program`], [`fs`], [`error`], [`ui`]: the floor.
//!
//! Imports go downward only, and each outside crate has its doors; `tests/tidy.rs` keeps both true.
//!
//! The releases are inside the program, and what one of them makes of some answers is a value:
//!
//! ```
//! use ixd_template::template::{Answers, Catalogue, Scope, render};
//!
//! let release = Catalogue::new(None).release(None)?;
//! let mut scope = Scope::new(&release.manifest, "shop");
//! let mut answers = Answers::default();
//! for question in &release.manifest.questions {
//!     if scope.applies(question, &answers)? && !question.hidden {
//!         if let Some(answer) = scope.default(question, &answers)? {
//!             answers.set(&question.name, answer);
//!         }
//!     }
//! }
//! let project = render(&release, &answers)?;
//! assert!(project.tree.keys().any(|path| path.as_str() == "go.sh"));
//! # Ok::<(), ixd_template::error::Error>(())
//! ```

pub mod adopt;
pub mod apply;
pub mod ask;
mod change;
pub mod cli;
pub mod command;
pub mod environment;
pub mod error;
pub mod fs;
pub mod git;
pub mod plan;
pub mod program;
mod proof;
pub mod report;
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
