//! The three-way merge of one file.
