//! Ctrl-C and its like: at once while nothing is being written, between two steps while something is.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
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
    written: AtomicBool,
    /// Whoever sets it reports the end; there is one report.
    reported: AtomicBool,
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
                if inner.writes.load(Ordering::SeqCst) == 0
                    && !inner.reported.swap(true, Ordering::SeqCst)
                {
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

    /// Whether some [`Writing`] was done.
    #[must_use]
    pub fn has_written(&self) -> bool {
        self.0.written.load(Ordering::SeqCst)
    }

    /// True for the first caller, who reports how the run ended; a later one waits for the process to end.
    #[must_use]
    pub fn may_report(&self) -> bool {
        !self.0.reported.swap(true, Ordering::SeqCst)
    }
}

/// See [`Interrupt::writing`].
#[derive(Debug)]
pub struct Writing(Arc<Inner>);

impl Writing {
    /// What was to be written is written: from here on no signal ends the run with the word that nothing was.
    pub fn done(self) {
        self.0.written.store(true, Ordering::SeqCst);
        std::mem::forget(self);
    }
}

impl Drop for Writing {
    fn drop(&mut self) {
        self.0.writes.fetch_sub(1, Ordering::SeqCst);
    }
}
