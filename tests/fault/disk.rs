//! Real obstacles instead of made ones: a full disk, a folder that cannot be written, two runs at once, a user who edits
//! in between.

use std::process::{Command, Stdio};

use crate::bed::{Bed, Fault};
use crate::projects;

const UPGRADE: &[&str] = &["upgrade", "--yes", "--from", "../../cat"];

/// Runs a script as the owner of mounts of its own; `None` where that is not allowed.
fn with_mounts(bed: &Bed, script: &str) -> Option<std::process::Output> {
    let flags = ["--mount", "--map-root-user"];
    let mut probe = Command::new("unshare");
    let allowed = probe.args(flags).arg("true").output();
    if !allowed.is_ok_and(|output| output.status.success()) {
        eprintln!("not run: `unshare --mount` is not allowed here");
        return None;
    }
    let mut command = bed.command("unshare", "work");
    command
        .args(flags)
        .args(["bash", "-c", script])
        .env("IXD", env!("CARGO_BIN_EXE_ixd-template"));
    Some(command.output().unwrap())
}

#[test]
fn full_disk() {
    let bed = Bed::new();
    projects::project(&bed, true, true);
    // Room for more and more of what an upgrade writes: it fails at another place each time.
    bed.begin();
    let script = r#"
set -e
size=$(du -sk shop | cut -f1)
for more in 8 16 24 32 40 48 56 64 80 96 128; do
    mkdir -p disk; mount -t tmpfs -o size=$((size + more))k tmpfs disk
    if ! cp -a shop disk/ 2>/dev/null; then umount disk; continue; fi
    cd disk/shop
    set +e; "$IXD" upgrade --yes --from ../../../cat >../../out 2>../../err; code=$?; set -e
    cd ../..
    if [ $code -eq 1 ]; then
        grep -q 'no space left on device' err
        [ "$(grep -c '^error: ' err)" = 1 ]
        diff -r --no-dereference --exclude=.git shop disk/shop
        echo refused
    else
        [ $code -eq 3 ]
        grep -q '^version: 0.2.0' disk/shop/.ixd-template.yml
        echo done
    fi
    umount disk
done
"#;
    let Some(output) = with_mounts(&bed, script) else {
        return;
    };
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{output:?}");
    assert!(said.contains("refused") && said.contains("done"), "{said}");
}

#[test]
fn read_only_folder() {
    let bed = Bed::new();
    projects::project(&bed, false, true);
    bed.begin();
    let script = r#"
set -e
mount --bind shop shop && mount -o remount,bind,ro shop
cd shop
"$IXD" status --from ../../cat >/dev/null
set +e; "$IXD" upgrade --yes --from ../../cat >../out 2>../err; code=$?; set -e
[ $code -eq 1 ] && [ "$(grep -c '^error: ' ../err)" = 1 ] && grep -q 'read-only file system' ../err
"#;
    let before = bed.snapshot("");
    if let Some(output) = with_mounts(&bed, script) {
        assert!(
            output.status.success(),
            "{output:?} {:?}",
            std::fs::read_to_string(bed.path("work/err"))
        );
        let mut now = bed.snapshot("");
        now.retain(|path, _| path.starts_with("shop"));
        assert_eq!(now, before);
    }
}

