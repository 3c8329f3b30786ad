//! Checks what a site in production answers: its settings, its home page and one of its static files.

use std::io;
use std::thread;
use std::time::{Duration, Instant};

use serde::Deserialize;

use super::ask::{self, Answer, ask};
use super::bench::Bench;
use crate::error::Result;

/// The Python program that prints what the settings are.
pub(super) const PROBE: &str = include_str!("probe.py");
const MARK: &str = "ixd-proof: ";

/// The status codes of a load balancer that knows no server yet.
const NO_SERVER: [u16; 3] = [502, 503, 504];

/// What [`PROBE`] prints of the settings of an environment.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Settings {
    #[serde(rename = "settings")]
    pub(super) module: Option<String>,
    pub(super) debug: bool,
    pub(super) hosts: Vec<String>,
    /// The engine and the name of the database.
    pub(super) databases: Vec<(String, String)>,
    static_url: String,
    /// The address of one static file.
    #[serde(rename = "static")]
    file: Option<String>,
    no_static: Option<String>,
}

impl Settings {
    /// Finds the line of [`PROBE`] in all that was printed.
    pub(super) fn read(output: &str) -> Option<Self> {
        let mut lines = output.lines().rev();
        let line = lines.find_map(|line| line.split_once(MARK))?.1;
        serde_json::from_str(line).ok()
    }

    pub(super) fn told(&self) -> String {
        let engines = self
            .databases
            .iter()
            .map(|(engine, _)| engine.rsplit('.').next().unwrap_or(engine));
        let engines: Vec<&str> = engines.filter(|engine| !engine.is_empty()).collect();
        let database = match engines.as_slice() {
            [] => "no database".to_owned(),
            engines => engines.join(", "),
        };
        let debug = if self.debug { ", DEBUG on" } else { "" };
        format!(
            "{}, {database}{debug}",
            self.module.as_deref().unwrap_or("the project's")
        )
    }

    /// The names of hosts to ask for: the project's own, then some that the settings allow.
    fn names(&self, domain: &str) -> Vec<String> {
        let hosts = self.hosts.iter().filter(|host| *host != "*");
        let hosts = hosts.map(|host| host.strip_prefix('.').unwrap_or(host));
        let hosts = hosts.filter(|host| *host != domain).take(5);
        let mut names = vec![domain.to_owned()];
        names.extend(hosts.map(str::to_owned));
        // With DEBUG on, Django takes this computer's name without being told, and older ones no other.
        if !names.iter().any(|name| name == "localhost") {
            names.push("localhost".into());
        }
        names
    }
}

/// Where a site answers.
pub(super) struct Door<'a> {
    pub(super) port: u16,
    pub(super) domain: &'a str,
    /// How long it may take until the site answers for the first time.
    pub(super) limit: Duration,
}

/// Asks for the home page and for a static file, and makes a row of each. The result says whether both are as they should be.
pub(super) fn visit(door: &Door, settings: Option<&Settings>, bench: &mut Bench) -> Result<bool> {
    bench.now("asking for the home page");
    let unknown = Settings::default();
    let settings = settings.unwrap_or(&unknown);
    let (host, page) = match home(door, settings, bench)? {
        Ok(found) => found,
        Err((said, text)) => {
            bench.failed("home page", said, &text);
            bench.left_out("static file", "there is no page to ask it for");
            return Ok(false);
        }
    };
    let named = if host == door.domain {
        String::new()
    } else {
        format!(
            " for {host}, and not for {}, which ALLOWED_HOSTS does not have",
            door.domain
        )
    };
    let status = page.status;
    match status {
        200 => bench.held("home page", format!("200{named}")),
        _ => bench.held(
            "home page",
            format!("{status} of the application{named}: no page for everybody is at /"),
        ),
    }
    Ok(static_file(door, &host, &page.body, settings, bench))
}

type Found = std::result::Result<(String, Answer), (String, String)>;

fn home(door: &Door, settings: &Settings, bench: &Bench) -> Result<Found> {
    let mut first = None;
    for host in settings.names(door.domain) {
        let answer = patiently(door, &host, bench)?;
        let found = match answer {
            Ok(answer) => follow(door, &host, answer),
            Err(error) => Err((format!("no answer: {error}"), String::new())),
        };
        match found {
            Ok(answer) if answer.status < 500 && answer.status != 400 => {
                return Ok(Ok((host, answer)));
            }
            Ok(answer) => {
                let said = match answer.status {
                    400 => format!("400 for {host}: ALLOWED_HOSTS may not have it"),
                    status => format!("{status} for {host}"),
                };
                let is_over = answer.status != 400;
                first.get_or_insert((said, words_of(&answer.body)));
                if is_over {
                    break;
                }
            }
            Err(said) => {
                first.get_or_insert(said);
                break;
            }
        }
    }
    Ok(Err(first.unwrap_or_default()))
}

