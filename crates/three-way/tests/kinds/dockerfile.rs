//! Dockerfiles.

use super::*;

const BASE: &str = "# syntax=docker/dockerfile:1\nARG VERSION=1\nFROM python:3.12 AS build\nENV A=1\nENV B=2\nRUN apt-get update \\\n    && apt-get install -y git \\\n    && rm -rf /var/lib/apt/lists/*\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\n\nFROM python:3.12-slim\nWORKDIR /app\nCOPY --from=build /app /app\nUSER app\nCMD [\"serve\"]\n";

#[test]
fn instructions_merge_by_stage_and_name() {
    for path in ["Dockerfile", "docker/web.Dockerfile", "Dockerfile.dev"] {
        let ours = BASE
            .replace("ENV A=1", "ENV A=9")
            .replace("USER app", "USER web");
        let theirs = BASE
            .replace("ENV B=2", "ENV B=8")
            .replace("[\"serve\"]", "[\"run\"]");
        let both = ours
            .replace("ENV B=2", "ENV B=8")
            .replace("[\"serve\"]", "[\"run\"]");
        clean(path, BASE, [&ours, &theirs], &both);
    }
}

#[test]
fn the_higher_image_is_taken_where_both_raised_it() {
    let ours = BASE.replace("python:3.12 AS", "python:3.13 AS");
    let theirs = BASE.replace("python:3.12 AS", "python:3.14 AS");
    clean("Dockerfile", BASE, [&ours, &theirs], &theirs);
}

#[test]
fn two_insertions_at_one_place_are_a_conflict() {
    let put = |line: &str| BASE.replace("USER app", &format!("{line}\nUSER app"));
    for [ours, theirs] in [
        ["COPY a /a", "COPY b /b"],
        ["RUN a", "RUN b"],
        ["ENV X=1", "ENV Y=1"],
        ["ENV X=1", "ENV X=2"],
    ] {
        conflict("Dockerfile", BASE, [&put(ours), &put(theirs)]);
    }
}

/// A folder takes many copies, so it does not tell which one another version has.
#[test]
fn a_second_copy_into_a_folder_is_another_instruction() {
    let base = "FROM a\nCOPY web .\nUSER b\n";
    let ours = "FROM a\nCOPY web assets .\nCOPY basket .\nUSER b\n";
    let theirs = "FROM a\nCOPY web .\nRUN make\nUSER b\n";
    conflict("Dockerfile", base, [ours, theirs]);
    let ours = "FROM a\nCOPY web /site\nCOPY basket .\nUSER b\n";
    conflict("Dockerfile", base, [ours, theirs]);
    let ours = "FROM a\nCOPY --chown=b web .\nUSER b\n";
    let both = "FROM a\nCOPY --chown=b web .\nRUN make\nUSER b\n";
    clean("Dockerfile", base, [ours, theirs], both);
}

#[test]
fn what_one_side_took_out_and_the_other_edited_is_a_conflict() {
    for [line, edited] in [
        ["ENV A=1\n", "ENV A=3\n"],
        [
            "RUN pip install -r requirements.txt\n",
            "RUN pip install -r dev.txt\n",
        ],
        [
            "COPY requirements.txt .\n",
            "COPY requirements.txt pyproject.toml .\n",
        ],
        ["USER app\n", "USER web\n"],
        ["CMD [\"serve\"]\n", "CMD [\"run\"]\n"],
    ] {
        let (ours, theirs) = (BASE.replace(line, ""), BASE.replace(line, edited));
        conflict("Dockerfile", BASE, [&ours, &theirs]);
    }
}

#[test]
fn one_name_of_both_is_kept_once_or_is_the_conflict() {
    let put = |above: &str, line: &str| BASE.replacen(above, &format!("{line}\n{above}"), 1);
    let ours = put("ENV A", "ENV C=1");
    clean(
        "Dockerfile",
        BASE,
        [&ours, &put("COPY req", "ENV C=1")],
        &ours,
    );
    let theirs = put("COPY req", "ENV C=2");
    conflict_of(
        "Dockerfile",
        BASE,
        [&ours, &theirs],
        ["ENV C=1\n", "ENV C=2\n"],
    );
    // Where it runs says something.
    let theirs = put("COPY req", "RUN x");
    conflict("Dockerfile", BASE, [&put("ENV A", "RUN x"), &theirs]);
}

#[test]
fn pairs_on_lines_of_their_own_merge_by_name() {
    let base = "FROM a\nENV A=1 \\\n    B=2 \\\n    C=3\nUSER x\n";
    let ours = "FROM a\nENV A=1 \\\n    B=5 \\\n    C=3\nUSER x\n";
    let theirs = "FROM a\nENV A=4 \\\n    B=2 \\\n    C=3 \\\n    D=6\nUSER x\n";
    let both = "FROM a\nENV A=4 \\\n    B=5 \\\n    C=3 \\\n    D=6\nUSER x\n";
    clean("Dockerfile", base, [ours, theirs], both);
    let theirs = "FROM a\nENV A=1 \\\n    B=2\nUSER x\n";
    let both = "FROM a\nENV A=1 \\\n    B=5\nUSER x\n";
    clean("Dockerfile", base, [ours, theirs], both);
    let ours = "FROM a\nENV A=1 \\\n    B=2 \\\n    C=7\nUSER x\n";
    conflict("Dockerfile", base, [ours, theirs]);
}

/// What comes behind a line that is continued is a part of it.
#[test]
fn an_instruction_that_another_one_would_swallow_is_a_conflict() {
    let base = "FROM a\nRUN x \\\n    && y\n\nUSER b\n";
    let ours = "FROM a\nRUN x \\\n    && y \\\n    && z\n\nUSER b\n";
    let theirs = "FROM a\nRUN x\n\nUSER b\n";
    conflict("Dockerfile", base, [ours, theirs]);
}

#[test]
fn new_stages_of_both_are_a_conflict_and_two_of_one_name_are_too() {
    let stage = |name: &str| format!("FROM node AS {name}\nRUN make {name}\n\n");
    let put = |name: &str| {
        BASE.replace(
            "FROM python:3.12-slim",
            &(stage(name) + "FROM python:3.12-slim"),
        )
    };
    conflict("Dockerfile", BASE, [&put("web"), &put("css")]);
    let front = BASE.replace(
        "FROM python:3.12 AS",
        &(stage("web") + "FROM python:3.12 AS"),
    );
    let other = put("web").replace("RUN make web", "RUN make all");
    conflict("Dockerfile", BASE, [&front, &other]);
}

#[test]
fn texts_within_are_left_alone() {
    let base = "FROM a\nRUN <<EOF\nUSER no\nb\nEOF\nENV A=1\n";
    let ours = base.replace("A=1", "A=2");
    let theirs = base.replace("\nb\n", "\nc\n");
    clean(
        "Dockerfile",
        base,
        [&ours, &theirs],
        &ours.replace("\nb\n", "\nc\n"),
    );
}
