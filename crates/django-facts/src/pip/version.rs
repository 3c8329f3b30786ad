//! Constraints on versions, as Poetry, Pipenv and conda write them → as pip does (PEP 440, PEP 508).

use pep440_rs::{Version, VersionSpecifiers};

/// `^1.2,<1.9` → `>=1.2,<2,<1.9`, `*` → nothing. The error says what pip cannot express.
pub(super) fn specifier(text: &str) -> Result<String, String> {
    if text.contains('|') {
        return Err(format!(
            "pip has no notation for a choice of versions: {text}"
        ));
    }
    let mut parts = Vec::new();
    for (operator, version) in constraints(text) {
        parts.extend(one(&operator, &version).ok_or_else(|| {
            // An address may hold a password.
            if text.contains("://") {
                "an address where a version is expected".to_owned()
            } else {
                format!("no version that pip knows: {text}")
            }
        })?);
    }
    Ok(parts.join(","))
}

/// Whether a constraint allows an exact version; one that cannot be read does, and a version that cannot be read is none.
#[must_use]
pub(crate) fn allows(text: &str, version: &str) -> bool {
    let specifier = specifier(text).ok();
    let Some(all) = specifier.and_then(|text| text.parse::<VersionSpecifiers>().ok()) else {
        return true;
    };
    let version = version.parse::<Version>();
    version.is_ok_and(|version| all.contains(&version))
}

/// Splits `>= 1.2, <2 !=1.5` into operators and versions.
fn constraints(text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let start = rest
            .find(|letter: char| !"<>=!~^".contains(letter))
            .unwrap_or(rest.len());
        let operator = rest[..start].to_owned();
        let after = rest[start..].trim_start();
        let end = after
            .find(|letter: char| {
                letter == ',' || letter.is_whitespace() || "<>=!~^".contains(letter)
            })
            .unwrap_or(after.len());
        found.push((operator, after[..end].to_owned()));
        rest = after[end..].trim_start_matches([',', ' ', '\t', '\n']);
    }
    found
}

/// One constraint → those of pip, or nothing when it is none.
fn one(operator: &str, version: &str) -> Option<Vec<String>> {
    if version == "*" || version.is_empty() {
        return (operator.is_empty() || operator == "==").then(Vec::new);
    }
    if !version.starts_with(|letter: char| letter.is_ascii_digit() || letter == 'v') {
        return None;
    }
    let version = version.trim_start_matches('v');
    let up_to =
        |index| next(version, index).map(|end| vec![format!(">={version}"), format!("<{end}")]);
    match operator {
        "" | "=" => Some(vec![format!("=={}", wildcard(version))]),
        "^" => {
            let numbers = release(version);
            let first = numbers.iter().position(|number| *number > 0);
            up_to(first.unwrap_or(numbers.len().saturating_sub(1)))
        }
        "~" => up_to(usize::from(release(version).len() > 1)),
        "~=" | "==" | "===" | ">=" | "<=" | ">" | "<" | "!=" => {
            Some(vec![format!("{operator}{version}")])
        }
        _ => None,
    }
}

/// The version with `1.*` for `1.x` and `1.X`.
fn wildcard(version: &str) -> String {
    match version
        .strip_suffix(".x")
        .or_else(|| version.strip_suffix(".X"))
    {
        Some(stem) => format!("{stem}.*"),
        None => version.to_owned(),
    }
}

/// The numbers of a release: `1.2.0rc1` → 1, 2, 0.
fn release(version: &str) -> Vec<u64> {
    let mut numbers = Vec::new();
    for part in version.split('.') {
        let end = part
            .find(|letter: char| !letter.is_ascii_digit())
            .unwrap_or(part.len());
        let Ok(number) = part[..end].parse() else {
            break;
        };
        numbers.push(number);
        if end < part.len() {
            break;
        }
    }
    numbers
}

/// The first release in which the number at `index` is higher.
fn next(version: &str, index: usize) -> Option<String> {
    let mut numbers = release(version);
    numbers.truncate(index + 1);
    let last = numbers.last_mut()?;
    *last = last.checked_add(1)?;
    let texts: Vec<String> = numbers.iter().map(u64::to_string).collect();
    Some(texts.join("."))
}

/// The marker of a package that is for some versions of Python only: `>=3.8,<4` → `python_version >= "3.8" and …`.
pub(super) fn python_marker(text: &str) -> Result<Option<String>, String> {
    let mut choices = Vec::new();
    for choice in text
        .split('|')
        .map(str::trim)
        .filter(|choice| !choice.is_empty())
    {
        let specifier = specifier(choice)?;
        if specifier.is_empty() {
            return Ok(None);
        }
        let parts: Vec<String> = specifier.split(',').filter_map(compared).collect();
        choices.push(parts.join(" and "));
    }
    Ok(match choices.as_slice() {
        [] => None,
        [one] => Some(one.clone()),
        many => Some(
            many.iter()
                .map(|choice| {
                    if choice.contains(" and ") {
                        format!("({choice})")
                    } else {
                        choice.clone()
                    }
                })
                .collect::<Vec<_>>()
                .join(" or "),
        ),
    })
}

