//! Projects that were there before the template: unless somebody says otherwise, their questions have other answers
//! than those of new projects.

use crate::template::{Answer, Answers, Kind, Manifest, Question};

/// The question whose answer says that a project is older than its template, and how it uses it: the first that is never
/// asked and has choices.
pub(super) fn question(manifest: &Manifest) -> Option<&Question> {
    let mut questions = manifest.questions.iter();
    questions.find(|question| question.hidden && question.kind == Kind::Choice)
}

/// What `dockerize` answers to the template's own questions about parts that the project does without; `None` where the
/// template's default holds.
#[must_use]
pub fn plain_answer(name: &str, answers: &Answers) -> Option<Answer> {
    match name {
        "features" | "deployment" | "services" => Some(Answer::List(Vec::new())),
        "ci" => Some(Answer::Text("none".into())),
        "python_path" => Some(Answer::Text(".".into())),
        "python_version" => answers.get("image_python").cloned(),
        _ => None,
    }
}
