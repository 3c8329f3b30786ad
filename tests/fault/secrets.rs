//! `secrets` broken off: at no call is there a file that nobody can read, or a password that others can.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use crate::bed::{Bed, Fault, Ran};

/// What [`Bed::command`] gives as the password.
const PASSWORD: &str = "the same in every run, and long";
const REKEY: &[&str] = &["secrets", "rekey", "--generate"];
const INIT: &[&str] = &["secrets", "init"];
const FILES: [(&str, &str); 2] = [
    ("key.secret", "KEY=in-the-clear\n"),
    ("-h.secret", "HELP=1\n"),
];
const SHOP: &str = "work/shop";

/// The repository `start/shop` with two committed secrets, and its password in `.env.local` too.
fn repository() -> Bed {
    let bed = Bed::new();
    fs::create_dir(bed.path("start/shop")).unwrap();
    bed.git("start/shop", &["init", "-q", "-b", "main"]);
    let ran = bed.ixd("start/shop", INIT);
    assert_eq!(ran.code, 0, "{ran:?}");
    for (path, text) in FILES {
        bed.write(&format!("start/shop/{path}"), text);
    }
    bed.write("start/shop/.gitignore", "/.env.local\n");
    let local = format!("DOTENV=develop\nexport TRANSCRYPT_PASSWORD='{PASSWORD}'\n");
    bed.write("start/shop/.env.local", local);
    bed.set_mode("start/shop/.env.local", 0o600);
    bed.git("start/shop", &["add", "-A"]);
    bed.git("start/shop", &["commit", "-qm", "start"]);
    bed
}

/// The calls to try: all, or a sample that begins and ends where it matters.
fn calls(bed: &Bed, command: &[&str]) -> Vec<usize> {
    const SAMPLE: usize = 10;
    bed.begin();
    let count = bed.calls(SHOP, command);
    assert!(count > 10, "{command:?}: only {count} calls");
    let all = std::env::var("IXD_FAULT").is_ok_and(|value| value == "all");
    let step = if all { 1 } else { count.div_ceil(SAMPLE) };
    (1..=count)
        .filter(|call| (count - call).is_multiple_of(step))
        .collect()
}

/// What must hold at any time.
fn all_is_readable_by_us_alone(bed: &Bed, what: &str) {
    for (path, text) in FILES {
        let blob = format!(":{path}");
        let found = bed.git(SHOP, &["cat-file", "--filters", &blob]);
        assert_eq!(found, text, "{what}: {path} as the index has it");
        assert_eq!(
            fs::read_to_string(bed.path(SHOP).join(path)).unwrap(),
            text,
            "{what}: {path}"
        );
    }
    let status = bed.git(SHOP, &["status", "--porcelain", "--untracked-files=all"]);
    assert!(!status.contains("??"), "{what}: {status}");
    hides(&bed.path("work/shop/.git"), what);
    hides(&bed.path("work/shop/.env.local"), what);
}

/// Nothing that holds a password is readable for others, by way of the folders above it.
fn hides(path: &Path, what: &str) {
    let meta = fs::symlink_metadata(path).unwrap();
    if meta.permissions().mode().trailing_zeros() >= 6 {
        return;
    }
    if meta.is_dir() {
        for entry in fs::read_dir(path).unwrap() {
            hides(&entry.unwrap().path(), what);
        }
    } else if meta.is_file() {
        let bytes = fs::read(path).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        let place = path.display();
        assert!(
            !text.contains("password = ") && !text.contains(PASSWORD),
            "{what}: others can read {place}"
        );
    }
}

fn read(bed: &Bed, path: &str) -> String {
    fs::read_to_string(bed.path(SHOP).join(path)).unwrap()
}

/// The command again, left alone, ends as the first one should have.
fn ends_well(bed: &Bed, command: &[&str], what: &str) {
    let ran = bed.ixd(SHOP, command);
    assert_eq!(ran.code, 0, "{what}, then again: {ran:?}");
    all_is_readable_by_us_alone(bed, &format!("{what}, then again"));
    let ran = bed.ixd(SHOP, &["secrets", "check"]);
    assert_eq!(ran.code, 0, "{what}, then again: {ran:?}");
    let config = read(bed, ".git/config");
    assert!(!config.contains("former"), "{what}: {config}");
    let password = bed.git(SHOP, &["config", "transcrypt.password"]);
    let local = format!("export TRANSCRYPT_PASSWORD='{}'\n", password.trim_end());
    assert!(read(bed, ".env.local").ends_with(&local), "{what}");
    for name in [".git/config.lock", ".git/index.lock", ".git/ixd-template"] {
        assert!(
            !bed.path(SHOP).join(name).exists(),
            "{what}: {name} is left"
        );
    }
    bed.git(SHOP, &["add", "-A"]);
}

fn killed(command: &'static [&'static str]) {
    let bed = repository();
    let calls = calls(&bed, command).into_iter().collect::<Vec<_>>();
    let mut survived = 0;
    for &call in &calls {
        bed.begin();
        let ran = bed.faulty(SHOP, command, Fault::Kill, call);
        // Git makes fewer calls where a file is plainly older than its index, so that the last ones may not come.
        survived += usize::from(!ran.killed);
        assert!(ran.killed || ran.code == 0, "{ran:?}");
        let what = format!("{command:?} killed at call {call}");
        all_is_readable_by_us_alone(&bed, &what);
        ends_well(&bed, command, &what);
    }
    assert!(survived <= calls.len() / 10, "{survived} of {calls:?}");
}

fn failing(command: &'static [&'static str], fault: Fault) {
    let bed = repository();
    for call in calls(&bed, command) {
        bed.begin();
        let state = |bed: &Bed| {
            let index = bed.git(SHOP, &["ls-files", "-s"]);
            let mode = fs::metadata(bed.path("work/shop/.git/config")).unwrap();
            let mode = mode.permissions().mode();
            (
                index,
                read(bed, ".git/config"),
                mode,
                read(bed, ".env.local"),
            )
        };
        let before = state(&bed);
        let ran: Ran = bed.faulty(SHOP, command, fault, call);
        let what = format!("{command:?}, {fault:?} at call {call}: {ran:?}");
        all_is_readable_by_us_alone(&bed, &what);
        if ran.code == 1 {
            let lock = bed.path("work/shop/.git/config.lock");
            assert!(!lock.exists(), "{what}: a lock is left");
            assert_eq!(state(&bed), before, "{what}");
        } else {
            assert!([0, 4].contains(&ran.code), "{what}");
        }
        ends_well(&bed, command, &what);
    }
}

#[test]
fn killed_rekey() {
    killed(REKEY);
}

#[test]
fn failing_rekey() {
    failing(REKEY, Fault::Fail("EACCES"));
}

#[test]
fn rekey_on_a_full_disk() {
    failing(REKEY, Fault::Full);
}

#[test]
fn killed_init() {
    killed(INIT);
}

#[test]
fn failing_init() {
    failing(INIT, Fault::Fail("EIO"));
}
