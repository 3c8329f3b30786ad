//! requirements.in → requirements.txt with every package in one version.

use super::super::files::locked_beside;
use super::super::questions::{IMAGE_PYTHON, PACKAGES_UNTIL};
use super::super::steps::Step;
use super::tool::{Tool, obstacle};
use super::{Work, failed};
use crate::error::Result;
use crate::fs;
use crate::tree::TreePath;
use crate::ui::Ui;
use crate::workplace::Workplace;

pub(super) fn lock(work: &Work, place: Option<&mut Workplace>, ui: &mut Ui) -> Result<bool> {
    let output = work.steps.requirements.as_str();
    let Some(stem) = output.strip_suffix(".txt") else {
        return Ok(false);
    };
    let input = format!("{stem}.in");
    let Some(asked) = fs::read(&work.root.join(&input))? else {
        return Ok(false);
    };
    let beside = locked_beside(output);
    let mut more = Vec::new();
    if beside != output && fs::metadata(&work.root.join(&beside))?.is_some() {
        more.extend(["--constraint", beside.as_str()]);
    }
    let has_hashes = fs::read(&work.root.join(output))?
        .is_some_and(|bytes| bytes.windows(7).any(|part| part == b"--hash="));
    if has_hashes {
        more.push("--generate-hashes");
    }
    more.extend(["--output-file", output, input.as_str()]);

    let python = work.answer(IMAGE_PYTHON);
    let minor = |prefix: &str| python.strip_prefix(prefix)?.split('.').next()?.parse().ok();
    let is_for_uv = minor("3.").is_some_and(|minor: u32| minor >= 8);
    let mut words = vec!["pip", "compile", "--quiet", "--python-version", python];
    let until = work.answer(PACKAGES_UNTIL);
    if !until.is_empty() {
        words.extend(["--exclude-newer", until]);
    }
    words.extend(&more);
    let uv = Tool::new("uv", &words);
    let mut words = vec!["--quiet", "--strip-extras"];
    words.extend(&more);
    let pip_compile = Tool::new("pip-compile", &words);

    // This holds for pip-tools 7.6 and uv 0.13: uv leaves `${NAME}` of an address as it is.
    let tells = asked.windows(2).any(|part| part == b"${").then(|| {
        format!("pip-compile writes the values of variables in {input}, such as passwords, into {output}")
    });

    ui.say("\nLock the packages, which pins those that the project does not name:");
    if !is_for_uv {
        // Nothing but its own Python knows what an old one can install.
        ui.say("  ./go.sh python -m pip install pip-tools");
        ui.say(format!(
            "  ./go.sh python -m piptools compile {}",
            more.join(" ")
        ));
        if let Some(tells) = &tells {
            ui.say(format!("  Do not commit the result as it is: {tells}."));
        }
        let reason =
            format!("uv does not know Python {python}, so that the project's own must do it");
        return work.wants(Step::Lock, Some(reason), ui);
    }
    let (tool, obstacle) = match (obstacle("uv"), tells.or_else(|| obstacle("pip-compile"))) {
        (None, _) => (uv, None),
        (Some(_), None) => {
            ui.say(format!("  (pip-compile locks for the Python that it is installed in, which should be {python})"));
            (pip_compile, None)
        }
        (Some(no_uv), Some(no_other)) => (uv, Some(format!("{no_uv}, and {no_other}"))),
    };
    ui.say(format!("  {}", tool.shown()));
    let obstacle = obstacle.or_else(|| {
        // Nothing could take it back.
        place
            .is_none()
            .then(|| "conflicts are to be decided first".to_owned())
    });
    if !work.wants(Step::Lock, obstacle, ui)? {
        return Ok(false);
    }
    let path = TreePath::new(output).map_err(|error| failed(Step::Lock, error))?;
    let before = work.file(&path)?;
    ui.say("  locking…");
    if let Err(reason) = tool.run(work.root, None, work.interrupt, ui) {
        work.put_back(&path, before.as_ref())?;
        return Err(failed(
            Step::Lock,
            format!("{reason}; {output} is as it was"),
        ));
    }
    if let Some(place) = place {
        work.take_in(path, before, place)?;
    }
    ui.say(format!(
        "  {output} is locked; `git diff {output}` shows what changed"
    ));
    Ok(true)
}
