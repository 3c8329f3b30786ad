//! Settings that a merge of lines would put under a header that neither side has above them.
//!
//! Where one side takes a header out, since its settings now belong to the table before, and the other side puts a new table
//! in between, each line is as some side wants it; and yet the new table swallows the settings.

use super::facts::Fault;
use super::kinds::{Kind, Trait};
use super::region::{Note, Region, Verdict};

/// Makes one conflict of the new header and what it would swallow. `faults` are those of the merged file. `None` where
/// nothing is swallowed.
pub(super) fn open(
    kind: Kind,
    regions: &[Region],
    faults: &[Fault],
) -> Option<(Vec<Region>, Vec<Note>)> {
    if !kind.has(Trait::Sections) || !moved(faults) {
        return None;
    }
    let (first, last) = found(regions)?;
    let mut out = regions[..first].to_vec();
    let part = |text: fn(&Region) -> &[u8]| {
        let texts: Vec<&[u8]> = regions[first..=last].iter().map(text).collect();
        texts.concat()
    };
    out.push(Region::new(
        &part(|region| &region.base),
        &part(|region| &region.ours),
        &part(|region| &region.theirs),
        Verdict::Conflict(None),
    ));
    out.extend_from_slice(&regions[last + 1..]);
    let note = "a table that one side added would take settings of the other side".to_string();
    Some((out, vec![Note(note)]))
}

/// Whether something is missing in one place and too much in another one.
fn moved(faults: &[Fault]) -> bool {
    faults.iter().any(|fault| match fault {
        Fault::Lacks(what) => !what.is_empty() && faults.contains(&Fault::Doubles(what.clone())),
        _ => false,
    })
}

/// The region that puts in a header, and the one of the other side with settings under it.
fn found(regions: &[Region]) -> Option<(usize, usize)> {
    let mut new: Option<(usize, &Verdict)> = None;
    for (at, region) in regions.iter().enumerate() {
        let lines: Vec<&[u8]> = region.merged()?.split(|byte| *byte == b'\n').collect();
        let is_header = |line: &&[u8]| line.trim_ascii_start().starts_with(b"[");
        let headless = lines.iter().take_while(|line| !is_header(line));
        let sets = headless.into_iter().any(|line| {
            let line = line.trim_ascii();
            !line.is_empty() && !line.starts_with(b"#") && !line.starts_with(b";")
        });
        let changed = matches!(region.verdict, Verdict::Ours | Verdict::Theirs);
        if let Some((first, verdict)) = new
            && changed
            && sets
            && *verdict != region.verdict
        {
            return Some((first, at));
        }
        if lines.iter().any(is_header) {
            let had = region
                .base
                .split(|byte| *byte == b'\n')
                .any(|line| is_header(&line));
            new = (changed && !had).then_some((at, &region.verdict));
        }
    }
    None
}
