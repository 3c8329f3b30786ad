//! Uploaded files → a bucket.

use std::path::Path;

use super::super::steps::{Step, Steps};
use super::tool::{Tool, obstacle};
use super::{Work, failed};
use crate::environment::variable;
use crate::error::Result;
use crate::fs;
use crate::ui::Ui;

/// Variables of the project's, and how the program calls the same.
const NAMES: [(&str, &str); 4] = [
    ("MEDIA_AWS_ACCESS_KEY_ID", "AWS_ACCESS_KEY_ID"),
    ("MEDIA_AWS_SECRET_ACCESS_KEY", "AWS_SECRET_ACCESS_KEY"),
    ("MEDIA_AWS_S3_ENDPOINT_URL", "AWS_ENDPOINT_URL"),
    ("MEDIA_AWS_REGION", "AWS_DEFAULT_REGION"),
];

pub(super) fn media(work: &Work, ui: &mut Ui) -> Result<bool> {
    let Some(folder) = &work.steps.media else {
        return Ok(false);
    };
    if let Some(reason) = impossible(work.root, work.steps)? {
        ui.say(format!("\nUploaded files are not copied: {reason}."));
        return Ok(false);
    }
    let bucket = variable("MEDIA_AWS_STORAGE_BUCKET_NAME");
    let is_quiet = !ui.prompt.is_interactive();
    let sync = |bucket: &str| {
        let target = format!("s3://{bucket}/media/");
        let mut words = vec!["s3", "sync", folder.as_str(), target.as_str()];
        if is_quiet {
            words.push("--no-progress");
        }
        let mut tool = Tool::new("aws", &words);
        for (own, theirs) in NAMES {
            if let (Some(value), None) = (variable(own), variable(theirs)) {
                tool = tool.with(theirs, value);
            }
        }
        tool
    };
    ui.say("\nUploaded files, to S3 (credentials: `aws configure`, AWS_… or MEDIA_AWS_… in the environment):");
    ui.say(format!(
        "  {}",
        sync(bucket.as_deref().unwrap_or("BUCKET")).shown()
    ));
    let is_there = fs::metadata(&work.root.join(folder))?.is_some_and(|meta| meta.is_dir());
    let can_ask = work.can_ask(ui);
    let obstacle = if is_there {
        obstacle("aws").or_else(|| {
            (bucket.is_none() && !can_ask)
                .then(|| "MEDIA_AWS_STORAGE_BUCKET_NAME names no bucket".into())
        })
    } else {
        Some(format!("{folder} is not on this machine"))
    };
    if !work.wants(Step::Media, obstacle, ui)? {
        return Ok(false);
    }
    let bucket = match bucket {
        Some(bucket) => bucket,
        None => ui
            .prompt
            .text("Name of the bucket", None)?
            .trim()
            .to_owned(),
    };
    ui.say(format!("  copying {folder} to s3://{bucket}/media/…"));
    sync(&bucket)
        .run(work.root, None, work.interrupt, ui)
        .map_err(|reason| {
            failed(
                Step::Media,
                format!("{reason}; run it again: what is there is not copied twice"),
            )
        })?;
    ui.say(format!(
        "  s3://{bucket}/media/ has all of {folder}; nothing was removed there"
    ));
    Ok(true)
}

/// Why there is nothing here to copy, if so.
pub(super) fn impossible(root: &Path, steps: &Steps) -> Result<Option<String>> {
    let Some(folder) = &steps.media else {
        return Ok(Some("no folder of uploaded files was found".into()));
    };
    let reason =
        || format!("{folder} holds more than uploaded files, such as code or the project itself");
    Ok(holds_more(root, folder)?.then(reason))
}

/// Whether what goes to the bucket with the folder is nobody's upload: the project, its secrets, its history.
fn holds_more(root: &Path, folder: &str) -> Result<bool> {
    let place = root.join(folder);
    let place = place.canonicalize().unwrap_or(place);
    let root = root.canonicalize();
    if root.is_ok_and(|root| root.starts_with(&place)) {
        return Ok(true);
    }
    for name in ["manage.py", ".git", "settings.py", "__init__.py"] {
        if fs::metadata(&place.join(name))?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}
