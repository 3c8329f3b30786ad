//! Edits → disk, or nothing.
//!
//! Two ways, and no third: a project that does not exist yet is built beside its place and renamed once ([`create`]);
//! one that exists is changed by a journaled transaction ([`transact`]), which a kill at any instant leaves to be
//! finished by the next run ([`recover`]). The last transaction can be taken back ([`undo`]).

mod build;
mod interrupt;
mod journal;
mod pending;
mod recover;
mod store;
mod swap;
mod undo;

pub use build::create;
pub use interrupt::Interrupt;
pub use pending::Pending;
pub use recover::{Recovered, recover};
pub use store::Store;
pub use swap::transact;
pub use undo::{Undone, amend, undo};
