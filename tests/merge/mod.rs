//! The merge room through its public face.

mod cases;
mod hostile;
mod oracle;
mod projects;
mod properties;
