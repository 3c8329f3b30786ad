//! One text in the layout of another one.

use super::token::{Lexed, Role};

/// A text that is to be laid out anew, the base, and the text that leads.
pub(super) struct Fit<'t, 'a> {
    pub(super) own: &'t Lexed<'a>,
    pub(super) base: &'t Lexed<'a>,
    pub(super) leader: &'t Lexed<'a>,
    /// The token of the base, and of the leader, that each token is.
    pub(super) to_base: &'t [Option<usize>],
    pub(super) to_leader: &'t [Option<usize>],
}

/// Where a gap is in one of the texts: between which of its tokens.
type Sides = (Option<usize>, Option<usize>);

impl Fit<'_, '_> {
    /// The text with what it says, in the layout of the leader where the leader has that, too.
    pub(super) fn text(&self) -> String {
        let own = self.own;
        let yields = self.yielding();
        let mut out = Writer::new(self);
        for at in 0..own.tokens.len() {
            let gap = if yields[at].0 {
                Gap::own(own.gap(at))
            } else {
                self.gap(at)
            };
            out.gap(at, gap);
            out.token(at, yields[at].1);
        }
        let last = self.gap(own.tokens.len());
        out.text.push_str(last.text);
        out.text
    }

    /// The places of a gap in another text.
    fn sides(&self, at: usize, map: &[Option<usize>], length: usize) -> Sides {
        let before = match at.checked_sub(1) {
            None => Some(0),
            Some(last) => map[last].map(|last| last + 1),
        };
        let behind = match map.get(at) {
            None => Some(length),
            Some(next) => *next,
        };
        (before, behind)
    }

    /// What is to stand before a token.
    fn gap(&self, at: usize) -> Gap<'_> {
        let (own, base, leader) = (self.own, self.base, self.leader);
        let gap = own.gap(at);
        let in_base = self.sides(at, self.to_base, base.tokens.len());
        let in_leader = self.sides(at, self.to_leader, leader.tokens.len());
        let same = |(before, behind): Sides| before.filter(|_| before == behind);
        if let Some(led) = same(in_leader) {
            return match same(in_base) {
                Some(known) if base.gap(known) == leader.gap(led) => Gap::own(gap),
                _ => Gap::led(leader.gap(led)),
            };
        }
        let Some(token) = own.tokens.get(at) else {
            return Gap::own(gap);
        };
        if self.to_base[at].is_none() && own.raw(at).contains('\n') {
            return Gap::own(gap);
        }
        let inside = matches!(token.role, Role::Inside | Role::Remark);
        let behind_comment = at > 0 && own.tokens[at - 1].role.is_comment();
        let candidates = [
            (in_base.1, in_leader.1),
            (in_base.0, in_leader.0),
        ];
        for (known, led) in candidates {
            let (Some(known), Some(led)) = (known, led) else {
                continue;
            };
            let (known, led) = (base.gap(known), leader.gap(led));
            let blank = led.trim().is_empty();
            let line = led.contains('\n');
            let fits = blank && (line || inside && !behind_comment);
            if fits && alike(known, gap) {
                return Gap::led(led);
            }
        }
        Gap::own(gap)
    }

    /// For each token: whether its gap, and whether itself, is as its own text has it.
    ///
    /// What one side made longer and the formatter spread over lines may fit in one line again: only the formatter knows.
    fn yielding(&self) -> Vec<(bool, bool)> {
        let tokens = &self.own.tokens;
        let mut yields = vec![(false, false); tokens.len()];
        let mut at = 0;
        while at <= tokens.len() {
            let edited = self.edited(at);
            if edited && let Some((from, to)) = self.group(at) {
                for (nth, flags) in yields[from..to].iter_mut().enumerate() {
                    *flags = (nth > 0 || flags.0, true);
                }
            }
            at += 1;
        }
        yields
    }

    /// Whether something was put in, or taken out, right before a token.
    fn edited(&self, at: usize) -> bool {
        let (before, behind) = self.sides(at, self.to_base, self.base.tokens.len());
        before != behind || before.is_none()
    }

    /// The tokens of the widest brackets around a place that are spread over lines by the leader, and so short that they
    /// need not be.
    fn group(&self, at: usize) -> Option<(usize, usize)> {
        let tokens = &self.own.tokens;
        let inner = tokens
            .get(at)
            .map_or(0, |token| token.nest)
            .max(at.checked_sub(1).map_or(0, |last| tokens[last].nest));
        let mut found = None;
        for level in (0..=inner).rev() {
            let within = |nth: usize| {
                let token = &tokens[nth];
                token.nest >= level && (level > 0 || !is_start(token.role))
            };
            let mut from = at.min(tokens.len());
            while from > 0 && within(from - 1) {
                from -= 1;
            }
            from = from.saturating_sub(1);
            let mut to = at;
            while to < tokens.len() && within(to) {
                to += 1;
            }
            to = if level > 0 { (to + 1).min(tokens.len()) } else { to };
            let text = &self.own.text[tokens.get(from)?.start..tokens.get(to.checked_sub(1)?)?.end];
            if text.split_whitespace().map(|word| word.len() + 1).sum::<usize>() > WIDE {
                break;
            }
            if self.spread(from, to) {
                found = Some((from, to));
            }
        }
        found
    }

    /// Whether the leader has other lines, or other signs, between some tokens.
    fn spread(&self, from: usize, to: usize) -> bool {
        (from + 1..to).any(|at| {
            let known = self.sides(at, self.to_base, self.base.tokens.len());
            let led = self.sides(at, self.to_leader, self.leader.tokens.len());
            [(known.0, led.0), (known.1, led.1)].into_iter().any(|pair| {
                let (Some(known), Some(led)) = pair else {
                    return false;
                };
                let (known, led) = (self.base.gap(known), self.leader.gap(led));
                known.contains('\n') != led.contains('\n') || signs(known) != signs(led)
            })
        })
    }
}

