//! Proves with a Docker engine. It builds the images, runs the services as a compose project of their own, asks the site
//! through its load balancer, and takes everything away again.

use std::time::Duration;

use serde_json::Value;

use super::bench::{Bench, Output};
use super::compose::{self, BALANCER, SHELL, SITE, WORKER};
use super::copy::Copies;
use super::stage::{GLANCE, Stage};
use super::trials::{self, Start as _};
use super::{Subject, ask, site, still_there};
use crate::error::{Error, Result};
use crate::fs;
use crate::program::{Ended, Program};

const BUILD: Duration = Duration::from_secs(25 * 60);
const SERVICES: Duration = Duration::from_secs(5 * 60);
/// All migrations are applied at the first start, for which compose.yaml gives 15 minutes.
const SITE_STARTS: Duration = Duration::from_secs(17 * 60);
const WORKER_ANSWERS: Duration = Duration::from_secs(90);

/// The version of the engine. It is `None` where no engine can be used.
pub(super) fn version(copies: &Copies, bench: &mut Bench) -> Result<Option<String>> {
    let dir = copies.after();
    let ask = Program::new(
        &dir,
        &["docker", "version", "--format", "{{.Server.Version}}"],
    );
    let (ended, said) = bench.run_unlogged(&ask, GLANCE)?;
    let compose = Program::new(&dir, &["docker", "compose", "version", "--short"]);
    if ended != Ended::With(0) || bench.run_unlogged(&compose, GLANCE)?.0 != Ended::With(0) {
        return Ok(None);
    }
    Ok(said.lines().last().map(|line| line.trim().to_owned()))
}

/// Makes the rows, and tells what could not be taken away.
pub(super) fn prove(
    name: &str,
    subject: &Subject,
    copies: &Copies,
    bench: &mut Bench,
) -> Result<Option<String>> {
    let port = ask::free_port().map_err(Error::io("find", "a free port"))?;
    let mut stage = Stage {
        name,
        project: copies.after(),
        file: copies.beside("compose.json"),
        before: copies.before(),
        user: copies.user,
        config: Value::Null,
        others: Vec::new(),
        port,
        wrapped: subject.traits.is_wrapped,
        // Nothing is there yet.
        is_clear: true,
    };
    if !configure(&mut stage, bench)? {
        bench.left_out_from("services", "there is no image");
        return Ok(None);
    }
    stage.is_clear = false;
    let ran = run(&mut stage, subject, bench);
    bench
        .ui
        .say("  taking containers, volumes and networks away…");
    let left = stage.clear();
    if let (Err(_), Some(command)) = (&ran, &left) {
        // There will be no table that could say so.
        bench.ui.say(still_there(command));
    }
    ran.map(|()| left)
}

/// Reads the project's compose file, as compose does, and writes the proof's.
fn configure(stage: &mut Stage, bench: &mut Bench) -> Result<bool> {
    bench.now("reading compose.yaml");
    // That of a project which has Docker files of its own.
    let beside = "compose.ixc.yaml";
    let is_beside = fs::metadata(&stage.project.join(beside))?.is_some();
    let file = if is_beside { beside } else { "compose.yaml" };
    let read = stage.docker(&[
        "compose",
        "-f",
        file,
        "-p",
        stage.name,
        "--profile",
        "*",
        "config",
        "--format",
        "json",
    ]);
    let (ended, said) = bench.run_unlogged(&read, GLANCE)?;
    // Compose prints its warnings before the file.
    let config = said
        .find('{')
        .and_then(|at| serde_json::from_str(&said[at..]).ok());
    stage.others = config.as_ref().map_or_else(Vec::new, compose::others);
    let fitted = config.and_then(|config| compose::fitted(config, &stage.site()));
    let Some(config) = fitted.filter(|_| ended == Ended::With(0)) else {
        bench.failed(
            "image",
            "compose.yaml cannot be read, or has no service `django`",
            &said,
        );
        return Ok(false);
    };
    stage.config = config;
    stage.write()?;
    Ok(true)
}

