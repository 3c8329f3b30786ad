//! The files beside the template's: copies of the user's own, and what a new ignore rule must not hide.

use std::path::Path;

use super::image_files;
use super::lists::{self, BESIDE_LIST};
use super::questions::MODE;
use super::rules::{self, Rule};
use super::steps::{Step, Steps};
use crate::error::Result;
use crate::fs::{self, Entry};
use crate::git::Git;
use crate::plan::Edit;
use crate::template::{Answer, Answers, Rendered};
use crate::tree::{File, Tree, TreePath};
use crate::workplace::Workplace;
use django_facts::{
    Confidence, Findings, Sources, Survey, Translation, for_developers, variables, without_secrets,
};

/// The release's files, fitted to this project. The state file describes the release's own, so that the next upgrade
/// takes the difference for the user's edit.
pub(super) fn extended(
    rendered: &Rendered,
    survey: &Survey,
    place: &Workplace,
    steps: &Steps,
    translation: Option<&Translation>,
    developers: Option<(String, String)>,
) -> Result<Rendered> {
    let git = place.git();
    let mut wanted = Rendered {
        tree: rendered.tree.clone(),
        origin: rendered.origin.clone(),
        once: rendered.once.clone(),
        secret: rendered.secret.clone(),
    };
    with_requirements(&mut wanted.tree, survey, steps, translation);
    if let Some((name, text)) = developers {
        wanted
            .tree
            .insert(path(&name), File::new(text.into_bytes()));
    }
    for name in lists::LISTS {
        let Some(mut file) = wanted.tree.get(name).cloned() else {
            continue;
        };
        let mut exceptions = Vec::new();
        if name == ".gitignore" {
            file = without_hiding(&file, survey, git)?;
            exceptions = git.map_or_else(Vec::new, |git| rules::hidden(&wanted.tree, git));
        }
        if let Some(git) = git.filter(|_| name == ".gitattributes") {
            let clear = lists::in_the_clear(&rendered.tree, git)?;
            let mut text = file.raw().to_vec();
            for line in lists::left_in_the_clear(&clear, git) {
                text.extend(line.as_bytes());
                text.push(b'\n');
            }
            file = File::new(text);
        }
        let own = survey.read(name);
        if name == ".dockerignore" {
            let own = own.unwrap_or_default();
            file = image_files::fitted(&file, &own, &wanted.tree, survey, place)?;
            wanted.tree.insert(path(name), file);
            continue;
        }
        if own.is_some() || !exceptions.is_empty() {
            file = rules::added(&own.unwrap_or_default(), &exceptions, &file);
        }
        wanted.tree.insert(path(name), file);
    }
    if let Some(file) = wanted.tree.get(BESIDE_LIST).cloned() {
        let file = image_files::fitted(&file, &[], &wanted.tree, survey, place)?;
        wanted.tree.insert(path(BESIDE_LIST), file);
    }
    Ok(wanted)
}

/// The requirements that people edit, where there are none yet.
fn with_requirements(
    tree: &mut Tree,
    survey: &Survey,
    steps: &Steps,
    translation: Option<&Translation>,
) {
    if let Some(translation) = translation.filter(|_| !survey.has(&steps.requirements)) {
        for (name, text) in of_translation(translation, steps) {
            if !survey.has(&name)
                && let Ok(path) = TreePath::new(name)
            {
                tree.insert(path, File::new(text.into_bytes()));
            }
        }
        return;
    }
    let input = steps
        .requirements
        .strip_suffix(".txt")
        .map(|stem| format!("{stem}.in"));
    if let Some(input) = input.filter(|input| steps.has(Step::Requirements) && !survey.has(input))
        && let Some(bytes) = survey.read(&steps.requirements)
        && !bytes.windows(7).any(|part| part == b"--hash=")
        && let Ok(input) = TreePath::new(input)
    {
        tree.insert(input, File::new(without_secrets(&bytes)));
    }
}

