//! Globs of a manifest, and of ignore rules: `*` and `?` stay inside one part, `**` crosses parts, `{a,b}` is either.

use std::sync::OnceLock;

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

/// Deeper nesting is refused here; far beyond it globset panics.
const DEEPEST: usize = 10;

/// One pattern.
#[derive(Clone, Debug)]
pub(crate) struct Glob {
    pattern: globset::Glob,
    /// A set needs no regular expression for a plain name, and for most patterns; a single matcher always does.
    set: OnceLock<GlobSet>,
}

impl Glob {
    pub(crate) fn new(pattern: &str) -> Result<Self, String> {
        Ok(Self {
            pattern: read(pattern)?,
            set: OnceLock::new(),
        })
    }

    /// The pattern as it stands in the manifest.
    pub(crate) fn pattern(&self) -> &str {
        self.pattern.glob()
    }

    pub(crate) fn matches(&self, path: &str) -> bool {
        let set = || GlobSet::new([&self.pattern]).unwrap_or_default();
        self.set.get_or_init(set).is_match(path)
    }
}

/// Many patterns, sought at once.
pub(crate) struct Globs(GlobSet);

impl Globs {
    /// The patterns that can be read, and the numbers that these have among `patterns`.
    pub(crate) fn new(patterns: &[String]) -> (Self, Vec<usize>) {
        let mut builder = GlobSetBuilder::new();
        let mut used = Vec::new();
        for (index, pattern) in patterns.iter().enumerate() {
            if let Ok(glob) = read(pattern) {
                builder.add(glob);
                used.push(index);
            }
        }
        (Self(builder.build().unwrap_or_default()), used)
    }

    /// The number of the last pattern that matches, among those that can be read.
    pub(crate) fn last(&self, path: &str) -> Option<usize> {
        self.0.matches(path).into_iter().max()
    }
}

fn read(pattern: &str) -> Result<globset::Glob, String> {
    if braces(pattern) > DEEPEST {
        return Err(format!("braces are nested more than {DEEPEST} deep"));
    }
    GlobBuilder::new(pattern)
        .literal_separator(true)
        .backslash_escape(false)
        .build()
        .map_err(|error| error.to_string())
}

/// How many braces are open at once, at the most.
fn braces(pattern: &str) -> usize {
    let (mut open, mut most) = (0_usize, 0);
    for byte in pattern.bytes() {
        match byte {
            b'{' => open += 1,
            b'}' => open = open.saturating_sub(1),
            _ => {}
        }
        most = most.max(open);
    }
    most
}
