//! The merge room through its public face.

mod cases;
mod oracle;
mod projects;
mod properties;
