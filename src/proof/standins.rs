//! Makes values for variables that have none in production yet, so that its settings can be loaded: new keys, and names of
//! the site.

use std::fmt::Write as _;

use crate::error::Result;
use crate::fs;

/// A variable with such a part in its name is about a server. No value can stand in for a server that is not there.
const SERVERS: [&str; 12] = [
    "DATABASE", "POSTGRES", "PGHOST", "PGUSER", "PGPASS", "MYSQL", "DB_", "REDIS", "BROKER",
    "CELERY", "MONGO", "RABBIT",
];
/// Words in capital letters that are no variables.
const NO_NAMES: [&str; 12] = [
    "DJANGO_SETTINGS_MODULE",
    "INSTALLED_APPS",
    "DATABASES",
    "ERROR",
    "NAME",
    "ENGINE",
    "HTTP",
    "JSON",
    "UTF",
    "POSIX",
    "NOTE",
    "MIDDLEWARE",
];

/// The first variable that an error of the settings names and that has neither a value nor a stand-in yet.
pub(super) fn missing(output: &str, known: &[(String, String)]) -> Option<String> {
    let last = output
        .rfind("Traceback (most recent call last)")
        .map_or(output, |at| &output[at..]);
    // The lines of the error itself are not indented, while lines of code are.
    let said = last.lines().skip(1).filter(|line| !line.starts_with(' '));
    let words = said.flat_map(|line| line.split(|c: char| !c.is_ascii_alphanumeric() && c != '_'));
    let mut names = words.filter(|word| is_name(word) && !NO_NAMES.contains(word));
    names
        .find(|name| !known.iter().any(|(known, _)| known == name))
        .map(str::to_owned)
}

fn is_name(word: &str) -> bool {
    let is_capital = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    word.len() > 3
        && word.chars().all(is_capital)
        && word.starts_with(|c: char| c.is_ascii_uppercase())
}

/// The value that stands in for a variable. It is `None` where no value can.
pub(super) fn value(name: &str, domain: &str) -> Result<Option<String>> {
    let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
    if has(&SERVERS) {
        return Ok(None);
    }
    Ok(Some(if has(&["DSN"]) {
        "https://0@localhost/1".into()
    } else if has(&["HOSTS", "DOMAIN", "HOSTNAME"]) {
        domain.to_owned()
    } else if has(&["EMAIL_URL"]) {
        "consolemail://".into()
    } else if has(&["CACHE_URL"]) {
        "locmemcache://".into()
    } else if has(&["EMAIL", "MAIL_FROM"]) && !has(&["HOST", "KEY", "PASSWORD", "PORT"]) {
        format!("proof@{domain}")
    } else if has(&["ADMIN_URL", "ADMIN_PATH"]) {
        "admin-of-the-proof/".into()
    } else if has(&["PORT", "AGE", "SECONDS", "TIMEOUT", "SITE_ID"]) {
        "1".into()
    } else if has(&["DEBUG", "USE_"]) {
        "False".into()
    } else if has(&["URL"]) {
        format!("https://{domain}/")
    } else {
        made_up()?
    }))
}

/// A new random key.
pub(super) fn made_up() -> Result<String> {
    let mut key = String::new();
    for byte in fs::random(32)? {
        // Writing into a string cannot fail.
        let _ = write!(key, "{byte:02x}");
    }
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(output: &str, name: Option<&str>) {
        assert_eq!(
            missing(output, &[("SECRET_KEY".into(), String::new())]).as_deref(),
            name
        );
    }

    #[test]
    fn the_variable_is_found_in_the_words_of_several_libraries() {
        let head = "Traceback (most recent call last):\n  File \"x\", line 1\n    os.environ[\"NOT_THIS\"]\n";
        check(&format!("{head}KeyError: 'SHOP_KEY'"), Some("SHOP_KEY"));
        check(
            &format!(
                "{head}django.core.exceptions.ImproperlyConfigured: Set the DJANGO_ADMIN_URL environment variable"
            ),
            Some("DJANGO_ADMIN_URL"),
        );
        check(
            &format!(
                "{head}decouple.UndefinedValueError: MAIL_KEY not found. Declare it as envvar"
            ),
            Some("MAIL_KEY"),
        );
        check(&format!("{head}KeyError: 'SECRET_KEY'"), None);
        check("no error at all", None);
    }

    #[test]
    fn nothing_stands_in_for_a_server() {
        assert_eq!(value("DATABASE_URL", "x").unwrap(), None);
        assert_eq!(
            value("ALLOWED_HOSTS", "shop.localhost").unwrap().as_deref(),
            Some("shop.localhost")
        );
        assert_eq!(value("API_TOKEN", "x").unwrap().unwrap().len(), 64);
    }
}
