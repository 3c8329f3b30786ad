//! Arguments in, exit code out.

use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use clap::Parser as _;
use ixd_template::error::Error;
use ixd_template::{Cli, Interrupt, Ui};

fn main() -> ExitCode {
    let cli = Cli::parse();
    let interrupt = Interrupt::of_process(|| {
        ixd_template::ui::restore_terminal();
        Ui::of_process().error(&Error::Cancelled);
        // Nothing is being written, and the main thread may be waiting for a key that never comes.
        #[allow(clippy::exit)]
        std::process::exit(i32::from(Error::Cancelled.exit_code()));
    });
    let mut ui = Ui::of_process();
    let (result, interrupt) = match interrupt {
        Ok(interrupt) => (cli.run(&mut ui, &interrupt), interrupt),
        Err(error) => (Err(error), Interrupt::default()),
    };
    while !interrupt.may_report() {
        thread::sleep(Duration::from_millis(10));
    }
    match result.and_then(|outcome| ui.check().map(|()| outcome)) {
        Ok(outcome) => outcome.exit_code().into(),
        Err(error) => {
            let error = if interrupt.has_written() {
                Error::AfterWriting(Box::new(error))
            } else {
                error
            };
            ui.error(&error);
            error.exit_code().into()
        }
    }
}
