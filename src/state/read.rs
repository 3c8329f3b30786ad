//! A state file's text, as this program or a newer one wrote it.

use serde::de::DeserializeOwned;
use serde_yaml::{Mapping, Value};

use super::{FILE, FORMAT, Open, State};
use crate::error::{Error, Result};
use crate::template::Catalogue;
use crate::tree::TreePath;
use three_way::nesting::{TOO_DEEP, is_too_deep};

const KEYS: [&str; 8] = [
    "format", "template", "version", "digest", "rendered", "answers", "open", "declined",
];

impl State {
    /// Reads the text of a state file.
    ///
    /// # Errors
    /// [`Error::NewerState`] for a format that is not known here, [`Error::StateShape`] for YAML that is no state, and
    /// [`Error::State`] for what is no YAML or names places outside the project.
    pub fn parse(text: &str) -> Result<Self> {
        refuse_newer(text)?;
        let wrong = |message| Error::State {
            path: FILE.into(),
            message,
        };
        let value: Value = yaml(text).map_err(wrong)?;
        let Value::Mapping(all) = value else {
            return Err(misshapen(text, "it is no mapping of keys to values".into()));
        };
        let (mut known, unknown) = split(all, &KEYS);
        let mut unknown_of_open = Vec::new();
        if let Some(Value::Sequence(entries)) = known.get_mut("open") {
            for entry in entries {
                if let Value::Mapping(entry) = entry {
                    let (known, unknown) = split(std::mem::take(entry), &Open::KEYS);
                    *entry = known;
                    unknown_of_open.push(unknown);
                }
            }
        }
        let mut state: Self = typed(text, known)?;
        state.unknown = unknown;
        for (open, unknown) in state.open.iter_mut().zip(unknown_of_open) {
            open.unknown = unknown;
        }
        let declined = state.declined.iter().map(|declined| declined.path.as_str());
        for path in state.open.iter().flat_map(Open::paths).chain(declined) {
            TreePath::new(path)
                .map_err(|reason| wrong(format!("`{path}` under `open`: {reason}")))?;
        }
        Ok(state)
    }
}

/// The entries of the keys that are known here, and the others, both in their order.
fn split(all: Mapping, keys: &[&str]) -> (Mapping, Mapping) {
    all.into_iter()
        .partition(|(key, _)| key.as_str().is_some_and(|key| keys.contains(&key)))
}

/// The text as YAML, unless that takes longer to read than anybody waits.
fn yaml<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    if is_too_deep(text) {
        return Err(TOO_DEEP.to_owned());
    }
    serde_yaml::from_str(text).map_err(|error| error.to_string())
}

/// What the known entries are; an error names its place in `text` where the text alone shows it too.
fn typed<T: DeserializeOwned>(text: &str, known: Mapping) -> Result<T> {
    serde_yaml::from_value(Value::Mapping(known)).map_err(|error| {
        let placed = serde_yaml::from_str::<T>(text).err();
        misshapen(text, placed.unwrap_or(error).to_string())
    })
}

fn misshapen(text: &str, message: String) -> Error {
    match newer(text) {
        Some(by) => Error::NewerState { by: Some(by) },
        None => Error::StateShape { message },
    }
}

/// An error where a newer program wrote the state file `text`, in a format that is not known here.
///
/// A line that names the format is enough: what else such a file holds may be no YAML that is read here.
pub fn refuse_newer(text: &str) -> Result<()> {
    // In a file with conflict markers, the format of either side counts.
    let mut formats = entries(text, "format").peekable();
    let is_known = match formats.peek() {
        Some(_) => formats.all(|format| format.parse().is_ok_and(is_known)),
        None => match yaml::<Mapping>(text) {
            Ok(all) => {
                (all.get("format")).is_none_or(|format| format.as_u64().is_some_and(is_known))
            }
            Err(_) => true,
        },
    };
    if is_known {
        return Ok(());
    }
    Err(Error::NewerState { by: newer(text) })
}

fn is_known(format: u64) -> bool {
    (1..=FORMAT).contains(&format)
}

/// The version of the program that wrote `text`, as far as that is told and it is newer than this one.
fn newer(text: &str) -> Option<String> {
    let own = semver::Version::parse(env!("CARGO_PKG_VERSION")).ok()?;
    let version = |key| {
        entries(text, key)
            .filter_map(|value| semver::Version::parse(value).ok())
            .max()
    };
    // The releases of the built-in template have the program's own numbers.
    let is_built_in =
        || Catalogue::Embedded.name().ok().as_deref() == entries(text, "template").next();
    let version = version("made_by").or_else(|| version("version").filter(|_| is_built_in()))?;
    (version > own).then(|| version.to_string())
}

/// The values of a key at the left edge, without their quotes and comments.
fn entries<'a>(text: &'a str, key: &str) -> impl Iterator<Item = &'a str> {
    let lines = text.trim_start_matches('\u{feff}').lines();
    lines.filter_map(move |line| {
        let rest = line.strip_prefix(key)?.trim_start().strip_prefix(':')?;
        let value = rest.split(" #").next().unwrap_or_default().trim();
        Some(value.trim_matches(['"', '\'']))
    })
}
