//! What a run cannot tell for certain, and how to say it.

/// A finding that a person must confirm.
#[derive(Clone, Debug)]
pub struct Open {
    /// Its name in the report.
    pub key: &'static str,
    /// The question that it answers.
    pub answer: &'static str,
    /// What `--defaults` would take.
    pub guess: Option<String>,
}

impl Open {
    fn is_manage(&self) -> bool {
        self.key == "manage_py"
    }

    fn flag(&self) -> String {
        format!("--answer {}=…", self.answer)
    }
}

/// The flags that answer all of it, and what `--defaults` would make of it.
pub(super) fn hint(first: &Open, others: &[Open]) -> String {
    if others.is_empty() {
        return of_one(first);
    }
    let all: Vec<&Open> = std::iter::once(first).chain(others).collect();
    let flags: Vec<String> = all.iter().map(|open| open.flag()).collect();
    let mut said = format!("add `{}`", flags.join(" "));
    if all.iter().any(|open| open.is_manage()) {
        said += " (`--answer manage_py=` if it has none)";
    }
    let is_guessed = |open: &&&Open| open.guess.is_some() || open.is_manage();
    let (known, open): (Vec<&&Open>, Vec<&&Open>) = all.iter().partition(is_guessed);
    let guesses = known.iter().map(|open| match &open.guess {
        Some(guess) => format!("`{}={guess}`", open.answer),
        None => "no manage.py".to_owned(),
    });
    let guesses: Vec<String> = guesses.collect();
    let open: Vec<String> = open
        .iter()
        .map(|open| format!("`{}`", open.answer))
        .collect();
    match (guesses.is_empty(), open.is_empty()) {
        (true, _) => said + ": nothing in the project's files allows a guess",
        (false, true) => format!(
            "{said}, or `--defaults` to take the best guesses: {}",
            guesses.join(", ")
        ),
        (false, false) => format!(
            "{said}, or `--defaults` with those of {}: it takes the best guesses of the others, {}",
            open.join(" and "),
            guesses.join(", ")
        ),
    }
}

fn of_one(open: &Open) -> String {
    let flag = open.flag();
    match &open.guess {
        Some(guess) => {
            format!("add `{flag}`, or `--defaults` to take the best guess, which here is `{guess}`")
        }
        None if open.is_manage() => format!(
            "add `{flag}`, or `--answer manage_py=` if it has none: `./go.sh manage.py` then does without"
        ),
        None => format!("add `{flag}`: nothing in the project's files allows a guess"),
    }
}
