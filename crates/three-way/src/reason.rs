//! Why a rule came to its result.

/// Why a rule came to its result. What is said of it to a person is the caller's to word.
///
/// Where there are several reasons they stand in the order of this list.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// Both sides put entries in at one place: those of ours stand first.
    BothKept,
    /// Each side changed other entries.
    OtherEntries,
    /// What one side said anew stands in the layout of the other one.
    OtherLayout,
    /// Both raised one pin above the base: the higher one is taken.
    HigherPin,
    /// The newer of two versions is taken.
    NewerVersion,
    /// The sides differ in white space at the ends of lines only.
    SameButForLineEnds,
    /// All that ours changed is white space at the ends of lines.
    OursIsLineEnds,
    /// All that theirs changed is white space at the ends of lines.
    TheirsIsLineEnds,
    /// All that ours changed is blank lines.
    OursIsBlankLines,
    /// All that theirs changed is blank lines.
    TheirsIsBlankLines,
    /// Ours has all edits of theirs, and more.
    OursDoesMore,
    /// Theirs has all edits of ours, and more.
    TheirsDoesMore,
    /// Ours has all new words of theirs, and more.
    OursSaysMore,
    /// Theirs has all new words of ours, and more.
    TheirsSaysMore,
    /// The edits touch, and share no line of the base.
    Touching,
    /// Each side changed other words.
    OtherWords,
    /// Both sides put items into one list of a text.
    Items,
    /// Both sides put sections into a text.
    Sections,
    /// Both sides edited a list that is one value, in different places.
    OneValue,
    /// Both sides put one entry in, at different places.
    PutInByBoth,
    /// Both sides put this entry in, at different places: it stays once.
    KeptOnce(String),
    /// One side changed the layout, the other one what is said.
    LaidOutAnew,
    /// Both sides say the same, and one was laid out anew.
    SameInOtherLayout,
}
