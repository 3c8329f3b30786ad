//! The instructions of a Dockerfile, and what is wrong with them.

use std::ops::Range;

use crate::hash::Set;
use crate::kinds::scan;

/// One instruction: its word in capital letters, and where it stands, comments in between included.
pub(super) struct Instruction {
    pub(super) word: &'static str,
    pub(super) bytes: Range<usize>,
    /// The lines that it is made of, without comments in between.
    pub(super) lines: Vec<Range<usize>>,
    /// What follows the word, in one line.
    pub(super) rest: String,
    /// Whether it holds the text of a file.
    pub(super) holds_text: bool,
}

const WORDS: [&str; 18] = [
    "ADD",
    "ARG",
    "CMD",
    "COPY",
    "ENTRYPOINT",
    "ENV",
    "EXPOSE",
    "FROM",
    "HEALTHCHECK",
    "LABEL",
    "MAINTAINER",
    "ONBUILD",
    "RUN",
    "SHELL",
    "STOPSIGNAL",
    "USER",
    "VOLUME",
    "WORKDIR",
];

fn word(line: &str) -> Option<&'static str> {
    let first = line.split_whitespace().next()?;
    WORDS
        .into_iter()
        .find(|word| word.eq_ignore_ascii_case(first))
}

pub(super) fn instructions(text: &str) -> Result<Vec<Instruction>, String> {
    let lines: Vec<_> = scan::lines(text).collect();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some((start, line)) = lines.get(at).copied() {
        if scan::is_trivia(line) {
            let directive = line.trim_start().trim_start_matches('#').trim_start();
            if found.is_empty() && directive.to_lowercase().starts_with("escape") {
                return Err("it has an escape character of its own".to_owned());
            }
            at += 1;
            continue;
        }
        let fault = |at: usize, what: String| Err(format!("line {}: {what}", at + 1));
        let own = line.trim();
        let Some(word) = word(line) else {
            let first = own.split_whitespace().next().unwrap_or_default();
            return fault(at, format!("`{first}` is no instruction"));
        };
        let mut instruction = Instruction {
            word,
            bytes: start..start + line.len(),
            lines: Vec::new(),
            rest: String::new(),
            holds_text: false,
        };
        let first = at;
        let mut open = true;
        while open {
            let Some((start, line)) = lines.get(at).copied() else {
                return fault(at - 1, "the last line is continued".to_owned());
            };
            at += 1;
            let own = line.trim();
            if at - 1 > first && scan::is_trivia(line) {
                continue;
            }
            if at - 1 > first && is_swallowed(word, line) {
                return fault(at - 1, format!("it is taken for a part of `{word}`"));
            }
            open = own.ends_with('\\');
            instruction.bytes.end = start + line.len();
            instruction.lines.push(start..start + line.len());
            instruction.rest.push_str(own.trim_end_matches('\\'));
            instruction.rest.push(' ');
        }
        let rest = instruction.rest[word.len()..].trim().to_owned();
        instruction.rest = rest;
        for end in texts_held(word, &instruction.rest) {
            instruction.holds_text = true;
            loop {
                let Some((start, line)) = lines.get(at).copied() else {
                    return fault(first, format!("`{end}` does not close the text"));
                };
                at += 1;
                instruction.bytes.end = start + line.len();
                if line.trim() == end {
                    break;
                }
            }
        }
        if let Some(what) = wrong(&instruction) {
            return fault(first, what);
        }
        found.push(instruction);
    }
    Ok(found)
}

/// Whether a line that continues an instruction looks like one of its own.
fn is_swallowed(word_before: &str, line: &str) -> bool {
    let Some(word) = word(line) else { return false };
    line.starts_with(&format!("{word} ")) && !(word == "CMD" && word_before == "HEALTHCHECK")
}

