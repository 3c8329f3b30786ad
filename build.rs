//! Packs the catalogue that the program has inside: the releases, frozen and under development, and the changelog.
//!
//! The pack is one raw deflate stream. It begins with a line `PATH<tab>START<tab>END` for each file, in the order of the paths, and
//! an empty line. The contents follow; START and END count from their beginning. Equal files share their content.

#![allow(clippy::disallowed_methods)] // Only the program has a door to the disk.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{Result, Write as _};
use std::path::{Path, PathBuf};
use std::{env, fs};

use flate2::Compression;
use flate2::write::DeflateEncoder;

const PACKED: [&str; 3] = ["template", "snapshots", "CHANGELOG.md"];

fn main() -> Result<()> {
    let mut files = Vec::new();
    for path in PACKED {
        // A folder counts with all that is below it.
        println!("cargo:rerun-if-changed={path}");
        collect(path, &mut files)?;
    }
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    fs::write(out.join("catalogue"), deflated(&packed(files))?)
}

/// All files at a path or below it, each with its content.
fn collect(path: &str, files: &mut Vec<(String, Vec<u8>)>) -> Result<()> {
    if !Path::new(path).is_dir() {
        files.push((path.to_owned(), fs::read(path)?));
        return Ok(());
    }
    for entry in fs::read_dir(path)? {
        let name = entry?.file_name();
        let name = name.to_str().expect("the names of the catalogue are UTF-8");
        collect(&format!("{path}/{name}"), files)?;
    }
    Ok(())
}

fn packed(mut files: Vec<(String, Vec<u8>)>) -> Vec<u8> {
    // Deflate finds again what is at most 32 KiB back. So the versions of a file stand one after the other.
    files.sort_by(|(one, _), (other, _)| (inside(one), one).cmp(&(inside(other), other)));
    let mut contents = Vec::new();
    let mut places = BTreeMap::new();
    let mut lines = BTreeMap::new();
    for (path, content) in &files {
        let start = *places.entry(content).or_insert_with(|| {
            let start = contents.len();
            contents.extend_from_slice(content);
            start
        });
        lines.insert(path, (start, start + content.len()));
    }
    let mut pack = String::new();
    for (path, (start, end)) in lines {
        let _ = writeln!(pack, "{path}\t{start}\t{end}");
    }
    pack.push('\n');
    let mut pack = pack.into_bytes();
    pack.append(&mut contents);
    pack
}

/// The path of a file within its release.
fn inside(path: &str) -> &str {
    let release = match path.strip_prefix("snapshots/") {
        Some(rest) => rest,
        None => path,
    };
    release.split_once('/').map_or(path, |(_, inside)| inside)
}

fn deflated(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    encoder.finish()
}
