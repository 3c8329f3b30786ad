//! What a person is told of the Docker files that the project has, before anything is decided about them.

use crate::ui::{Ui, hang, visible};
use django_facts::{Containers, Findings, Weakness, WeaknessKind};

/// How many lines of one kind are shown; all of them stand in the JSON.
const MOST: usize = 4;

/// Says what there is, and what of it will not do; before anybody is asked.
pub(super) fn show(findings: &Findings, there: &[String], ui: &mut Ui) {
    if there.is_empty() {
        return;
    }
    let Containers {
        entrypoints,
        weaknesses,
        services,
    } = &findings.details.containers;
    let mut has = format!("The project has Docker files: {}", there.join(", "));
    if !entrypoints.is_empty() {
        has += "; its containers start with ";
        has += &entrypoints.join(", ");
    }
    ui.data(visible(&hang("", &has, "  ")).into_owned());
    if !services.is_empty() {
        let names: Vec<&str> = services
            .iter()
            .map(|service| service.name.as_str())
            .collect();
        let has = format!("They start, beside the site: {}", names.join(", "));
        ui.data(visible(&hang("", &has, "  ")).into_owned());
    }
    if !weaknesses.is_empty() {
        ui.data("What of them will not do for a site on several nodes:");
    }
    let mut kinds: Vec<WeaknessKind> = weaknesses.iter().map(|one| one.kind).collect();
    kinds.sort();
    kinds.dedup();
    for kind in kinds {
        let all: Vec<&Weakness> = weaknesses.iter().filter(|one| one.kind == kind).collect();
        for one in all.iter().take(MOST) {
            let line = format!("  {:<28}  {}", one.place, sentence(one));
            ui.data(visible(&line).into_owned());
        }
        if all.len() > MOST {
            ui.data(format!("  and {} more of that kind", all.len() - MOST));
        }
    }
    ui.data("");
}

/// What is wrong, without a value of any variable.
pub(super) fn sentence(weakness: &Weakness) -> String {
    let name = &weakness.name;
    match weakness.kind {
        WeaknessKind::NoHealthCheck => {
            "no HEALTHCHECK: a site that hangs goes on getting requests".into()
        }
        WeaknessKind::Root => "the site runs as root".into(),
        WeaknessKind::DevelopmentServer => "runserver is a server for developers alone".into(),
        WeaknessKind::Secret => format!("the value of {name} is written down here"),
        WeaknessKind::DotenvFile => format!("{name} is copied into the image, with its secrets"),
        WeaknessKind::NoVersion => format!("{name} has no version: tomorrow it may be another"),
        WeaknessKind::NoStaticFiles => {
            "nothing runs collectstatic: production has no static files".into()
        }
        WeaknessKind::LocalVolume => {
            format!("{name} is a volume of one machine: other nodes do not see it")
        }
        WeaknessKind::MountedSources => {
            format!("{name} of the machine stands in the place of the image's files")
        }
        WeaknessKind::FileDatabase => {
            "the database is a file: each node, or each new container, has its own".into()
        }
    }
}
