//! `setup.py`, `setup.cfg` and conda's `environment.yml` → lines of a requirements file.

use super::super::setup::required_by_setup_py;
use super::super::sources::Sources;
use super::Sheet;
use super::version::specifier;
use crate::normalised;

pub(super) fn setup_cfg(sheet: &mut Sheet, text: &str) {
    let mut open = false;
    let mut in_options = false;
    for line in text.lines() {
        if line.starts_with('[') {
            in_options = line.trim() == "[options]";
            open = false;
        } else if in_options && line.starts_with("install_requires") {
            open = true;
            let first = line.split_once('=').map_or("", |(_, rest)| rest.trim());
            if let Some(file) = first.strip_prefix("file:") {
                sheet.add(format!("-r {}", file.trim()));
            } else if !first.is_empty() {
                sheet.add(first);
            }
        } else if open && line.starts_with([' ', '\t']) {
            let item = line.trim();
            if !item.is_empty() && !item.starts_with(['#', ';']) {
                sheet.add(item);
            }
        } else if !line.trim().is_empty() {
            open = false;
        }
    }
}

/// The project itself, where its requirements are more than a list of texts: pip then asks setup.py.
pub(super) fn setup_py(sheet: &mut Sheet, sources: &Sources) {
    match required_by_setup_py(sources, sheet.path) {
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
    let mut in_dependencies = false;
    let mut pip_depth = None;
    for (index, line) in text.lines().enumerate() {
        let number = index + 1;
        let bare = line.split(" #").next().unwrap_or(line);
        let item = bare.trim();
        let depth = bare.len() - bare.trim_start().len();
        if item.is_empty() || item.starts_with('#') {
            continue;
        }
        if depth == 0 && !item.starts_with('-') {
            in_dependencies = item == "dependencies:";
            pip_depth = None;
            continue;
        }
        let Some(value) = item.strip_prefix("- ").filter(|_| in_dependencies) else {
            continue;
        };
        let value = value.trim().trim_matches(['"', '\'']);
        if value == "pip:" {
            pip_depth = Some(depth);
        } else if pip_depth.is_some_and(|pip| depth > pip) {
            sheet.add(value);
        } else {
            pip_depth = None;
            of_conda(sheet, number, value);
        }
    }
}

fn of_conda(sheet: &mut Sheet, line: usize, value: &str) {
    let value = value.rsplit("::").next().unwrap_or(value);
    let end = value
        .find(|letter: char| !letter.is_alphanumeric() && !"-_.".contains(letter))
        .unwrap_or(value.len());
    let name = normalised(&value[..end]);
    let rest = value[end..].trim();
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
