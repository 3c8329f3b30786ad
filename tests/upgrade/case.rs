//! A situation before an upgrade, its upgrade, and what holds after: rows of data instead of calls.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use crate::cli::sandbox::{Ran, Sandbox};

/// Files of a release: path and text; a text `-> x` is a link to x.
pub(crate) type Files<'a> = &'a [(&'a str, &'a str)];

/// A project `shop` made from release 0.1.0 of the catalogue `cat`, which has 0.2.0 too.
pub(crate) struct Case {
    pub(crate) sandbox: Sandbox,
    /// The flags of `new` but for its catalogue.
    new: Vec<String>,
    made: bool,
    before: Vec<String>,
    ran: Option<Ran>,
}

/// Base and theirs.
pub(crate) fn case(base: Files, theirs: Files) -> Case {
    let case = Case {
        sandbox: Sandbox::new(),
        new: Vec::new(),
        made: false,
        before: Vec::new(),
        ran: None,
    };
    case.manifests("", "");
    // A release holds one file at least.
    case.sandbox
        .write(&old("same"), "same\n")
        .write(&new("same"), "same\n");
    for (path, text) in base {
        put(&case.sandbox.path(&old(path)), text.as_bytes());
    }
    for (path, text) in theirs {
        put(&case.sandbox.path(&new(path)), text.as_bytes());
    }
    case
}

/// One file `f` on three sides.
pub(crate) fn file(base: &str, ours: &str, theirs: &str) -> Case {
    named("f", base, ours, theirs)
}

pub(crate) fn named(path: &str, base: &str, ours: &str, theirs: &str) -> Case {
    case(&[(path, base)], &[(path, theirs)]).edit(path, ours)
}

fn old(path: &str) -> String {
    format!("cat/snapshots/0.1.0/project/{path}")
}

fn new(path: &str) -> String {
    format!("cat/template/project/{path}")
}

fn put(path: &Path, bytes: &[u8]) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    if let Some(target) = bytes.strip_prefix(b"-> ") {
        let _ = fs::remove_file(path);
        symlink(std::str::from_utf8(target).unwrap(), path).unwrap();
    } else {
        fs::write(path, bytes).unwrap();
    }
}

/// The situation.
impl Case {
    /// The manifests of both releases, after name and version.
    pub(crate) fn manifests(&self, base: &str, theirs: &str) {
        let head = |version: &str| format!("name: tiny\nversion: {version}\n");
        self.sandbox
            .write("cat/snapshots/0.1.0/template.yml", head("0.1.0") + base)
            .write("cat/template/template.yml", head("0.2.0") + theirs);
    }

    /// As [`Self::manifests`], in a chain.
    pub(crate) fn asking(self, base: &str, theirs: &str) -> Self {
        self.manifests(base, theirs);
        self
    }

    /// One more file, as bytes: base and theirs.
    pub(crate) fn bytes(self, path: &str, base: &[u8], theirs: &[u8]) -> Self {
        put(&self.sandbox.path(&old(path)), base);
        put(&self.sandbox.path(&new(path)), theirs);
        self
    }

    /// The mode of a file in the two releases.
    pub(crate) fn modes(self, path: &str, base: u32, theirs: u32) -> Self {
        chmod(&self.sandbox.path(&old(path)), base);
        chmod(&self.sandbox.path(&new(path)), theirs);
        self
    }

    /// Replaces a file of the new release, or adds it.
    pub(crate) fn their(self, path: &str, text: &str) -> Self {
        put(&self.sandbox.path(&new(path)), text.as_bytes());
        self
    }

    pub(crate) fn without_git(mut self) -> Self {
        self.new.push("--no-git".into());
        self
    }

    pub(crate) fn answering(mut self, answer: &str) -> Self {
        self.new.extend(["--answer".into(), answer.into()]);
        self
    }

    /// Makes the project now; every method that works in it does so by itself.
    pub(crate) fn make(mut self) -> Self {
        if !self.made {
            let args = "new shop --from cat --release 0.1.0 --defaults";
            let mut args: Vec<&str> = args.split(' ').collect();
            args.extend(self.new.iter().map(String::as_str));
            let ran = self.sandbox.ixd(&args);
            assert_eq!(ran.code, 0, "{ran}");
            self.made = true;
        }
        self
    }

    /// The test made the project itself.
    pub(crate) fn already_made(mut self) -> Self {
        self.made = true;
        self
    }

    /// The user writes a file; `-> x` makes a link.
    pub(crate) fn edit(self, path: &str, text: &str) -> Self {
        self.edit_bytes(path, text.as_bytes())
    }

