//! Whether an answer names something that is there.

use django_facts::{Findings, Key, Survey, first_without, oldest_python};

use super::files;

/// Checks an answer by its key; `findings` are those that follow from it.
///
/// # Errors
/// What is not there, where it was looked for, and what there is.
pub(super) fn answer(
    key: Key,
    answer: &str,
    findings: &Findings,
    survey: &Survey,
) -> Result<(), String> {
    match key {
        Key::ManagePy if answer.is_empty() => Ok(()),
        _ if answer.is_empty() => Err("it cannot be empty".into()),
        Key::ManagePy if !survey.has(answer) => Err(no_file(
            answer,
            &with_name(survey, &["manage.py"]),
            "leave it empty if there is none",
        )),
        Key::WsgiModule => module_below(answer, findings, survey).map_or_else(
            || Err(nowhere(answer, findings, survey, &["wsgi.py"])),
            |_| Ok(()),
        ),
        Key::SettingsModule => settings_module(answer, findings, survey),
        // A server's file may name what its machine alone has.
        Key::SettingsOfProduction if findings.settings.production.text() == Some(answer) => Ok(()),
        Key::SettingsOfProduction => match module_below(answer, findings, survey) {
            Some(_) => Ok(()),
            None => Err(nowhere(
                answer,
                findings,
                survey,
                &["production.py", "settings.py"],
            )),
        },
        Key::PythonPath => python_path(answer, findings, survey),
        Key::PythonVersion => python(answer, findings),
        Key::RequirementsMain
            if !survey.has(answer)
                && files::translated(findings, survey).as_deref() != Some(answer) =>
        {
            let known = lists(findings);
            let known: Vec<&str> = known.iter().map(String::as_str).collect();
            Err(no_file(answer, &known, "write one first if there is none"))
        }
        Key::RequirementsMain if is_empty(answer, survey) => {
            Err("nothing stands in it: name the file that asks for Django".into())
        }
        _ => Ok(()),
    }
}

/// What there is to choose from, where a person may type something else.
pub(super) fn choices(key: Key, findings: &Findings, survey: &Survey) -> Vec<String> {
    let owned = |found: Vec<&str>| found.into_iter().map(str::to_owned).collect();
    match key {
        Key::ManagePy => owned(with_name(survey, &["manage.py"])),
        Key::SettingsModule | Key::SettingsOfProduction => {
            let files = findings.settings_files.list().iter();
            files.take(8).cloned().collect()
        }
        Key::PythonVersion => vec![
            "any Python from 2.7 to 3.14".to_owned(),
            for_django(findings),
        ]
        .into_iter()
        .filter(|text| !text.is_empty())
        .collect(),
        Key::RequirementsMain => lists(findings),
        _ => Vec::new(),
    }
}

/// The files that packages may be installed from, and the tools whose files others are.
fn lists(findings: &Findings) -> Vec<String> {
    let managers = &findings.details.managers;
    let others = findings.requirements.others.list().iter();
    let all = findings.requirements.main.value.iter().chain(others);
    let mut found: Vec<String> = all
        .filter(|path| !path.ends_with(".lock") && !path.ends_with("lock.yml"))
        .filter(|path| !managers.iter().any(|(_, known)| known == *path))
        .cloned()
        .collect();
    found.extend(
        managers
            .iter()
            .map(|(form, path)| format!("{} ({path})", form.name())),
    );
    found
}

fn is_empty(path: &str, survey: &Survey) -> bool {
    let text = survey.read(path).filter(|_| survey.has(path));
    text.is_some_and(|bytes| {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let mut lines = text.lines().map(str::trim);
        lines.all(|line| line.is_empty() || line.starts_with('#'))
    })
}

