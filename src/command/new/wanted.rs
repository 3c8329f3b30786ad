//! What a new project is to be: a release with answers.

use super::NewArgs;
use crate::ask::{self, Given};
use crate::change::{Afterwards, Record, StateFile};
use crate::error::Result;
use crate::state::{self, State};
use crate::template::{Answers, Catalogue, Release, Rendered, render};
use crate::ui::Ui;
use three_way::Labels;

pub(super) struct Wanted {
    pub(super) release: Release,
    pub(super) answers: Answers,
    pub(super) labels: Labels,
    state: State,
    rendered: Rendered,
}

impl Wanted {
    /// Takes what the command line says, and asks for what it leaves open.
    pub(super) fn chosen(args: &NewArgs, directory: &str, ui: &mut Ui) -> Result<Self> {
        let release = Catalogue::new(args.from.as_deref()).release(args.release.as_deref())?;
        let file = args.answers.as_deref();
        let mut given = Given::new(&release.manifest, file, &args.answer, args.defaults)?;
        let mut answers = ask::answers(&release.manifest, &given, directory, ui)?;
        if !args.defaults && ui.prompt.is_interactive() {
            answers = ask::confirm(&release.manifest, &mut given, directory, answers, ui)?;
        }
        let rendered = render(&release, &answers)?;
        Ok(Self {
            state: State::new(&release, &answers, &rendered.tree)?,
            labels: Labels {
                base: "nothing".into(),
                ours: "yours".into(),
                theirs: format!("template {}", release.manifest.version),
            },
            release,
            answers,
            rendered,
        })
    }

    /// Gives away the release's files; the state file that describes them is one of them.
    pub(super) fn rendered(&mut self) -> Result<Rendered> {
        let mut rendered = std::mem::take(&mut self.rendered);
        rendered.tree.insert(state::path()?, self.state.to_file()?);
        Ok(rendered)
    }

    /// What is recorded of the run.
    pub(super) fn record(&self, directory: &str, wants_git: bool) -> Record<'_> {
        let version = &self.release.manifest.version;
        Record {
            title: format!("new {directory} from {version}"),
            state: self.state.clone(),
            former: None,
            state_file: StateFile::InTheirs,
            labels: &self.labels,
            afterwards: Afterwards::Start(
                wants_git.then_some("Start the project from its template"),
            ),
        }
    }
}
