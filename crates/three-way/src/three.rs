//! The merge of three values that are no more than equal or not.

/// `theirs` if only theirs changed, and so on; `None` when both did.
pub(super) fn trivial<T: PartialEq>(base: T, ours: T, theirs: T) -> Option<T> {
    if ours == theirs || base == theirs {
        Some(ours)
    } else if base == ours {
        Some(theirs)
    } else {
        None
    }
}
