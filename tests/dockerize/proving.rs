//! `--prove`: what would be written is tried in a copy. A program of ours stands in for Docker, and a go.sh of the project's for
//! the one that would install packages; a thread of the test is the site.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::outside::{path, program};
use super::project::{DOCKERIZE, commit, modern};
use crate::cli::sandbox::{Ran, Sandbox};

const SETTINGS: &str = "ixd-proof: {\"settings\": \"shop.settings\", \"debug\": false, \"hosts\": [], \
    \"databases\": [[\"django.db.backends.postgresql\", \"shop\"]], \"static_url\": \"/static/\", \"static\": \"/static/x.css\"}";

/// A stand-in for Docker: `case`s come before what it does otherwise, with all words in `$*`.
fn docker(sandbox: &Sandbox, cases: &str) {
    let log = sandbox.path("log");
    let port = sandbox.path("port");
    let django = "{\"image\": \"p:dev\", \"build\": {\"context\": \".\"}, \"environment\": {\"PGPASSWORD\": \"dev\"}, \"depends_on\": {\"postgres\": {}}}";
    program(
        sandbox,
        "docker",
        &format!(
            "echo \"$*\" | tr '\\n' ' ' >>'{log}'; echo >>'{log}'
case \"$*\" in
    {cases}
    version*) echo 99.1 ;;
    'compose version'*) echo 9 ;;
    *'config --format json') echo '{{\"services\": {{\"django\": {django}, \"bash\": {django}, \"haproxy\": {{\"image\": \"h\"}}, \"postgres\": {{\"image\": \"pg\"}}}}}}' ;;
    *'run '*runtests.sh) printf 'Ran 3 tests in 0.1s\\n\\nOK\\n' ;;
    *'run '*' test') printf 'Ran 3 tests in 0.1s\\n\\nOK\\n' ;;
    *'run '*ixd-proof*) echo '{SETTINGS}' ;;
    *' up -d haproxy') echo \"$PORT\" >'{port}' ;;
esac",
            log = log.display(),
            port = port.display(),
        ),
    );
}

