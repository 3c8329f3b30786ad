//! Services of a project's compose files that are neither the site nor a server that the template has: a catcher of mails, a
//! store of objects, whatever the project needs beside.

use serde::Serialize;

use super::super::finding::at;
use super::super::formats::outline::{Node, Outline};
use super::super::sources::{Sources, name, parent};
use super::composes::{is_of_site, services};
use super::scripts::words;

/// A service that another compose file can take over, or why it cannot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OwnService {
    pub name: String,
    /// `path:line`.
    pub place: String,
    /// Its lines, from its name on, in the indentation of two; none where `why_not` says why.
    #[serde(skip)]
    pub lines: Vec<String>,
    /// The lines of the volumes that it names, by their names.
    #[serde(skip)]
    pub volumes: Vec<(String, Vec<String>)>,
    /// Whether it is started only where its profile is.
    #[serde(skip)]
    pub has_profile: bool,
    /// Whether it only looks at the others, so that the site starts without it.
    #[serde(skip)]
    pub looks_on: bool,
    /// The keys that are left out, since they name what is not there.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub without: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why_not: Option<&'static str>,
}

/// Images of servers that the template has itself, or that stand before a site.
const KNOWN: [&str; 22] = [
    "postgres",
    "postgis",
    "postgresql",
    "pgvector",
    "mysql",
    "mysql-server",
    "mariadb",
    "percona",
    "redis",
    "valkey",
    "redis-stack",
    "memcached",
    "rabbitmq",
    "elasticsearch",
    "nginx",
    "traefik",
    "caddy",
    "haproxy",
    "httpd",
    "certbot",
    "jwilder",
    "nginx-proxy",
];

/// Images of what people look at the others with: no site asks these for anything.
const ONLOOKERS: [&str; 22] = [
    "adminer",
    "alertmanager",
    "autoheal",
    "cadvisor",
    "cloudbeaver",
    "dozzle",
    "flower",
    "grafana",
    "grafana-oss",
    "kibana",
    "mongo-express",
    "pgadmin4",
    "pghero",
    "phpmyadmin",
    "portainer",
    "portainer-ce",
    "prometheus",
    "promtail",
    "redis-commander",
    "redisinsight",
    "sqlpad",
    "watchtower",
];

/// Keys that are of one compose file alone: names that two projects cannot have at once, and networks that are not there.
const LEFT_OUT: [&str; 5] = [
    "container_name",
    "networks",
    "depends_on",
    "links",
    "external_links",
];

/// The services of all compose files; of those with the same name the first, and files at the top come first.
pub(super) fn find(sources: &Sources, files: &[&str]) -> Vec<OwnService> {
    let mut files = files.to_vec();
    files.sort_by_key(|path| path.matches('/').count());
    let mut found: Vec<OwnService> = Vec::new();
    let mut own: Vec<String> = Vec::new();
    for path in files {
        let text = sources.text(path);
        let outline = Outline::new(&text);
        for service in services(&outline) {
            let is_known = found.iter().any(|known| known.name == service.key);
            if is_of_site(&outline, &service) {
                own.push(service.key.to_owned());
            } else if !is_known && is_foreign(&outline, &service) {
                found.push(read(&outline, &service, path));
            }
        }
    }
    // What another file builds is the project's own.
    found.retain(|service| !own.contains(&service.name));
    found
}

/// Whether a service is of an image that the template has nothing for.
fn is_foreign(outline: &Outline, service: &Node) -> bool {
    let bare = bare_image(outline, service);
    !bare.is_empty() && !bare.starts_with('$') && !KNOWN.contains(&bare.as_str())
}

/// The name of a service's image, without registry and version; empty where it has none.
fn bare_image(outline: &Outline, service: &Node) -> String {
    let Some(image) = outline.get(service, "image") else {
        return String::new();
    };
    let image = image.value.split(['@', ' ']).next().unwrap_or_default();
    let bare = name(image).split(':').next().unwrap_or_default();
    bare.to_owned()
}

