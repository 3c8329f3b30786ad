//! The data of production → `initial_data.sql`, and from there into the database of this machine.

use std::path::{Path, PathBuf};

use super::super::lists::escapes;
use super::super::questions::database;
use super::super::steps::Step;
use super::tool::{Tool, megabytes, obstacle};
use super::{Work, failed};
use crate::environment::variable;
use crate::error::Result;
use crate::fs;
use crate::template::Answers;
use crate::ui::Ui;
use django_facts::{Database, Engine};

const FILE: &str = "initial_data.sql";

pub(super) fn data(work: &Work, ui: &mut Ui) -> Result<bool> {
    match database(work.answers).and_then(Database::engine) {
        Some(Engine::Postgresql | Engine::Postgis) => postgres(work, ui),
        Some(Engine::Mysql) => mysql(work, ui),
        _ => Ok(false),
    }
}

/// Whether there is a dump of the project's database.
pub(super) fn has_dump(answers: &Answers) -> bool {
    let engine = database(answers).and_then(Database::engine);
    engine.is_some_and(super::super::steps::has_dump)
}

fn postgres(work: &Work, ui: &mut Ui) -> Result<bool> {
    let tool = Tool::new(
        "pg_dump",
        &["--no-owner", "--no-privileges", "--no-password"],
    );
    ui.say("\nThe data of production: SRC_PGHOST, SRC_PGUSER and SRC_PGDATABASE, or else PGHOST, PGUSER and PGDATABASE, say what to");
    ui.say("copy, and ~/.pgpass, PGPASSFILE, SRC_PGPASSWORD or PGPASSWORD has the password:");
    ui.say(format!("  {} > {FILE}", tool.shown()));
    let is_apart = variable("SRC_PGDATABASE").is_some();
    let name = variable("SRC_PGDATABASE").or_else(|| variable("PGDATABASE"));
    let obstacle = obstacle("pg_dump").or_else(|| {
        (name.is_none() && !work.can_ask(ui))
            .then(|| "neither SRC_PGDATABASE nor PGDATABASE names a database".into())
    });
    if !is_wanted(work, obstacle, ui)? {
        ui.say(format!(
            "  {FILE} in the folder of go.sh then fills a database that is empty, at the next start of the site"
        ));
        return Ok(false);
    }
    let name = match name {
        Some(name) => name,
        None => ui.prompt.text("Name of the database to copy", None)?,
    };
    let tool = from_elsewhere(tool).with("PGDATABASE", name.trim());
    dump(work, &tool, ui)?;
    if is_apart && variable("PGHOST").is_some() {
        restore(work, ui)?;
    } else {
        ui.say("  it fills a database that is empty, at the next start of the site");
    }
    Ok(true)
}

/// The program with what `SRC_PG…` say in the place of `PG…`; another server gets neither the port nor the password of
/// this one.
fn from_elsewhere(mut tool: Tool) -> Tool {
    if variable("SRC_PGDATABASE").is_none() {
        return tool;
    }
    for key in ["HOST", "PORT", "USER", "PASSWORD"] {
        let own = format!("PG{key}");
        let is_of_this = matches!(key, "PORT" | "PASSWORD") && variable("SRC_PGHOST").is_some();
        match variable(&format!("SRC_PG{key}")) {
            Some(value) => tool = tool.with(&own, value),
            None if is_of_this => tool = tool.without(&own),
            None => {}
        }
    }
    tool
}

/// Restores the dump into a server of its own that PGHOST names: `setup-postgres.sh` never touches a database that
/// holds a table.
fn restore(work: &Work, ui: &mut Ui) -> Result<()> {
    let tool = Tool::new(
        "ixc_django_docker/bin/entrypoint.sh",
        &["setup-postgres.sh"],
    );
    ui.say(format!(
        "\nInto the database that PGHOST and PGDATABASE name:\n  {}",
        tool.shown()
    ));
    if !work.wants(Step::Data, obstacle("psql"), ui)? {
        return Ok(());
    }
    tool.with("SRC_PGDATABASE", "")
        .with("INITIAL_DATA", FILE)
        .run(work.root, None, work.interrupt, ui)
        .map_err(|reason| failed(Step::Data, reason))?;
    ui.say("  the database is there; one that held a table before is as it was");
    Ok(())
}

