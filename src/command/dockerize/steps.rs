//! The steps from an older project to one on the template, each of which can be declined.

use crate::ask::Given;
use crate::error::Result;
use crate::project::Findings;
use crate::ui::Ui;

/// One step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Step {
    /// requirements.in for people, beside the requirements.txt that pip installs
    Requirements,
    /// Dockerfile, compose.yaml and the load balancer
    Docker,
    /// Dotenv files of each environment, encrypted in git
    Secrets,
    /// Remove manage.py: `./go.sh manage.py` starts the one of the scripts
    ManagePy,
    /// Commands that lock the requirements again
    Lock,
    /// Commands that dump the database and restore it
    Data,
    /// Commands that copy uploaded files to S3
    Media,
}

const ALL: [(Step, &str); 7] = [
    (
        Step::Requirements,
        "requirements.in, for people: a copy of requirements.txt",
    ),
    (
        Step::Docker,
        "Docker: Dockerfile, compose.yaml, load balancer",
    ),
    (
        Step::Secrets,
        "secrets: a dotenv file for each environment, encrypted in git",
    ),
    (
        Step::ManagePy,
        "remove manage.py; `./go.sh manage.py` then starts the scripts' own",
    ),
    (
        Step::Lock,
        "lock the requirements (uv or pip-compile; outside, afterwards)",
    ),
    (
        Step::Data,
        "dump the database into initial_data.sql (outside, afterwards)",
    ),
    (
        Step::Media,
        "copy uploaded files to S3 (outside, afterwards)",
    ),
];

/// The steps that are taken. Scripts, dotenv file and settings are not among those that can be declined: without them
/// nothing is left.
#[derive(Debug)]
pub(super) struct Steps {
    taken: Vec<Step>,
    /// The file that packages are installed from.
    pub(super) requirements: String,
    pub(super) manage_py: Option<String>,
    pub(super) media: Option<String>,
    pub(super) docker_there: Vec<String>,
}

impl Steps {
    /// The names of the steps that are taken, as `--skip` takes them.
    pub(super) fn names(&self) -> Vec<String> {
        let value = |step: &Step| clap::ValueEnum::to_possible_value(step);
        let values = self.taken.iter().filter_map(value);
        values.map(|value| value.get_name().to_owned()).collect()
    }

    pub(super) fn has(&self, step: Step) -> bool {
        self.taken.contains(&step)
    }
}

/// The steps to take: those that make sense, less those that are declined.
pub(super) fn choose(
    findings: &Findings,
    given: &Given,
    skipped: &[Step],
    may_ask: bool,
    ui: &mut Ui,
) -> Result<Steps> {
    let docker_there: Vec<String> = findings
        .existing_docker
        .value
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|path| path.as_str())
        .filter(|path| !path.contains('/') && *path != ".dockerignore")
        .map(str::to_owned)
        .collect();
    let is_proposed = |step: Step| match step {
        // Two sets of files for the same thing would be in each other's way.
        Step::Docker => docker_there.is_empty(),
        Step::ManagePy => false,
        Step::Media => media(findings).is_some(),
        _ => true,
    };
    let mut taken: Vec<Step> = ALL
        .iter()
        .map(|(step, _)| *step)
        .filter(|step| is_proposed(*step) && !skipped.contains(step))
        .collect();
    if may_ask {
        let items: Vec<(String, bool)> = ALL
            .iter()
            .map(|(step, label)| ((*label).to_owned(), taken.contains(step)))
            .collect();
        let chosen = ui.prompt.choose("Which steps?", &items)?;
        taken = chosen
            .iter()
            .filter_map(|index| ALL.get(*index))
            .map(|(step, _)| *step)
            .collect();
    }
    Ok(Steps {
        taken,
        requirements: given.text("requirements_file").unwrap_or_default(),
        manage_py: findings.manage_py.text().map(str::to_owned),
        media: media(findings),
        docker_there,
    })
}

/// The folder of uploaded files, where it is told.
fn media(findings: &Findings) -> Option<String> {
    let root = findings.media.root.text().map(str::trim);
    root.filter(|root| !root.is_empty()).map(str::to_owned)
}
