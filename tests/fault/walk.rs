//! The walks: one fault, at one call after the other, and what must hold afterwards.

use crate::bed::{Bed, Fault, Ran, Snapshot, difference, files_only, without_empty_folders};
use crate::projects;

/// What is done in `work` to the project that starts in `start`.
struct Walk {
    bed: Bed,
    dir: &'static str,
    command: &'static [&'static str],
    before: Snapshot,
    after: Snapshot,
    /// How the command ends when nothing goes wrong.
    code: i32,
    /// Whether the command takes something back itself: then taking it back means finishing it.
    is_backward: bool,
}

const UPGRADE: &[&str] = &["upgrade", "--yes", "--from", "../../cat"];
const STATUS: &[&str] = &["status", "--from", "../../cat"];
const UNDO: &[&str] = &["undo", "--from", "../../cat"];
const ABORT: &[&str] = &["upgrade", "--abort"];
const CONTINUE: &[&str] = &["upgrade", "--continue"];

impl Walk {
    fn new(bed: Bed, dir: &'static str, command: &'static [&'static str]) -> Self {
        bed.begin();
        let before = bed.snapshot("");
        let ran = bed.ixd(dir, command);
        assert!([0, 3].contains(&ran.code), "{command:?}: {ran:?}");
        let after = bed.snapshot("");
        Self {
            bed,
            dir,
            command,
            before,
            after,
            code: ran.code,
            is_backward: false,
        }
    }

    fn backward(mut self) -> Self {
        self.is_backward = true;
        self
    }

    /// The calls to try: all, or a sample that begins and ends where it matters.
    fn calls(&self) -> Vec<usize> {
        self.calls_in(self.dir)
    }

    fn calls_in(&self, dir: &str) -> Vec<usize> {
        const SAMPLE: usize = 6;
        self.bed.begin();
        let count = self.bed.calls(dir, self.command);
        assert!(count > 3, "{:?}: only {count} calls", self.command);
        let all = std::env::var("IXD_FAULT").is_ok_and(|value| value == "all");
        let step = if all { 1 } else { count.div_ceil(SAMPLE) };
        // Most that matters is at the end, so the sample is counted from there.
        (1..=count + 1)
            .filter(|call| (count - call.min(&count)).is_multiple_of(step))
            .collect()
    }

    /// Which side the project is on; a mixture fails the test.
    fn side(&self, what: &str, ran: &Ran) -> &'static str {
        self.side_of(Snapshot::clone, what, ran)
    }

