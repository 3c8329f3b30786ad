//! Lists in Python: the settings of Django and its applications, and of Sphinx.

use super::{Entry, Key, List, Path};
use crate::entry::Body;

pub(crate) fn list(path: &Path) -> Option<List> {
    let name = path.name.trim_end_matches("+=");
    let name = name.rsplit('.').next().unwrap_or(name);
    let has_end = |ends: &[&str]| ends.iter().any(|end| name.ends_with(end));
    let list = match name {
        // What comes first is asked first, or wraps what comes next; the first one may be the default.
        _ if ["MIDDLEWARE", "urlpatterns", "PATTERNS", "BACKENDS"]
            .iter()
            .any(|word| name.contains(word)) =>
        {
            List::SEQUENCE
        }
        "STATICFILES_DIRS"
        | "STATICFILES_FINDERS"
        | "TEMPLATE_DIRS"
        | "TEMPLATE_LOADERS"
        | "LOCALE_PATHS"
        | "FIXTURE_DIRS"
        | "PASSWORD_HASHERS"
        | "DATABASE_ROUTERS"
        | "FILE_UPLOAD_HANDLERS"
        | "DIRS"
        | "loaders"
        | "builtins"
        | "DATE_INPUT_FORMATS"
        | "TIME_INPUT_FORMATS"
        | "DATETIME_INPUT_FORMATS"
        | "html_css_files"
        | "html_js_files" => List::SEQUENCE,
        _ if has_end(&["_CLASSES", "_PARSERS", "_RENDERERS"]) => List::SEQUENCE,
        // The value is the name, what stands beside it is shown to people.
        "LANGUAGES" | "choices" | "ADMINS" | "MANAGERS" => List::by(Key::First),
        _ if has_end(&["CHOICES"]) => List::sequence_by(Key::First),
        "TEMPLATES" => List::SEQUENCE,
        "AUTH_PASSWORD_VALIDATORS"
        | "context_processors"
        | "handlers"
        | "filters"
        | "SILENCED_SYSTEM_CHECKS"
        | "DISALLOWED_USER_AGENTS"
        | "IGNORABLE_404_URLS"
        | "__all__"
        | "CELERY_IMPORTS"
        | "CELERY_INCLUDE"
        | "imports"
        | "include"
        | "accept_content"
        | "CELERY_ACCEPT_CONTENT"
        | "packages"
        | "py_modules"
        | "classifiers"
        | "keywords"
        | "extensions"
        | "exclude_patterns"
        | "autodoc_mock_imports"
        | "suppress_warnings"
        | "nitpick_ignore"
        | "templates_path"
        | "html_static_path"
        | "linkcheck_ignore"
        | "SHELL_PLUS_IMPORTS"
        | "DEBUG_TOOLBAR_PANELS" => List::SET,
        "install_requires" | "tests_require" | "setup_requires" => List::REQUIREMENTS,
        _ if has_end(&[
            "APPS",
            "HOSTS",
            "ORIGINS",
            "WHITELIST",
            "ALLOWLIST",
            "BLACKLIST",
            "DENYLIST",
            "_IPS",
            "_ORIGIN_REGEXES",
            "ALLOW_HEADERS",
            "ALLOW_METHODS",
            "EXPOSE_HEADERS",
            "EXEMPT_URLS",
            "_DOMAINS",
            "_TAGS",
            "_ATTRIBUTES",
            "_PROTOCOLS",
            "_EXTENSIONS",
        ]) =>
        {
            List::SET
        }
        _ if has_end(&["_ARGS", "_ARGV", "_COMMAND", "_CMD"]) => List::VALUE,
        "args" | "argv" | "cmd" | "command" => List::VALUE,
        _ => return None,
    };
    Some(list)
}

/// What a statement names, if one that names the same would take its place: a setting, a function, an import.
pub(super) fn named(entry: &Entry) -> Option<String> {
    let key = entry.key.as_ref();
    if key.starts_with("import ") || key.starts_with("from ") {
        let text = entry.body_text();
        return Some(text.split_whitespace().collect::<Vec<_>>().join(" "));
    }
    let named = ["def ", "class ", "async def "]
        .iter()
        .any(|word| key.starts_with(word));
    let code = match &entry.body {
        Body::Leaf(text) => text,
        Body::Block(block) => block.open,
    };
    let assigned = || {
        let name = |sign: char| sign.is_alphanumeric() || sign == '_' || sign == '.';
        let rest = code.strip_prefix(key)?.trim_start();
        let sets = rest.starts_with(':') || rest.starts_with('=') && !rest.starts_with("==");
        (key.chars().all(name) && sets).then_some(())
    };
    (named || assigned().is_some()).then(|| key.to_string())
}
