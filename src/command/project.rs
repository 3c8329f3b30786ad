//! A project as its state file describes it.

use std::collections::BTreeMap;
use std::path::Path;

use crate::adopt::Older;
use crate::change::entries;
use crate::error::{Error, Result};
use crate::fs;
use crate::state::{self, State};
use crate::template::{Catalogue, Release, Rendered, render_recorded};
use crate::tree::{File, TreePath};
use crate::workplace::Workplace;

/// A project that a state file describes, with its base: the recorded release rendered with the recorded answers.
pub(crate) struct Project {
    pub(crate) state: State,
    /// The state file as it was read; none where the project is adopted.
    pub(crate) state_file: Option<File>,
    /// The recorded release, without its sources.
    pub(crate) release: Release,
    pub(crate) base: Rendered,
    /// For a project that an older template made: what tells its lines from its team's.
    pub(crate) older: Option<Older>,
}

impl Project {
    /// The project at `place`.
    pub(crate) fn open(place: &Workplace, catalogue: &Catalogue) -> Result<Self> {
        let state_file = place.state_file()?;
        let state = place.state()?;
        let mut release = recorded_release(&state, catalogue)?;
        let base = render_recorded(&release, &state.answers)?;
        release.forget_sources();
        let rendered = crate::tree::digest(&base.tree);
        if rendered.map_err(Error::io("read", &release.label))? != state.rendered {
            return Err(Error::State {
                path: state::FILE.into(),
                message: "it was edited by hand: its answers make other files than it records; to change answers, use \
                          `ixd-template upgrade --ask`"
                    .into(),
            });
        }
        Ok(Self {
            state,
            state_file,
            release,
            base,
            older: None,
        })
    }

    /// What stands in the project at every path of its base.
    pub(crate) fn ours(&self, place: &Workplace) -> Result<BTreeMap<TreePath, fs::Entry>> {
        let base = &self.base.tree;
        entries(place, &[base], base.keys())
    }
}

/// The release that a state file names, which must be the very one that was used.
fn recorded_release(state: &State, catalogue: &Catalogue) -> Result<Release> {
    let release = match catalogue.release(Some(&state.version.to_string())) {
        Err(Error::NoRelease { wanted, available }) => {
            refuse_other_template(state, &catalogue.name()?, catalogue)?;
            return Err(Error::NoBase { wanted, available });
        }
        release => release?,
    };
    refuse_other_template(state, &release.manifest.name, catalogue)?;
    if release.digest != state.digest {
        return Err(Error::OtherRelease {
            version: state.version.to_string(),
            recorded: state.digest.clone(),
            found: release.digest,
        });
    }
    Ok(release)
}

/// An error where the catalogue, whose template is `found`, is not of the template that the project was made from.
pub(super) fn refuse_other_template(
    state: &State,
    found: &str,
    catalogue: &Catalogue,
) -> Result<()> {
    if found == state.template {
        return Ok(());
    }
    Err(Error::OtherTemplate {
        wanted: state.template.clone(),
        version: state.version.to_string(),
        found: found.to_owned(),
        dir: catalogue.dir().map(Path::to_path_buf),
    })
}