    fn side_of(&self, view: fn(&Snapshot) -> Snapshot, what: &str, ran: &Ran) -> &'static str {
        let now = view(&self.bed.snapshot(&format!("{what}: {ran:?}")));
        if now == view(&self.before) {
            "before"
        } else if now == view(&self.after) {
            "after"
        } else {
            panic!(
                "{:?}, {what}: neither as before nor as planned: {ran:?}\nfrom before:\n{}\nfrom planned:\n{}",
                self.command,
                difference(&view(&self.before), &now),
                difference(&view(&self.after), &now)
            )
        }
    }

    /// Kills the command at each call; `next` is then run, and must find or make one side of the two.
    fn kills(&self, next: &'static [&'static str], check: impl Fn(&Self, bool, Ran, &str)) {
        for call in self.calls() {
            self.bed.begin();
            let ran = self.bed.faulty(self.dir, self.command, Fault::Kill, call);
            if !ran.killed {
                assert_eq!(ran.code, self.code, "{ran:?}");
                break;
            }
            let broken = self.bed.is_broken_off();
            let what = format!("killed at call {call}, then {next:?}");
            let ran = self.bed.ixd(self.dir, next);
            if broken {
                let told = ran.err.contains("broken off") || ran.err.contains("took back");
                assert!(told, "{what}: it does not say so: {ran:?}");
            }
            check(self, broken, ran, &what);
            assert!(!self.bed.is_broken_off(), "{what}: still broken off");
        }
    }

    /// After a look at it, the project is on one side; from there the command leads to the other.
    fn then_status(&self) {
        self.kills(STATUS, |walk, broken, ran, what| {
            assert_eq!(ran.code, 0, "{what}: {ran:?}");
            let side = walk.side(what, &ran);
            assert!(!broken || side == "after", "{what}: {side}");
            if side == "before" {
                let ran = walk.bed.ixd(walk.dir, walk.command);
                assert_eq!(ran.code, walk.code, "{what}, then again: {ran:?}");
                assert_eq!(
                    walk.side(what, &ran),
                    "after",
                    "{what}, then again: {ran:?}"
                );
            }
        });
    }

    /// The same command again ends where the first one would have.
    fn then_again(&self) {
        self.kills(self.command, |walk, _, ran, what| {
            assert_eq!(walk.side(what, &ran), "after", "{what}: {ran:?}");
        });
    }

    /// `undo`, or `--abort` while conflicts are left, leads back to where it was.
    fn then_back(&self, next: &'static [&'static str]) {
        self.kills(next, |walk, broken, ran, what| {
            let side = walk.side(what, &ran);
            if broken {
                let goal = if walk.is_backward { "after" } else { "before" };
                assert_eq!((ran.code, side), (0, goal), "{what}: {ran:?}");
            } else if ran.code == 0 && !walk.is_backward {
                assert_eq!(side, "before", "{what}: {ran:?}");
            }
        });
    }

    /// Lets each call fail: the command goes on without it, or takes everything back and says why.
    fn failures(&self) {
        let errors = ["ENOSPC", "EACCES", "EIO"];
        for call in self.calls() {
            self.failure(Fault::Fail(errors[call % errors.len()]), call);
            self.failure(Fault::Full, call);
        }
    }

    fn failure(&self, fault: Fault, call: usize) {
        self.bed.begin();
        let ran = self.bed.faulty(self.dir, self.command, fault, call);
        let what = format!("{fault:?} at call {call}");
        if self.bed.is_far() && fault == Fault::Full && self.bed.is_broken_off() {
            // What went to the other file system has no room to come back to: the next run goes on from there.
            assert!(ran.err.contains("stopped half way"), "{what}: {ran:?}");
            let ran = self.bed.ixd(self.dir, STATUS);
            assert_eq!((ran.code, self.side(&what, &ran)), (0, "after"), "{what}");
            return;
        }
        let view = if self.command[0] == "new" {
            files_only
        } else {
            without_empty_folders
        };
        let side = self.side_of(view, &what, &ran);
        if ran.code == self.code {
            assert_eq!(side, "after", "{what}: {ran:?}");
        } else {
            assert_eq!((ran.code, side), (1, "before"), "{what}: {ran:?}");
            assert_eq!(ran.err.matches("error: ").count(), 1, "{what}: {ran:?}");
        }
        assert!(!self.bed.is_broken_off(), "{what}: {ran:?}");
    }
}

fn upgrade(git: bool, clash: bool) -> Walk {
    let bed = Bed::new();
    projects::project(&bed, git, clash);
    Walk::new(bed, "work/shop", UPGRADE)
}

#[test]
fn killed_upgrade_with_conflicts_in_git() {
    let walk = upgrade(true, true);
    assert_eq!(walk.code, 3);
    walk.then_status();
    walk.then_again();
    walk.then_back(ABORT);
}

#[test]
fn killed_upgrade_without_git() {
    let walk = upgrade(false, true);
    assert_eq!(walk.code, 3);
    walk.then_status();
    walk.then_again();
    walk.then_back(ABORT);
}

#[test]
fn killed_upgrade_without_conflicts() {
    let walk = upgrade(true, false);
    assert_eq!(walk.code, 0);
    walk.then_status();
    walk.then_again();
    walk.then_back(UNDO);
    walk.then_back(ABORT);
}

#[test]
fn failing_upgrade() {
    upgrade(true, true).failures();
    upgrade(false, false).failures();
}

