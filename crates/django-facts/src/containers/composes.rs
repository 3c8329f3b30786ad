//! Compose files, judged service by service.

use super::super::formats::outline::{Node, Outline};
use super::super::sources::Sources;
use super::WeaknessKind as Kind;
use super::dockerfiles::lacks_version;
use super::scripts::{Copied, script, words};
use super::{Judged, is_secret};

/// What no compose file should have: secrets, and images without a version.
pub(super) fn judge_any(sources: &Sources, path: &str, judged: &mut Judged) {
    let text = sources.text(path);
    let outline = Outline::new(&text);
    for service in services(&outline) {
        let image = outline.get(&service, "image");
        let is_built = outline.get(&service, "build").is_some();
        if let Some(image) = image.filter(|image| !is_built && lacks_version(image.value)) {
            judged.add(Kind::NoVersion, path, image.lines.0 + 1, image.value);
        }
        secrets(&outline, &service, path, judged);
    }
    // What several services share stands beside them.
    for shared in outline.top() {
        if shared.key.starts_with("x-") {
            secrets(&outline, &shared, path, judged);
            let inner = variables(&outline, &shared);
            add_secrets(&inner, path, judged);
        }
    }
}

/// What a site on several nodes does without; returns the scripts that its services start with, where images have the files
/// that are `copied`, and whether a command collects static files itself.
pub(super) fn judge_site(
    sources: &Sources,
    path: &str,
    copied: &Copied,
    judged: &mut Judged,
) -> (Vec<String>, bool) {
    let text = sources.text(path);
    let outline = Outline::new(&text);
    let mut scripts = Vec::new();
    let mut collects = false;
    for service in services(&outline) {
        if !is_of_site(&outline, &service) {
            continue;
        }
        for key in ["command", "entrypoint"] {
            let Some(node) = outline.get(&service, key) else {
                continue;
            };
            let (first, end) = node.lines;
            for number in first..end {
                let line = outline.line(number);
                collects |= line.contains("collectstatic");
                if words(line).any(|word| word == "runserver") {
                    judged.add(Kind::DevelopmentServer, path, number + 1, "");
                }
                scripts.extend(words(line).filter_map(|word| script(sources, path, word, copied)));
            }
        }
        mounted(&outline, &service, path, judged);
    }
    (scripts, collects)
}

/// The services of a compose file; those of one without `services:` are none.
pub(super) fn services<'t>(outline: &Outline<'t>) -> Vec<Node<'t>> {
    let top = outline.top();
    let services = top.iter().find(|node| node.key == "services");
    services.map_or_else(Vec::new, |services| outline.inner(services))
}

/// Whether a service runs the project's own image: it builds one, or shares what does.
pub(super) fn is_of_site(outline: &Outline, service: &Node) -> bool {
    if outline.get(service, "build").is_some() {
        return true;
    }
    let Some(shared) = outline.get(service, "<<") else {
        return false;
    };
    let top = outline.top();
    let all = services(outline);
    let mut others = top.iter().chain(&all);
    others.any(|other| {
        let anchor = other.value.strip_prefix('&').unwrap_or_default();
        let is_named = !anchor.is_empty()
            && words(shared.value).any(|word| word.strip_prefix('*') == Some(anchor));
        is_named && outline.get(other, "build").is_some()
    })
}

fn mounted(outline: &Outline, service: &Node, path: &str, judged: &mut Judged) {
    let Some(volumes) = outline.get(service, "volumes") else {
        return;
    };
    for (line, text) in outline.texts(&volumes) {
        let mut parts = text.split(':');
        let (Some(source), Some(target)) = (parts.next(), parts.next()) else {
            continue;
        };
        match source {
            "." | "./" | ".." => judged.add(Kind::MountedSources, path, line + 1, source),
            // What a container only reads is none of its state, and a database has one server.
            _ if ["/etc/", "/var/lib/", "/data/db"]
                .iter()
                .any(|part| target.contains(part)) => {}
            _ if source.starts_with(['.', '~']) && !is_state(target) => {
                judged.add(Kind::MountedSources, path, line + 1, source);
            }
            _ if source.starts_with('$') || target.ends_with("node_modules") => {}
            _ => judged.add(Kind::LocalVolume, path, line + 1, source),
        }
    }
}

/// Whether a folder of a container holds what a site makes, and not its sources.
fn is_state(target: &str) -> bool {
    ["media", "static", "data", "upload", "log", "db", "var"]
        .iter()
        .any(|word| target.contains(word))
}

fn secrets(outline: &Outline, service: &Node, path: &str, judged: &mut Judged) {
    let Some(environment) = outline.get(service, "environment") else {
        return;
    };
    add_secrets(&variables(outline, &environment), path, judged);
}

fn variables(outline: &Outline, node: &Node) -> Vec<(usize, String)> {
    outline.texts(node)
}

fn add_secrets(variables: &[(usize, String)], path: &str, judged: &mut Judged) {
    for (line, text) in variables {
        if let Some((name, value)) = text.split_once('=')
            && is_secret(name, value)
        {
            judged.add(Kind::Secret, path, line + 1, name);
        }
    }
}
