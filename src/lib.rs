//! Starts a Django project and keeps it current for years.

pub mod merge;