/// The first answer of the site. Its load balancer may not know it yet.
fn patiently(door: &Door, host: &str, bench: &Bench) -> Result<io::Result<Answer>> {
    let start = Instant::now();
    loop {
        let answer = ask(door.port, host, "/");
        let is_early = answer
            .as_ref()
            .map_or(true, |answer| NO_SERVER.contains(&answer.status));
        if !is_early || start.elapsed() > door.limit {
            return Ok(answer);
        }
        bench.interrupt.check()?;
        thread::sleep(Duration::from_millis(500));
    }
}

/// The answer that redirects within the site lead to.
fn follow(
    door: &Door,
    host: &str,
    mut answer: Answer,
) -> std::result::Result<Answer, (String, String)> {
    let mut at = "/".to_owned();
    for _ in 0..6 {
        let Some(location) = answer
            .location
            .clone()
            .filter(|_| (300..400).contains(&answer.status))
        else {
            return Ok(answer);
        };
        let Some((path, is_tls)) = ask::path_on(host, &location, &at) else {
            return Ok(answer);
        };
        if path == at && is_tls {
            let said = "it leads to https for ever: Django does not see that a balancer ends TLS (SECURE_PROXY_SSL_HEADER)";
            return Err((said.into(), String::new()));
        }
        at = path;
        answer = ask(door.port, host, &at)
            .map_err(|error| (format!("no answer at {at}: {error}"), String::new()))?;
    }
    Err((
        format!("it leads from page to page, last to {at}"),
        String::new(),
    ))
}

fn static_file(
    door: &Door,
    host: &str,
    page: &str,
    settings: &Settings,
    bench: &mut Bench,
) -> bool {
    bench.now("asking for a static file");
    let prefix = Some(settings.static_url.as_str())
        .filter(|url| !url.is_empty())
        .unwrap_or("/static/");
    let prefix = ask::path_on(host, prefix, "/").map(|(path, _)| path);
    let named = prefix.and_then(|prefix| ask::static_file(page, &prefix));
    let Some(address) = named.or_else(|| settings.file.clone()) else {
        if let Some(why) = settings
            .no_static
            .as_deref()
            .filter(|why| why.contains("manifest"))
        {
            bench.failed("static file", "none was collected", why);
            return false;
        }
        let why = settings
            .no_static
            .as_deref()
            .unwrap_or("the project has none");
        bench.told("static file", why);
        return true;
    };
    let Some((path, _)) = ask::path_on(host, &address, "/") else {
        bench.told("static file", format!("another server has them: {address}"));
        return true;
    };
    match ask(door.port, host, &path) {
        Ok(answer) if answer.status == 200 => bench.held("static file", format!("200 {path}")),
        Ok(answer) => {
            bench.failed(
                "static file",
                format!("{} {path}", answer.status),
                &words_of(&answer.body),
            );
            return false;
        }
        Err(error) => {
            bench.failed("static file", format!("no answer for {path}: {error}"), "");
            return false;
        }
    }
    true
}

/// The first lines of a page's text, without tags and empty lines.
fn words_of(page: &str) -> String {
    let mut words = String::new();
    let mut is_tag = false;
    let page = without_element(&without_element(page, "style"), "script");
    for c in page.chars().take(20_000) {
        match c {
            '<' => is_tag = true,
            '>' => is_tag = false,
            c if !is_tag => words.push(c),
            _ => {}
        }
    }
    let lines = words.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.take(12).collect::<Vec<_>>().join("\n")
}

/// The page without the elements of this name.
fn without_element(page: &str, name: &str) -> String {
    let (start, end) = (format!("<{name}"), format!("</{name}>"));
    let mut made = String::new();
    let mut rest = page;
    while let Some(at) = rest.find(&start) {
        made.push_str(&rest[..at]);
        let after = rest[at..].find(&end).map(|end_at| at + end_at + end.len());
        rest = after.map_or("", |after| &rest[after..]);
    }
    made + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_of_an_error_says_what_people_read() {
        let page = "<html><style>h1 {}</style><script>x</script><h1>Bad <b>Request</b></h1>\n\n<p>at /</p>";
        assert_eq!(words_of(page), "Bad Request\nat /");
    }

    #[test]
    fn a_site_is_asked_by_its_names() {
        let text = "noise\nixd-proof: {\"settings\": \"a\", \"debug\": true, \"hosts\": [\".example.com\", \"*\"], \
            \"databases\": [[\"django.db.backends.sqlite3\", \"x\"]], \"static_url\": \"\", \"static\": null}\n";
        let settings = Settings::read(text).unwrap();
        assert_eq!(
            settings.names("shop.localhost"),
            ["shop.localhost", "example.com", "localhost"]
        );
        assert_eq!(settings.told(), "a, sqlite3, DEBUG on");
        assert!(Settings::read("nothing").is_none());
    }
}