/// Files that are copied part by part, from the template, from the project and from the record of the run.
#[test]
fn upgrade_of_long_files() {
    let bed = Bed::new();
    projects::long(&bed);
    projects::project(&bed, false, false);
    let walk = Walk::new(bed, "work/shop", UPGRADE);
    walk.then_status();
    walk.then_back(UNDO);
    walk.failures();
}

/// Git's own folder on another file system: nothing can be renamed from there.
#[test]
fn upgrade_across_file_systems() {
    let mut bed = Bed::new();
    projects::project(&bed, true, true);
    if !bed.move_git_far() {
        eprintln!("not run: there is no second file system at hand");
        return;
    }
    let walk = Walk::new(bed, "work/shop", UPGRADE);
    walk.then_status();
    walk.then_back(ABORT);
    walk.failures();
}

/// A walk over `command` in a project where `first` was done.
fn second(git: bool, clash: bool, first: &[&str], command: &'static [&'static str]) -> Walk {
    let bed = Bed::new();
    projects::project(&bed, git, clash);
    bed.begin();
    let ran = bed.ixd("work/shop", first);
    assert!([0, 3].contains(&ran.code), "{ran:?}");
    if command == CONTINUE {
        bed.write("work/shop/clash.txt", "decided\n");
        std::fs::remove_file(bed.path("work/shop/binary.theirs")).unwrap();
    }
    bed.start_from_here();
    Walk::new(bed, "work/shop", command)
}

#[test]
fn killed_undo() {
    for git in [true, false] {
        let walk = second(git, false, UPGRADE, UNDO).backward();
        walk.then_status();
        walk.then_back(UNDO);
    }
}

#[test]
fn failing_undo() {
    second(true, false, UPGRADE, UNDO).failures();
}

#[test]
fn killed_abort() {
    for git in [true, false] {
        let walk = second(git, true, UPGRADE, ABORT).backward();
        walk.then_status();
        walk.then_back(ABORT);
        walk.then_back(UNDO);
    }
}

#[test]
fn failing_abort() {
    second(true, true, UPGRADE, ABORT).failures();
}

#[test]
fn killed_continue() {
    for git in [true, false] {
        let walk = second(git, true, UPGRADE, CONTINUE).backward();
        walk.then_status();
    }
}

#[test]
fn failing_continue() {
    second(true, true, UPGRADE, CONTINUE).failures();
}

/// A walk over the run that recovers from a kill at about `part` of an upgrade's calls behind the journal.
fn recovery(part: usize, command: &'static [&'static str]) -> Option<Walk> {
    let bed = Bed::new();
    projects::project(&bed, true, true);
    bed.begin();
    let before = bed.snapshot("");
    let count = bed.calls("work/shop", UPGRADE);
    let after = bed.snapshot("");
    let mut broken = Vec::new();
    for call in 1..=count {
        bed.begin();
        bed.faulty("work/shop", UPGRADE, Fault::Kill, call);
        if bed.is_broken_off() {
            broken.push(call);
        }
    }
    let call = *broken.get(broken.len() * part / 4)?;
    bed.begin();
    bed.faulty("work/shop", UPGRADE, Fault::Kill, call);
    bed.start_from_here();
    Some(Walk {
        bed,
        dir: "work/shop",
        command,
        before,
        after,
        code: 0,
        is_backward: command != STATUS,
    })
}

#[test]
fn killed_recovery() {
    for part in 0..4 {
        let walk = recovery(part, STATUS).unwrap();
        walk.kills(STATUS, |walk, _, ran, what| {
            assert_eq!((ran.code, walk.side(what, &ran)), (0, "after"), "{what}");
        });
        walk.kills(UNDO, |walk, broken, ran, what| {
            if broken {
                assert_eq!((ran.code, walk.side(what, &ran)), (0, "before"), "{what}");
            }
        });
    }
}

