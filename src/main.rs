//! Arguments in, exit code out.

use std::ffi::OsString;
use std::panic;
use std::process::ExitCode;

use clap::Parser as _;
use ixd_template::cli::failure_code;
use ixd_template::error::Error;
use ixd_template::{Cli, Interrupt, Ui};

/// What a process that panics ends with where nothing else is said.
const PANICKED: u8 = 101;

fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let driver = failure_code(&arguments);
    // A process that works texts out must not look as if a signal had ended it.
    end_at_a_panic(driver.unwrap_or(PANICKED));
    if ixd_template::run::is_wanted(&arguments) {
        return ExitCode::from(u8::from(ixd_template::template::answer_apart().is_err()));
    }
    ixd_template::run::allow();
    run(&arguments, driver).into()
}

/// Lets a panic end the process with a code of ours. What it was writing is found and undone by the next command, as after a kill.
fn end_at_a_panic(code: u8) {
    let report = panic::take_hook();
    panic::set_hook(Box::new(move |what| {
        ixd_template::ui::restore_terminal();
        report(what);
        #[allow(clippy::exit)]
        std::process::exit(code.into());
    }));
}

/// Runs one command; `driver` is what every failure of it ends with, if it is one that git calls to merge.
fn run(arguments: &[OsString], driver: Option<u8>) -> u8 {
    let failed = move |code: u8| driver.unwrap_or(code);
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(refused) => {
            let _ = refused.print();
            let code = u8::try_from(refused.exit_code()).unwrap_or(2);
            return if code == 0 { code } else { failed(code) };
        }
    };
    let interrupt = Interrupt::of_process(move || {
        ixd_template::ui::restore_terminal();
        Ui::of_process().error(&Error::Cancelled);
        // Nothing is being written, and the main thread may be waiting for a key that never comes.
        #[allow(clippy::exit)]
        std::process::exit(i32::from(failed(Error::Cancelled.exit_code())));
    });
    let mut ui = Ui::of_process();
    let (result, interrupt) = match interrupt {
        Ok(interrupt) => (cli.run(&mut ui, &interrupt), interrupt),
        Err(error) => (Err(error), Interrupt::default()),
    };
    interrupt.claim_report();
    let checked = result.and_then(|end| match ui.check() {
        Err(error) if end.has_written => Err(error.after_writing()),
        checked => checked.map(|()| end),
    });
    match checked {
        Ok(end) => end.outcome.exit_code(),
        Err(error) => {
            ui.error(&error);
            failed(error.exit_code())
        }
    }
}
