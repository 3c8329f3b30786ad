//! What names an item of a list.

use std::borrow::Cow;

use memchr::{memchr, memchr2};

use super::super::kinds::requirement_name;
use super::super::weave::unquoted;

/// How the name of an item is found in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Key {
    /// The item is its own name.
    Itself,
    /// `name[extra]>=1; marker`: the project, as package indexes compare it.
    Requirement,
    /// `name=1.2`, `name@1.2`, `name>=1`: a package of other managers.
    Package,
    /// `NAME=value`.
    Variable,
    /// `name:value` or `name=value`.
    Host,
    /// `source:target:mode`: the mount point.
    Mount,
    /// `address:port:target/protocol`: what is taken on the host.
    Port,
    /// `(value, label)` or `["plugin", {…}]`: the first element.
    First,
    /// `--name=value`.
    Option,
}

impl Key {
    /// The name of an item that is text of one line, without quotes.
    pub(in super::super) fn of(self, item: &str) -> Cow<'_, str> {
        let before = |end: Option<usize>| {
            let end = end.filter(|end| *end > 0);
            Cow::Borrowed(item[..end.unwrap_or(item.len())].trim_end())
        };
        let bytes = item.as_bytes();
        match self {
            Self::Requirement => requirement_name(item).unwrap_or_else(|| item.into()),
            Self::Package => {
                let scope = usize::from(item.starts_with('@'));
                let end = item[scope..].find(['=', '<', '>', '!', '~', ' ', '@', '[', ';']);
                let end = end.filter(|end| *end > 0);
                item[..end.map_or(item.len(), |end| scope + end)].into()
            }
            Self::Variable => before(memchr(b'=', bytes)),
            Self::Host => before(memchr2(b':', b'=', bytes)),
            Self::Mount => mount(item).into(),
            Self::Port => port(item).into(),
            Self::First => first(item).into(),
            Self::Option if item.starts_with('-') => before(memchr(b'=', bytes)),
            Self::Itself | Self::Option => item.into(),
        }
    }

    /// The settings of a mapping that name it, the best first.
    pub(in super::super) fn settings(self) -> &'static [&'static str] {
        match self {
            Self::Mount => &["target", "mountPath", "name"],
            Self::Port => &["published", "name", "containerPort", "port", "target"],
            _ => &["id", "name", "repo", "uses", "key"],
        }
    }
}

/// The name of a requirement with the marker that says where it counts: one project may be there under two markers.
pub(super) fn with_marker<'t>(name: &'t str, requirement: &str) -> Cow<'t, str> {
    let line = requirement.lines().next().unwrap_or_default();
    let line = line.split(" #").next().unwrap_or_default();
    let line = line.split(" --hash").next().unwrap_or_default();
    match line.split_once(';') {
        Some((_, marker)) => {
            let noise = |sign: char| sign.is_whitespace() || "'\"\\,".contains(sign);
            let marker: String = marker.chars().filter(|sign| !noise(*sign)).collect();
            format!("{name};{marker}").into()
        }
        None => name.into(),
    }
}

/// The parts of a text between colons that stand in no brackets.
fn parts(item: &str) -> Vec<&str> {
    let (mut parts, mut from, mut depth) = (Vec::new(), 0, 0_usize);
    for (at, sign) in item.char_indices() {
        match sign {
            '[' | '{' => depth += 1,
            ']' | '}' => depth = depth.saturating_sub(1),
            ':' if depth == 0 => {
                parts.push(&item[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&item[from..]);
    parts
}

fn mount(item: &str) -> &str {
    let path = |text: &str| text.starts_with(['/', '.', '~', '$']);
    match parts(item)[..] {
        [source, target] if path(target) || !path(source) => target,
        [_, target, _] => target,
        [source, ..] => source,
        [] => item,
    }
}

fn port(item: &str) -> String {
    let (ports, protocol) = item.split_once('/').unwrap_or((item, "tcp"));
    match parts(ports)[..] {
        [host, _] | ["0.0.0.0" | "", host, _] => format!("{host}/{protocol}"),
        [address, host, _] => format!("{address}:{host}/{protocol}"),
        // The port of the host is the host's choice.
        _ => format!(":{ports}/{protocol}"),
    }
}

/// The first element of what stands in brackets; otherwise all of it.
fn first(item: &str) -> &str {
    let Some(inner) = item.strip_prefix(['(', '[']) else {
        return item;
    };
    let inner = inner.trim_start();
    let end = match inner.chars().next() {
        Some(quote @ ('"' | '\'')) => inner[1..].find(quote).map(|end| end + 2),
        _ => inner.find([',', ')', ']']),
    };
    end.map_or(item, |end| unquoted(&inner[..end]))
}
