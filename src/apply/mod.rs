//! Edits → disk, or nothing.
//!
//! Two ways, and no third: a project that does not exist yet is built beside its place and renamed once ([`create`]);
//! one that exists is changed by a journaled transaction ([`transact`]), which a kill at any instant leaves to be
//! finished by the next run ([`recover`]), or to be taken back where the user says so ([`take_back`]). The last
//! transaction can be undone ([`undo`]).

mod build;
mod cipher;
mod follow;
mod interrupt;
mod journal;
mod pending;
mod prepare;
mod recover;
mod swap;
mod transaction;
mod undo;

pub use build::create;
pub use cipher::cipher;
pub use follow::{Follow, Records, Start, ToDo};
pub use interrupt::Interrupt;
pub use pending::Pending;
pub use recover::{Recovered, TakenBack, recover, take_back};
pub use swap::transact;
pub use transaction::Transaction;
pub use undo::{Amendment, Undone, amend, undo};
