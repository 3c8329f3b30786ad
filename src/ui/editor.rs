//! The user's own programs: their editor and their merge tool.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::Edited;
use crate::error::Result;
use crate::fs;
use crate::tree::File;

/// A private folder for the files that a program of the user's works on; it goes with this value.
struct Desk(PathBuf);

impl Desk {
    fn new() -> Result<Self> {
        let dir = std::env::temp_dir().join(format!("ixd-template-{}", std::process::id()));
        fs::remove_own_dir(&dir)?;
        fs::create_private_dir(&dir)?;
        Ok(Self(dir))
    }

    fn put(&self, name: &str, bytes: &[u8]) -> Result<PathBuf> {
        let path = self.0.join(name);
        fs::create(&path, &File::new(bytes), 0o600)?;
        Ok(path)
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        let _ = fs::remove_own_dir(&self.0);
    }
}

/// Lets the user edit `text` under the file name `name`.
pub(super) fn edit(name: &str, text: &[u8]) -> Result<Edited> {
    let desk = Desk::new()?;
    let path = desk.put(name, text)?;
    // The shell splits an editor with arguments, as git does.
    let script = r#"${VISUAL:-${EDITOR:-vi}} "$1""#;
    run(
        Command::new("sh").args(["-c", script, "sh"]).arg(&path),
        &path,
    )
}

/// Lets the user's merge tool, as git knows it, resolve a conflict: base, ours, theirs, and the merge with markers.
pub(super) fn merge_tool(name: &str, sides: &[Vec<u8>; 3], merged: &[u8]) -> Result<Edited> {
    let desk = Desk::new()?;
    let mut command = Command::new("sh");
    for (variable, bytes) in ["BASE", "LOCAL", "REMOTE"].into_iter().zip(sides) {
        command.env(variable, desk.put(&format!("{variable}.{name}"), bytes)?);
    }
    let path = desk.put(name, merged)?;
    let script = r#"
        TOOL_MODE=merge
        . "$(git --exec-path)/git-mergetool--lib" && tool=$(get_merge_tool) || exit 1
        # Git before 2.31 does it by itself.
        ! command -v initialize_merge_tool > /dev/null || initialize_merge_tool "$tool" || exit 1
        run_merge_tool "$tool" true"#;
    command.env("MERGED", &path).args(["-c", script]);
    run(&mut command, &path)
}

/// Runs the command and reads what it saved, also after a failure: it is somebody's work.
fn run(command: &mut Command, result: &Path) -> Result<Edited> {
    let has_ended_well = command.status().is_ok_and(|status| status.success());
    let saved = fs::read(result)?;
    Ok(Edited {
        is_done: has_ended_well && saved.is_some(),
        text: saved.unwrap_or_default(),
    })
}
