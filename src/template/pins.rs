//! Pinned requirements, offline: the closure of a requirements file over the one resolution in a release's `lock.json`.
//!
//! Any subset of one consistent resolution that is closed under dependencies is consistent, so nothing needs solving.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde::Deserialize;

use super::catalogue::Release;
use crate::error::{Error, Result};
use crate::tree::{File, Tree, TreePath};

#[derive(Deserialize)]
struct LockFile {
    packages: Vec<Package>,
}

/// One version of a package. A resolution that forked by Python version has several, each with its marker.
#[derive(Deserialize)]
struct Package {
    name: String,
    version: String,
    #[serde(default)]
    marker: String,
    #[serde(default)]
    dependencies: Vec<Dependency>,
    #[serde(default)]
    extras: BTreeMap<String, Vec<Dependency>>,
    /// SHA-256 in hex, of every file that may be installed.
    hashes: Vec<String>,
}

#[derive(Clone, Deserialize)]
struct Dependency {
    name: String,
    #[serde(default)]
    marker: String,
    #[serde(default)]
    extras: Vec<String>,
}

/// Adds the pinned files that the manifest asks for, where the file with their requirements is in the tree.
pub(super) fn fill(release: &Release, tree: &mut Tree) -> Result<()> {
    let manifest = &release.manifest;
    let Some(text) = release.lock.as_ref().filter(|_| !manifest.pins.is_empty()) else {
        return Ok(());
    };
    let lock_file = format!("{}/lock.json", release.label);
    let lock: LockFile = serde_json::from_str(text).map_err(|error| Error::Template {
        file: lock_file.clone(),
        line: error.line(),
        column: error.column(),
        message: error.to_string(),
    })?;
    for (output, input) in &manifest.pins {
        if !tree.contains_key(input.as_str()) {
            continue;
        }
        let mut roots = Vec::new();
        collect_roots(tree, input, &mut roots, &mut BTreeSet::new())
            .map_err(|message| Error::template(input, message))?;
        let pinned = pinned(&lock, &roots, output, input)
            .map_err(|message| Error::template(&lock_file, message))?;
        let output =
            TreePath::new(output.as_str()).map_err(|reason| Error::template(output, reason))?;
        if let Some(path) = tree.get_key_value(&output).map(|(path, _)| path) {
            let message = format!("`{path}` is made by `pins`, and is a file of the template too");
            return Err(Error::template(
                format!("{}/template.yml", release.label),
                message,
            ));
        }
        tree.insert(output, File::new(pinned.into_bytes()));
    }
    Ok(())
}

/// The requirements of a file and of those it includes with `-r`.
fn collect_roots<'a>(
    tree: &'a Tree,
    path: &'a str,
    roots: &mut Vec<Dependency>,
    seen: &mut BTreeSet<&'a str>,
) -> Result<(), String> {
    if !seen.insert(path) {
        return Ok(());
    }
    let Some(bytes) = tree.get(path).and_then(File::bytes) else {
        return Err(format!("it includes `{path}`, which is not in the project"));
    };
    for line in String::from_utf8_lossy(&bytes).lines() {
        let line = line.split(" #").next().unwrap_or_default().trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(included) = line.strip_prefix("-r ") {
            let included = tree.get_key_value(included.trim());
            let (included, _) =
                included.ok_or_else(|| format!("`{line}` names no file of the project"))?;
            collect_roots(tree, included.as_str(), roots, seen)?;
        } else if !line.starts_with('-') {
            roots.push(requirement(line));
        }
    }
    Ok(())
}

/// Name, extras and marker of one requirement line; its version is the lock's affair.
fn requirement(line: &str) -> Dependency {
    let (spec, marker) = line.split_once(';').unwrap_or((line, ""));
    let end = spec
        .find(['[', '<', '>', '=', '~', '!', ' ', '@'])
        .unwrap_or(spec.len());
    let extras = spec[end..]
        .strip_prefix('[')
        .and_then(|rest| rest.split_once(']'))
        .map_or_else(Vec::new, |(extras, _)| {
            extras
                .split(',')
                .map(|e| e.trim().to_ascii_lowercase())
                .collect()
        });
    Dependency {
        name: django_facts::normalised(&spec[..end]),
        marker: marker.trim().to_owned(),
        extras,
    }
}

/// The markers under which a package is needed; the empty conjunction (always) absorbs all others.
type Needs = BTreeSet<BTreeSet<String>>;

