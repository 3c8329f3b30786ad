//! What is to be laid out anew, and after what.

use super::token::Lexed;

/// A text that is to be laid out anew, the base, and the text that leads.
pub(super) struct Fit<'t, 'a> {
    pub(super) own: &'t Lexed<'a>,
    pub(super) base: &'t Lexed<'a>,
    pub(super) leader: &'t Lexed<'a>,
    /// The token of the base, and of the leader, that each token is.
    pub(super) to_base: &'t [Option<usize>],
    pub(super) to_leader: &'t [Option<usize>],
}