    pub(crate) fn edit_bytes(self, path: &str, bytes: &[u8]) -> Self {
        let case = self.make();
        put(&case.path(path), bytes);
        case
    }

    /// The user deletes a file or a folder.
    pub(crate) fn delete(self, path: &str) -> Self {
        let case = self.make();
        let path = case.path(path);
        if path.is_dir() && !path.is_symlink() {
            fs::remove_dir_all(path).unwrap();
        } else {
            fs::remove_file(path).unwrap();
        }
        case
    }

    pub(crate) fn rename(self, from: &str, to: &str) -> Self {
        let case = self.make();
        fs::create_dir_all(case.path(to).parent().unwrap()).unwrap();
        fs::rename(case.path(from), case.path(to)).unwrap();
        case
    }

    pub(crate) fn chmod(self, path: &str, mode: u32) -> Self {
        let case = self.make();
        chmod(&case.path(path), mode);
        case
    }

    /// A line for the user's `.gitconfig`.
    pub(crate) fn config(self, line: &str) -> Self {
        let (key, value) = line.split_once('=').unwrap();
        self.sandbox
            .git("", &["config", "--global", key.trim(), value.trim()]);
        self
    }

    /// The template's state of today becomes a frozen release, and it goes on to `version`.
    pub(crate) fn release(self, version: &str) -> Self {
        let now = self.sandbox.read("cat/template/template.yml");
        let (head, rest) = now.split_once("version: ").unwrap();
        let (own, rest) = rest.split_once('\n').unwrap_or((rest, ""));
        let (from, to) = (
            self.sandbox.path("cat/template"),
            self.sandbox.path(&format!("cat/snapshots/{own}")),
        );
        let copied = self
            .sandbox
            .command("cp")
            .arg("-r")
            .args([from, to])
            .status();
        assert!(copied.unwrap().success());
        let next = format!("{head}version: {version}\n{rest}");
        self.sandbox.write("cat/template/template.yml", next);
        self
    }

    /// Commits, and goes on in a clone.
    pub(crate) fn elsewhere(self) -> Self {
        let case = self.commit();
        fs::rename(case.path(""), case.sandbox.path("bot")).unwrap();
        case.sandbox.git("", &["clone", "-q", "bot", "shop"]);
        case
    }

    /// Commits what the user did, if the project has a repository.
    pub(crate) fn commit(self) -> Self {
        let case = self.make();
        if case.path(".git").exists() {
            case.git("add -A");
            case.git("commit -q --allow-empty -m edits");
        }
        case
    }
}

/// The upgrade.
impl Case {
    /// Commits, then `upgrade --yes`.
    pub(crate) fn upgrade(self) -> Self {
        self.upgrade_with("--yes")
    }

    /// Commits, then `upgrade` with these flags.
    pub(crate) fn upgrade_with(self, flags: &str) -> Self {
        self.commit().run(&format!("upgrade --from ../cat {flags}"))
    }

    /// Any command of ours, in the project; nothing is committed before.
    pub(crate) fn run(self, args: &str) -> Self {
        let mut case = self.make();
        case.note();
        let mut command = case.sandbox.command(env!("CARGO_BIN_EXE_ixd-template"));
        command
            .current_dir(case.path(""))
            .args(args.split_whitespace())
            .stdin(Stdio::null());
        let ran = case.sandbox.ran(command.output().unwrap());
        case.end(ran);
        case
    }

    /// Remembers what is there, for [`Self::untouched`].
    pub(crate) fn note(&mut self) {
        self.before = self.marks();
    }

    /// What the checks are about from now on.
    pub(crate) fn end(&mut self, ran: Ran) {
        self.ran = Some(ran);
    }

    pub(crate) fn git(&self, args: &str) -> String {
        let args: Vec<&str> = args.split(' ').collect();
        self.sandbox.git("shop", &args)
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.sandbox.path("shop").join(path)
    }

    pub(crate) fn text(&self, path: &str) -> String {
        self.sandbox.read(&format!("shop/{path}"))
    }

    pub(crate) fn ran(&self) -> &Ran {
        self.ran.as_ref().unwrap()
    }

    /// Every path of the project with its mode, inode, time and content: equal exactly when nothing was written.
    pub(crate) fn marks(&self) -> Vec<String> {
        let mut marks = Vec::new();
        mark(&self.path(""), "", &mut marks);
        marks
    }

    /// Paths, modes and contents: what undoing must bring back.
    pub(crate) fn contents(&self) -> Vec<String> {
        let without_times =
            |mark: String| mark.split_once('\u{1}').map(|(head, _)| head.to_owned());
        self.marks().into_iter().filter_map(without_times).collect()
    }
}

