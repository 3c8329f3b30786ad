//! The door to dialoguer and console: prompts on a real terminal.

use console::{Key, Term};
use dialoguer::theme::ColorfulTheme;
use dialoguer::{Input, MultiSelect, Password, Select};

use super::safe::styled;
use super::{Edited, Prompt, editor};
use crate::error::{Error, Result};

/// Asks on stderr, so that stdout stays free for data.
pub struct Terminal {
    term: Term,
    theme: ColorfulTheme,
}

impl Terminal {
    #[must_use]
    pub fn new() -> Self {
        Self {
            term: Term::stderr(),
            theme: ColorfulTheme::default(),
        }
    }

    /// Whatever breaks a prompt off counts as cancelling; the cursor that lists hide comes back.
    fn or_cancelled<T, E>(&self, answer: Result<T, E>) -> Result<T> {
        answer.map_err(|_| {
            let _ = self.term.show_cursor();
            Error::Cancelled
        })
    }
}

/// Brings back the cursor that a list hides.
pub fn restore_terminal() {
    let term = Term::stderr();
    if term.is_term() {
        let _ = term.show_cursor();
    }
}

impl Default for Terminal {
    fn default() -> Self {
        Self::new()
    }
}

impl Prompt for Terminal {
    fn is_interactive(&self) -> bool {
        true
    }

    fn text(&mut self, prompt: &str, default: Option<&str>) -> Result<String> {
        let mut input = Input::<String>::with_theme(&self.theme)
            .with_prompt(styled(prompt))
            .report(false)
            .allow_empty(true);
        // A default that cannot be shown as it is cannot be agreed to.
        if let Some(default) = default.filter(|default| styled(default) == *default) {
            input = input.default(default.to_owned());
        }
        self.or_cancelled(input.interact_text_on(&self.term))
    }

    fn secret(&mut self, prompt: &str) -> Result<String> {
        let password = Password::with_theme(&self.theme)
            .with_prompt(styled(prompt))
            .allow_empty_password(true);
        self.or_cancelled(password.interact_on(&self.term))
    }

    fn select(&mut self, prompt: &str, items: &[String], default: usize) -> Result<usize> {
        let select = Select::with_theme(&self.theme)
            .with_prompt(styled(prompt))
            .report(false)
            .items(items.iter().map(|item| styled(item)))
            .default(default);
        self.or_cancelled(select.interact_on_opt(&self.term))?
            .ok_or(Error::Cancelled)
    }

    fn choose(&mut self, prompt: &str, items: &[(String, bool)]) -> Result<Vec<usize>> {
        let choose = MultiSelect::with_theme(&self.theme)
            .with_prompt(format!("{} (space marks, Enter accepts)", styled(prompt)))
            .report(false)
            .items_checked(items.iter().map(|(item, checked)| (styled(item), *checked)));
        self.or_cancelled(choose.interact_on_opt(&self.term))?
            .ok_or(Error::Cancelled)
    }

    fn key(&mut self, prompt: &str, keys: &[char]) -> Result<char> {
        self.or_cancelled(self.term.write_str(&styled(prompt)))?;
        loop {
            match self.or_cancelled(self.term.read_key())? {
                Key::Char(key) if keys.contains(&key) => {
                    self.or_cancelled(self.term.write_line(&key.to_string()))?;
                    return Ok(key);
                }
                Key::Escape | Key::CtrlC | Key::Char('\u{4}') | Key::UnknownEscSeq(_) => {
                    self.or_cancelled(self.term.write_line(""))?;
                    return Err(Error::Cancelled);
                }
                _ => {}
            }
        }
    }

    fn edit(&mut self, name: &str, text: &[u8]) -> Result<Edited> {
        editor::edit(name, text)
    }

    fn merge_tool(&mut self, name: &str, sides: &[Vec<u8>; 3], merged: &[u8]) -> Result<Edited> {
        editor::merge_tool(name, sides, merged)
    }
}
