//! Globs of a manifest, and of ignore rules: `*` and `?` stay inside one part, `**` crosses parts, `{a,b}` is either.

use globset::{GlobBuilder, GlobMatcher};

/// One pattern and what it matched against.
#[derive(Clone, Debug)]
pub(crate) struct Glob(GlobMatcher);

impl Glob {
    pub(crate) fn new(pattern: &str) -> Result<Self, String> {
        GlobBuilder::new(pattern)
            .literal_separator(true)
            .backslash_escape(false)
            .build()
            .map(|glob| Self(glob.compile_matcher()))
            .map_err(|error| error.to_string())
    }

    pub(crate) fn matches(&self, path: &str) -> bool {
        self.0.is_match(path)
    }
}
