//! Requirements files, line by line as pip reads them.

use super::placed::Placed;

/// What one line says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PipLine<'t> {
    /// `-r file`.
    Include(&'t str),
    /// `-c file`.
    Constraint(&'t str),
    /// Any other option, `-e` too, as it stands there.
    Option(&'t str),
    /// A package or an address of one.
    Package(&'t str),
}

/// The lines that say something.
pub(crate) fn lines(text: &str) -> impl Iterator<Item = Placed<PipLine<'_>>> {
    text.lines().enumerate().filter_map(|(index, line)| {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            return None;
        }
        let file = |options: [&str; 2]| {
            let rest = options
                .iter()
                .find_map(|option| line.strip_prefix(option))?;
            let file = rest.trim_start_matches(['=', ' ']);
            Some(file.split(" #").next().unwrap_or(file).trim())
        };
        let said = if let Some(file) = file(["--requirement", "-r"]) {
            PipLine::Include(file)
        } else if let Some(file) = file(["--constraint", "-c"]) {
            PipLine::Constraint(file)
        } else if line.starts_with('-') {
            PipLine::Option(line)
        } else {
            PipLine::Package(line)
        };
        Some(Placed::new(index + 1, said))
    })
}

/// The name of a package in `#egg=name` behind an address.
pub(crate) fn egg(line: &str) -> Option<&str> {
    let (_, egg) = line.split_once("#egg=")?;
    let egg = egg.split(['&', ' ', '[', '#']).next().unwrap_or(egg);
    Some(egg_name(egg))
}

/// The package of `name-1.2` or `name-dev`, as old tools wrote it behind `#egg=`.
fn egg_name(egg: &str) -> &str {
    match egg.rsplit_once('-') {
        Some((name, last))
            if last == "dev"
                || last == "master"
                || last.starts_with(|letter: char| letter.is_ascii_digit()) =>
        {
            name
        }
        _ => egg,
    }
}

/// `name==1.2` for an address or a path of `name-1.2.tar.gz`.
pub(crate) fn archive(line: &str) -> Option<String> {
    let (_, file) = line.split(['#', ' ']).next()?.rsplit_once('/')?;
    let stem = [".tar.gz", ".tgz", ".tar.bz2", ".zip", ".whl"]
        .iter()
        .find_map(|end| file.strip_suffix(end))?;
    let (at, _) = stem.match_indices('-').find(|(at, _)| {
        let behind = &stem[at + 1..];
        behind.starts_with(|letter: char| letter.is_ascii_digit())
    })?;
    let version = stem[at + 1..].split('-').next()?;
    Some(format!("{}=={version}", &stem[..at]))
}
