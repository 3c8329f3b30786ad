//! A merge as bytes: chosen, clean, or with conflict markers. Markers are rendered here and never read back.

use std::collections::BTreeSet;

use super::comma;
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
    // The beginning of a line that goes on in the next region.
    let mut lead: Vec<u8> = Vec::new();
    for (index, region) in regions.iter().enumerate() {
        let choice = choices.get(index).unwrap_or(&Choice::Merged);
        let mut chosen = chosen(region, choice, &std::mem::take(&mut lead));
        if index + 1 < regions.len() && comma::ends_within_line(region) {
            lead = cut_last_line(&mut chosen);
        }
        match chosen {
            Chosen::Texts(texts) => texts.iter().for_each(|text| markers.text(text)),
            Chosen::Marked(texts) => markers.conflict(texts),
        }
    }
    markers.out
}

/// What is written of a region.
enum Chosen {
    /// One after the other.
    Texts(Vec<Vec<u8>>),
    /// Base, ours and theirs between markers.
    Marked([Vec<u8>; 3]),
}

/// `lead` is how the first line of the region begins.
fn chosen(region: &Region, choice: &Choice, lead: &[u8]) -> Chosen {
    let whole = |text: &[u8]| [lead, text].concat();
    let marked =
        || Chosen::Marked([&region.base, &region.ours, &region.theirs].map(|text| whole(text)));
    let text = match choice {
        Choice::Merged => region.merged(),
        Choice::Suggestion => match &region.verdict {
            Verdict::Conflict(Some(suggestion)) => Some(&*suggestion.text),
            _ => region.merged(),
        },
        Choice::Base => Some(&*region.base),
        Choice::Ours => Some(&*region.ours),
        Choice::Theirs => Some(&*region.theirs),
        Choice::OursThenTheirs => {
            return Chosen::Texts(vec![whole(&region.ours), whole(&region.theirs)]);
        }
        Choice::TheirsThenOurs => {
            return Chosen::Texts(vec![whole(&region.theirs), whole(&region.ours)]);
        }
        // Whole lines, with what leads the first one.
        Choice::Bytes(text) => return Chosen::Texts(vec![text.clone()]),
    };
    text.map_or_else(marked, |text| Chosen::Texts(vec![whole(text)]))
}

/// How the first line of a region begins that the region before it began.
pub(super) fn lead(regions: &[Region], index: usize) -> Vec<u8> {
    let before = index.checked_sub(1).map(|before| &regions[before]);
    before
        .filter(|region| comma::ends_within_line(region))
        .map(|region| cut_last_line(&mut chosen(region, &Choice::Merged, b"")))
        .unwrap_or_default()
}

/// Takes the last line off a text, without its end.
fn cut_last_line(chosen: &mut Chosen) -> Vec<u8> {
    let Chosen::Texts(texts) = chosen else {
        return Vec::new();
    };
    let Some(text) = texts.last_mut() else {
        return Vec::new();
    };
    let end = text.trim_ascii_end().len();
    let start = memchr::memrchr(b'\n', &text[..end]).map_or(0, |at| at + 1);
    text.truncate(end);
    text.split_off(start)
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

    fn conflict(&mut self, [base, ours, theirs]: [Vec<u8>; 3]) {
        let labels = self.labels;
        self.marker(b'<', &labels.ours);
        self.text(&ours);
        self.marker(b'|', &labels.base);
        self.text(&base);
        self.marker(b'=', "");
        self.text(&theirs);
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
