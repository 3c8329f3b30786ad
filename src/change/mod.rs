//! The one tail of all commands that merge: sides → proposal → reviewed → written, each a value.
//!
//! A command says what it brings ([`Sides`]). Held against the project, that is a proposal ([`Proposed`]), which is shown,
//! rehearsed, or reviewed. What the review decided, with what the command wants to have recorded of it ([`Record`]), is all
//! that shall be written ([`Settled`]). A check may look at that and refuse; then it is written, whole or not at all
//! ([`Written`]).

mod conflicts;
mod encryption;
mod gather;
mod guards;
mod migrations;
mod proposed;
mod record;
mod settled;

pub(crate) use encryption::{Encryption, set_encryption};
pub(crate) use gather::{entries, keep_apart, offer_deleted};
pub(crate) use guards::refuse_skipped;
pub(crate) use proposed::{Proposed, Rehearsed, Sides};
pub(crate) use record::{Afterwards, Record, StateFile, with_state};
pub(crate) use settled::{Settled, Written, no_check};
