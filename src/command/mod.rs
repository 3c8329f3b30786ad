//! One verb each. A verb says where base, ours and theirs come from; the tail that all share is in `change`.

pub mod completions;
pub mod diff;
pub mod dockerize;
pub mod merge_file;
pub mod new;
mod older;
mod policy;
mod project;
mod recovery;
pub mod secrets;
pub mod status;
pub mod undo;
pub mod upgrade;

pub use policy::Policy;

use project::Project;
use recovery::{Broken, recover, recover_at, take_back};