/// A variable that stands for a password or token which is not copied.
#[derive(Debug, serde::Serialize)]
pub(super) struct Veiled {
    /// The file that is written, and names it.
    pub(super) file: String,
    pub(super) variable: String,
    /// Where the secret itself is, as `path:line`.
    pub(super) place: String,
}

/// What stands for secrets in the requirements among `wanted`, which are made of files of the project.
pub(super) fn veiled(wanted: &Tree, sources: &Sources, steps: &Steps) -> Vec<Veiled> {
    let own = |path: &&TreePath| {
        let name = path.as_str();
        name.contains("requirements") && [".in", ".txt"].iter().any(|end| name.ends_with(end))
    };
    let written: Vec<(&TreePath, String)> = wanted
        .keys()
        .filter(own)
        .filter(|path| !sources.survey().has(path.as_str()))
        .filter_map(|path| Some((path, wanted.get(path)?.bytes()?)))
        .map(|(path, bytes)| (path, String::from_utf8_lossy(&bytes).into_owned()))
        .collect();
    let mut from = vec![steps.requirements.as_str(), steps.asks.as_str()];
    from.extend(["pyproject.toml", "Pipfile"]);
    let is_first = |(index, path): &(usize, &&str)| !from[..*index].contains(*path);
    let named = from.iter().enumerate().filter(is_first);
    let mut found = Vec::new();
    for (place, variable) in named.flat_map(|(_, path)| variables(sources, path)) {
        let reference = format!("${{{variable}}}");
        for (file, _) in written.iter().filter(|(_, text)| text.contains(&reference)) {
            found.push(Veiled {
                file: file.to_string(),
                variable: variable.clone(),
                place: place.clone(),
            });
        }
    }
    found
}

/// The requirements that a translation becomes, where none are there that pip reads.
pub(super) fn translated(findings: &Findings, survey: &Survey) -> Option<String> {
    // Where nothing lists the packages, the code is what is translated.
    let main = findings.requirements.main.text().unwrap_or_default();
    let folder = main.rsplit_once('/').map_or("", |(folder, _)| folder);
    let at = |name: &str| {
        if folder.is_empty() {
            name.to_owned()
        } else {
            format!("{folder}/{name}")
        }
    };
    let is_free = ["requirements.txt", "requirements.in"]
        .into_iter()
        .all(|name| !survey.has(name) && !survey.has(&at(name)));
    if is_free {
        return Some(at("requirements.txt"));
    }
    // A list that is there stays as it is, where another tool is known to be the one that installs.
    let is_certain = findings.requirements.main.confidence == Confidence::High;
    let form = findings.requirements.form.value;
    let is_others = form.is_some_and(|form| form.tool() != "pip");
    let is_free = ["requirements-site.txt", "requirements-site.in"]
        .into_iter()
        .all(|name| !survey.has(&at(name)));
    (is_certain && is_others && is_free).then(|| at("requirements-site.txt"))
}

/// The file with the versions of a lock, beside the requirements.
pub(super) fn locked_beside(requirements: &str) -> String {
    let stem = requirements.strip_suffix(".txt").unwrap_or(requirements);
    format!("{stem}-locked.txt")
}

/// What developers need where no file that pip reads says so: the file that names it, and the name and text of one for pip.
pub(super) fn of_developers(
    findings: &Findings,
    sources: &Sources,
    requirements: &str,
) -> Option<(String, String)> {
    const NAME: &str = "requirements-dev.txt";
    let survey = sources.survey();
    if survey.has(NAME)
        || !findings
            .developer_requirements(sources, requirements)
            .is_empty()
    {
        return None;
    }
    let main = findings.requirements.main.text();
    let (asks, lines) = main
        .into_iter()
        .chain(["pyproject.toml", "Pipfile"])
        .map(|path| (path, for_developers(sources, path)))
        .find(|(_, lines)| !lines.is_empty())?;
    let mut text = format!("# What {asks} names for developers and tests, in pip's notation.\n");
    let locked = locked_beside(requirements);
    let is_locked = Translation::of(sources, asks).is_some_and(|made| made.locked.is_some());
    if Some(asks) == main && is_locked && locked != requirements && !survey.has(requirements) {
        text.push_str("-c ");
        text.push_str(&locked);
        text.push('\n');
    }
    text += &lines.join("\n");
    text.push('\n');
    Some((NAME.to_owned(), text))
}

