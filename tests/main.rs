//! Behaviour through the public face, in one binary.

mod cli;
