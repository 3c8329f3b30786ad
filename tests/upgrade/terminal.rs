//! A person at a terminal: what they see and which keys they press.

use std::time::Duration;

use expectrl::{Eof, Expect as _, Regex, Session};

use super::case::Case;
use crate::cli::sandbox::Ran;

impl Case {
    /// Commits, then `upgrade` on a terminal: waits for each text and answers with the keys beside it.
    pub(crate) fn converse(self, steps: &[(&str, &str)]) -> Self {
        self.converse_with("", steps)
    }

    /// As [`Self::converse`], with flags.
    pub(crate) fn converse_with(self, flags: &str, steps: &[(&str, &str)]) -> Self {
        self.commit()
            .converse_in(&format!("upgrade --from ../cat {flags}"), steps)
    }

    /// Any command of ours on a terminal; nothing is committed before.
    pub(crate) fn converse_in(self, args: &str, steps: &[(&str, &str)]) -> Self {
        let mut case = self.make();
        case.note();
        let mut command = case.sandbox.command(env!("CARGO_BIN_EXE_ixd-template"));
        command
            .current_dir(case.path(""))
            .env("TERM", "xterm")
            .env("NO_COLOR", "1")
            .env("EDITOR", case.sandbox.path("editor").display().to_string())
            .args(args.split_whitespace());
        let mut session = Session::spawn(command).unwrap();
        session.set_expect_timeout(Some(Duration::from_secs(60)));
        let mut seen = String::new();
        for (text, keys) in steps {
            let found = match session.expect(*text) {
                Ok(found) => found,
                Err(error) => {
                    let more = session
                        .check(Regex("(?s).+"))
                        .map(|more| more.as_bytes().to_vec());
                    let more = String::from_utf8_lossy(&more.unwrap_or_default()).into_owned();
                    panic!("`{text}`: {error} after\n{seen}\n--- then\n{more}");
                }
            };
            seen += &String::from_utf8_lossy(found.before());
            seen += text;
            // The prompt is there a moment before the terminal hands over single keys; until then ^D means something else,
            // and what is typed for a secret is thrown away when the echo is switched off.
            if *keys == "\x04" || keys.len() > 1 {
                std::thread::sleep(Duration::from_secs(1));
            }
            session.send(*keys).unwrap();
        }
        let rest = session
            .expect(Eof)
            .unwrap_or_else(|error| panic!("it waits for more: {error} after\n{seen}"));
        seen += &String::from_utf8_lossy(rest.as_bytes());
        let status = format!("{:?}", session.get_process().wait().unwrap());
        let code = status
            .rsplit(", ")
            .next()
            .and_then(|code| code.trim_end_matches(')').parse().ok());
        case.end(Ran {
            code: code.unwrap_or(-1),
            stdout: seen.replace('\r', ""),
            stderr: status,
        });
        case
    }
}
