//! Whether an answer names something that is there.

use django_facts::{Findings, Key, Survey};

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
        Key::RequirementsMain
            if !survey.has(answer)
                && files::translated(findings, survey).as_deref() != Some(answer) =>
        {
            let others = findings.requirements.others.list().iter();
            let known: Vec<&str> = others
                .map(String::as_str)
                .chain(findings.requirements.main.text())
                .collect();
            Err(no_file(answer, &known, "write one first if there is none"))
        }
        _ => Ok(()),
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

fn module_below(module: &str, findings: &Findings, survey: &Survey) -> Option<String> {
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