/// Whether there is an image of a Python.
fn python(answer: &str, findings: &Findings) -> Result<(), String> {
    let mut parts = answer.split('.').map(str::parse::<u32>);
    let release = (parts.next(), parts.next());
    let is_known = match release {
        (Some(Ok(2)), Some(Ok(minor))) => minor == 7,
        (Some(Ok(3)), Some(Ok(minor))) => (2..=14).contains(&minor),
        _ => false,
    };
    if is_known {
        return Ok(());
    }
    let fits = for_django(findings);
    let fits = if fits.is_empty() {
        fits
    } else {
        format!("; {fits}")
    };
    Err(format!(
        "must be a version with its second part, such as `3.8`, for which there is an image: 2.7, or 3.2 to 3.14{fits}"
    ))
}

/// The Pythons that the Django which was found runs on.
fn for_django(findings: &Findings) -> String {
    let Some(django) = findings.details.django else {
        return String::new();
    };
    let (oldest, end) = (oldest_python(django), first_without(django));
    let shown = |(major, minor): (u32, u32)| format!("{major}.{minor}");
    let oldest = if oldest < (2, 7) { (2, 7) } else { oldest };
    let name = format!("Django {}", shown(django));
    match end {
        Some((3, 0)) => format!("{name} runs on 2.7 alone"),
        Some((major, minor)) => format!(
            "{name} runs on {} to {}",
            shown(oldest),
            shown((major, minor - 1))
        ),
        None => format!("{name} runs on {} or later", shown(oldest)),
    }
}

fn no_file(answer: &str, known: &[&str], otherwise: &str) -> String {
    let known = match known {
        [] => String::new(),
        known => format!("; there is {}", known.join(", ")),
    };
    format!("the project has no file `{answer}`{known}; {otherwise}")
}

fn settings_module(answer: &str, findings: &Findings, survey: &Survey) -> Result<(), String> {
    // What manage.py names may be made on each machine.
    let is_declared = findings.details.declared.as_deref() == Some(answer);
    if findings.details.settings_file.is_some() || is_declared {
        return Ok(());
    }
    Err(nowhere(
        answer,
        findings,
        survey,
        &["settings.py", "settings/__init__.py"],
    ))
}

/// The file of a module below the folder of the code.
pub(super) fn module_below(module: &str, findings: &Findings, survey: &Survey) -> Option<String> {
    let folder = findings.python_path.text().unwrap_or(".");
    let path = module.replace('.', "/");
    let path = match folder {
        "." | "" => path,
        folder => format!("{folder}/{path}"),
    };
    [format!("{path}.py"), format!("{path}/__init__.py")]
        .into_iter()
        .find(|path| survey.has(path))
}

/// That a module is not there, and where files like it are.
fn nowhere(module: &str, findings: &Findings, survey: &Survey, names: &[&str]) -> String {
    let path = module.replace('.', "/");
    let folder = findings.python_path.text().unwrap_or(".");
    let known = match &with_name(survey, names)[..] {
        [] => String::new(),
        known => format!("; there is {}", known.join(", ")),
    };
    format!("neither `{path}.py` nor `{path}/__init__.py` is below `{folder}`{known}")
}

fn python_path(answer: &str, findings: &Findings, survey: &Survey) -> Result<(), String> {
    let folder = answer.trim_end_matches('/');
    let folder = if folder == "." { "" } else { folder };
    if !survey.has_folder(folder) {
        return Err(format!("the project has no folder `{answer}`"));
    }
    let Some(module) = findings.settings_module.text() else {
        return Ok(());
    };
    if findings.details.settings_file.is_some() {
        return Ok(());
    }
    let tail = format!("/{}", module.replace('.', "/"));
    let elsewhere = survey.files().iter().find(|path| {
        let path = format!("/{path}");
        path.ends_with(&format!("{tail}.py")) || path.ends_with(&format!("{tail}/__init__.py"))
    });
    match elsewhere {
        Some(path) => Err(format!(
            "the settings module `{module}` is not below it, but in {path}"
        )),
        None => Ok(()),
    }
}

/// The first files whose paths end so.
fn with_name<'a>(survey: &'a Survey, names: &[&str]) -> Vec<&'a str> {
    let is_named = |path: &&String| {
        names
            .iter()
            .any(|name| *path == name || path.ends_with(&format!("/{name}")))
    };
    let found = survey.files().iter().filter(is_named);
    found.take(4).map(String::as_str).collect()
}