fn pinned(
    lock: &LockFile,
    roots: &[Dependency],
    output: &str,
    input: &str,
) -> Result<String, String> {
    let mut by_name: BTreeMap<&str, Vec<&Package>> = BTreeMap::new();
    for package in &lock.packages {
        by_name.entry(&package.name).or_default().push(package);
    }
    let mut needs: BTreeMap<(&str, &str), Needs> = BTreeMap::new();
    let mut queue: Vec<(Dependency, BTreeSet<String>)> = roots
        .iter()
        .map(|root| (root.clone(), BTreeSet::new()))
        .collect();
    let mut visited = BTreeSet::new();
    while let Some((wanted, mut condition)) = queue.pop() {
        if !wanted.marker.is_empty() {
            condition.insert(wanted.marker.clone());
        }
        if !visited.insert((
            wanted.name.clone(),
            wanted.extras.clone(),
            condition.clone(),
        )) {
            continue;
        }
        let packages = by_name.get(wanted.name.as_str()).ok_or_else(|| {
            format!(
                "`{}` is required by `{input}` but not in the lock",
                wanted.name
            )
        })?;
        for package in packages {
            let mut condition = condition.clone();
            if !package.marker.is_empty() {
                condition.insert(package.marker.clone());
            }
            needs
                .entry((&package.name, &package.version))
                .or_default()
                .insert(condition.clone());
            let extras = wanted
                .extras
                .iter()
                .filter_map(|extra| package.extras.get(extra))
                .flatten();
            for dependency in package.dependencies.iter().chain(extras) {
                queue.push((dependency.clone(), condition.clone()));
            }
        }
    }
    let mut text = format!(
        "# Every package of {input} with the exact files that may be installed.\n\
         # After a change of {input}, make it anew:\n\
         #   uv pip compile --universal --python-version 3.11 --generate-hashes --output-file {output} {input}\n"
    );
    for package in &lock.packages {
        if let Some(needs) = needs.get(&(package.name.as_str(), package.version.as_str())) {
            write_package(&mut text, package, &marker(needs));
        }
    }
    Ok(text)
}

fn write_package(text: &mut String, package: &Package, marker: &str) {
    let _ = write!(text, "{}=={}", package.name, package.version);
    if !marker.is_empty() {
        let _ = write!(text, " ; {marker}");
    }
    for hash in &package.hashes {
        let _ = write!(text, " \\\n    --hash=sha256:{hash}");
    }
    text.push('\n');
}

/// One marker for all the ways in which a package is needed; empty when one of them is unconditional.
fn marker(needs: &Needs) -> String {
    // A way that has all the conditions of another adds nothing to it.
    let minimal: Vec<&BTreeSet<String>> = needs
        .iter()
        .filter(|need| {
            !needs
                .iter()
                .any(|other| other != *need && other.is_subset(need))
        })
        .collect();
    let wrap = |condition: &String, alone: bool| {
        if condition.contains(" or ") && !alone {
            format!("({condition})")
        } else {
            condition.clone()
        }
    };
    let ways: Vec<String> = minimal
        .iter()
        .map(|need| {
            let alone = need.len() == 1 && minimal.len() == 1;
            need.iter()
                .map(|condition| wrap(condition, alone))
                .collect::<Vec<_>>()
                .join(" and ")
        })
        .collect();
    match ways.as_slice() {
        [way] => way.clone(),
        ways if ways.iter().any(String::is_empty) => String::new(),
        ways => {
            let grouped = ways.iter().map(|way| {
                if way.contains(" and ") {
                    format!("({way})")
                } else {
                    way.clone()
                }
            });
            grouped.collect::<Vec<_>>().join(" or ")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = r#"{"packages": [
        {"name": "a", "version": "1", "dependencies": [{"name": "b", "marker": "os_name == 'nt'"}],
         "extras": {"x": [{"name": "c"}]}, "hashes": ["aa", "ab"]},
        {"name": "b", "version": "2", "dependencies": [{"name": "a"}], "hashes": ["bb"]},
        {"name": "c", "version": "3", "marker": "python_version < '3.12'", "hashes": ["c3"]},
        {"name": "c", "version": "4", "marker": "python_version >= '3.12'", "hashes": ["c4"]}]}"#;

    fn check(requirements: &[&str], expected: &str) {
        let lock: LockFile = serde_json::from_str(LOCK).unwrap();
        let roots: Vec<Dependency> = requirements.iter().map(|line| requirement(line)).collect();
        let text = pinned(&lock, &roots, "out", "in").unwrap_or_else(|message| message);
        let lines: Vec<&str> = text
            .lines()
            .filter(|line| !line.starts_with('#') && !line.contains("--hash"))
            .collect();
        assert_eq!(lines.join("|"), expected);
    }

    #[test]
    fn closures_follow_edges_extras_and_forks() {
        check(&["b"], "a==1 \\|b==2 \\");
        check(&["a"], "a==1 \\|b==2 ; os_name == 'nt' \\");
        check(
            &["A[X] ~= 1.0"],
            "a==1 \\|b==2 ; os_name == 'nt' \\|c==3 ; python_version < '3.12' \\|c==4 ; python_version >= '3.12' \\",
        );
        check(
            &["c; os_name == 'a' or os_name == 'b'"],
            "c==3 ; (os_name == 'a' or os_name == 'b') and python_version < '3.12' \\|c==4 ; (os_name == 'a' or os_name == 'b') and python_version >= '3.12' \\",
        );
        check(&["zz"], "`zz` is required by `in` but not in the lock");
    }
}
