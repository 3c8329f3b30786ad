//! Compose files: whether a text is one, and the images that it starts.

use super::placed::Placed;

/// Whether a text has services by name, each with an image or with what builds one.
pub(crate) fn has_services(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim_end).filter(|line| {
        let line = line.trim_start();
        !line.is_empty() && !line.starts_with('#')
    });
    if !lines.any(|line| line == "services:") {
        return false;
    }
    let is_key =
        |line: &str, keys: &[&str]| keys.iter().any(|key| line.trim_start().starts_with(key));
    let mut inner = lines.take_while(|line| line.starts_with([' ', '\t']));
    let is_map = inner
        .next()
        .is_some_and(|line| line.ends_with(':') && !line.trim_start().starts_with('-'));
    is_map && inner.any(|line| is_key(line, &["image:", "build:"]))
}

/// The images, without their tags.
pub(crate) fn images(text: &str) -> impl Iterator<Item = Placed<&str>> {
    text.lines().enumerate().filter_map(|(index, line)| {
        let line = line.trim().trim_start_matches("- ");
        let value = line.strip_prefix("image:")?;
        let value = value.trim().trim_matches(['"', '\'']);
        let bare = value.split(':').next().unwrap_or(value);
        Some(Placed::new(index + 1, bare))
    })
}
