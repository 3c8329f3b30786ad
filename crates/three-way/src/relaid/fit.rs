//! One text in the layout of another one.

use super::task::Fit;
use super::token::{Lexed, Role};
use super::writer::{FAR, Gap, Writer, lines};

/// Where a gap is in one of the texts: between which of its tokens.
type Sides = (Option<usize>, Option<usize>);

impl Fit<'_, '_> {
    /// The text with what it says, in the layout of the leader where the leader has that, too.
    pub(super) fn text(&self) -> String {
        let own = self.own;
        let yields = self.yielding();
        let mut out = Writer::new(self);
        for (at, (of_gap, of_token)) in yields.into_iter().enumerate() {
            let gap = if of_gap {
                Gap::own(own.gap(at))
            } else {
                self.gap(at)
            };
            out.gap(at, gap);
            out.token(at, of_token);
        }
        let last = self.gap(own.tokens.len());
        out.text.push_str(last.blank);
        out.text.push_str(last.indent);
        out.text
    }

    /// What is to stand before a token.
    fn gap(&self, at: usize) -> Gap<'_> {
        let (own, base, leader) = (self.own, self.base, self.leader);
        let gap = own.gap(at);
        let in_base = sides(at, self.to_base, base.tokens.len());
        let in_leader = sides(at, self.to_leader, leader.tokens.len());
        let same = |(before, behind): Sides| before.filter(|_| before == behind);
        if let Some(led) = same(in_leader) {
            let led = leader.gap(led);
            return match same(in_base).map(|known| base.gap(known)) {
                Some(known) if known == led => Gap::own(gap),
                Some(known) if lines(known) == lines(led) && lines(known) != lines(gap) => {
                    Gap::mixed(gap, led)
                }
                _ => Gap::led(led),
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
        let candidates = [(in_base.1, in_leader.1), (in_base.0, in_leader.0)];
        for (known, led) in candidates {
            let (Some(known), Some(led)) = (known, led) else {
                continue;
            };
            let (known, led) = (base.gap(known), leader.gap(led));
            // A comma behind the last element goes with its line.
            let closes = matches!(own.raw(at), ")" | "]" | "}") && gap.trim().is_empty();
            let blank = led.trim().is_empty() || closes && led.trim() == ",";
            let line = led.contains('\n');
            let fits = blank && (line || inside && !behind_comment);
            if fits && alike(known, gap) {
                return Gap::led(led);
            }
        }
        self.in_row(at).unwrap_or(Gap::own(gap))
    }

    /// What stands before a new element, where the leader gave each element of the list a line.
    fn in_row(&self, at: usize) -> Option<Gap<'_>> {
        let (own, leader) = (self.own, self.leader);
        let is_element = at > 0 && own.raw(at - 1) == "," && own.gap(at).trim().is_empty();
        if !is_element || own.leads(at) || own.tokens[at].nest == 0 {
            return None;
        }
        let nest = own.tokens[at].nest;
        let row = (0..at)
            .rev()
            .take_while(|near| own.tokens[*near].nest >= nest);
        let mut elements = row.take(FAR).filter(|near| own.tokens[*near].nest == nest);
        elements.find_map(|near| {
            let gap = leader.gap(self.to_leader[near]?);
            (!own.leads(near) && lines(gap).is_some()).then_some(Gap::led(gap))
        })
    }

    /// For each token: whether its gap, and whether itself, is as its own text has it.
    ///
    /// What one side made shorter and the formatter had spread over lines may fit in one line again: only the formatter knows.
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
        let (before, behind) = sides(at, self.to_base, self.base.tokens.len());
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
            to = if level > 0 {
                (to + 1).min(tokens.len())
            } else {
                to
            };
            let last = to.checked_sub(1)?;
            let own = length(self.own, from, last)?;
            if own > WIDE {
                break;
            }
            let known = match (self.to_base.get(from)?, self.to_base.get(last)?) {
                (Some(from), Some(last)) => length(self.base, *from, *last)?,
                _ => usize::MAX,
            };
            if own < known && self.spread(from, to) {
                found = Some((from, to));
            }
        }
        found
    }

    /// Whether the leader has other lines, or other signs, between some tokens.
    fn spread(&self, from: usize, to: usize) -> bool {
        (from + 1..to).any(|at| {
            let known = sides(at, self.to_base, self.base.tokens.len());
            let led = sides(at, self.to_leader, self.leader.tokens.len());
            [(known.0, led.0), (known.1, led.1)]
                .into_iter()
                .any(|pair| {
                    let (Some(known), Some(led)) = pair else {
                        return false;
                    };
                    let (known, led) = (self.base.gap(known), self.leader.gap(led));
                    known.contains('\n') != led.contains('\n') || signs(known) != signs(led)
                })
        })
    }
}

/// The places of a gap in another text.
fn sides(at: usize, map: &[Option<usize>], length: usize) -> Sides {
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

/// A group that is longer than this is spread over lines in any case.
const WIDE: usize = 130;

/// How long some tokens are in one line.
fn length(text: &Lexed, from: usize, last: usize) -> Option<usize> {
    let own = &text.text[text.tokens.get(from)?.start..text.tokens.get(last)?.end];
    Some(own.split_whitespace().map(|word| word.len() + 1).sum())
}

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
