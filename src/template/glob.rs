//! Globs of a manifest, and of ignore rules: `*` and `?` stay inside one part, `**` crosses parts, `{a,b}` is either.

use globset::{GlobBuilder, GlobMatcher};

/// Deeper nesting is refused here; far beyond it globset panics.
const DEEPEST: usize = 10;

/// One pattern and what it matched against.
#[derive(Clone, Debug)]
pub(crate) struct Glob(GlobMatcher);

impl Glob {
    pub(crate) fn new(pattern: &str) -> Result<Self, String> {
        if braces(pattern) > DEEPEST {
            return Err(format!("braces are nested more than {DEEPEST} deep"));
        }
        GlobBuilder::new(pattern)
            .literal_separator(true)
            .backslash_escape(false)
            .build()
            .map(|glob| Self(glob.compile_matcher()))
            .map_err(|error| error.to_string())
    }

    /// The pattern as it stands in the manifest.
    pub(crate) fn pattern(&self) -> &str {
        self.0.glob().glob()
    }

    pub(crate) fn matches(&self, path: &str) -> bool {
        self.0.is_match(path)
    }
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