fn mysql(work: &Work, ui: &mut Ui) -> Result<bool> {
    // Newer packages of MariaDB have it under its own name alone.
    let programs = ["mysqldump", "mariadb-dump"];
    let program = programs
        .into_iter()
        .find(|program| obstacle(program).is_none());
    let name = variable("MYSQL_DATABASE");
    let settings =
        ["host", "port", "user"].map(|key| variable(&format!("MYSQL_{}", key.to_uppercase())));
    let tool = |name: &str| {
        let mut words = vec![
            "--single-transaction",
            "--no-tablespaces",
            "--default-character-set=utf8mb4",
        ];
        for (flag, value) in ["--host", "--port", "--user"].into_iter().zip(&settings) {
            if let Some(value) = value {
                words.extend([flag, value.as_str()]);
            }
        }
        words.push(name);
        let tool = Tool::new(program.unwrap_or(programs[0]), &words);
        match variable("MYSQL_PASSWORD") {
            Some(password) => tool.with("MYSQL_PWD", password),
            None => tool,
        }
    };
    ui.say("\nThe data of production, where MYSQL_HOST, MYSQL_PORT, MYSQL_USER and MYSQL_DATABASE say what to copy, and ~/.my.cnf or");
    ui.say("MYSQL_PASSWORD has the password; and its way into the service, where whoever made a view or trigger is unknown:");
    let shown = tool(name.as_deref().unwrap_or("DATABASE")).shown();
    ui.say(format!("  {shown} > {FILE}"));
    ui.say(format!("  {RESTORE}"));
    let obstacle = match program {
        None => obstacle(programs[0]),
        Some(_) => {
            (name.is_none() && !work.can_ask(ui)).then(|| "MYSQL_DATABASE names no database".into())
        }
    };
    if !is_wanted(work, obstacle, ui)? {
        return Ok(false);
    }
    let name = match name {
        Some(name) => name,
        None => ui.prompt.text("Name of the database to copy", None)?,
    };
    dump(work, &tool(name.trim()), ui)?;
    Ok(true)
}

/// The definer of views and triggers is taken out: nobody but an administrator may make them in another's name.
const RESTORE: &str = "sed '/^\\/\\*!50/s/DEFINER=`[^`]*`@`[^`]*`//' initial_data.sql | docker compose exec -T mysql \
                       sh -c 'MYSQL_PWD=\"$MARIADB_PASSWORD\" mariadb -u\"$MARIADB_USER\" \"$MARIADB_DATABASE\"'";

fn is_wanted(work: &Work, obstacle: Option<String>, ui: &mut Ui) -> Result<bool> {
    let is_there = fs::metadata(&work.root.join(FILE))?.is_some();
    let obstacle = obstacle.or_else(|| {
        is_there.then(|| format!("{FILE} is there already; rename it, or restore that one"))
    });
    work.wants(Step::Data, obstacle, ui)
}

/// Writes the dump, whole or not at all, readable for its owner only.
fn dump(work: &Work, tool: &Tool, ui: &mut Ui) -> Result<()> {
    let target = work.root.join(FILE);
    let part = free_name(work.root)?;
    let file = fs::private_file(&part)?;
    ui.say("  copying…");
    if let Err(reason) = tool.run(work.root, Some(file), work.interrupt, ui) {
        fs::remove(&part)?;
        return Err(failed(
            Step::Data,
            format!("{reason}; nothing was kept of the dump"),
        ));
    }
    fs::rename(&part, &target)?;
    let size = fs::metadata(&target)?.map_or(0, |meta| meta.len());
    ui.say(format!("  {FILE} has {}", megabytes(size)));
    for way in escapes(work.root, FILE)? {
        ui.say(format!("  {way}"));
    }
    Ok(())
}

/// A name that nothing has, beside that of the dump.
fn free_name(root: &Path) -> Result<PathBuf> {
    let names = (0..).map(|number| match number {
        0 => format!(".{FILE}.part"),
        number => format!(".{FILE}.part-{number}"),
    });
    for name in names {
        let path = root.join(name);
        if fs::metadata(&path)?.is_none() {
            return Ok(path);
        }
    }
    unreachable!("there are names without end")
}