/// Whether a service only looks at the others, or at the engine itself.
fn looks_on(outline: &Outline, service: &Node) -> bool {
    let bare = bare_image(outline, service);
    let mounted = outline.get(service, "volumes");
    let mut mounted = mounted
        .map_or_else(Vec::new, |node| outline.texts(&node))
        .into_iter();
    ONLOOKERS.contains(&bare.as_str())
        || bare.ends_with("exporter")
        || mounted.any(|(_, text)| text.contains("docker.sock"))
}

fn read(outline: &Outline, service: &Node, path: &str) -> OwnService {
    let (first, end) = service.lines;
    let keys = outline.inner(service);
    let mut without = Vec::new();
    let mut lines = vec![format!("  {}:", service.key)];
    for key in &keys {
        if LEFT_OUT.contains(&key.key) {
            without.push(key.key.to_owned());
            continue;
        }
        let is_text = |number: &usize| !outline.line(*number).trim().is_empty();
        for number in (key.lines.0..key.lines.1).filter(is_text) {
            let line = outline.line(number);
            let rest = line.get(key.indent..).unwrap_or_else(|| line.trim_start());
            lines.push(format!("    {}", rest.trim_end()));
        }
    }
    let volumes = named_volumes(outline, service);
    OwnService {
        name: service.key.to_owned(),
        place: at(path, first + 1),
        has_profile: keys.iter().any(|key| key.key == "profiles"),
        looks_on: looks_on(outline, service),
        why_not: why_not(outline, service, path, (first, end)),
        lines,
        volumes,
        without,
    }
}

/// Why a service cannot stand in another file.
fn why_not(
    outline: &Outline,
    service: &Node,
    path: &str,
    (first, end): (usize, usize),
) -> Option<&'static str> {
    let has = |key: &str| outline.get(service, key).is_some();
    let all = (first..end).map(|number| outline.line(number));
    let text: Vec<&str> = all
        .filter(|line| !line.trim_start().starts_with('#'))
        .collect();
    let begins = |mark: char| {
        let mut found = text.iter().flat_map(|line| words(line));
        found.any(|word| {
            word.strip_prefix(mark)
                .is_some_and(|rest| rest.starts_with(|letter: char| letter.is_alphabetic()))
        })
    };
    if has("extends") || has("<<") || begins('*') {
        return Some("parts of it stand elsewhere in its file");
    }
    if has("secrets") || has("configs") {
        return Some("it needs `secrets` or `configs` of its file");
    }
    if outline.inner(service).is_empty() {
        return Some("it is not written line by line");
    }
    let names_files = text
        .iter()
        .flat_map(|line| words(line))
        .any(|word| word == "." || word.starts_with("./") || word.starts_with("../"));
    if !parent(path).is_empty() && (names_files || has("env_file")) {
        return Some("it names files from the folder of its compose file");
    }
    None
}

/// The volumes with names that a service mounts, each with its lines at the end of the file.
fn named_volumes(outline: &Outline, service: &Node) -> Vec<(String, Vec<String>)> {
    let Some(mounted) = outline.get(service, "volumes") else {
        return Vec::new();
    };
    let top = outline.top();
    let declared = top.iter().find(|node| node.key == "volumes");
    let declared = declared.map_or_else(Vec::new, |node| outline.inner(node));
    let mut found = Vec::new();
    for (_, text) in outline.texts(&mounted) {
        let source = text.split(':').next().unwrap_or_default();
        let is_name = source.starts_with(|letter: char| letter.is_ascii_alphanumeric());
        if !is_name || !text.contains(':') || found.iter().any(|(known, _)| known == source) {
            continue;
        }
        let mut lines = vec![format!("  {source}:")];
        let known = declared.iter().find(|node| node.key == source);
        for node in known.map_or_else(Vec::new, |node| outline.inner(node)) {
            for number in node.lines.0..node.lines.1 {
                let line = outline.line(number);
                let rest = line.get(node.indent..).unwrap_or_else(|| line.trim_start());
                lines.push(format!("    {}", rest.trim_end()));
            }
        }
        found.push((source.to_owned(), lines));
    }
    found
}
