//! A name for the project where that of its folder will not do.

use super::questions::PROJECT_NAME;
use crate::ask::Given;
use crate::error::Result;
use crate::template::{Answer, Answers, Manifest, Question, Scope};
use crate::ui::Ui;
use django_facts::Findings;

/// Answers the question for the name, unless it is answered: with its default where that is valid, or else with the nearest
/// that is, and says so.
pub(super) fn complete(
    given: &mut Given,
    manifest: &Manifest,
    directory: &str,
    findings: &Findings,
    ui: &mut Ui,
) -> Result<()> {
    let Some(question) = manifest
        .question(PROJECT_NAME)
        .filter(|_| !given.has(PROJECT_NAME))
    else {
        return Ok(());
    };
    let mut scope = Scope::new(manifest, directory);
    let Some(Answer::Text(default)) = scope.default(question, &Answers::default())? else {
        return Ok(());
    };
    if is_valid(question, &default) {
        return Ok(());
    }
    let settings = findings.settings_module.text().unwrap_or_default();
    let package = settings.split('.').next().unwrap_or_default();
    let Some(name) = near(&default, package).find(|name| is_valid(question, name)) else {
        return Ok(());
    };
    ui.say(format!(
        "  The project is called `{name}`, since `{}` cannot be its name (another: --answer {PROJECT_NAME}=…)",
        crate::ui::visible(&default)
    ));
    given.suggest(PROJECT_NAME, Answer::Text(name));
    Ok(())
}

fn is_valid(question: &Question, name: &str) -> bool {
    question.parse(name, &[]).is_ok()
}

/// Names like `default`, the nearest first, and at last one that is always to be had.
fn near<'a>(default: &'a str, package: &'a str) -> impl Iterator<Item = String> + 'a {
    /// The longest name that nearly any template takes.
    const LONGEST: usize = 40;
    let shortened: String = default.chars().take(LONGEST).collect();
    let package: String = package.to_lowercase();
    [
        shortened.trim_end_matches('_').to_owned(),
        format!("{default}_site"),
        package,
        "project_site".to_owned(),
    ]
    .into_iter()
}
