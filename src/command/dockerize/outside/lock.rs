//! requirements.in → requirements.txt with every package in one version.

use super::super::files::locked_beside;
use super::super::steps::Step;
use super::tool::{Tool, obstacle};
use super::{Work, failed};
use crate::error::Result;
use crate::fs;
use crate::ui::Ui;

pub(super) fn lock(work: &Work, ui: &mut Ui) -> Result<()> {
    let output = work.steps.requirements.as_str();
    let Some(stem) = output.strip_suffix(".txt") else {
        return Ok(());
    };
    let input = format!("{stem}.in");
    let there = |path: &str| fs::metadata(&work.root.join(path));
    if there(&input)?.is_none() {
        return Ok(());
    }
    let beside = locked_beside(output);
    let mut more = Vec::new();
    if beside != output && there(&beside)?.is_some() {
        more.extend(["--constraint", beside.as_str()]);
    }
    let has_hashes =
        fs::read_text(&work.root.join(output))?.is_some_and(|text| text.contains("--hash="));
    if has_hashes {
        more.push("--generate-hashes");
    }
    more.extend(["--output-file", output, input.as_str()]);

    let python = work.answer("image_python");
    let minor = |prefix: &str| python.strip_prefix(prefix)?.split('.').next()?.parse().ok();
    let is_for_uv = minor("3.").is_some_and(|minor: u32| minor >= 8);
    let mut words = vec!["pip", "compile", "--quiet", "--python-version", python];
    words.extend(&more);
    let uv = Tool::new("uv", &words);
    let mut words = vec!["--quiet", "--strip-extras"];
    words.extend(&more);
    let pip_compile = Tool::new("pip-compile", &words);

    let why_not_uv = if is_for_uv {
        obstacle("uv")
    } else {
        Some(format!("uv does not know Python {python}"))
    };
    let (tool, obstacle) = match why_not_uv {
        None => (uv, None),
        Some(why) => match obstacle("pip-compile") {
            None => (pip_compile, None),
            Some(other) => (
                if is_for_uv { uv } else { pip_compile },
                Some(format!("{why}, and {other}")),
            ),
        },
    };
    ui.say("\nLock the packages, which pins those that the project does not name:");
    ui.say(format!("  {}", tool.shown()));
    if !is_for_uv || tool.shown().starts_with("pip-compile") {
        ui.say(format!(
            "  pip-compile locks for the Python that it is installed in, which should be {python}"
        ));
    }
    if !work.wants(Step::Lock, obstacle, ui)? {
        return Ok(());
    }
    ui.say("  locking…");
    tool.run(work.root, None, work.interrupt, ui)
        .map_err(|reason| failed(Step::Lock, format!("{reason}; {output} may be as it was")))?;
    ui.say(format!(
        "  {output} is locked; `git diff {output}` shows what changed"
    ));
    Ok(())
}