fn run(stage: &mut Stage, subject: &Subject, bench: &mut Bench) -> Result<()> {
    if !build(stage, bench)? {
        bench.left_out_from("services", "there is no image");
        return Ok(());
    }
    if !services(stage, bench)? {
        bench.left_out_from("tests before", "the services do not run");
        return Ok(());
    }
    trials::tests(stage, &subject.traits, bench)?;
    let settings = trials::settings(stage, &subject.traits.domain, bench)?;
    if settings.is_some() {
        trials::check(stage, bench)?;
    } else {
        bench.left_out("check --deploy", "the settings do not load");
    }
    if !start(stage, bench)? {
        bench.left_out_from("home page", "the site does not start");
        return Ok(());
    }
    // The image alone may lack the static files that the site collects when it starts.
    let probe = bench.run(&stage.inside(SITE, &["python", "-c", site::PROBE]), GLANCE)?;
    let settings = site::Settings::read(&probe.text).or(settings);
    let door = site::Door {
        port: stage.port,
        domain: &subject.traits.domain,
        limit: Duration::from_secs(60),
    };
    if !site::visit(&door, settings.as_ref(), bench)? {
        let text = logs(stage, SITE, bench)?;
        bench.explain(&text);
    }
    if compose::has(&stage.config, WORKER) {
        worker(stage, bench)?;
    }
    Ok(())
}

fn build(stage: &Stage, bench: &mut Bench) -> Result<bool> {
    bench.now("building the images");
    let output = bench.run(&stage.compose(&["build", SITE, SHELL]), BUILD)?;
    if output.is_good() {
        bench.held("image", "built, for production and for developers");
    } else {
        bench.failed(
            "image",
            format!("not built: {}", output.why()),
            &output.text,
        );
    }
    Ok(output.is_good())
}

/// Starts what the site needs.
fn services(stage: &Stage, bench: &mut Bench) -> Result<bool> {
    let others = &stage.others;
    if others.is_empty() {
        bench.left_out("services", "the project needs none");
    } else {
        bench.now("starting the services");
        let names: Vec<&str> = others.iter().map(String::as_str).collect();
        let output = bench.run(
            &stage.compose(&["up", "-d", "--wait"]).and(&names),
            SERVICES,
        )?;
        if !output.is_good() {
            let text = with_logs(stage, &output, &names, bench)?;
            bench.failed("services", format!("not started: {}", output.why()), &text);
            return Ok(false);
        }
        bench.held("services", others.join(", "));
    }
    // Volumes are filled by the first container that mounts them, which must be one alone.
    let first = bench.run(&stage.as_developer(&["true"]), SERVICES)?;
    if !first.is_good() {
        bench.failed(
            "services",
            format!("no command runs in the image: {}", first.why()),
            &first.text,
        );
    }
    Ok(first.is_good())
}

/// Starts the site behind its load balancer.
fn start(stage: &Stage, bench: &mut Bench) -> Result<bool> {
    bench.now("starting the site in production");
    let output = bench.run(&stage.compose(&["up", "-d", BALANCER]), SITE_STARTS)?;
    if output.is_good() {
        bench.held("site", "started behind haproxy, with DOTENV=production");
        return Ok(true);
    }
    let text = with_logs(stage, &output, &[SITE], bench)?;
    bench.failed("site", format!("not started: {}", output.why()), &text);
    Ok(false)
}

fn worker(stage: &Stage, bench: &mut Bench) -> Result<()> {
    bench.now("asking the worker");
    let script = "for i in 1 2 3 4 5 6; do celery -A \"$CELERY_APP\" inspect ping -t 5 && exit; sleep 2; done; exit 1";
    let output = bench.run(&stage.inside(WORKER, &["sh", "-c", script]), WORKER_ANSWERS)?;
    if output.is_good() {
        bench.held("worker", "Celery answers");
    } else {
        let text = with_logs(stage, &output, &[WORKER], bench)?;
        bench.failed(
            "worker",
            format!("Celery does not answer: {}", output.why()),
            &text,
        );
    }
    Ok(())
}

fn logs(stage: &Stage, service: &str, bench: &mut Bench) -> Result<String> {
    let words = [
        "logs",
        "--no-color",
        "--no-log-prefix",
        "--tail",
        "60",
        service,
    ];
    Ok(bench.run(&stage.compose(&words), GLANCE)?.text)
}

/// What a command printed, followed by what the services printed.
fn with_logs(
    stage: &Stage,
    output: &Output,
    services: &[&str],
    bench: &mut Bench,
) -> Result<String> {
    let mut text = output.text.clone();
    for service in services {
        text.push('\n');
        text += &logs(stage, service, bench)?;
    }
    Ok(text)
}
