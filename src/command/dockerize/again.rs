//! The command that repeats a run with all that was answered.

use clap::ValueEnum;

use super::DockerizeArgs;
use super::proposal::Proposal;
use crate::error::shell_word;
use django_facts::without_secrets;

/// What repeats a run: the flags of this one, and what a person answered, as flags. Passwords of addresses are left out.
pub(super) fn command(args: &DockerizeArgs, proposal: &Proposal) -> String {
    let mut words = vec!["ixd-template".to_owned(), "dockerize".to_owned()];
    let mut flag = |name: &str, value: &str| {
        words.extend([name.to_owned(), shell_word(value)]);
    };
    if let Some(dir) = &args.from {
        flag("--from", &dir.display().to_string());
    }
    if let Some(release) = &args.release {
        flag("--release", release);
    }
    if let Some(file) = &args.answers {
        flag("--answers", &file.display().to_string());
    }
    let said = proposal
        .said
        .iter()
        .map(|(name, value)| format!("{name}={value}"));
    for pair in args.answer.iter().cloned().chain(said) {
        flag("--answer", &shown(&pair));
    }
    for (name, steps) in [("--run", &args.run), ("--skip", &proposal.steps.declined)] {
        for step in steps.iter().filter_map(ValueEnum::to_possible_value) {
            flag(name, step.get_name());
        }
    }
    if let Some(how) = args
        .on_conflict
        .as_ref()
        .and_then(ValueEnum::to_possible_value)
    {
        flag("--on-conflict", how.get_name());
    }
    let switches = [
        (args.defaults, "--defaults"),
        (args.edit_settings, "--edit-settings"),
        (args.allow_dirty, "--allow-dirty"),
        (args.anyway, "--anyway"),
        (args.json, "--json"),
        (args.yes, "--yes"),
    ];
    let on = switches.into_iter().filter(|(is_on, _)| *is_on);
    words.extend(on.map(|(_, name)| name.to_owned()));
    words.push("--prove".to_owned());
    if args.dir.as_os_str() != "." {
        words.push(shell_word(&args.dir.display().to_string()));
    }
    words.join(" ")
}

/// An answer as it is shown: one that holds a password is to be typed again.
fn shown(pair: &str) -> String {
    if without_secrets(pair.as_bytes()) == pair.as_bytes() {
        return pair.to_owned();
    }
    let name = pair.split('=').next().unwrap_or_default();
    format!("{name}=…")
}
