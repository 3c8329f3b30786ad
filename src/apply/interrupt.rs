//! Ctrl-C and its like: at once while nothing is being written, between two steps while something is.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::thread;

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use crate::error::{Error, Result};

/// Whether a signal asked to stop, and whether it may stop the process at once.
#[derive(Clone, Debug, Default)]
pub struct Interrupt(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    came: AtomicBool,
    /// How many writes are under way that `Drop` must take back.
    writes: AtomicUsize,
    /// Who reports the end; there is one report.
    reporter: OnceLock<Reporter>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reporter {
    Run,
    Signal,
}

impl Inner {
    /// True for the first one who wants to report the end, and for none but them.
    fn may_report(&self, who: Reporter) -> bool {
        *self.reporter.get_or_init(|| who) == who
    }
}

impl Interrupt {
    /// Takes over SIGINT, SIGTERM and SIGHUP for the rest of the process.
    ///
    /// A signal outside of any [`Self::writing`] calls `end`, which reports and ends the process: a prompt that waits for
    /// a key would not notice otherwise.
    pub fn of_process(end: impl Fn() + Send + 'static) -> Result<Self> {
        let interrupt = Self::default();
        let inner = Arc::clone(&interrupt.0);
        let mut signals =
            Signals::new([SIGINT, SIGTERM, SIGHUP]).map_err(Error::io("watch for", "signals"))?;
        thread::spawn(move || {
            for _ in &mut signals {
                inner.came.store(true, Ordering::SeqCst);
                if inner.writes.load(Ordering::SeqCst) == 0 && inner.may_report(Reporter::Signal) {
                    end();
                }
            }
        });
        Ok(interrupt)
    }

    /// # Errors
    /// [`Error::Cancelled`] once a signal came.
    pub fn check(&self) -> Result<()> {
        if self.0.came.load(Ordering::SeqCst) {
            Err(Error::Cancelled)
        } else {
            Ok(())
        }
    }

    /// While the result lives, signals only set what [`Self::check`] looks at.
    #[must_use]
    pub fn writing(&self) -> Writing {
        self.0.writes.fetch_add(1, Ordering::SeqCst);
        Writing(Arc::clone(&self.0))
    }

    /// Claims the report of the end for the run. Where a signal has it, that ends the process, and this never returns.
    pub fn claim_report(&self) {
        while !self.0.may_report(Reporter::Run) {
            thread::park();
        }
    }
}

/// See [`Interrupt::writing`].
#[derive(Debug)]
pub struct Writing(Arc<Inner>);

impl Writing {
    /// What was to be written is written: from here on no signal ends the run with the word that nothing was.
    pub fn done(self) {
        self.0.may_report(Reporter::Run);
    }
}

impl Drop for Writing {
    fn drop(&mut self) {
        self.0.writes.fetch_sub(1, Ordering::SeqCst);
    }
}
