//! Edits → disk, or nothing.
//!
//! Two ways, and no third: a project that does not exist yet is built beside its place and renamed once ([`create`]);
//! one that exists is changed by a journaled transaction ([`transact`]), which a kill at any instant leaves to be
//! finished by the next run ([`recover`]).

mod build;
mod journal;
mod recover;
mod store;
mod swap;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

pub use build::create;
pub use recover::{Recovered, recover};
pub use store::Store;
pub use swap::transact;

use crate::error::{Error, Result};

/// Set by Ctrl-C and its like; looked at between any two steps that can still be taken back.
#[derive(Clone, Debug, Default)]
pub struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// Takes over Ctrl-C (SIGINT), SIGTERM and SIGHUP for the rest of the process.
    pub fn of_process() -> Result<Self> {
        let interrupt = Self::default();
        for signal in [
            signal_hook::consts::SIGINT,
            signal_hook::consts::SIGTERM,
            signal_hook::consts::SIGHUP,
        ] {
            signal_hook::flag::register(signal, Arc::clone(&interrupt.0))
                .map_err(Error::io("watch for", "signals"))?;
        }
        Ok(interrupt)
    }

    /// # Errors
    /// [`Error::Cancelled`] once a signal came.
    pub fn check(&self) -> Result<()> {
        if self.0.load(Ordering::Relaxed) {
            Err(Error::Cancelled)
        } else {
            Ok(())
        }
    }
}
