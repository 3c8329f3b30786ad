//! The merge against libgit2's, and damaged files of ours; its other tests are its own crate's.

#[path = "../../crates/three-way/tests/damage.rs"]
mod damage;
mod hostile;
mod kinds;
mod oracle;
// The comparison with libgit2 needs only a part of it.
#[allow(dead_code)]
#[path = "../../crates/three-way/tests/projects.rs"]
mod projects;
