//! A value and where it stands.

/// A value, and the number of the line that it starts in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Placed<T> {
    pub(crate) line: usize,
    pub(crate) value: T,
}

impl<T> Placed<T> {
    pub(crate) fn new(line: usize, value: T) -> Self {
        Self { line, value }
    }
}
