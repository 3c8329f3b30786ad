//! Files of one rule a line, such as .gitignore: what the template's adds to the user's.

use crate::tree::File;

/// `own`, and after it the rules of `more` that it has not. Nothing of `own` changes, and no rule is added that would take
/// back an exception which it makes.
pub(super) fn added(own: &[u8], more: &File) -> File {
    if own.contains(&0) {
        return more.clone();
    }
    let text = String::from_utf8_lossy(own);
    let known: Vec<&str> = text.lines().map(str::trim).collect();
    let exceptions: Vec<&str> = known
        .iter()
        .filter_map(|rule| rule.strip_prefix('!'))
        .map(|path| path.trim_matches('/'))
        .collect();
    let is_new = |rule: &str| {
        !known.iter().any(|known| covers(known, rule))
            && !exceptions.iter().any(|path| hides(rule, path))
    };
    let more = String::from_utf8_lossy(more.raw());
    let mut added = String::new();
    for block in more.split("\n\n") {
        let kept: Vec<&str> = block
            .lines()
            .filter(|line| line.starts_with('#') || !line.trim().is_empty() && is_new(line.trim()))
            .collect();
        if kept.iter().any(|line| !line.starts_with('#')) {
            added.push('\n');
            for line in kept {
                added.push_str(line);
                added.push('\n');
            }
        }
    }
    let mut bytes = own.to_vec();
    if added.is_empty() {
        return File::new(bytes);
    }
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    if !own.is_empty() && !own.ends_with(b"\n") {
        bytes.extend(end.as_bytes());
    }
    let added = if own.is_empty() { &added[1..] } else { &added };
    bytes.extend(added.replace('\n', end).as_bytes());
    File::new(bytes)
}

/// Whether a rule that is there says what another one would.
fn covers(known: &str, rule: &str) -> bool {
    let bare = |rule: &str| {
        rule.split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
            .trim_end_matches('/')
            .to_owned()
    };
    let (known, rule) = (bare(known), bare(rule));
    known == rule || rule.strip_prefix('/') == Some(known.as_str())
}

/// Whether an ignore rule of the template's hides a path. They are of three kinds: `/a/b/`, `name`, `*.ending`.
pub(super) fn hides(rule: &str, path: &str) -> bool {
    let bare = rule.trim_end_matches('/');
    if let Some(anchored) = bare.strip_prefix('/') {
        if let Some(stem) = anchored.strip_suffix('*') {
            return path.starts_with(stem);
        }
        return path == anchored || path.starts_with(&format!("{anchored}/"));
    }
    let matches = |part: &str| match bare.split_once('*') {
        Some((head, tail)) => {
            let tail = tail.trim_end_matches("[cod]").trim_end_matches('*');
            part.len() >= head.len() + tail.len()
                && part.starts_with(head)
                && part.contains(tail)
                && (bare.ends_with('*') || bare.ends_with(']') || part.ends_with(tail))
        }
        None => part == bare,
    };
    path.split('/').any(matches)
}
