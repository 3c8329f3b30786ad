//! The table of kinds: all that the merge knows about a file of a format, one row each. A kind is added here and nowhere else.
//!
//! What its lists are stands in the table of lists that the row names ([`profile`](crate::profile)).

use crate::entry::Block;
use crate::profile::{self, Lists};

use super::{docker, dotenv, ignore, ini, json, make, po, python, requirements, toml, valid, yaml};

/// What is known of the files of one format.
pub(super) struct Profile {
    /// The name of the format, for messages.
    pub(super) name: &'static str,
    /// Which files are of it: `*` is any text without a slash, `**` any text; a pattern with neither a slash nor `**` is of
    /// the file's name. All in small letters. The first row that matches counts.
    pub(super) paths: &'static [&'static str],
    pub(super) parse: Parse,
    /// What a list is that stands under some names.
    pub(super) lists: Lists,
    /// Whether a text is well formed, the strictest reader first: a merge must be as strict as all three are.
    pub(super) checks: &'static [FormCheck],
    pub(super) lexer: Lexer,
    pub(super) traits: &'static [Trait],
}

/// The entries of a text; `None` when it holds something that the parser does not cover.
pub(super) type Parse = for<'t> fn(&'t str, Lists) -> Option<Block<'t>>;

/// Whether a text is well formed, and why not.
pub(crate) type FormCheck = fn(&str) -> Result<(), String>;

/// Which tokens a text has, for what is only laid out anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lexer {
    Python,
    Toml,
    Json,
    Yaml,
    Css,
    /// Words.
    Plain,
}

/// What rules have to know of a format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trait {
    /// A line belongs to the header above it.
    Sections,
    /// Its lines are read one after the other, and what stands below may go by what stands above.
    ReadInOrder,
    /// A line may take back what the lines above it say.
    TakesBack,
    /// A name may be given at one place and meant anywhere else.
    Anchors,
    /// It is nothing but values: words of two sides, put together, are a third one that nobody wrote.
    Values,
    /// Text for people: its entries are not known, but its lists are.
    Prose,
    /// Where one of the three is not well formed all are text: many such files are templates of others.
    ElseText,
    /// The last one of some entries with names may have no comma behind it.
    NoLastComma,
    /// What its entries make of a conflict is suggested, never applied.
    Suggests,
    /// What has entries is well formed.
    ParsesIfValid,
}

/// A row to which the others add what they have.
const PLAIN: Profile = Profile {
    name: "",
    paths: &[],
    parse: |_, _| None,
    lists: |_| None,
    checks: &[|_| Ok(())],
    lexer: Lexer::Plain,
    traits: &[],
};

pub(super) static TABLE: [Profile; 13] = [
    Profile {
        name: "requirements",
        paths: &[
            "**requirements**.txt",
            "**requirements**.in",
            "**requirements**.pip",
            "**constraints**.txt",
            "**constraints**.in",
            "**constraints**.pip",
        ],
        parse: |text, _| Some(requirements::parse(text)),
        ..PLAIN
    },
    Profile {
        name: "YAML",
        paths: &["*.yml", "*.yaml"],
        parse: yaml::parse,
        lists: profile::yaml::list,
        checks: &[valid::yaml],
        lexer: Lexer::Yaml,
        traits: &[Trait::Anchors, Trait::Values],
    },
    Profile {
        name: "TOML",
        paths: &["*.toml"],
        parse: toml::parse,
        lists: profile::toml::list,
        checks: &[valid::toml],
        lexer: Lexer::Toml,
        traits: &[Trait::Sections, Trait::Values],
    },
    Profile {
        name: "JSON",
        paths: &[
            "*.json",
            "*.jsonc",
            "*.code-workspace",
            ".babelrc",
            ".jshintrc",
            ".swcrc",
        ],
        parse: json::parse,
        lists: profile::json::list,
        checks: &[valid::json, valid::commented_json, valid::loose_json],
        lexer: Lexer::Json,
        traits: &[Trait::Values, Trait::NoLastComma],
    },
    Profile {
        name: "Python",
        paths: &["*.py"],
        parse: python::parse,
        lists: profile::python::list,
        checks: &[valid::python],
        lexer: Lexer::Python,
        traits: &[Trait::ReadInOrder, Trait::ParsesIfValid, Trait::NoLastComma],
    },
    Profile {
        name: "INI",
        paths: &[
            "*.cfg",
            "*.ini",
            "*.flake8",
            "*.coveragerc",
            "*.editorconfig",
        ],
        parse: ini::parse,
        lists: profile::ini::list,
        traits: &[Trait::Sections],
        ..PLAIN
    },
    // What style sheets say is known word by word only.
    Profile {
        name: "CSS",
        paths: &["*.css", "*.scss", "*.less"],
        lexer: Lexer::Css,
        ..PLAIN
    },
    Profile {
        name: "prose",
        paths: &["*.md", "*.markdown", "*.rst"],
        traits: &[Trait::Prose],
        ..PLAIN
    },
    Profile {
        name: "dotenv",
        paths: &["*.env", ".env*"],
        parse: |text, _| dotenv::parse(text),
        traits: &[Trait::ReadInOrder],
        ..PLAIN
    },
    Profile {
        name: "ignore",
        paths: &[".*ignore", "*.dockerignore"],
        parse: |text, _| Some(ignore::parse(text)),
        traits: &[Trait::TakesBack],
        ..PLAIN
    },
    Profile {
        name: "Dockerfile",
        paths: &[
            "dockerfile",
            "dockerfile.*",
            "*.dockerfile",
            "containerfile",
            "containerfile.*",
        ],
        parse: |text, _| docker::parse(text),
        checks: &[docker::valid],
        traits: &[Trait::ReadInOrder, Trait::ElseText],
        ..PLAIN
    },
    Profile {
        name: "Makefile",
        paths: &["makefile", "gnumakefile", "*.mk"],
        parse: |text, _| make::parse(text),
        checks: &[make::valid],
        traits: &[Trait::ReadInOrder, Trait::ElseText, Trait::Suggests],
        ..PLAIN
    },
    Profile {
        name: "translations",
        paths: &["*.po", "*.pot"],
        parse: |text, _| po::parse(text),
        checks: &[po::valid],
        traits: &[Trait::ElseText],
        ..PLAIN
    },
];
