//! How often the release and the answers of an edited project are found again, over projects made by chance.
//!
//! `IXD_ADOPT=200 cargo test --release --test main found_again -- --nocapture` looks at more of them and prints the shares.

use std::fs;
use std::path::{Path, PathBuf};

use ixd_template::adopt;
use ixd_template::template::{Answer, Answers, Catalogue, Kind, Release, Scope, render};
use ixd_template::tree::{File, Tree};

/// Numbers by chance that are the same everywhere.
pub(super) struct Dice(pub(super) u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % sides as u64).unwrap()
    }

    pub(super) fn chance(&mut self, percent: usize) -> bool {
        self.roll(100) < percent
    }

    pub(super) fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.roll(from.len())]
    }
}

fn answers(release: &Release, dice: &mut Dice) -> Answers {
    let mut scope = Scope::new(&release.manifest, "folder");
    let mut answers = Answers::default();
    for question in &release.manifest.questions {
        if question.hidden || !scope.applies(question, &answers).unwrap() {
            continue;
        }
        let offered = scope.offered(question, &answers).unwrap();
        let values: Vec<String> = offered.iter().map(|choice| choice.value.clone()).collect();
        let default = scope.default(question, &answers).unwrap();
        let text = |dice: &mut Dice, values: &[&str]| Answer::Text((*dice.pick(values)).into());
        let answer = match (question.kind, question.name.as_str()) {
            _ if dice.chance(25) && default.is_some() => default.unwrap(),
            (Kind::Bool, _) => Answer::Bool(dice.chance(50)),
            (Kind::Choice, _) => Answer::Text(dice.pick(&values).clone()),
            (Kind::Choices, _) => {
                Answer::List(values.into_iter().filter(|_| dice.chance(60)).collect())
            }
            (_, "project_name") => {
                text(dice, &["shop", "city_museum", "a2", "the_long_name_of_it"])
            }
            (_, "project_title") => text(dice, &["Shop", "It's \"here\"", "Größe & Zeit", "x"]),
            (_, "site_domain") => text(dice, &["shop.example.com", "example.org", "a.b.example"]),
            (_, "timezone") => text(dice, &["Europe/Berlin", "Australia/Sydney", "UTC"]),
            (_, "language") => text(dice, &["de", "pt-br", "en-us", "fr"]),
            _ => default.unwrap_or(Answer::Text("shop".into())),
        };
        let answer = question.validate(answer, &offered).unwrap();
        answers.set(&question.name, answer);
    }
    answers
}

/// What a team does to its project: most files stay, some are edited, a few go, own ones come.
fn edited(tree: &Tree, dice: &mut Dice) -> Tree {
    let mut tree = tree.clone();
    let share = *dice.pick(&[0, 10, 25, 50]);
    let paths: Vec<_> = tree.keys().cloned().collect();
    for path in paths {
        if dice.chance(share / 8) {
            tree.remove(&path);
            continue;
        }
        let file = tree[&path].clone();
        let Some(text) = file
            .bytes()
            .and_then(|bytes| String::from_utf8(bytes.into_owned()).ok())
        else {
            continue;
        };
        if !dice.chance(share) || text.is_empty() {
            continue;
        }
        let text = edit_text(&text, dice);
        tree.insert(
            path,
            File {
                executable: file.executable,
                ..File::new(text.into_bytes())
            },
        );
    }
    tree
}

fn edit_text(text: &str, dice: &mut Dice) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    for _ in 0..=dice.roll(8) {
        let at = dice.roll(lines.len() + 1);
        match dice.roll(4) {
            0 if at < lines.len() => drop(lines.remove(at)),
            1 if at < lines.len() => lines[at] = format!("{} changed", lines[at]),
            _ => lines.insert(at, format!("own line {}", dice.roll(1000))),
        }
        if lines.is_empty() {
            break;
        }
    }
    lines.join("\n") + "\n"
}

fn write(tree: &Tree, root: &Path) {
    for (path, file) in tree {
        let path = root.join(path.as_str());
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let target = || String::from_utf8(file.raw().into_owned()).unwrap();
        let written = match file.bytes() {
            Some(bytes) => fs::write(path, bytes),
            None => std::os::unix::fs::symlink(target(), path),
        };
        written.unwrap();
    }
}

#[derive(Debug, Default)]
struct Score {
    all: usize,
    release: usize,
    exact: usize,
    sure: usize,
    sure_and_wrong: usize,
    wrong_answers: Vec<String>,
}

