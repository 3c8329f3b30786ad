//! What the system alone gives: its randomness, the standard input, how it makes new files.

use std::fs;
use std::io;
use std::path::Path;

use crate::error::{Error, Result};

/// The permission bits that this process takes from new files.
#[must_use]
pub fn umask() -> u32 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("Umask:"));
    line.and_then(|mask| u32::from_str_radix(mask.trim(), 8).ok())
        .unwrap_or(0o022)
}

/// Bytes of the system's own randomness.
pub fn random(count: usize) -> Result<Vec<u8>> {
    use std::io::Read as _;
    let path = Path::new("/dev/urandom");
    let mut bytes = vec![0; count];
    let read = fs::File::open(path).and_then(|mut source| source.read_exact(&mut bytes));
    read.map_err(Error::io("read", path))?;
    Ok(bytes)
}

/// All of standard input.
pub fn read_stdin() -> Result<Vec<u8>> {
    use std::io::Read as _;
    let mut bytes = Vec::new();
    io::stdin()
        .read_to_end(&mut bytes)
        .map_err(Error::io("read", "stdin"))?;
    Ok(bytes)
}
