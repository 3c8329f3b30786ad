//! The merge room through its public face.

mod cases;
mod doubles;
mod hostile;
mod layout;
mod lists;
mod oracle;
mod pins;
mod projects;
mod properties;
mod rows;
mod taken_out;
