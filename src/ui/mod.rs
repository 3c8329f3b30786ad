//! What the user sees and types: data on stdout, talk on stderr, questions through [`Prompt`].

mod diff;
mod editor;
mod safe;
mod terminal;

use std::fmt::Display;
use std::io::{self, IsTerminal as _, Write};

pub use diff::diff;
pub use safe::visible;
pub use terminal::{Terminal, restore_terminal};

use crate::error::{Error, Result};

/// Asks. Every method fails with [`Error::Cancelled`] on Esc, Ctrl-C and end of input.
pub trait Prompt {
    /// False where nothing can be asked; then no other method may be called.
    fn is_interactive(&self) -> bool;
    /// A line of text; the default is taken with Enter. Here as below, what was answered is for the caller to show, once
    /// it is valid.
    fn text(&mut self, prompt: &str, default: Option<&str>) -> Result<String>;
    /// A line of text that is not shown.
    fn secret(&mut self, prompt: &str) -> Result<String>;
    /// The index of one item.
    fn select(&mut self, prompt: &str, items: &[String], default: usize) -> Result<usize>;
    /// The indices of any number of items, in order.
    fn choose(&mut self, prompt: &str, items: &[(String, bool)]) -> Result<Vec<usize>>;
    /// One of `keys`, pressed without Enter; other keys are ignored.
    fn key(&mut self, prompt: &str, keys: &[char]) -> Result<char>;
    /// The text as the user left it in their editor.
    fn edit(&mut self, name: &str, text: &[u8]) -> Result<Edited>;
    /// What the user's merge tool made of base, ours and theirs, starting from the merge with markers.
    fn merge_tool(&mut self, name: &str, sides: &[Vec<u8>; 3], merged: &[u8]) -> Result<Edited>;
}

/// How a program of the user's left a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edited {
    pub text: Vec<u8>,
    /// Whether the program ended as one that did what was wanted.
    pub is_done: bool,
}

/// The prompt of a script: there is nobody to ask.
#[derive(Debug)]
pub struct Refuse;

impl Prompt for Refuse {
    fn is_interactive(&self) -> bool {
        false
    }
    fn text(&mut self, _: &str, _: Option<&str>) -> Result<String> {
        Err(Error::Cancelled)
    }
    fn secret(&mut self, _: &str) -> Result<String> {
        Err(Error::Cancelled)
    }
    fn select(&mut self, _: &str, _: &[String], _: usize) -> Result<usize> {
        Err(Error::Cancelled)
    }
    fn choose(&mut self, _: &str, _: &[(String, bool)]) -> Result<Vec<usize>> {
        Err(Error::Cancelled)
    }
    fn key(&mut self, _: &str, _: &[char]) -> Result<char> {
        Err(Error::Cancelled)
    }
    fn edit(&mut self, _: &str, _: &[u8]) -> Result<Edited> {
        Err(Error::Cancelled)
    }
    fn merge_tool(&mut self, _: &str, _: &[Vec<u8>; 3], _: &[u8]) -> Result<Edited> {
        Err(Error::Cancelled)
    }
}

/// Text for people: its words in lines of a readable length, each behind `indent`. Line breaks in it stay.
#[must_use]
pub fn wrap(text: &str, indent: &str) -> String {
    let lines: Vec<String> = text
        .lines()
        .map(|line| hang(indent, line, indent))
        .collect();
    lines.join("\n")
}

/// A paragraph in lines of a readable length: the first behind `head`, which stays as it is, the others behind `indent`.
#[must_use]
pub fn hang(head: &str, paragraph: &str, indent: &str) -> String {
    const WIDTH: usize = 78;
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::from(head);
    let mut is_empty = true;
    for word in paragraph.split_whitespace() {
        if !is_empty {
            if line.chars().count() + word.chars().count() >= WIDTH {
                lines.push(std::mem::replace(&mut line, indent.to_owned()));
            } else {
                line.push(' ');
            }
        }
        line.push_str(word);
        is_empty = false;
    }
    lines.push(line);
    lines.join("\n")
}

/// A value as JSON, in which no character stands as it is that a terminal would obey.
#[must_use]
pub fn json(value: &impl serde::Serialize) -> String {
    let text = serde_json::to_string_pretty(value);
    let text = text.unwrap_or_else(|error| format!("\"{error}\""));
    safe::json(&text).into_owned()
}

/// The streams and the prompt of one run.
pub struct Ui {
    pub prompt: Box<dyn Prompt>,
    out: Box<dyn Write>,
    err: Box<dyn Write>,
    /// What went wrong first on stdout.
    lost: Option<io::Error>,
}

impl Ui {
    /// The process's own streams; questions are possible when stdin and stderr are a terminal.
    #[must_use]
    pub fn of_process() -> Self {
        let interactive = io::stdin().is_terminal() && io::stderr().is_terminal();
        Self {
            prompt: if interactive {
                Box::new(Terminal::new())
            } else {
                Box::new(Refuse)
            },
            out: Box::new(io::stdout()),
            err: Box::new(io::stderr()),
            lost: None,
        }
    }

    /// One line of talk. Here as in [`Self::data`] no control character but our own colours gets through.
    pub fn say(&mut self, line: impl Display) {
        let _ = writeln!(self.err, "{}", safe::styled(&line.to_string()));
    }

    /// An error with its hint.
    pub fn error(&mut self, error: &Error) {
        self.say(format!(
            "{} {error}",
            console::style("error:").for_stderr().red().bold()
        ));
        if let Some(hint) = error.hint() {
            self.say(format!(
                "\n{} {hint}",
                console::style("hint:").for_stderr().cyan().bold()
            ));
        }
    }

    /// One line of data; see [`Self::check`].
    pub fn data(&mut self, line: impl Display) {
        if self.lost.is_none() {
            self.lost = writeln!(self.out, "{}", safe::styled(&line.to_string())).err();
        }
    }

    /// Fails when data could not be written: to be asked before a project is changed, and at the end. A reader that has
    /// gone away is no error of ours.
    pub fn check(&mut self) -> Result<()> {
        let flushed = self.out.flush().err();
        match self.lost.take().or(flushed) {
            Some(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                Err(Error::io("write to", "stdout")(error))
            }
            _ => Ok(()),
        }
    }

    /// Bytes of data, as they are.
    pub fn bytes(&mut self, bytes: &[u8]) -> Result<()> {
        self.lost = self.out.write_all(bytes).err();
        self.check()
    }
}
