//! The steps from an older project to one on the template, each of which can be declined.

use super::existing;
use super::questions::{DATABASE, DOCKER, DOCKER_FILES, MODE, REQUIREMENTS_FILE, database_named};
use crate::ask::Given;
use crate::error::{Error, Result};
use crate::ui::Ui;
use django_facts::{Database, Engine, Findings, Survey};

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
        "requirements.in, for people: what the project asks for",
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
    /// What would have been taken, and somebody left it out.
    pub(super) declined: Vec<Step>,
    /// The file that packages are installed from.
    pub(super) requirements: String,
    /// The file that asks for packages, which may be none that pip reads.
    pub(super) asks: String,
    pub(super) manage_py: Option<String>,
    pub(super) media: Option<String>,
    pub(super) docker_there: Vec<String>,
    /// Why the requirements are not locked, where there is a reason not to.
    pub(super) unlocked: Option<String>,
}

impl Steps {
    /// The names of the steps that are taken, as `--skip` takes them.
    pub(super) fn names(&self) -> Vec<String> {
        names(&self.taken)
    }

    pub(super) fn has(&self, step: Step) -> bool {
        self.taken.contains(&step)
    }
}

fn names(steps: &[Step]) -> Vec<String> {
    let values = steps.iter().filter_map(clap::ValueEnum::to_possible_value);
    values.map(|value| value.get_name().to_owned()).collect()
}

fn listed(steps: &[Step]) -> String {
    match steps {
        [] => "none".to_owned(),
        steps => names(steps).join(", "),
    }
}

/// # Errors
/// [`Error::Usage`] where a step is to be run that is no other program's, or that is left out.
pub(super) fn can_run(run: &[Step], skipped: &[Step]) -> Result<()> {
    for step in run {
        if !matches!(step, Step::Lock | Step::Data | Step::Media) {
            return Err(Error::Usage("`--run` takes lock, data or media".into()));
        }
        if skipped.contains(step) {
            return Err(Error::Usage(
                "the same step cannot be run and left out".into(),
            ));
        }
    }
    Ok(())
}

/// The steps to take: those that make sense, less those that are declined.
pub(super) fn choose(
    findings: &Findings,
    survey: &Survey,
    given: &Given,
    skipped: &[Step],
    run: &[Step],
    may_ask: bool,
    ui: &mut Ui,
) -> Result<Steps> {
    let docker_there = existing::there(findings);
    let requirements = given.text(REQUIREMENTS_FILE).unwrap_or_default();
    let setup = String::from_utf8_lossy(&survey.read("setup.py").unwrap_or_default()).into_owned();
    let unlocked = (!requirements.is_empty() && setup.contains(&requirements)).then(|| {
        format!(
            "setup.py reads {requirements}, and whoever installs the package would get its versions"
        )
    });
    let text = |name: &str| given.text(name).unwrap_or_default();
    let database = database_named(&text(DATABASE)).and_then(Database::engine);
    let has_dump = database.is_some_and(has_dump) && has_server(findings);
    let has_manage = text(MODE) == "wrap" && findings.manage_py.text().is_some();
    // Whether there is anything to it here; whoever names a step with `--run` is told why there is not.
    let applies = |step: Step| match step {
        Step::ManagePy => has_manage,
        Step::Data => has_dump || run.contains(&step),
        Step::Media => media(findings).is_some() || run.contains(&step),
        _ => true,
    };
    let wants_docker = given.is_yes(DOCKER);
    let is_proposed = |step: Step| match step {
        Step::Lock => unlocked.is_none(),
        // Two sets of files for the same thing would be in each other's way, unless somebody wants ours.
        Step::Docker => docker_there.is_empty() || wants_docker,
        Step::ManagePy => false,
        _ => true,
    };
    let offered: Vec<(Step, &str)> = ALL.into_iter().filter(|(step, _)| applies(*step)).collect();
    let proposed = offered
        .iter()
        .map(|(step, _)| *step)
        .filter(|step| is_proposed(*step) || run.contains(step));
    let proposed: Vec<Step> = proposed.collect();
    let mut taken = proposed.clone();
    taken.retain(|step| !skipped.contains(step));
    if may_ask {
        // What becomes of Docker files that are there was asked already.
        let is_decided = |step: Step| step == Step::Docker && given.has(DOCKER_FILES);
        let decided = taken.iter().copied().filter(|step| is_decided(*step));
        let decided: Vec<Step> = decided.collect();
        let offered: Vec<&(Step, &str)> = offered
            .iter()
            .filter(|(step, _)| !is_decided(*step))
            .collect();
        let items: Vec<(String, bool)> = offered
            .iter()
            .map(|(step, label)| ((*label).to_owned(), taken.contains(step)))
            .collect();
        let chosen = ui.prompt.choose("Which steps?", &items)?;
        taken = chosen
            .iter()
            .filter_map(|index| offered.get(*index))
            .map(|(step, _)| *step)
            .chain(decided)
            .collect();
        taken.sort_by_key(|step| ALL.iter().position(|(known, _)| known == step));
        ui.say(format!("  steps: {}", listed(&taken)));
    }
    let is_left = |step: &Step| !taken.contains(step);
    Ok(Steps {
        declined: proposed.into_iter().filter(is_left).collect(),
        taken,
        requirements,
        unlocked,
        asks: findings
            .requirements
            .main
            .text()
            .unwrap_or_default()
            .to_owned(),
        manage_py: findings.manage_py.text().map(str::to_owned),
        media: media(findings),
        docker_there,
    })
}

/// Whether there is a program that dumps such a database.
pub(super) fn has_dump(engine: Engine) -> bool {
    matches!(engine, Engine::Postgresql | Engine::Postgis | Engine::Mysql)
}

/// Whether anything tells that the project's data are on a server: not where they are in a file, whatever it shall use from now
/// on.
fn has_server(findings: &Findings) -> bool {
    let in_production = findings.settings.database_in_production.as_ref();
    let told = findings.details.told_database.map(Database::Engine);
    let mut known = [
        findings.database.value,
        in_production.and_then(|found| found.value),
        told,
    ]
    .into_iter()
    .flatten();
    let is_server = |found: Database| found.engine().is_some_and(has_dump);
    if known.any(is_server) {
        return true;
    }
    let is_left_open = findings
        .database
        .value
        .is_none_or(|found| found != Database::None && found != Database::Engine(Engine::Sqlite));
    is_left_open && findings.details.addresses.file_by_default.is_none()
}

/// The folder of uploaded files, where it is told.
fn media(findings: &Findings) -> Option<String> {
    let root = findings.media.root.text().map(str::trim);
    root.filter(|root| !root.is_empty()).map(str::to_owned)
}