fn score(catalogue: &Catalogue, runs: usize, seed: u64) -> Score {
    let mut score = Score::default();
    let mut dice = Dice(seed);
    let versions = catalogue.versions().unwrap();
    for _ in 0..runs {
        let version = dice.pick(&versions).to_string();
        let release = catalogue.release(Some(&version)).unwrap();
        let truth = answers(&release, &mut dice);
        let made = render(&release, &truth).unwrap().tree;
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().join("folder");
        write(&edited(&made, &mut dice), &root);
        score.all += 1;
        let Some(found) = adopt::find(catalogue, &root, "folder", None).unwrap() else {
            continue;
        };
        let is_exact = found.rendered.tree == made;
        let is_named = found.release.manifest.version == release.manifest.version;
        // Right after a release is cut, the one under development is the same.
        let is_release = is_named || is_exact;
        score.release += usize::from(is_release);
        score.exact += usize::from(is_exact);
        score.sure += usize::from(found.evidence.confident);
        score.sure_and_wrong += usize::from(found.evidence.confident && !is_release);
        for (name, answer) in truth.iter() {
            if is_named && found.answers.get(name) != Some(answer) {
                let found = found.answers.get(name).map(ToString::to_string);
                score
                    .wrong_answers
                    .push(format!("{name}: {answer} → {found:?}"));
            }
        }
    }
    score
}

pub(super) fn runs(default: usize) -> usize {
    std::env::var("IXD_ADOPT").map_or(default, |runs| runs.parse().unwrap())
}

#[test]
fn edited_projects_are_found_again() {
    let runs = runs(2);
    let score = score(&Catalogue::new(None), runs, 0x5eed);
    println!("{score:#?}");
    assert!(score.release * 100 >= runs * 95, "{score:#?}");
    assert!(score.sure_and_wrong == 0, "{score:#?}");
    // A handful of projects says nothing about a share.
    if runs >= 20 {
        assert!(score.exact * 100 >= runs * 70, "{score:#?}");
    }
}

/// A catalogue of releases that grew out of our template in small steps.
fn grown(dir: &Path, count: u64, dice: &mut Dice) -> Catalogue {
    let template = Path::new(env!("CARGO_MANIFEST_DIR")).join("template");
    let release = |number: u64| dir.join(format!("snapshots/1.{number}.0"));
    copy(&template, &release(0), "1.0.0");
    for number in 1..count {
        copy(
            &release(number - 1),
            &release(number),
            &format!("1.{number}.0"),
        );
        let mut files = Vec::new();
        texts(&release(number).join("project"), &mut files);
        for _ in 0..=dice.roll(5) {
            let path = dice.pick(&files).clone();
            let text = fs::read_to_string(&path).unwrap();
            let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
            let free: Vec<usize> = (0..lines.len())
                .filter(|at| !lines[*at].contains("{%") && !lines[*at].contains("{{"))
                .collect();
            for _ in 0..=dice.roll(4) {
                let at = *dice.pick(&free);
                if let Some(line) = lines.get_mut(at) {
                    *line = format!("{line} # {number}.{}", dice.roll(100));
                }
            }
            fs::write(&path, lines.join("\n") + "\n").unwrap();
        }
    }
    Catalogue::new(Some(dir))
}

fn copy(from: &Path, to: &Path, version: &str) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target, version);
        } else if entry.file_name() == "template.yml" {
            let text = fs::read_to_string(entry.path()).unwrap();
            let lines = text.lines().map(|line| match line.starts_with("version:") {
                true => format!("version: {version}\n"),
                false if line.contains("renames") || line.contains("haproxy.cfg, to") => {
                    String::new()
                }
                false => format!("{line}\n"),
            });
            fs::write(target, lines.collect::<String>()).unwrap();
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

fn texts(dir: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            texts(&path, found);
        } else if fs::read_to_string(&path).is_ok_and(|text| text.lines().count() > 5)
            && !path.ends_with("package-lock.json")
        {
            found.push(path);
        }
    }
    found.sort();
}

#[test]
fn edited_projects_of_many_releases_are_found_again() {
    let dir = tempfile::tempdir().unwrap();
    let catalogue = grown(dir.path(), 12, &mut Dice(0xface));
    let runs = runs(2);
    let score = score(&catalogue, runs, 0xbed);
    println!("{score:#?}");
    assert!(score.release * 100 >= runs * 80, "{score:#?}");
}