/// The site: once `port` names one, it answers there.
struct Site {
    is_over: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Site {
    fn of(sandbox: &Sandbox, answer: fn(&str) -> (u16, &'static str)) -> Self {
        let is_over = Arc::new(AtomicBool::new(false));
        let (over, file) = (Arc::clone(&is_over), sandbox.path("port"));
        let thread = thread::spawn(move || {
            let mut listener: Option<TcpListener> = None;
            while !over.load(Ordering::SeqCst) {
                thread::sleep(Duration::from_millis(20));
                let Some(listener) = &listener else {
                    let port = std::fs::read_to_string(&file).unwrap_or_default();
                    listener = port
                        .trim()
                        .parse()
                        .ok()
                        .and_then(|port: u16| TcpListener::bind(("127.0.0.1", port)).ok());
                    if let Some(listener) = &listener {
                        listener.set_nonblocking(true).unwrap();
                    }
                    continue;
                };
                let Ok((mut stream, _)) = listener.accept() else {
                    continue;
                };
                stream.set_nonblocking(false).unwrap();
                let mut question = [0; 4096];
                let count = stream.read(&mut question).unwrap_or(0);
                let question = String::from_utf8_lossy(&question[..count]).into_owned();
                let (status, body) = answer(question.split(' ').nth(1).unwrap_or_default());
                let _ = write!(stream, "HTTP/1.1 {status} x\r\n\r\n{body}");
            }
        });
        Self {
            is_over,
            thread: Some(thread),
        }
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::SeqCst);
        let _ = self.thread.take().map(JoinHandle::join);
    }
}

fn good(path: &str) -> (u16, &'static str) {
    match path {
        "/" => (200, "<link href=\"/static/site.1.css\">"),
        "/static/site.1.css" | "/static/x.css" => (200, "body {}"),
        _ => (404, ""),
    }
}

fn command(sandbox: &Sandbox, flags: &[&str]) -> Command {
    let mut command = sandbox.command(env!("CARGO_BIN_EXE_ixd-template"));
    command
        .env("PATH", path(sandbox))
        .env("PGPASSWORD", SECRET)
        .args(DOCKERIZE)
        .args(["--yes", "--prove"])
        .args(flags)
        .stdin(Stdio::null());
    command
}

const SECRET: &str = "hunter2-of-production";

fn run(sandbox: &Sandbox, flags: &[&str]) -> Ran {
    let ran = sandbox.ran(command(sandbox, flags).output().unwrap());
    assert!(!format!("{ran}").contains(SECRET), "{ran}");
    ran
}

/// A project in git, with a file that is not.
fn project() -> Sandbox {
    let sandbox = modern();
    commit(&sandbox);
    sandbox.write("p/mine.txt", "of this machine alone");
    sandbox
}

/// The line of a step.
fn step(ran: &Ran, name: &str) -> String {
    let lines = ran.stderr.lines();
    let found = lines.filter(|line| line.contains(name)).find(|line| {
        [" held ", " failed ", " told ", " not run "]
            .iter()
            .any(|word| line.contains(word))
    });
    found.unwrap_or_default().to_owned()
}

/// What is left in the cache, where the copies were.
fn left(sandbox: &Sandbox) -> Vec<String> {
    let cache = sandbox.path("../home/.cache/ixd-template");
    let entries = std::fs::read_dir(cache).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn what_holds_is_written_and_nothing_is_left() {
    let sandbox = project();
    docker(
        &sandbox,
        "*' build '*) test -e go.sh -a -e manage.py -a ! -e mine.txt || exit 9; test -z \"$PGPASSWORD\" || exit 8 ;;",
    );
    let _site = Site::of(&sandbox, good);
    let ran = run(&sandbox, &[]);
    assert_eq!(ran.code, 0, "{ran}");
    for (name, said) in [
        ("image", "held"),
        ("services", "postgres"),
        ("tests before", "3 passed"),
        ("tests after", "3 passed"),
        ("settings", "shop.settings, postgresql"),
        ("check --deploy", "no error"),
        ("home page", "200"),
        ("static file", "200 /static/site.1.css"),
    ] {
        assert!(step(&ran, name).contains(said), "{name}: {ran}");
    }
    assert!(sandbox.exists("p/go.sh"));
    assert_eq!(sandbox.read("p/mine.txt"), "of this machine alone");
    let log = sandbox.read("log");
    assert!(log.contains(" down --volumes --remove-orphans"), "{log}");
    assert!(log.contains("image rm --force ixdproof-"), "{log}");
    assert_eq!(left(&sandbox), [""; 0]);
}

#[test]
fn an_image_that_is_not_built_keeps_everything_as_it_is() {
    let sandbox = project();
    let before = sandbox.tree("p");
    docker(
        &sandbox,
        "*' build '*) echo 'fetching https://ada:pass@example.com/simple'; echo 'API_TOKEN=abc123'; echo 'no such package'; exit 1 ;;",
    );
    let ran = run(&sandbox, &["--json"]);
    assert_eq!(ran.code, 5, "{ran}");
    assert_eq!(sandbox.tree("p"), before);
    assert!(step(&ran, "image").contains("failed"), "{ran}");
    assert!(step(&ran, "home page").contains("not run"), "{ran}");
    assert!(ran.stderr.contains("| no such package"), "{ran}");
    assert!(
        ran.stderr
            .contains("| fetching https://***@example.com/simple")
            && ran.stderr.contains("| API_TOKEN=***"),
        "{ran}"
    );
    assert!(
        ran.stderr.contains("error: what would be written does not hold in a copy of the project: image; nothing was written"),
        "{ran}"
    );
    assert!(
        ran.stderr
            .contains("The same again, with all answers:\n  ixd-template dockerize "),
        "{ran}"
    );
    let report: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(report["status"], "unproven");
    assert_eq!(report["written"], serde_json::json!([]));
    assert_eq!(report["proof"]["steps"][0]["name"], "image");
    assert_eq!(report["proof"]["steps"][0]["judgement"], "failed");
    assert_eq!(report["proof"]["steps"][1]["judgement"], "not-run");
    // The log stays, and has no secret either.
    let left = left(&sandbox);
    assert!(left.len() == 1 && left[0].ends_with(".log"), "{left:?}");
    let name = format!("../home/.cache/ixd-template/{}", left[0]);
    assert!(ran.stderr.contains(&left[0]), "{ran}");
    assert_eq!(sandbox.mode(&name), 0o600);
    let log = sandbox.read(&name);
    assert!(
        log.contains("no such package") && !log.contains("abc123") && !log.contains("ada:pass")
    );
}

#[test]
fn a_page_or_a_test_that_fails_is_found_and_so_is_what_failed_before() {
    // A page that cannot be had.
    let sandbox = project();
    docker(&sandbox, "");
    let site = Site::of(&sandbox, |path| match path {
        "/" => (
            500,
            "<h1>Server Error</h1>\nredis://:hunter2-of-production@cache:6379/0",
        ),
        other => good(other),
    });
    let ran = run(&sandbox, &["--json"]);
    assert_eq!(ran.code, 5, "{ran}");
    assert!(ran.stdout.contains("redis://***@cache:6379/0"), "{ran}");
    assert!(step(&ran, "home page").contains("500"), "{ran}");
    assert!(ran.stderr.contains("| Server Error"), "{ran}");
    drop(site);
    // A static file that nobody serves: only the server says why.
    let sandbox = project();
    docker(&sandbox, "*' logs '*) echo 'no manifest' ;;");
    let site = Site::of(
        &sandbox,
        |path| if path == "/" { (200, "") } else { (404, "") },
    );
    let ran = run(&sandbox, &[]);
    assert_eq!(ran.code, 5, "{ran}");
    assert!(
        step(&ran, "static file").contains("404 /static/x.css"),
        "{ran}"
    );
    assert!(ran.stderr.contains("| no manifest"), "{ran}");
    drop(site);
    // Tests that fail now, and tests that failed before as well.
    let fails = "printf 'Ran 3 tests in 0.1s\\n\\nFAILED (errors=1)\\n'; exit 1";
    let sandbox = project();
    docker(&sandbox, &format!("*runtests.sh) {fails} ;;"));
    let site = Site::of(&sandbox, good);
    let ran = run(&sandbox, &[]);
    assert_eq!(ran.code, 5, "{ran}");
    assert!(step(&ran, "tests after").contains("1 of 3 failed"), "{ran}");
    drop(site);
    let sandbox = project();
    docker(&sandbox, &format!("*runtests.sh | *' test') {fails} ;;"));
    let site = Site::of(&sandbox, good);
    let ran = run(&sandbox, &[]);
    assert_eq!(ran.code, 0, "{ran}");
    assert!(
        step(&ran, "tests after").contains("no worse than before"),
        "{ran}"
    );
    drop(site);
    // Those before run with the settings that those after run with.
    let sandbox = project();
    sandbox.write("p/shop/for_tests.py", "from .settings import *\n");
    docker(
        &sandbox,
        &format!("*runtests.sh | *' test --settings shop.for_tests') {fails} ;;"),
    );
    let _site = Site::of(&sandbox, good);
    let ran = run(&sandbox, &["--answer", "settings_test=shop.for_tests"]);
    assert!(
        step(&ran, "tests after").contains("no worse than before"),
        "{ran}"
    );
}

#[test]
fn a_variable_without_a_value_gets_a_stand_in_and_one_of_a_server_does_not() {
    let script = |name: &str| {
        format!(
            "*'run '*ixd-proof*) if grep -q {name} ../compose.json; then echo '{SETTINGS}'; else
            echo 'Traceback (most recent call last):'; echo \"KeyError: '{name}'\"; exit 1; fi ;;"
        )
    };
    let sandbox = project();
    docker(&sandbox, &script("SHOP_KEY"));
    let site = Site::of(&sandbox, good);
    let ran = run(&sandbox, &[]);
    assert_eq!(ran.code, 0, "{ran}");
    let told = ran.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        told.contains("made up for want of a value: SHOP_KEY"),
        "{ran}"
    );
    drop(site);
    let sandbox = project();
    docker(&sandbox, &script("DATABASE_URL"));
    let _site = Site::of(&sandbox, good);
    let ran = run(&sandbox, &[]);
    assert_eq!(ran.code, 5, "{ran}");
    assert!(
        step(&ran, "settings").contains("they name DATABASE_URL"),
        "{ran}"
    );
}

#[test]
fn ctrl_c_takes_all_of_it_away() {
    let sandbox = project();
    let before = sandbox.tree("p");
    let started = sandbox.path("started");
    docker(
        &sandbox,
        &format!(
            "*' build '*) touch '{}'; sleep 100 ;; 'volume ls'*) echo data ;;",
            started.display()
        ),
    );
    let mut command = command(&sandbox, &[]);
    let child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let begun = Instant::now();
    while !started.exists() && begun.elapsed() < Duration::from_secs(60) {
        thread::sleep(Duration::from_millis(20));
    }
    let told = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status()
        .unwrap();
    assert!(told.success());
    let ran = sandbox.ran(child.wait_with_output().unwrap());
    assert_eq!(ran.code, 1, "{ran}");
    assert!(
        ran.stderr.contains("cancelled; nothing was written"),
        "{ran}"
    );
    assert!(
        begun.elapsed() < Duration::from_secs(60),
        "it waits for what it ended"
    );
    // The engine of this test keeps a volume.
    assert!(ran.stderr.contains("docker compose -p ixdproof-"), "{ran}");
    assert_eq!(sandbox.tree("p"), before);
    let log = sandbox.read("log");
    let build = log.find(" build ").unwrap();
    assert!(
        log[build..].contains(" down --volumes --remove-orphans"),
        "{log}"
    );
    assert_eq!(left(&sandbox), [""; 0]);
}

#[test]
fn what_may_be_left_behind_is_told() {
    for case in ["'volume ls'*) echo data", "'ps -aq'*) exit 1"] {
        let sandbox = project();
        docker(&sandbox, &format!("{case} ;;"));
        let _site = Site::of(&sandbox, good);
        let ran = run(&sandbox, &[]);
        assert_eq!(ran.code, 0, "{ran}");
        assert!(
            ran.stderr.contains("docker compose -p ixdproof-"),
            "{case}: {ran}"
        );
    }
}

/// A project whose own go.sh stands in for the template's, which keeps it.
fn with_go(cases: &str) -> Sandbox {
    let sandbox = modern();
    let port = sandbox.path("port");
    let go = format!(
        "#!/bin/sh
case \"$*\" in
    {cases}
    true) echo installed ;;
    runtests.sh) printf 'Ran 3 tests in 0.1s\\n\\nOK\\n' ;;
    *ixd-proof*) [ \"$DOTENV\" = production ] && echo '{SETTINGS}' ;;
    gunicorn.sh) [ \"$DOTENV $QUICK\" = 'production 1' ] || exit 7; echo serving; echo \"$PORT\" >'{}'; exec sleep 100 ;;
esac\n",
        port.display()
    );
    sandbox.write("p/go.sh", go);
    let mode = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(sandbox.path("p/go.sh"), mode).unwrap();
    commit(&sandbox);
    program(&sandbox, "docker", "exit 1");
    program(
        &sandbox,
        "python",
        "[ \"$1\" = -c ] && exit 1; printf 'Ran 3 tests in 0.1s\\n\\nOK\\n'",
    );
    sandbox
}

