//! Tokens put together again.

use super::task::Fit;
use super::token::{Lexed, Role};

/// How many lines end in a gap that is white space and nothing else, and ends one.
pub(super) fn lines(gap: &str) -> Option<usize> {
    let blank = gap.trim().is_empty() && gap.contains('\n');
    blank.then(|| gap.matches('\n').count())
}

/// What stands before a token, and whether that is the leader's.
#[derive(Clone, Copy)]
pub(super) struct Gap<'g> {
    /// What stands before the start of the token's line; nothing where the gap ends no line.
    pub(super) blank: &'g str,
    pub(super) indent: &'g str,
    led: bool,
}

impl<'g> Gap<'g> {
    fn new(text: &'g str, led: bool) -> Self {
        let (blank, indent) = text.split_at(text.rfind('\n').map_or(0, |end| end + 1));
        Self { blank, indent, led }
    }

    pub(super) fn own(text: &'g str) -> Self {
        Self::new(text, false)
    }

    pub(super) fn led(text: &'g str) -> Self {
        Self::new(text, true)
    }

    /// The lines of one gap, and the indentation of another one, which is the leader's.
    pub(super) fn mixed(own: &'g str, led: &'g str) -> Self {
        match lines(own) {
            Some(_) => Self {
                blank: Self::own(own).blank,
                ..Self::led(led)
            },
            None => Self::led(led),
        }
    }
}

/// Puts tokens together; what starts a line is indented as its place asks for.
pub(super) struct Writer<'t, 'a> {
    fit: &'t Fit<'t, 'a>,
    pub(super) text: String,
    /// The indentations of the blocks around: as written, and as in the own text.
    levels: Vec<(String, usize)>,
    /// How much further the lines of this statement are indented than in the own text, and in the leader's.
    shift: [isize; 2],
    /// How much deeper a block is in the leader, for lists and for all else.
    steps: [Option<usize>; 2],
}

impl<'t, 'a> Writer<'t, 'a> {
    pub(super) fn new(fit: &'t Fit<'t, 'a>) -> Self {
        Self {
            fit,
            text: String::new(),
            levels: Vec::new(),
            shift: [0; 2],
            steps: steps(fit.leader),
        }
    }

    /// Writes what stands before a token, with the indentation of its line.
    pub(super) fn gap(&mut self, at: usize, gap: Gap) {
        let own = self.fit.own;
        let role = own.tokens[at].role;
        let led = self.fit.to_leader[at];
        let Gap { blank, indent, .. } = gap;
        let line = !blank.is_empty() || self.text.is_empty();
        match role {
            Role::Starts(depth) if own.indented => {
                let column = if line {
                    let indent = self.indent(at, depth, indent);
                    self.text.push_str(blank);
                    self.text.push_str(&indent);
                    indent
                } else {
                    self.text.push_str(indent);
                    let start = self.text.rfind('\n').map_or(0, |end| end + 1);
                    " ".repeat(self.text[start..].chars().count())
                };
                let shift = |source: &str| column.len().cast_signed() - source.len().cast_signed();
                self.shift = [
                    shift(own.indent(at)),
                    led.map_or(0, |led| shift(self.fit.leader.indent(led))),
                ];
                self.levels.truncate(depth);
                self.levels.push((column, own.indent(at).len()));
            }
            Role::Comment(depth) if own.indented && line && !gap.led => {
                let level = self.levels.get(depth);
                let shifted = level.filter(|(_, known)| *known == indent.len());
                self.text.push_str(blank);
                let indent = shifted
                    .map_or(indent, |(level, _)| level.as_str())
                    .to_string();
                self.text.push_str(&indent);
            }
            _ if line && !gap.led => {
                self.text.push_str(blank);
                let indent = self.counterpart(at, indent);
                self.text.push_str(&indent);
            }
            _ if line => {
                self.text.push_str(blank);
                self.text.push_str(&shifted(indent, self.shift[1]));
            }
            _ => self.text.push_str(indent),
        }
    }

