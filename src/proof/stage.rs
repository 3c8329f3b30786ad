//! Runs the compose project of a proof, and sees to it that nothing of it is left.

use std::path::PathBuf;
use std::time::Duration;

use serde_json::Value;

use super::compose::{self, SHELL, SITE};
use super::trials::{Start, WRAPPER};
use crate::error::Result;
use crate::fs;
use crate::program::{Ended, Program};
use crate::tree::File;

pub(super) const GLANCE: Duration = Duration::from_secs(30);
const AWAY: Duration = Duration::from_secs(120);

/// A compose project. [`Self::clear`] takes it away, and so does the end of this value.
pub(super) struct Stage<'a> {
    pub(super) name: &'a str,
    pub(super) project: PathBuf,
    pub(super) file: PathBuf,
    pub(super) before: PathBuf,
    pub(super) user: u32,
    pub(super) config: Value,
    /// The services that the site needs.
    pub(super) others: Vec<String>,
    pub(super) port: u16,
    pub(super) wrapped: bool,
    pub(super) is_clear: bool,
}

impl<'a> Stage<'a> {
    pub(super) fn site(&self) -> compose::Site<'a> {
        compose::Site {
            name: self.name,
            port: self.port,
        }
    }

    pub(super) fn docker(&self, words: &[&str]) -> Program {
        Program::new(&self.project, &["docker"])
            .and(words)
            .with("DOCKER_CLI_HINTS", "false")
            .with("COMPOSE_ANSI", "never")
            .with("BUILDKIT_PROGRESS", "plain")
            .with("APP_UID", &self.user.to_string())
            .with("PORT", &self.port.to_string())
    }

    /// `docker compose` with the proof's own file.
    pub(super) fn compose(&self, words: &[&str]) -> Program {
        let file = self.file.to_string_lossy();
        let project = self.project.to_string_lossy();
        self.docker(&[
            "compose",
            "-p",
            self.name,
            "-f",
            &file,
            "--project-directory",
            &project,
        ])
        .and(words)
    }

    /// A command in the container of a service of the site that runs.
    pub(super) fn inside(&self, service: &str, words: &[&str]) -> Program {
        self.with_settings(&["exec", "-T"])
            .and(&[service, "entrypoint.sh"])
            .and(words)
    }

    /// A command of compose that takes `-e`, with the settings that run where nothing else names them.
    fn with_settings(&self, words: &[&str]) -> Program {
        let program = self.compose(words);
        if self.wrapped {
            program.and(&["-e", &format!("DJANGO_SETTINGS_MODULE={WRAPPER}")])
        } else {
            program
        }
    }

    pub(super) fn write(&self) -> Result<()> {
        let text = serde_json::to_vec_pretty(&self.config).unwrap_or_default();
        fs::remove(&self.file)?;
        fs::create(&self.file, &File::new(text), 0o600)
    }

    /// Takes away containers, volumes, networks and images. The result is the command for what is left, or may be left.
    pub(super) fn clear(&mut self) -> Option<String> {
        self.is_clear = true;
        let by_hand = format!("docker compose -p {} down --volumes", self.name);
        let output = self.file.with_file_name("cleared");
        let _ = fs::remove(&output);
        let Ok(file) = fs::private_file(&output) else {
            return Some(by_hand);
        };
        let never = || false;
        if matches!(fs::metadata(&self.file), Ok(Some(_))) {
            let down = self.compose(&["down", "--volumes", "--remove-orphans", "--timeout", "3"]);
            let _ = down.run(&file, AWAY, &never);
        }
        let label = format!("label=com.docker.compose.project={}", self.name);
        // `down` does not know everything, for example not the container of a command that was stopped.
        let rest: [(&[&str], &[&str]); 3] = [
            (&["ps", "-aq"], &["rm", "--force", "--volumes"]),
            (&["volume", "ls", "-q"], &["volume", "rm", "--force"]),
            (&["network", "ls", "-q"], &["network", "rm"]),
        ];
        for (list, remove) in rest {
            let found = self.listed(list, &label).unwrap_or_default();
            if !found.is_empty() {
                let found: Vec<&str> = found.iter().map(String::as_str).collect();
                let _ = self.docker(remove).and(&found).run(&file, AWAY, &never);
            }
        }
        for kind in ["dev", "site"] {
            let image = format!("{}:{kind}", self.name);
            let _ = self
                .docker(&["image", "rm", "--force", &image])
                .run(&file, AWAY, &never);
        }
        let is_gone = |list| {
            self.listed(list, &label)
                .is_some_and(|left| left.is_empty())
        };
        let all = rest.iter().all(|(list, _)| is_gone(list));
        (!all).then_some(by_hand)
    }

    /// The result is `None` where the engine does not say it.
    fn listed(&self, words: &[&str], label: &str) -> Option<Vec<String>> {
        let output = self.file.with_file_name("listed");
        let _ = fs::remove(&output);
        let file = fs::private_file(&output).ok()?;
        let ended = self
            .docker(words)
            .and(&["--filter", label])
            .run(&file, GLANCE, &|| false);
        let text = fs::read_text(&output).ok().flatten();
        let text = text.filter(|_| ended == Ended::With(0))?;
        Some(text.lines().map(str::to_owned).collect())
    }
}

impl Drop for Stage<'_> {
    fn drop(&mut self) {
        if !self.is_clear {
            let _ = self.clear();
        }
    }
}

impl Start for Stage<'_> {
    fn as_developer(&self, words: &[&str]) -> Program {
        self.compose(&["run", "--rm", "-T", "--no-deps", SHELL])
            .and(words)
    }

    fn before(&self, script: &str) -> Program {
        let mount = format!("{}:/before", self.before.display());
        self.compose(&[
            "run",
            "--rm",
            "-T",
            "--no-deps",
            "-v",
            &mount,
            "-w",
            "/before",
        ])
        .and(&["--entrypoint", "sh", SHELL, "-c", script])
    }

    fn as_production(&self, words: &[&str]) -> Program {
        self.with_settings(&["run", "--rm", "-T", "--no-deps"])
            .and(&[SITE])
            .and(words)
    }

    fn stand_in(&mut self, variables: &[(String, String)]) -> Result<()> {
        let site = self.site();
        compose::set(&mut self.config, variables, &site);
        self.write()
    }
}
