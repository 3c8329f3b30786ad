//! The command line, as a user and as a script meet it.

mod dialogue;
mod first_commit;
mod help;
mod hostile;
mod inspect;
mod into_existing;
mod limits;
mod new;
mod records;
pub(crate) mod sandbox;
mod secret_clones;
mod secret_names;
mod secret_places;
mod secrets;
