//! The merge room through its public face.

mod cases;
mod hostile;
mod oracle;
mod pins;
mod projects;
mod properties;
mod taken_out;
