//! Proves without Docker. go.sh installs the packages in the copy, and the template's scripts serve the site.

use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use super::bench::Bench;
use super::copy::Copies;
use super::site::Settings;
use super::trials::{self, Start, WRAPPER};
use super::{Subject, ask, site};
use crate::error::{Error, Result};
use crate::fs;
use crate::program::{Program, Running};

const INSTALL: Duration = Duration::from_secs(20 * 60);
const COLLECT: Duration = Duration::from_secs(5 * 60);
const SITE_STARTS: Duration = Duration::from_secs(3 * 60);

/// The two copies, and the variables that the second one gets.
struct Scripts {
    after: PathBuf,
    before: PathBuf,
    wrapped: bool,
    variables: Vec<(String, String)>,
}

impl Scripts {
    fn go(&self, dotenv: &str, words: &[&str]) -> Program {
        Program::new(&self.after, &["./go.sh"])
            .and(words)
            .with("DOTENV", dotenv)
    }
}

impl Start for Scripts {
    fn as_developer(&self, words: &[&str]) -> Program {
        self.go("develop", words)
    }

    fn before(&self, script: &str) -> Program {
        let bin = self.after.join("var/go.sh-venv/bin");
        let path = crate::environment::variable("PATH").unwrap_or_default();
        Program::new(&self.before, &["sh", "-c", script])
            .with("PATH", &format!("{}:{path}", bin.display()))
            .with("PYTHONDONTWRITEBYTECODE", "1")
    }

    fn as_production(&self, words: &[&str]) -> Program {
        let mut program = self.go("production", words);
        for (name, value) in &self.variables {
            program = program.with(name, value);
        }
        if self.wrapped {
            program = program.with("DJANGO_SETTINGS_MODULE", WRAPPER);
        }
        program
    }

    fn stand_in(&mut self, variables: &[(String, String)]) -> Result<()> {
        self.variables = variables.to_vec();
        Ok(())
    }
}

/// Makes the rows.
pub(super) fn prove(subject: &Subject, copies: &Copies, bench: &mut Bench) -> Result<()> {
    let traits = &subject.traits;
    let mut scripts = Scripts {
        after: copies.after(),
        before: copies.before(),
        wrapped: traits.is_wrapped,
        variables: Vec::new(),
    };
    bench.now("installing the packages");
    let output = bench.run(&scripts.as_developer(&["true"]), INSTALL)?;
    if !output.is_good() {
        bench.failed(
            "packages",
            format!("not installed: {}", output.why()),
            &output.text,
        );
        bench.left_out_from("tests before", "the packages are not there");
        return Ok(());
    }
    bench.held("packages", "installed by go.sh");
    trials::tests(&scripts, traits, bench)?;
    let settings = trials::settings(&mut scripts, &traits.domain, bench)?;
    let Some(settings) = settings else {
        bench.left_out_from("check --deploy", "the settings do not load");
        return Ok(());
    };
    trials::check(&scripts, bench)?;
    collect(&scripts, bench)?;
    serve(&scripts, copies, &traits.domain, &settings, bench)
}

fn collect(scripts: &Scripts, bench: &mut Bench) -> Result<()> {
    bench.now("collecting the static files");
    let output = bench.run(&scripts.as_production(&["build-static.sh"]), COLLECT)?;
    if output.is_good() {
        bench.held("static files", "collected");
    } else {
        bench.failed(
            "static files",
            format!("not collected: {}", output.why()),
            &output.text,
        );
    }
    Ok(())
}

/// Serves the site and asks it. It makes tables only in databases that are files of the copy, because others may be in use.
fn serve(
    scripts: &Scripts,
    copies: &Copies,
    domain: &str,
    settings: &Settings,
    bench: &mut Bench,
) -> Result<()> {
    bench.now("starting the site in production");
    let is_ours = settings
        .databases
        .iter()
        .all(|(engine, name)| is_in_copy(engine, name, &scripts.after));
    let port = ask::free_port().map_err(Error::io("find", "a free port"))?;
    let mut program = scripts
        .as_production(&["gunicorn.sh"])
        .with("PORT", &port.to_string())
        .with("GUNICORN_WORKERS", "1");
    if !is_ours {
        program = program.with("QUICK", "1");
    }
    let said = copies.beside("server");
    let started = fs::private_file(&said).map(|file| program.start(&file))?;
    let mut server = started.map_err(Error::io("start", "go.sh"))?;
    if let Some(why) = never_listens(&mut server, port, bench)? {
        let text = bench.said_by(&program, &said)?;
        bench.failed("site", why, &text);
        bench.left_out_from("home page", "the site does not start");
        return Ok(());
    }
    let how = if is_ours {
        ""
    } else {
        "; its database is a server, in which nothing was changed"
    };
    bench.held("site", format!("started with DOTENV=production{how}"));
    let door = site::Door {
        port,
        domain,
        limit: Duration::from_secs(20),
    };
    let is_good = site::visit(&door, Some(settings), bench)?;
    drop(server);
    let text = bench.said_by(&program, &said)?;
    if !is_good {
        bench.explain(&text);
    }
    Ok(())
}

/// Whether a database is a file of the copy, or there is no database.
fn is_in_copy(engine: &str, name: &str, copy: &Path) -> bool {
    let is_file = engine.contains("sqlite") || engine.contains("spatialite");
    let place = copy.join(name);
    // SQLite takes addresses such as `file:/home/ada/db.sqlite3` as well.
    let is_inside = place.starts_with(copy)
        && !name.starts_with("file:")
        && !name.split('/').any(|part| part == "..");
    engine.is_empty()
        || engine.ends_with(".dummy")
        || (is_file && (is_inside || name == ":memory:"))
}

/// Why a server does not come to listen, if it does not.
fn never_listens(server: &mut Running, port: u16, bench: &Bench) -> Result<Option<String>> {
    let start = Instant::now();
    loop {
        bench.interrupt.check()?;
        if let Some(code) = server.ended() {
            return Ok(Some(format!("it ended with exit code {code}")));
        }
        if ask::listens(port) {
            return Ok(None);
        }
        if start.elapsed() > SITE_STARTS {
            return Ok(Some(format!(
                "it did not listen within {} minutes",
                SITE_STARTS.as_secs() / 60
            )));
        }
        thread::sleep(Duration::from_millis(200));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_of_the_copy_are_ours_to_change() {
        let copy = Path::new("/copy");
        let check = |engine: &str, name: &str| is_in_copy(engine, name, copy);
        assert!(check("django.db.backends.sqlite3", "/copy/db.sqlite3"));
        assert!(check("django.db.backends.sqlite3", "db.sqlite3"));
        assert!(!check("django.db.backends.sqlite3", "/home/ada/db.sqlite3"));
        assert!(!check("django.db.backends.sqlite3", "../db.sqlite3"));
        assert!(!check(
            "django.db.backends.sqlite3",
            "file:/home/ada/db.sqlite3"
        ));
        assert!(!check("django.db.backends.postgresql", "shop"));
    }
}