    /// How far a statement is indented that starts a line.
    fn indent(&self, at: usize, depth: usize, indent: &str) -> String {
        if let Some((known, _)) = self.levels.get(depth) {
            return known.clone();
        }
        let Some((parent, was)) = depth
            .checked_sub(1)
            .and_then(|depth| self.levels.get(depth))
        else {
            return indent.to_string();
        };
        let list = self.fit.own.raw(at) == "-";
        let led = self.fit.to_leader[at].filter(|led| self.fit.leader.leads(*led));
        let own = indent.len().saturating_sub(*was);
        let step = match led {
            Some(led) => step(self.fit.leader, led).unwrap_or(own),
            None => self.steps[usize::from(list)].unwrap_or(own),
        };
        if indent.contains('\t') && parent.is_empty() && led.is_none() && self.steps == [None, None]
        {
            return indent.to_string();
        }
        format!("{parent}{}", " ".repeat(step))
    }

    /// The indentation that the leader gives a line near this one which is indented as this one is.
    fn counterpart(&self, at: usize, indent: &str) -> String {
        let (own, leader) = (self.fit.own, self.fit.leader);
        let fits = |near: usize| {
            let led = self.fit.to_leader[near]?;
            (own.leads(near) && leader.leads(led) && own.indent(near) == indent)
                .then(|| leader.indent(led).to_string())
        };
        let before = (0..at).rev().take(FAR).find_map(fits);
        let found = before.or_else(|| (at..own.tokens.len()).take(FAR).find_map(fits));
        found.unwrap_or_else(|| shifted(indent, self.shift[0]).into_owned())
    }

    pub(super) fn token(&mut self, at: usize, own: bool) {
        let fit = self.fit;
        let raw = fit.own.raw(at);
        let led = fit.to_leader[at].map(|led| fit.leader.raw(led));
        let known = fit.to_base[at].map(|known| fit.base.raw(known));
        match (known, led) {
            (Some(known), Some(led)) if !own && known == raw => self.body(led, 1),
            (None, Some(led)) if !own => self.body(led, 1),
            (Some(known), Some(led)) if !own && led != known => self.body(led, 1),
            _ => self.body(raw, 0),
        }
    }

    /// Writes a token, which may be many lines.
    fn body(&mut self, raw: &str, source: usize) {
        let shift = self.shift[source];
        if !self.fit.own.movable || shift == 0 || !raw.contains('\n') {
            self.text.push_str(raw);
            return;
        }
        for (nth, line) in raw.split_inclusive('\n').enumerate() {
            let content = line.trim_start_matches(' ');
            if nth > 0 && !content.trim().is_empty() {
                self.text
                    .push_str(&shifted(&line[..line.len() - content.len()], shift));
            }
            self.text.push_str(if nth > 0 { content } else { line });
        }
    }
}

/// How many tokens around one are looked at.
pub(super) const FAR: usize = 400;

fn shifted(indent: &str, shift: isize) -> std::borrow::Cow<'_, str> {
    if shift == 0 || indent.contains('\t') {
        return indent.into();
    }
    " ".repeat(indent.len().saturating_add_signed(shift)).into()
}

/// How much further a statement is indented than the one around it.
fn step(text: &Lexed, at: usize) -> Option<usize> {
    let Role::Starts(depth) = text.tokens[at].role else {
        return None;
    };
    let above = |near: &usize| text.tokens[*near].role == Role::Starts(depth.wrapping_sub(1));
    let parent = (0..at).rev().take(FAR * 10).find(above)?;
    text.indent(at).len().checked_sub(text.indent(parent).len())
}

/// The steps that most blocks of a text have: those that are no lists, and lists.
fn steps(text: &Lexed) -> [Option<usize>; 2] {
    let mut counts = [[0_usize; 9]; 2];
    let mut last = 0;
    for at in 0..text.tokens.len() {
        let Role::Starts(depth) = text.tokens[at].role else {
            continue;
        };
        if text.indented
            && depth > last
            && text.leads(at)
            && let Some(step) = step(text, at)
        {
            counts[usize::from(text.raw(at) == "-")][step.min(8)] += 1;
        }
        last = depth;
    }
    counts.map(|counts| {
        let most = (0..8).max_by_key(|step| counts[*step])?;
        (counts[most] > 0).then_some(most)
    })
}
