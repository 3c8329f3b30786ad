//! The formats that projects keep their metadata in, each read in one way that every finder shares.
//!
//! A reader knows what a file says and in which line; what that means for the project is the finders' business.

pub(super) mod compose;
pub(super) mod conda;
pub(super) mod dockerfile;
pub(super) mod ini;
pub(super) mod lock;
pub(super) mod outline;
pub(super) mod pipfile;
pub(super) mod placed;
pub(super) mod pyproject;
pub(super) mod requirements;
pub(super) mod setup_cfg;
pub(super) mod setup_py;
pub(super) mod toml;