/// The first line of a list that is written.
fn heading(steps: &Steps) -> String {
    if steps.asks.is_empty() {
        return "What the code imports, since nothing lists the packages: a guess, with versions that fit its Django. Try it."
            .to_owned();
    }
    format!(
        "What {} asks for, in pip's notation. Whoever changes one of the two changes the other.",
        steps.asks
    )
}

/// Names and texts of the files of a translation.
fn of_translation(translation: &Translation, steps: &Steps) -> Vec<(String, String)> {
    let output = &steps.requirements;
    let Some(input) = output.strip_suffix(".txt").map(|stem| format!("{stem}.in")) else {
        return Vec::new();
    };
    let last = |path: &str| path.rsplit('/').next().unwrap_or(path).to_owned();
    let mut made = vec![(
        input.clone(),
        format!("# {}\n{}\n", heading(steps), translation.lines.join("\n")),
    )];
    let mut text = format!(
        "# What pip installs. Locking {} makes it a full list.\n-r {}\n",
        last(&input),
        last(&input)
    );
    if let Some((lock, lines)) = &translation.locked {
        let name = locked_beside(output);
        text += "-c ";
        text += &last(&name);
        text.push('\n');
        made.push((
            name,
            format!(
                "# The versions of {lock}, as it was.\n{}\n",
                lines.join("\n")
            ),
        ));
    }
    made.push((output.clone(), text));
    made
}

fn path(text: &str) -> TreePath {
    TreePath::new(text).unwrap_or_else(|_| unreachable!("a path of ours"))
}

/// `ignore` without the rules that would hide files which are there and which git knows or could know.
fn without_hiding(ignore: &File, survey: &Survey, git: Option<&Git>) -> Result<File> {
    let text = String::from_utf8_lossy(&ignore.raw()).into_owned();
    let mut visible: Vec<&str> = survey
        .files()
        .iter()
        .map(String::as_str)
        .filter(|path| git.is_none_or(|git| !git.is_ignored(path)))
        .collect();
    // What is committed, also where nobody looks for a project's own code, such as in node_modules.
    let tracked = git
        .map(|git| git.tracked(|path| !survey.has(path)))
        .transpose()?;
    visible.extend(tracked.iter().flatten().map(TreePath::as_str));
    let mut kept = String::new();
    for line in text.lines() {
        let hides = |rule: &Rule| visible.iter().any(|path| rule.hides(path));
        if !Rule::new(line).as_ref().is_some_and(hides) {
            kept.push_str(line);
            kept.push('\n');
        }
    }
    Ok(File {
        executable: ignore.executable,
        ..File::new(kept.into_bytes())
    })
}

/// The removal of the user's manage.py, where it was asked for and the scripts have one that does the same.
pub(super) fn removed(root: &Path, answers: &Answers, steps: &Steps) -> Result<Vec<Edit>> {
    let is_wrapped = answers.get(MODE) == Some(&Answer::Text("wrap".into()));
    let Some(manage) = steps
        .manage_py
        .as_deref()
        .filter(|_| is_wrapped && steps.has(Step::ManagePy))
    else {
        return Ok(Vec::new());
    };
    let Ok(path) = TreePath::new(manage) else {
        return Ok(Vec::new());
    };
    Ok(match fs::entry(root, &path)? {
        Entry::File(file) => vec![Edit {
            path,
            before: Some(file),
            after: None,
            like: None,
        }],
        _ => Vec::new(),
    })
}