#[test]
fn killed_taking_back() {
    for part in 0..4 {
        let walk = recovery(part, ABORT).unwrap();
        walk.kills(STATUS, |walk, _, ran, what| {
            assert_eq!(ran.code, 0, "{what}: {ran:?}");
            walk.side(what, &ran);
        });
        walk.kills(ABORT, |walk, broken, ran, what| {
            assert_eq!(walk.side(what, &ran), "before", "{what}: {ran:?}");
            assert!(!broken || ran.code == 0, "{what}: {ran:?}");
        });
    }
}

/// What fails in a run that recovers leaves the journal; the next run ends it.
#[test]
fn failing_recovery() {
    let walk = recovery(1, STATUS).unwrap();
    for call in walk.calls() {
        for fault in [Fault::Fail("EIO"), Fault::Full] {
            walk.bed.begin();
            let ran = walk.bed.faulty(walk.dir, walk.command, fault, call);
            if ran.code != 0 {
                assert!(ran.err.contains("error: "), "{fault:?} {call}: {ran:?}");
            }
            let ran = walk.bed.ixd(walk.dir, STATUS);
            let what = format!("{fault:?} at call {call}, then status");
            let side = walk.side_of(without_empty_folders, &what, &ran);
            assert_eq!((ran.code, side), (0, "after"), "{what}");
        }
    }
}

const NEW: &[&str] = &["new", "shop", "--from", "../cat"];
const NEW_DEEP: &[&str] = &["new", "a/b/shop", "--from", "../cat", "--no-git"];
const NEW_INTO: &[&str] = &[
    "new",
    "shop",
    "--from",
    "../cat",
    "--on-conflict",
    "markers",
];
const NEW_INTO_NO_GIT: &[&str] = &[
    "new",
    "shop",
    "--from",
    "../cat",
    "--on-conflict",
    "ours",
    "--no-git",
];

/// Nothing but a hidden building site is ever to be seen, and the next `new` removes that too.
#[test]
fn killed_new() {
    for command in [NEW, NEW_DEEP] {
        let bed = Bed::new();
        projects::catalogue(&bed);
        let walk = Walk::new(bed, "work", command);
        for call in walk.calls() {
            walk.bed.begin();
            let ran = walk.bed.faulty("work", command, Fault::Kill, call);
            let what = format!("{command:?} killed at call {call}");
            let mut names = walk.bed.names("work");
            names.retain(|name| !name.contains(".ixd-new-"));
            if !names.is_empty() {
                assert_eq!(walk.side(&what, &ran), "after", "{what}");
                continue;
            }
            let ran = walk.bed.ixd("work", command);
            assert_eq!((ran.code, walk.side(&what, &ran)), (0, "after"), "{what}");
        }
        for call in walk.calls() {
            walk.failure(Fault::Fail("ENOSPC"), call);
            walk.failure(Fault::Full, call);
        }
    }
}

#[test]
fn killed_new_into_a_folder() {
    for command in [NEW_INTO, NEW_INTO_NO_GIT] {
        let bed = Bed::new();
        projects::folder(&bed);
        let walk = Walk::new(bed, "work", command);
        walk.failures();
        let walk = Walk {
            dir: "work/shop",
            ..walk
        };
        for call in walk.calls_in("work") {
            walk.bed.begin();
            walk.bed.faulty("work", command, Fault::Kill, call);
            if !walk.bed.is_broken_off() {
                let what = format!("{command:?} killed at call {call}");
                let ran = walk.bed.ixd("work/shop", STATUS);
                walk.side(&what, &ran);
                continue;
            }
            let nexts = [
                ("work", command, "after"),
                ("work/shop", STATUS, "after"),
                ("work/shop", UNDO, "before"),
            ];
            for (dir, next, goal) in nexts {
                walk.bed.begin();
                walk.bed.faulty("work", command, Fault::Kill, call);
                let what = format!("{command:?} killed at call {call}, then {next:?}");
                let ran = walk.bed.ixd(dir, next);
                // A repository that had got its first commit stays: it could hold the user's by now.
                let side = walk.side_of(files_only, &what, &ran);
                assert_eq!(side, goal, "{what}: {ran:?}");
            }
        }
    }
}
