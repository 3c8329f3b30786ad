//! The kinds of files whose entries are known: a parser each, and a row in the [`table`]; all else is shared.

mod docker;
mod dotenv;
mod ignore;
mod ini;
mod json;
mod literal;
mod make;
mod pattern;
mod po;
mod python;
mod requirements;
mod scan;
mod syntax;
mod table;
mod toml;
mod valid;
mod yaml;

pub(super) use requirements::name as requirement_name;
pub(super) use table::FormCheck;
pub(super) use table::{Lexer, Trait};
use table::{Profile, TABLE};

use super::entry::Block;

/// The command that makes a lock file anew; `None` for other files.
///
/// What a tool computed must not be put together from two computations: it would be well formed and wrong.
pub(super) fn relock(path: &str) -> Option<&'static str> {
    match path.rsplit('/').next()? {
        "package-lock.json" | "npm-shrinkwrap.json" => Some("npm install --package-lock-only"),
        "yarn.lock" => Some("yarn install"),
        "pnpm-lock.yaml" => Some("pnpm install --lockfile-only"),
        "uv.lock" => Some("uv lock"),
        "poetry.lock" => Some("poetry lock"),
        "Pipfile.lock" => Some("pipenv lock"),
        _ => None,
    }
}

/// What a file is, by its name: a row of the table.
#[derive(Clone, Copy)]
pub(super) struct Kind(&'static Profile);

impl Kind {
    pub(super) fn of(path: &str) -> Option<Self> {
        if relock(path).is_some() {
            return None;
        }
        let path = path.to_lowercase();
        let name = path.rsplit('/').next().unwrap_or(&path);
        let fits = |pattern: &&str| {
            let whole = pattern.contains('/') || pattern.contains("**");
            pattern::matches(pattern, if whole { &path } else { name })
        };
        let row = |profile: &&Profile| profile.paths.iter().any(&fits);
        TABLE.iter().find(row).map(Self)
    }

    /// The kind, unless one of the texts is to be taken as text.
    pub(super) fn of_all(self, texts: [Option<&str>; 3]) -> Option<Self> {
        let read = |text: Option<&str>| text.is_some_and(|text| self.valid(text).is_ok());
        (!self.has(Trait::ElseText) || texts.into_iter().all(read)).then_some(self)
    }

    /// The name of the format, for messages.
    pub(super) fn name(self) -> &'static str {
        self.0.name
    }

    pub(super) fn has(self, wanted: Trait) -> bool {
        self.0.traits.contains(&wanted)
    }

    pub(super) fn lexer(self) -> Lexer {
        self.0.lexer
    }

    /// The entries of a text; `None` when it holds something that the kind's rules do not cover.
    pub(super) fn parse(self, text: &str) -> Option<Block<'_>> {
        (self.0.parse)(text, self.0.lists)?.lossless(text)
    }

    /// Whether the text is well formed, by a parser that is not ours where there is one.
    pub(super) fn valid(self, text: &str) -> Result<(), String> {
        self.check([])(text)
    }

    /// As [`valid`](Self::valid), for the strictest reader of such files.
    pub(super) fn strictly(self, text: &str) -> Result<(), String> {
        (self.0.checks[0])(text)
    }

    /// The check of the strictest reader that takes all of these texts; of the one that takes most where none does.
    pub(super) fn check<const N: usize>(self, texts: [&str; N]) -> FormCheck {
        let checks = self.0.checks;
        let last = checks.len() - 1;
        let takes_all = |check: &&FormCheck| texts.iter().all(|text| check(text).is_ok());
        let found = checks[..last]
            .iter()
            .find(|check| N > 0 && takes_all(check));
        *found.unwrap_or(&checks[last])
    }
}

impl PartialEq for Kind {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.0, other.0)
    }
}

impl Eq for Kind {}

impl std::fmt::Debug for Kind {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.name())
    }
}

#[cfg(test)]
mod tests;
