//! The table of what held.

use super::{Report, tick};
use crate::proof::{Judgement, Proof, Row, still_there};
use crate::ui::{hang, visible};

/// One line for each step, with the end of the output of those that failed.
pub(crate) fn tell_proof(proof: &Proof, report: &mut Report) {
    report.say(format!(
        "\nWhat held in a copy of the project ({}):\n",
        proof.with
    ));
    for row in &proof.steps {
        let time = match (row.judgement, row.seconds) {
            (Judgement::NotRun, _) | (_, 0) => String::new(),
            (_, seconds) => format!("{seconds} s"),
        };
        let head = format!("  {} {:<14} {time:>6}  ", sign(row), row.name);
        report.say(hang(&head, &visible(&row.said), &" ".repeat(35)));
        for line in &row.last_lines {
            report.say(format!("      | {}", cut(&visible(line))));
        }
    }
    if let Some(log) = &proof.log {
        report.say(format!("\n  All that was printed: {}", log.display()));
    }
    if let Some(command) = &proof.left_behind {
        report.say(format!("\n{}", still_there(command)));
    }
}

/// A sign and a word, since colour and sign alone tell nothing to some.
fn sign(row: &Row) -> String {
    match row.judgement {
        Judgement::Held => format!("{} held   ", tick()),
        Judgement::Failed => format!("{} failed ", console::style("✗").for_stderr().red()),
        Judgement::Told => "· told   ".into(),
        Judgement::NotRun => "  not run".into(),
    }
}

fn cut(line: &str) -> String {
    const WIDTH: usize = 150;
    if line.chars().count() <= WIDTH {
        return line.to_owned();
    }
    line.chars().take(WIDTH).chain(['…']).collect()
}