/// A group that is longer than this is spread over lines in any case.
const WIDE: usize = 130;

fn is_start(role: Role) -> bool {
    matches!(role, Role::Starts(_) | Role::Comment(_))
}

fn signs(gap: &str) -> String {
    gap.split_whitespace().collect()
}

/// Whether two gaps are the same but for how far the next line is indented.
fn alike(one: &str, other: &str) -> bool {
    let plain = |gap: &str| gap.trim_end_matches([' ', '\t']).len();
    one == other || one.contains('\n') && one[..plain(one)] == other[..plain(other)]
}

/// What stands before a token, and whether that is the leader's.
#[derive(Clone, Copy)]
struct Gap<'g> {
    text: &'g str,
    led: bool,
}

impl<'g> Gap<'g> {
    fn own(text: &'g str) -> Self {
        Self { text, led: false }
    }

    fn led(text: &'g str) -> Self {
        Self { text, led: true }
    }
}

/// Puts tokens together; what starts a line is indented as its place asks for.
struct Writer<'t, 'a> {
    fit: &'t Fit<'t, 'a>,
    text: String,
    /// The indentations of the blocks around: as written, and as in the own text.
    levels: Vec<(String, usize)>,
    /// How much further the lines of this statement are indented than in the own text, and in the leader's.
    shift: [isize; 2],
    /// How much deeper a block is in the leader, for lists and for all else.
    steps: [Option<usize>; 2],
}

impl<'t, 'a> Writer<'t, 'a> {
    fn new(fit: &'t Fit<'t, 'a>) -> Self {
        Self {
            fit,
            text: String::new(),
            levels: Vec::new(),
            shift: [0; 2],
            steps: steps(fit.leader),
        }
    }

    /// Writes what stands before a token, with the indentation of its line.
    fn gap(&mut self, at: usize, gap: Gap) {
        let own = self.fit.own;
        let role = own.tokens[at].role;
        let led = self.fit.to_leader[at];
        let line = gap.text.contains('\n') || self.text.is_empty();
        let text = gap.text;
        let (blank, indent) = text.split_at(text.rfind('\n').map_or(0, |end| end + 1));
        match role {
            Role::Starts(depth) if own.indented => {
                let column = if line {
                    let indent = self.indent(at, depth, indent);
                    self.text.push_str(blank);
                    self.text.push_str(&indent);
                    indent
                } else {
                    self.text.push_str(text);
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
                let indent = shifted.map_or(indent, |(level, _)| level.as_str()).to_string();
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
            _ => self.text.push_str(text),
        }
    }

    /// How far a statement is indented that starts a line.
    fn indent(&self, at: usize, depth: usize, indent: &str) -> String {
        if let Some((known, _)) = self.levels.get(depth) {
            return known.clone();
        }
        let Some((parent, was)) = depth.checked_sub(1).and_then(|depth| self.levels.get(depth)) else {
            return indent.to_string();
        };
        let list = self.fit.own.raw(at) == "-";
        let led = self.fit.to_leader[at].filter(|led| self.fit.leader.leads(*led));
        let own = indent.len().saturating_sub(*was);
        let step = match led {
            Some(led) => step(self.fit.leader, led).unwrap_or(own),
            None => self.steps[usize::from(list)].unwrap_or(own),
        };
        if indent.contains('\t') && parent.is_empty() && led.is_none() && self.steps == [None, None] {
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

    fn token(&mut self, at: usize, own: bool) {
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

    /// A token, which may be many lines.
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

/// So many tokens around one are looked at.
const FAR: usize = 400;

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