/// What holds after.
impl Case {
    pub(crate) fn code(self, code: i32) -> Self {
        assert_eq!(self.ran().code, code, "{}", self.ran());
        self
    }

    /// It ended well, and no conflict is left.
    pub(crate) fn done(self) -> Self {
        self.code(0)
    }

    /// Conflicts are left, in these files as git sees them (`UU f`; ours alone where there is no git).
    pub(crate) fn conflict(self, unmerged: &str) -> Self {
        let case = self.code(3);
        if case.path(".git").exists() {
            assert_eq!(case.unmerged(), unmerged, "{}", case.ran());
        }
        case
    }

    /// The unmerged files, as `git status` has them.
    pub(crate) fn unmerged(&self) -> String {
        let status = self.git("status --porcelain");
        let is_unmerged = |line: &&str| {
            let state = &line[..2];
            state.contains('U') || state == "AA" || state == "DD"
        };
        status
            .lines()
            .filter(is_unmerged)
            .collect::<Vec<_>>()
            .join(", ")
    }

    pub(crate) fn is(self, path: &str, text: &str) -> Self {
        self.has_bytes(path, text.as_bytes())
    }

    pub(crate) fn has_bytes(self, path: &str, bytes: &[u8]) -> Self {
        let found = fs::read(self.path(path)).unwrap_or_else(|_| panic!("no {path}"));
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        assert_eq!(text(&found), text(bytes), "{path}: {:?}", self.ran);
        assert!(found == bytes, "{path}: {found:?}");
        self
    }

    pub(crate) fn links_to(self, path: &str, target: &str) -> Self {
        let found = fs::read_link(self.path(path)).unwrap_or_default();
        assert_eq!(found, Path::new(target), "{path}");
        self
    }

    pub(crate) fn has_mode(self, path: &str, mode: u32) -> Self {
        let found = self.sandbox.mode(&format!("shop/{path}"));
        assert_eq!(format!("{found:o}"), format!("{mode:o}"), "{path}");
        self
    }

    /// The file has these lines, among others.
    pub(crate) fn holds(self, path: &str, lines: &[&str]) -> Self {
        let text = self.text(path);
        for line in lines {
            assert!(text.contains(line), "`{line}` is not in {path}: {text}");
        }
        self
    }

    pub(crate) fn lacks(self, path: &str, words: &str) -> Self {
        let text = self.text(path);
        assert!(!text.contains(words), "`{words}` is in {path}: {text}");
        self
    }

    pub(crate) fn gone(self, path: &str) -> Self {
        assert!(fs::symlink_metadata(self.path(path)).is_err(), "{path}");
        self
    }

    /// The report says it, in either stream; where its lines end is not looked at.
    pub(crate) fn says(self, text: &str) -> Self {
        let ran = self.ran().to_string();
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let said = ran.contains(text) || words(&ran).contains(&words(text));
        assert!(said, "`{text}` is not in:\n{ran}");
        self
    }

    pub(crate) fn silent_about(self, text: &str) -> Self {
        let ran = self.ran().to_string();
        assert!(!ran.contains(text), "`{text}` is in:\n{ran}");
        self
    }

    /// The last command wrote nothing into the project, not even the same bytes again.
    pub(crate) fn untouched(self) -> Self {
        assert_eq!(self.marks(), self.before, "{}", self.ran());
        self
    }

    /// `git status --short`, its lines joined.
    pub(crate) fn status(self, expected: &str) -> Self {
        let status = self.git("status --short --untracked-files=all");
        let lines: Vec<&str> = status
            .lines()
            .filter(|line| !line.ends_with(".ixd-template.yml"))
            .collect();
        assert_eq!(lines.join(", "), expected, "{:?}", self.ran);
        self
    }
}

impl std::fmt::Debug for Ran {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{self}")
    }
}

fn chmod(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

fn mark(dir: &Path, prefix: &str, marks: &mut Vec<String>) {
    let mut entries: Vec<_> = fs::read_dir(dir).unwrap().map(Result::unwrap).collect();
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        let meta = fs::symlink_metadata(entry.path()).unwrap();
        if name == ".git" || name == ".ixd-template" {
            continue;
        }
        let content = if meta.is_symlink() {
            format!("-> {}", fs::read_link(entry.path()).unwrap().display())
        } else if meta.is_dir() {
            String::new()
        } else {
            format!("{:?}", fs::read(entry.path()).unwrap())
        };
        marks.push(format!(
            "{name} {:o} {content}\u{1}{} {} {}",
            meta.mode(),
            meta.ino(),
            meta.mtime(),
            meta.mtime_nsec()
        ));
        if meta.is_dir() {
            mark(&entry.path(), &format!("{name}/"), marks);
        }
    }
}