#[test]
fn without_an_engine_go_sh_serves_the_copy() {
    let sandbox = with_go("");
    let site = Site::of(&sandbox, good);
    let ran = run(&sandbox, &["--json"]);
    assert_eq!(ran.code, 0, "{ran}");
    let report: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(report["proof"]["with"], "go.sh, without Docker");
    let steps = report["proof"]["steps"].as_array().unwrap();
    let names: Vec<&str> = steps
        .iter()
        .map(|step| step["name"].as_str().unwrap())
        .collect();
    let all = [
        "packages",
        "tests before",
        "tests after",
        "settings",
        "check --deploy",
        "static files",
        "site",
        "home page",
        "static file",
    ];
    assert_eq!(names, all);
    assert!(
        steps.iter().all(|step| step["judgement"] == "held"),
        "{ran}"
    );
    // A database that is no file of the copy is somebody's: no table is made in it.
    assert!(ran.stderr.contains("in which nothing was"), "{ran}");
    assert!(sandbox.exists("p/Dockerfile"));
    assert_eq!(left(&sandbox), [""; 0]);
    drop(site);

    let sandbox = with_go("gunicorn.sh) echo 'no module named shop'; exit 3 ;;");
    let ran = run(&sandbox, &[]);
    assert_eq!(ran.code, 5, "{ran}");
    assert!(
        step(&ran, "site ").contains("it ended with exit code 3"),
        "{ran}"
    );
    assert!(ran.stderr.contains("| no module named shop"), "{ran}");
    assert!(!sandbox.exists("p/Dockerfile"));

    // What the server said stands with the file that failed, not with the page that held.
    let sandbox = with_go("");
    let _site = Site::of(
        &sandbox,
        |path| if path == "/" { (200, "") } else { (404, "") },
    );
    let ran = run(&sandbox, &["--json"]);
    assert_eq!(ran.code, 5, "{ran}");
    let report: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let steps = report["proof"]["steps"].as_array().unwrap();
    let lines = |name: &str| &steps.iter().find(|step| step["name"] == name).unwrap()["last_lines"];
    assert_eq!(lines("static file"), &serde_json::json!(["serving"]));
    assert!(lines("home page").is_null(), "{ran}");
}

#[test]
fn a_compose_file_that_cannot_be_read_leaves_every_step_out() {
    let sandbox = project();
    docker(
        &sandbox,
        "*'config --format json') echo 'no such file'; exit 1 ;;",
    );
    let ran = run(&sandbox, &[]);
    assert_eq!(ran.code, 5, "{ran}");
    assert!(step(&ran, "image").contains("failed"), "{ran}");
    for name in ["services", "tests before", "check --deploy", "static file"] {
        assert!(step(&ran, name).contains("not run"), "{name}: {ran}");
    }
}

#[test]
fn what_git_does_not_have_yet_is_proven_too() {
    let sandbox = modern();
    sandbox.git("p", &["init", "-q"]);
    docker(
        &sandbox,
        "*' build '*) test -e manage.py -a -e shop/settings.py || exit 9 ;;",
    );
    let _site = Site::of(&sandbox, good);
    let ran = run(&sandbox, &[]);
    assert_eq!(ran.code, 0, "{ran}");
}

#[test]
fn a_dry_run_proves_nothing() {
    let sandbox = project();
    let ran = run(&sandbox, &["--dry-run"]);
    assert_eq!(ran.code, 2, "{ran}");
}
