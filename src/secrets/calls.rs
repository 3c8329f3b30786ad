//! The lines of git's configuration that call this program, and what older releases left out of them.

/// The lines of git's configuration that call us with a file's name, and what stands before the first name.
pub const CALLS: [(&str, &str, &str); 4] = [
    ("filter.crypt.clean", " secrets clean", " %f"),
    ("filter.crypt.smudge", " secrets smudge", " %f"),
    ("diff.crypt.textconv", " secrets textconv", ""),
    ("merge.crypt.driver", " secrets merge", " %O"),
];

/// A line of [`CALLS`] with the `--` that it lacks, without which a file's name may be taken for a flag; `None` when it does
/// not lack it, or is not ours.
#[must_use]
pub fn mended(name: &str, line: &str) -> Option<String> {
    let (_, verb, first) = CALLS.into_iter().find(|call| call.0 == name)?;
    let (program, rest) = line.rsplit_once(verb)?;
    let is_verb = rest.is_empty() || rest.starts_with(' ');
    if !is_verb || rest.split(' ').any(|word| word == "--") {
        return None;
    }
    let flags = rest.strip_suffix(first).filter(|_| first.is_empty());
    let (flags, names) = match flags {
        Some(flags) => (flags, ""),
        None => rest.split_at(rest.find(first)?),
    };
    Some(format!("{program}{verb}{flags} --{names}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, line: &str, expected: Option<&str>) {
        assert_eq!(mended(name, line).as_deref(), expected, "{line}");
    }

    #[test]
    fn lines_get_what_they_lack() {
        let clean = "filter.crypt.clean";
        check(clean, "x secrets clean %f", Some("x secrets clean -- %f"));
        check(clean, "x secrets clean -- %f", None);
        check(
            "diff.crypt.textconv",
            "'/a b/x' secrets textconv",
            Some("'/a b/x' secrets textconv --"),
        );
        check("diff.crypt.textconv", "x secrets textconv --", None);
        check(
            "merge.crypt.driver",
            "x secrets merge --policy apply %O %A %B %P",
            Some("x secrets merge --policy apply -- %O %A %B %P"),
        );
        // What is not ours stays: transcrypt's, and the template's own script.
        check(clean, "\"$(git config x)\"/transcrypt clean %f", None);
        check(clean, "/app/bin/secrets.sh clean %f", None);
        check(clean, "x secrets cleaner %f", None);
        check("core.editor", "x secrets clean %f", None);
    }
}
