//! The Pythons that Dockerfiles name.

use super::docker::is_dockerfile;
use super::examples::is_example;
use super::finding::Confidence;
use super::formats::dockerfile::instructions;
use super::formats::placed::Placed;
use super::manifests::is_dev;
use super::sources::Sources;

/// The Pythons of Dockerfiles, those of servers first. One that only an earlier stage has, such as the builder of files
/// for a web server, has a low confidence.
pub(super) fn of_images(sources: &Sources) -> Vec<(String, usize, String, Confidence)> {
    let files = sources.survey.files().iter();
    let mut images: Vec<&String> = files
        .filter(|path| is_dockerfile(path) && !is_example(path))
        .collect();
    // What is for an editor or for developers comes after what is for servers.
    let is_others = |path: &str| path.starts_with('.') || path.split('/').any(is_dev);
    images.sort_by_key(|path| is_others(path));
    let mut found = Vec::new();
    let mut depth = None;
    for file in images {
        if let Some(Stage {
            line,
            version,
            is_last,
        }) = image_python(&sources.text(file))
        {
            if !is_last {
                found.push((file.clone(), line, version, Confidence::Low));
                continue;
            }
            // A file that lies deeper than the first one is for a part of its own, and proves nothing.
            let own = file.matches('/').count();
            let is_rival = depth.is_none_or(|first| own <= first) && !is_others(file);
            let confidence = if is_rival {
                Confidence::High
            } else {
                Confidence::Medium
            };
            depth = depth.or(Some(own));
            found.push((file.clone(), line, version, confidence));
        }
    }
    found
}

/// The Python of a Dockerfile.
struct Stage {
    line: usize,
    version: String,
    /// Whether it is in the image that is built, and not only in an earlier stage.
    is_last: bool,
}

/// The Python of the last `FROM python:3.11-slim`, which is what runs; also where an `ARG` or an earlier stage names it.
fn image_python(text: &str) -> Option<Stage> {
    let mut arguments: Vec<(String, String)> = Vec::new();
    let mut stages: Vec<(String, Option<(usize, String)>)> = Vec::new();
    let mut last = None;
    let mut known = None;
    for Placed { line, value } in instructions(text) {
        let mut words = value.arguments.split_whitespace();
        match value.keyword.as_str() {
            "ARG" => {
                if let Some((name, value)) = words.next().and_then(|word| word.split_once('=')) {
                    arguments.push((name.to_owned(), value.trim_matches(['"', '\'']).to_owned()));
                }
            }
            "FROM" => {
                let Some(image) = words.find(|word| !word.starts_with("--")) else {
                    continue;
                };
                let mut image = image.to_owned();
                for (name, value) in &arguments {
                    image = image
                        .replace(&format!("${{{name}}}"), value)
                        .replace(&format!("${name}"), value);
                }
                // Docker compares the names of stages whatever their case.
                let is_it = |(name, _): &&(String, _)| name.eq_ignore_ascii_case(&image);
                let version = match stages.iter().rev().find(is_it) {
                    Some((_, version)) => version.clone(),
                    None => version_of(&image).map(|version| (line, version)),
                };
                let is_named = words
                    .next()
                    .is_some_and(|word| word.eq_ignore_ascii_case("as"));
                if let (true, Some(name)) = (is_named, words.next()) {
                    stages.push((name.to_owned(), version.clone()));
                }
                known = version.clone().or(known);
                last = version;
            }
            _ => {}
        }
    }
    let is_last = last.is_some();
    known.map(|(line, version)| Stage {
        line,
        version,
        is_last,
    })
}

/// The version in `python:3.11-slim`.
fn version_of(image: &str) -> Option<String> {
    let image = image.split('@').next().unwrap_or_default();
    let (name, tag) = image.rsplit_once(':').unwrap_or((image, ""));
    let version: String = tag
        .chars()
        .take_while(|letter| letter.is_ascii_digit() || *letter == '.')
        .collect();
    let is_python = name == "python" || name.ends_with("/python");
    (is_python && !version.is_empty()).then_some(version)
}
