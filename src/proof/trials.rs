//! Runs the steps that are the same with and without Docker: tests before and after, settings, `check --deploy`.

use std::path::Path;
use std::time::Duration;

use super::Traits;
use super::bench::{Bench, Output};
use super::counts::Tests;
use super::site::{PROBE, Settings};
use super::standins;
use crate::error::Result;
use crate::program::{Ended, Program};

/// The settings module of the wrapper. Its own commands use it without being told.
pub(super) const WRAPPER: &str = "ixc_django_docker.settings";
const TESTS: Duration = Duration::from_secs(15 * 60);
const SETTINGS: Duration = Duration::from_secs(3 * 60);
const CHECK: Duration = Duration::from_secs(5 * 60);
/// The number of variables that may have no value yet.
const MOST_STAND_INS: usize = 20;

/// How the steps start a program.
pub(super) trait Start {
    /// Starts a program in the environment of developers, through the scripts.
    fn as_developer(&self, words: &[&str]) -> Program;
    /// Runs a shell script in a folder that has the files of the project as it was.
    fn before(&self, script: &str) -> Program;
    /// Starts a program in the environment of production, through the scripts.
    fn as_production(&self, words: &[&str]) -> Program;
    /// Gives these variables to every program that starts in production from now on.
    fn stand_in(&mut self, variables: &[(String, String)]) -> Result<()>;
}

/// Runs the tests of the project as it was, and as it would be.
pub(super) fn tests(start: &impl Start, traits: &Traits, bench: &mut Bench) -> Result<()> {
    bench.now("running the tests of the project as it was");
    let before = match &traits.manage_py {
        None => {
            bench.left_out("tests before", "the project has no manage.py");
            None
        }
        Some(manage) => {
            let output = bench.run(&start.before(&script_of_tests(manage, traits)), TESTS)?;
            let tests = tests_of(&output);
            match tests {
                Some(tests) if tests.is_good => bench.held("tests before", tests.told()),
                Some(tests) => bench.told("tests before", tests.told()),
                None => bench.told("tests before", output.why()),
            }
            Some(tests)
        }
    };
    bench.now("running its tests with what is new");
    let output = bench.run(&start.as_developer(&["runtests.sh"]), TESTS)?;
    let Some(tests) = tests_of(&output) else {
        match before {
            Some(None) => bench.told("tests after", format!("{}, as before", output.why())),
            _ => bench.failed("tests after", output.why(), &output.text),
        }
        return Ok(());
    };
    let told = tests.told();
    if tests.is_good {
        bench.held("tests after", told);
    } else if before.is_some_and(|before| tests.is_no_worse_than(before)) {
        bench.told("tests after", format!("{told}, no worse than before"));
    } else {
        bench.failed("tests after", told, &output.text);
    }
    Ok(())
}

fn tests_of(output: &Output) -> Option<Tests> {
    match output.ended {
        Ended::With(code) => Some(Tests::of(code, &output.text)),
        _ => None,
    }
}

/// Runs the tests as the template's runtests.sh does, which the project gets only later: with pytest where that is set up,
/// else with Django's own command and the settings of tests, where the project has some.
fn script_of_tests(manage: &str, traits: &Traits) -> String {
    let folder = Path::new(manage)
        .parent()
        .map_or(String::new(), |folder| folder.display().to_string());
    let folder = if folder.is_empty() {
        ".".to_owned()
    } else {
        folder
    };
    let own = match traits.python_path.as_str() {
        "" => ".",
        path => path,
    };
    let quoted = crate::error::shell_word;
    let settings = match traits.settings_of_tests.as_str() {
        "" => String::new(),
        module => format!(" --settings {}", quoted(module)),
    };
    format!(
        "root=$PWD
for folder in . {own}; do
    for file in pytest.ini pyproject.toml tox.ini setup.cfg; do
        if python -c 'import pytest' 2>/dev/null && grep -qsE '^\\[(pytest|tool:pytest|tool\\.pytest.*)\\]' \"$root/$folder/$file\"; then
            cd \"$root/$folder\" && exec python -m pytest
        fi
    done
done
cd \"$root\"/{folder} && exec python {name} test{settings}",
        own = quoted(own),
        folder = quoted(&folder),
        name = quoted(manage.rsplit('/').next().unwrap_or(manage)),
    )
}

/// Loads the settings of production. A variable without a value gets a stand-in, and the row names it.
pub(super) fn settings(
    start: &mut impl Start,
    domain: &str,
    bench: &mut Bench,
) -> Result<Option<Settings>> {
    bench.now("loading the settings of production");
    let key = standins::made_up()?;
    bench.veil.hide(&key);
    let mut given = vec![("SECRET_KEY".to_owned(), key)];
    start.stand_in(&given)?;
    loop {
        let output = bench.run(&start.as_production(&["python", "-c", PROBE]), SETTINGS)?;
        if let Some(settings) = Settings::read(&output.text) {
            let names: Vec<&str> = given
                .iter()
                .skip(1)
                .map(|(name, _)| name.as_str())
                .collect();
            let mut told = settings.told();
            if !names.is_empty() {
                told += "; made up for want of a value: ";
                told += &names.join(", ");
            }
            if settings.debug {
                bench.told("settings", told);
            } else {
                bench.held("settings", told);
            }
            return Ok(Some(settings));
        }
        let name =
            standins::missing(&output.text, &given).filter(|_| given.len() <= MOST_STAND_INS);
        let value = name
            .as_deref()
            .map(|name| standins::value(name, domain))
            .transpose()?;
        match (name, value.flatten()) {
            (Some(name), Some(value)) => {
                if value.len() > 40 {
                    bench.veil.hide(&value);
                }
                given.push((name, value));
                start.stand_in(&given)?;
            }
            (Some(name), None) => {
                bench.failed(
                    "settings",
                    format!("they do not load; they name {name}"),
                    &output.text,
                );
                return Ok(None);
            }
            (None, _) => {
                bench.failed(
                    "settings",
                    format!("they do not load: {}", output.why()),
                    &output.text,
                );
                return Ok(None);
            }
        }
    }
}

/// Runs `check --deploy` in production.
pub(super) fn check(start: &impl Start, bench: &mut Bench) -> Result<()> {
    bench.now("checking the deployment");
    let output = bench.run(
        &start.as_production(&["manage.py", "check", "--deploy"]),
        CHECK,
    )?;
    let warnings = output
        .text
        .lines()
        .filter(|line| line.starts_with("?: (") || line.contains(".W"))
        .count();
    if output.is_good() {
        let told = match warnings {
            0 => "no error and no warning".to_owned(),
            1 => "no error, 1 warning".to_owned(),
            count => format!("no error, {count} warnings"),
        };
        bench.held("check --deploy", told);
    } else if output.text.contains("no such option: --deploy")
        || output.text.contains("Unknown command: 'check'")
    {
        bench.left_out("check --deploy", "this Django has none");
    } else {
        bench.failed("check --deploy", output.why(), &output.text);
    }
    Ok(())
}
