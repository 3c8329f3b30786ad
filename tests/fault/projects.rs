//! What the faults happen to: a template in two releases, and a project that a team has worked on.

use std::os::unix::fs::symlink;

use crate::bed::Bed;

fn lines(count: usize, change: Option<(usize, &str)>) -> String {
    let line = |number: usize| match change {
        Some((at, text)) if at == number => format!("{text}\n"),
        _ => format!("line {number}\n"),
    };
    (1..=count).map(line).collect()
}

/// A catalogue `cat` with the releases 0.1.0 and 0.2.0 of one template: every kind of change there is.
pub(crate) fn catalogue(bed: &Bed) {
    let manifest = |version: &str, more: &str| format!("name: tiny\nversion: {version}\n{more}");
    let old = "cat/snapshots/0.1.0";
    bed.write(
        &format!("{old}/template.yml"),
        manifest("0.1.0", "executable: [run.sh]\n"),
    );
    bed.write(
        "cat/template/template.yml",
        manifest(
            "0.2.0",
            "executable: [setup.sh]\nrenames: [{from: old/moved.txt, to: new/moved.txt, in: 0.2.0}]\n",
        ),
    );
    let both = |path: &str, before: Option<String>, after: Option<String>| {
        if let Some(before) = before {
            bed.write(&format!("{old}/project/{path}"), before);
        }
        if let Some(after) = after {
            bed.write(&format!("cat/template/project/{path}"), after);
        }
    };
    let text = |text: &str| Some(text.to_owned());
    both("updated.txt", text("one\n"), text("two\n"));
    both(
        "merged.txt",
        Some(lines(9, None)),
        Some(lines(9, Some((1, "the template's")))),
    );
    both(
        "clash.txt",
        Some(lines(3, None)),
        Some(lines(3, Some((2, "the template's")))),
    );
    both("removed/deep/gone.txt", text("gone\n"), None);
    both("added/deep/new.txt", None, text("new\n"));
    both("old/moved.txt", Some(lines(20, None)), None);
    both(
        "new/moved.txt",
        None,
        Some(lines(20, Some((19, "the template's")))),
    );
    both("run.sh", text("#!/bin/sh\n"), text("#!/bin/sh\n"));
    both("setup.sh", text("#!/bin/sh\n:\n"), text("#!/bin/sh\n:\n"));
    both("swap", text("a file\n"), None);
    both("swap/file.txt", None, text("in a folder\n"));
    both("flat/file.txt", text("in a folder\n"), None);
    both("flat", None, text("a file\n"));
    // Encrypted in git from the first commit on.
    let attributes = text("*.secret filter=crypt\n");
    both(".gitattributes.tera", attributes.clone(), attributes);
    both("key.secret", text("in-the-clear\n"), text("in-the-clear\n"));
    both("binary", text("\u{1}\0one"), text("\u{1}\0template"));
    symlink("one", bed.path(&format!("{old}/project/link"))).unwrap();
    symlink("two", bed.path("cat/template/project/link")).unwrap();
}

/// In the catalogue to come, files that are longer than what is held in memory: one is replaced, one comes, one goes.
pub(crate) fn long(bed: &Bed) {
    let bytes = |letter: &str| format!("\0{}", letter.repeat(1 << 20));
    let (old, new) = ("cat/snapshots/0.1.0/project", "cat/template/project");
    bed.write(&format!("{old}/long"), bytes("1"));
    bed.write(&format!("{new}/long"), bytes("2"));
    bed.write(&format!("{new}/long-new"), bytes("3"));
    bed.write(&format!("{old}/long-gone"), bytes("4"));
}

/// A project made with 0.1.0 in `start/shop`, and edited. `clash`: so that 0.2.0 cannot go in without a conflict.
pub(crate) fn project(bed: &Bed, git: bool, clash: bool) {
    catalogue(bed);
    let mut args = vec!["new", "shop", "--from", "../cat", "--release", "0.1.0"];
    if !git {
        args.push("--no-git");
    }
    let made = bed.ixd("start", &args);
    assert_eq!(made.code, 0, "{made:?}");
    bed.write("start/shop/merged.txt", lines(9, Some((8, "the team's"))));
    bed.write(
        "start/shop/old/moved.txt",
        lines(20, Some((2, "the team's"))),
    );
    if clash {
        bed.write("start/shop/clash.txt", lines(3, Some((2, "the team's"))));
        bed.write("start/shop/binary", b"\x01\0team");
    }
    bed.write("start/shop/own.txt", "the team's own\n");
    bed.set_mode("start/shop/updated.txt", 0o640);
    bed.set_mode("start/shop/removed", 0o750);
    if git {
        bed.git("start/shop", &["add", "-A"]);
        bed.git("start/shop", &["commit", "-qm", "work"]);
    }
}

/// A folder `start/shop` that holds files before `new` comes.
pub(crate) fn folder(bed: &Bed) {
    catalogue(bed);
    bed.write("start/shop/clash.txt", "mine\n");
    bed.write("start/shop/own.txt", "the team's own\n");
    bed.set_mode("start/shop/own.txt", 0o600);
}