/// The words that close the texts which stand under an instruction.
fn texts_held(word: &str, rest: &str) -> Vec<String> {
    if !matches!(word, "RUN" | "COPY" | "ADD") {
        return Vec::new();
    }
    let marks = rest.match_indices("<<").filter_map(|(at, _)| {
        let behind = &rest[at + 2..];
        if behind.starts_with(['<', ' ']) || rest[..at].ends_with('<') {
            return None;
        }
        let name = behind.trim_start_matches(['-', '"', '\'']);
        let length = name
            .find(|next: char| !(next.is_alphanumeric() || next == '_'))
            .unwrap_or(name.len());
        let starts = name.starts_with(|next: char| next.is_alphabetic() || next == '_');
        starts.then(|| name[..length].to_owned())
    });
    marks.collect()
}

/// What is wrong with an instruction by itself.
fn wrong(instruction: &Instruction) -> Option<String> {
    let Instruction { word, rest, .. } = instruction;
    if rest.is_empty() {
        return Some(format!("`{word}` says nothing"));
    }
    let is_list = rest.starts_with('[');
    let read = || serde_json::from_str::<Vec<String>>(rest).is_ok();
    match *word {
        "CMD" | "ENTRYPOINT" | "SHELL" if is_list && !read() => {
            Some(format!("`{word}` holds no list of texts"))
        }
        "RUN" if ends_open(rest) => Some("a command is missing".to_owned()),
        "ENV" | "LABEL" => {
            let words = words(rest)?;
            let paired = |word: &&str| word.find('=').is_some_and(|at| at > 0);
            let is_pair = words.first().is_some_and(paired);
            let right = if is_pair {
                words.iter().all(paired)
            } else {
                words.len() > 1
            };
            (!right).then(|| format!("`{word}` holds no pairs of names and values"))
        }
        _ => None,
    }
}

/// Whether a command is missing at one side of a sign that joins two.
fn ends_open(rest: &str) -> bool {
    let signs = ["&&", "||", "|"];
    let words: Vec<&str> = rest.split_whitespace().collect();
    let joins = |word: &&str| signs.contains(word);
    words.first().is_some_and(joins)
        || words.last().is_some_and(joins)
        || words
            .windows(2)
            .any(|pair| pair.iter().all(|word| signs.contains(word)))
}

/// The words of a text, where quotes keep words together; `None` when one does not close.
pub(super) fn words(text: &str) -> Option<Vec<&str>> {
    let mut words = Vec::new();
    let (mut from, mut quote, mut escaped) = (None, None, false);
    for (at, next) in text.char_indices() {
        if next.is_whitespace() && quote.is_none() && !escaped {
            if let Some(from) = from.take() {
                words.push(&text[from..at]);
            }
            continue;
        }
        from.get_or_insert(at);
        match (quote, next) {
            _ if escaped => escaped = false,
            (open, '\\') if open != Some('\'') => escaped = true,
            (None, '"' | '\'') => quote = Some(next),
            (Some(open), next) if open == next => quote = None,
            _ => {}
        }
    }
    words.extend(from.map(|from| &text[from..]));
    quote.is_none().then_some(words)
}

/// The name of the stage that a `FROM` begins: what follows `AS`.
pub(super) fn stage(rest: &str) -> Option<&str> {
    let words: Vec<_> = rest.split_whitespace().collect();
    let at = words
        .iter()
        .position(|word| word.eq_ignore_ascii_case("as"))?;
    words.get(at + 1).copied()
}

/// Whether the instructions of a whole file go together.
pub(super) fn whole(instructions: &[Instruction]) -> Result<(), String> {
    let mut stages = Set::default();
    let mut once = Set::default();
    // A text without a stage is a part of a file.
    let mut begun = !instructions
        .iter()
        .any(|instruction| instruction.word == "FROM");
    for instruction in instructions {
        match instruction.word {
            "FROM" => {
                begun = true;
                once.clear();
                if let Some(name) = stage(&instruction.rest)
                    && !stages.insert(name.to_lowercase())
                {
                    return Err(format!("two stages are named `{name}`"));
                }
            }
            "ARG" => {}
            word if !begun => return Err(format!("`{word}` stands before the first `FROM`")),
            word @ ("CMD" | "ENTRYPOINT" | "HEALTHCHECK" | "STOPSIGNAL") if !once.insert(word) => {
                return Err(format!("`{word}` stands twice in one stage"));
            }
            _ => {}
        }
    }
    Ok(())
}
