//! A merge as bytes: chosen, clean, or with conflict markers. Markers are rendered here and never read back.

use std::collections::BTreeSet;

use super::lines::{self, LineEnd};
use super::region::{Choice, Labels, Region, Verdict};

/// Renders regions; `choices` go with the regions one by one, absent ones are [`Choice::Merged`].
pub(super) fn render(
    regions: &[Region],
    choices: &[Choice],
    labels: &Labels,
    end: LineEnd,
) -> Vec<u8> {
    let mut markers = Markers {
        out: Vec::new(),
        size: size(regions),
        end,
        labels,
    };
    for (index, region) in regions.iter().enumerate() {
        match choices.get(index).unwrap_or(&Choice::Merged) {
            Choice::Merged => match region.merged() {
                Some(text) => markers.text(text),
                None => markers.conflict(region),
            },
            Choice::Suggestion => match (&region.verdict, region.merged()) {
                (Verdict::Conflict(Some(suggestion)), _) => markers.text(&suggestion.text),
                (_, Some(text)) => markers.text(text),
                (_, None) => markers.conflict(region),
            },
            Choice::Base => markers.text(&region.base),
            Choice::Ours => markers.text(&region.ours),
            Choice::Theirs => markers.text(&region.theirs),
            Choice::OursThenTheirs => markers.both(&region.ours, &region.theirs),
            Choice::TheirsThenOurs => markers.both(&region.theirs, &region.ours),
            Choice::Bytes(text) => markers.text(text),
        }
    }
    markers.out
}

struct Markers<'a> {
    out: Vec<u8>,
    size: usize,
    end: LineEnd,
    labels: &'a Labels,
}

impl Markers<'_> {
    /// Writes a text of a side. Every one but the last ends in a line feed; mixed sides must not run together.
    fn text(&mut self, text: &[u8]) {
        if !text.is_empty() {
            self.finish_line();
        }
        self.out.extend_from_slice(text);
    }

    fn both(&mut self, first: &[u8], second: &[u8]) {
        self.text(first);
        self.text(second);
    }

    fn finish_line(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with(b"\n") && self.out != lines::BOM {
            self.out.extend_from_slice(self.end.bytes());
        }
    }

    fn marker(&mut self, sign: u8, label: &str) {
        self.finish_line();
        self.out.extend(std::iter::repeat_n(sign, self.size));
        if !label.is_empty() {
            self.out.push(b' ');
            // A line feed in a label would make lines that look like content.
            self.out.extend(
                label
                    .bytes()
                    .map(|byte| if byte.is_ascii_control() { b' ' } else { byte }),
            );
        }
        self.out.extend_from_slice(self.end.bytes());
    }

    fn conflict(&mut self, region: &Region) {
        let labels = self.labels;
        self.marker(b'<', &labels.ours);
        self.text(&region.ours);
        self.marker(b'|', &labels.base);
        self.text(&region.base);
        self.marker(b'=', "");
        self.text(&region.theirs);
        self.marker(b'>', &labels.theirs);
    }
}

/// The length of markers: seven, or the next length at which no line of the content reads as a marker.
pub(super) fn size(regions: &[Region]) -> usize {
    let mut taken = BTreeSet::new();
    for region in regions {
        let texts = match region.verdict {
            Verdict::Unchanged => &[&region.ours][..],
            _ => &[&region.base, &region.ours, &region.theirs],
        };
        for text in texts {
            taken.extend(lines::split(text).into_iter().filter_map(marker_like));
        }
    }
    taken
        .into_iter()
        .filter(|size| *size >= 7)
        .fold(7, |size, taken| if size == taken { size + 1 } else { size })
}

/// The length of the marker that a line looks like.
fn marker_like(line: &[u8]) -> Option<usize> {
    let sign = line.first().filter(|sign| b"<|=>".contains(sign))?;
    let length = line.iter().take_while(|byte| *byte == sign).count();
    matches!(line.get(length), None | Some(b' ' | b'\r' | b'\n')).then_some(length)
}