/// What is mounted over a file or a folder of the project is replaced by no rename, however often one tries: all others are
/// taken back, and no command fails for it afterwards.
#[test]
fn mounts_in_the_project() {
    let mounts = [
        "mount --bind merged.txt merged.txt",
        "mount --bind removed removed && mount -o remount,bind,ro removed",
        "mkdir added && mount -t tmpfs -o size=4k,nr_inodes=3 tmpfs added && ! cat /dev/zero >added/zero",
    ];
    for mount in mounts {
        let bed = Bed::new();
        projects::project(&bed, false, true);
        bed.begin();
        let before = bed.snapshot("");
        let script = format!(
            r#"
cd shop && {{ {mount}; }} 2>/dev/null
for try in 1 2; do
    "$IXD" upgrade --yes --from ../../cat >../out 2>../err && exit 90
    [ $? -eq 1 ] && [ "$(grep -c '^error: ' ../err)" = 1 ] && ! grep -q 'half way' ../err || exit 91
    "$IXD" status --from ../../cat >/dev/null || exit 92
done
umount added 2>/dev/null && rmdir added
exit 0
"#
        );
        let Some(output) = with_mounts(&bed, &script) else {
            return;
        };
        let said = std::fs::read_to_string(bed.path("work/err"));
        assert!(output.status.success(), "{mount}: {output:?} {said:?}");
        let mut now = bed.snapshot("");
        now.retain(|path, _| path.starts_with("shop"));
        assert_eq!(
            now,
            before,
            "{mount}: {}",
            crate::bed::difference(&before, &now)
        );
        let ran = bed.ixd("work/shop", UPGRADE);
        assert_eq!(ran.code, 3, "{mount}: {ran:?}");
    }
}

#[test]
fn two_upgrades_at_once() {
    for _ in 0..12 {
        let bed = Bed::new();
        projects::project(&bed, true, true);
        bed.begin();
        let start = || {
            let mut command = bed.command(env!("CARGO_BIN_EXE_ixd-template"), "work/shop");
            command
                .args(UPGRADE)
                .stdout(Stdio::null())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap()
        };
        let runs = [start(), start()].map(|run| run.wait_with_output().unwrap());
        let mut codes = runs.each_ref().map(|run| run.status.code().unwrap());
        codes.sort_unstable();
        assert_eq!(codes, [1, 3], "{runs:?}");
        assert_eq!(bed.ixd("work/shop", &["upgrade", "--abort"]).code, 0);
    }
}

/// Kills an upgrade in the middle of its renames.
fn half_way(bed: &Bed) {
    for call in 1.. {
        bed.begin();
        let ran = bed.faulty("work/shop", UPGRADE, Fault::Kill, call);
        assert!(ran.killed, "it was never half way");
        let state = std::fs::read_to_string(bed.path("work/shop/.ixd-template.yml")).unwrap();
        let updated = std::fs::read_to_string(bed.path("work/shop/updated.txt")).unwrap();
        if updated == "two\n" && state.contains("version: 0.1.0") {
            return;
        }
    }
}

/// Who edits a file between the kill and the next run keeps it, whichever way that run goes.
#[test]
fn edited_after_the_kill() {
    for back in [&["undo"][..], &["upgrade", "--abort"]] {
        let bed = Bed::new();
        projects::project(&bed, true, true);
        bed.begin();
        let before = bed.snapshot("");
        half_way(&bed);
        bed.write("work/shop/updated.txt", "three\n");
        for command in [UPGRADE, &["status", "--from", "../../cat"]] {
            let ran = bed.ixd("work/shop", command);
            assert_eq!(ran.code, 1, "{ran:?}");
            assert!(
                ran.err.contains("these files changed since: updated.txt"),
                "{ran:?}"
            );
            assert!(ran.err.contains("ixd-template undo"), "{ran:?}");
        }
        let ran = bed.ixd("work/shop", back);
        assert_eq!(ran.code, 0, "{ran:?}");
        assert!(ran.err.contains("updated.txt.edited"), "{ran:?}");
        let mut now = bed.snapshot("");
        let kept = now.remove("shop/updated.txt.edited");
        assert!(kept.is_some_and(|kept| kept.ends_with("three\n")));
        assert_eq!(now, before, "{}", crate::bed::difference(&before, &now));
    }
}

/// Put back as it was, the file is no obstacle any more.
#[test]
fn put_back_after_the_kill() {
    let bed = Bed::new();
    projects::project(&bed, true, true);
    half_way(&bed);
    bed.write("work/shop/updated.txt", "three\n");
    assert_eq!(
        bed.ixd("work/shop", &["status", "--from", "../../cat"])
            .code,
        1
    );
    bed.write("work/shop/updated.txt", "one\n");
    let ran = bed.ixd("work/shop", &["status", "--from", "../../cat"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.err.contains("finished now"), "{ran:?}");
}