fn compared(part: &str) -> Option<String> {
    let start = part.find(|letter: char| letter.is_ascii_digit())?;
    let (operator, version) = part.split_at(start);
    let exact = version.trim_end_matches(".*");
    let numbers = release(exact).len();
    let name = if numbers > 2 {
        "python_full_version"
    } else {
        "python_version"
    };
    let version = if numbers == 1 && version.ends_with(".*") {
        version
    } else {
        exact
    };
    // `python_version` is `3.8` for 3.8.1 too, which is not above it.
    let operator = match operator {
        ">" if numbers <= 2 && !version.contains('*') => {
            return Some(format!("python_full_version > \"{version}\""));
        }
        "<=" if numbers <= 2 => return Some(format!("python_full_version <= \"{version}\"")),
        other => other,
    };
    Some(format!("{name} {operator} \"{version}\""))
}

/// Markers that must all hold.
pub(super) fn all(markers: &[String]) -> String {
    let parts: Vec<String> = markers
        .iter()
        .map(|marker| {
            if markers.len() > 1 && marker.contains(" or ") {
                format!("({marker})")
            } else {
                marker.clone()
            }
        })
        .collect();
    parts.join(" and ")
}

#[cfg(test)]
mod tests {
    use super::{allows, python_marker, specifier};

    #[test]
    fn versions_are_compared_as_pip_does() {
        for (constraint, version, is_allowed) in [
            ("^4.2", "4.2.9", true),
            ("^4.2", "5.0", false),
            ("~4.2", "4.2.9", true),
            (">=4.2", "4.2rc1", false),
            ("<5", "4.2.post1", true),
            ("!=4.2.*", "4.2.1", false),
            ("==4.2", "4.2.0", true),
            ("", "4.2", true),
            // What pip cannot read says nothing against it.
            ("latest", "4.2", true),
            (">=4.2", "stable", false),
        ] {
            assert_eq!(
                allows(constraint, version),
                is_allowed,
                "{constraint} {version}"
            );
        }
    }

    #[test]
    fn versions() {
        for (theirs, pip) in [
            ("*", ""),
            ("^1.2.3", ">=1.2.3,<2"),
            ("^1.2", ">=1.2,<2"),
            ("^0.2.3", ">=0.2.3,<0.3"),
            ("^0.0.3", ">=0.0.3,<0.0.4"),
            ("^0.0", ">=0.0,<0.1"),
            ("^0", ">=0,<1"),
            ("^1.0b2", ">=1.0b2,<2"),
            ("~1.2.3", ">=1.2.3,<1.3"),
            ("~1.2", ">=1.2,<1.3"),
            ("~1", ">=1,<2"),
            ("~=1.2", "~=1.2"),
            ("1.2.3", "==1.2.3"),
            ("=1.2.3", "==1.2.3"),
            ("1.2.*", "==1.2.*"),
            ("==1.2.*", "==1.2.*"),
            (">= 1.2, < 2", ">=1.2,<2"),
            (">=1.2 <2 !=1.5", ">=1.2,<2,!=1.5"),
        ] {
            assert_eq!(specifier(theirs).as_deref(), Ok(pip), "{theirs}");
        }
        assert!(specifier("^1.2 || ^2.0").is_err());
        assert!(specifier("latest").is_err());
    }

    #[test]
    fn pythons() {
        for (theirs, marker) in [
            (
                "^3.8",
                r#"python_version >= "3.8" and python_version < "4""#,
            ),
            (
                ">=3.6,<3.8",
                r#"python_version >= "3.6" and python_version < "3.8""#,
            ),
            (">=3.6.1", r#"python_full_version >= "3.6.1""#),
            (
                "~3.8",
                r#"python_version >= "3.8" and python_version < "3.9""#,
            ),
            ("3.8.*", r#"python_version == "3.8""#),
            ("3.*", r#"python_version == "3.*""#),
            (
                "~2.7 || ^3.6",
                r#"(python_version >= "2.7" and python_version < "2.8") or (python_version >= "3.6" and python_version < "4")"#,
            ),
        ] {
            assert_eq!(python_marker(theirs), Ok(Some(marker.into())), "{theirs}");
        }
        assert_eq!(python_marker("*"), Ok(None));
    }
}
