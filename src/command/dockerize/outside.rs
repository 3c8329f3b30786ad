//! The steps that are done with other programs: run where the user says so, and else told as commands to copy.

use std::path::Path;
use std::process::{Command, Stdio};

use super::steps::{Step, Steps};
use crate::error::{Result, shell_word};
use crate::template::{Answer, Answers};
use crate::ui::Ui;

/// Offers or tells the steps. Nothing here holds a password: the programs take them from the environment or their own
/// files.
pub(super) fn steps(root: &Path, answers: &Answers, steps: &Steps, ui: &mut Ui) -> Result<()> {
    if steps.has(Step::Lock) {
        lock(root, answers, steps, ui)?;
    }
    if steps.has(Step::Data) {
        data(answers, ui);
    }
    if steps.has(Step::Media)
        && let Some(media) = &steps.media
    {
        ui.say("\nUploaded files, to S3 (`aws configure` keeps the credentials):");
        ui.say(format!(
            "  aws s3 sync {} s3://BUCKET/media/",
            shell_word(media)
        ));
    }
    if steps.has(Step::Secrets) {
        ui.say("\nThe *.secret files are encrypted in git once it has a password:");
        ui.say("  ixd-template secrets init --generate");
    }
    Ok(())
}

fn lock(root: &Path, answers: &Answers, steps: &Steps, ui: &mut Ui) -> Result<()> {
    let Some(stem) = steps.requirements.strip_suffix(".txt") else {
        return Ok(());
    };
    let input = format!("{stem}.in");
    if !root.join(&input).is_file() {
        return Ok(());
    }
    let python = match answers.get("image_python") {
        Some(Answer::Text(python)) => python.clone(),
        _ => String::new(),
    };
    let output = steps.requirements.as_str();
    let known: [(&str, Vec<&str>); 2] = [
        (
            "uv",
            vec![
                "pip",
                "compile",
                "--quiet",
                "--python-version",
                &python,
                "--output-file",
                output,
                &input,
            ],
        ),
        (
            "pip-compile",
            vec!["--quiet", "--output-file", output, &input],
        ),
    ];
    let found = known.iter().find(|(program, _)| is_there(program));
    let (program, arguments) = found.unwrap_or(&known[0]);
    let words: Vec<String> = arguments
        .iter()
        .map(|word| {
            if word.starts_with("--") {
                (*word).to_owned()
            } else {
                shell_word(word)
            }
        })
        .collect();
    ui.say("\nLock the packages, which pins those that the project does not name:");
    ui.say(format!("  {program} {}", words.join(" ")));
    if found.is_none() || !ui.prompt.is_interactive() {
        return Ok(());
    }
    let items = ["not now", "run it"].map(str::to_owned);
    if ui.prompt.select("Run it now?", &items, 0)? == 0 {
        return Ok(());
    }
    let status = Command::new(program)
        .args(arguments)
        .current_dir(root)
        .stdin(Stdio::null())
        .status();
    ui.say(match status {
        Ok(status) if status.success() => {
            format!("  {output} is locked; `git diff {output}` shows what changed")
        }
        Ok(status) => format!("  {program} ended with {status}; {output} may be as it was"),
        Err(error) => format!("  {program} could not be started: {error}"),
    });
    Ok(())
}

fn is_there(program: &str) -> bool {
    let mut probe = Command::new(program);
    probe
        .arg("--version")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    probe.status().is_ok_and(|status| status.success())
}

/// The commands for a dump, by database; host, user and password come from the programs' own environment.
fn data(answers: &Answers, ui: &mut Ui) {
    let database = match answers.get("database") {
        Some(Answer::Text(database)) => database.as_str(),
        _ => "",
    };
    match database {
        "postgresql" | "postgis" => {
            ui.say("\nThe data of production (PGHOST, PGUSER and ~/.pgpass say where and who); setup-postgres.sh restores it:");
            ui.say("  pg_dump --no-owner --no-privileges DATABASE > initial_data.sql");
        }
        "mysql" => {
            ui.say("\nThe data of production (~/.my.cnf says where and who), and its way back into the service:");
            ui.say("  mysqldump --single-transaction DATABASE > initial_data.sql");
            ui.say("  docker compose exec -T mysql sh -c 'MYSQL_PWD=\"$MARIADB_PASSWORD\" mariadb -u\"$MARIADB_USER\" \"$MARIADB_DATABASE\"' < initial_data.sql");
        }
        _ => {}
    }
}
