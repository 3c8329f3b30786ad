//! Other sites in the same tree: settings of another package, with URLs of its own.

use super::finding::at;
use super::settings::Settings;

/// A site beside the one that manage.py starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Neighbour {
    /// The file of its settings.
    pub file: String,
    /// Where these name its URLs.
    pub place: String,
}

/// Takes the settings of other sites from among those of other environments: whoever routes requests by another package, and
/// includes nothing of the site's own settings, is no environment of it.
pub(super) fn taken(settings: &Settings, variants: &mut Vec<(String, Settings)>) -> Vec<Neighbour> {
    let Some((own, _)) = urls(settings) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    variants.retain(|(file, variant)| {
        let is_included = variant
            .files
            .iter()
            .any(|path| settings.files.contains(path));
        match urls(variant) {
            Some((package, place)) if package != own && !is_included => {
                found.push(Neighbour {
                    file: file.clone(),
                    place,
                });
                false
            }
            _ => true,
        }
    });
    found
}

/// The package of the URLs, and where they are named.
fn urls(settings: &Settings) -> Option<(&str, String)> {
    let entry = settings.last("ROOT_URLCONF")?;
    let (package, _) = entry.value.text()?.split_once('.')?;
    Some((package, at(&entry.file, entry.line)))
}
