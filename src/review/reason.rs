//! Why the merge came to a result, in words.

use three_way::{Reason, Resolution};

/// All reasons of a resolution, in one line.
pub(super) fn reason(resolution: &Resolution) -> String {
    let words: Vec<_> = resolution.reasons.iter().map(words).collect();
    words.join("; ")
}

fn words(reason: &Reason) -> String {
    let words = match reason {
        Reason::BothKept => "both kept, yours first",
        Reason::OtherEntries => "each side changed another entry",
        Reason::OtherLayout => "the edit of one side, in the layout of the other",
        Reason::HigherPin => "the higher of two pins that both raised",
        Reason::NewerVersion => "the newer of two versions",
        Reason::SameButForLineEnds => "the same but for white space at line ends",
        Reason::OursIsLineEnds => "yours differs in white space at line ends only",
        Reason::TheirsIsLineEnds => "the template's differs in white space at line ends only",
        Reason::OursIsBlankLines => "yours differs in blank lines only",
        Reason::TheirsIsBlankLines => "the template's differs in blank lines only",
        Reason::OursDoesMore => "yours does what the template's does, and more",
        Reason::TheirsDoesMore => "the template's does what yours does, and more",
        Reason::OursSaysMore => "yours says what the template's says, and more",
        Reason::TheirsSaysMore => "the template's says what yours says, and more",
        Reason::Touching => "the edits touch, and no line was edited by both",
        Reason::OtherWords => "each side changed other words",
        Reason::Items => "both add items to a list",
        Reason::Sections => "both add sections",
        Reason::OneValue => "both edited one value, in different places",
        Reason::PutInByBoth => "both put it in, at different places",
        Reason::KeptOnce(name) => {
            return format!("both put `{name}` in, at different places: it is kept once");
        }
        Reason::LaidOutAnew => "one side changed the layout, the other one what it says",
        Reason::SameInOtherLayout => "both say the same, and one side was laid out anew",
    };
    words.to_owned()
}
