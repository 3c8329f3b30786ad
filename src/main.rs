//! Arguments in, exit code out.

use std::process::ExitCode;

use clap::Parser as _;
use ixd_template::{Cli, Interrupt, Ui};

fn main() -> ExitCode {
    let cli = Cli::parse();
    let mut ui = Ui::of_process();
    let result = Interrupt::of_process().and_then(|interrupt| cli.run(&mut ui, &interrupt));
    match result {
        Ok(outcome) => outcome.exit_code().into(),
        Err(error) => {
            ui.say(format!(
                "{} {error}",
                console::style("error:").for_stderr().red().bold()
            ));
            if let Some(hint) = error.hint() {
                ui.say(format!(
                    "\n{} {hint}",
                    console::style("hint:").for_stderr().cyan().bold()
                ));
            }
            error.exit_code().into()
        }
    }
}
