//! `setup.py`, `setup.cfg` and conda's `environment.yml` → lines of a requirements file.

use super::super::formats::conda::{self, CondaItem};
use super::super::formats::ini::Ini;
use super::super::formats::setup_cfg;
use super::super::formats::setup_py::SetupPy;
use super::super::sources::Sources;
use super::Sheet;
use super::version::specifier;
use crate::normalised;

pub(super) fn setup_cfg(sheet: &mut Sheet, text: &str) {
    for line in setup_cfg::install_requires(&Ini::parse(text)) {
        match line.value.strip_prefix("file:") {
            Some(file) => sheet.add(format!("-r {}", file.trim())),
            None => sheet.add(line.value),
        }
    }
}

/// The project itself, where its requirements are more than a list of texts: pip then asks setup.py.
pub(super) fn setup_py(sheet: &mut Sheet, sources: &Sources) {
    let statements = sources.python(sheet.path);
    match SetupPy::new(&statements).plain_install_requires() {
        Some(texts) => {
            for text in texts {
                sheet.add(text);
            }
        }
        None => {
            if let Some(folder) = sheet.inside(".") {
                sheet.add(format!("-e {folder}"));
            }
        }
    }
}

/// Packages whose name is the same for conda and pip, beside those that start with `django`.
const SAME: [&str; 22] = [
    "beautifulsoup4",
    "boto3",
    "celery",
    "cryptography",
    "gunicorn",
    "jinja2",
    "lxml",
    "markdown",
    "numpy",
    "pandas",
    "pillow",
    "psycopg2",
    "pyjwt",
    "python-dateutil",
    "pytz",
    "pyyaml",
    "requests",
    "scikit-learn",
    "scipy",
    "six",
    "sqlparse",
    "whitenoise",
];

pub(super) fn conda(sheet: &mut Sheet, text: &str) {
    for item in conda::items(text) {
        if item.value.is_pip {
            sheet.add(item.value.text);
        } else {
            of_conda(sheet, item.line, item.value);
        }
    }
}

fn of_conda(sheet: &mut Sheet, line: usize, item: CondaItem) {
    let (name, rest) = item.parts();
    let name = normalised(name);
    let value = item.text.rsplit("::").next().unwrap_or(item.text);
    match name.as_str() {
        "pip" | "setuptools" | "wheel" => return,
        "python" => {
            sheet.lines.insert(
                0,
                format!("# {}: for Python {rest}", super::at(sheet.path, line)),
            );
            return;
        }
        _ => {}
    }
    if !name.starts_with("django") && !SAME.contains(&name.as_str()) {
        sheet.leave(line, format_args!("{value}: conda's, not covered; add it here if pip has it, or its library to the Dockerfile"));
        return;
    }
    match specifier(&of_conda_version(rest)) {
        Ok(specifier) => sheet.add(format!("{name}{specifier}")),
        Err(why) => sheet.leave(line, format_args!("{name}: {why}")),
    }
}

/// `=2.2` is any 2.2, `==2.2` that one, and what follows a second `=` is a build.
fn of_conda_version(text: &str) -> String {
    let Some(first) = text.strip_prefix('=') else {
        return text.to_owned();
    };
    let (version, is_exact) = match first.strip_prefix('=') {
        Some(version) => (version, true),
        None => (first, first.contains('=')),
    };
    let version = version.split('=').next().unwrap_or(version);
    if is_exact {
        format!("=={version}")
    } else {
        format!("=={}.*", version.trim_end_matches(".*"))
    }
}
