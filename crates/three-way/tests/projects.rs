//! Generated files as projects have them: entries, and edits of entries.

use proptest::prelude::*;

/// The kinds of files that are generated, by the name of a file.
pub(super) const PATHS: [&str; 8] = [
    "requirements.txt",
    ".gitignore",
    ".env",
    "compose.yaml",
    "pyproject.toml",
    "package.json",
    "settings.py",
    "notes.txt",
];

/// One entry: its name, its value, and whether a comment stands above it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    name: u8,
    value: u8,
    comment: bool,
}

/// Three versions of one file.
#[derive(Debug, Clone)]
pub(super) struct Triple {
    pub(super) path: &'static str,
    pub(super) base: String,
    pub(super) ours: String,
    pub(super) theirs: String,
}

#[derive(Debug, Clone)]
enum Edit {
    Add(u8, Entry),
    Delete(u8),
    Change(u8, u8),
    Comment(u8),
    Move(u8, u8),
}

fn entry() -> impl Strategy<Value = Entry> {
    (0..40_u8, 0..5_u8, prop::bool::weighted(0.2)).prop_map(|(name, value, comment)| Entry {
        name,
        value,
        comment,
    })
}

fn edits() -> impl Strategy<Value = Vec<Edit>> {
    let edit = prop_oneof![
        4 => (any::<u8>(), entry()).prop_map(|(at, entry)| Edit::Add(at, entry)),
        2 => any::<u8>().prop_map(Edit::Delete),
        4 => (any::<u8>(), 0..5_u8).prop_map(|(at, value)| Edit::Change(at, value)),
        1 => any::<u8>().prop_map(Edit::Comment),
        1 => (any::<u8>(), any::<u8>()).prop_map(|(from, to)| Edit::Move(from, to)),
    ];
    prop::collection::vec(edit, 0..5)
}

fn apply(entries: &[Entry], edits: &[Edit]) -> Vec<Entry> {
    let mut entries = entries.to_vec();
    for edit in edits {
        let place = |at: u8, length: usize| usize::from(at) % length.max(1);
        let length = entries.len();
        match edit {
            Edit::Add(at, entry) => {
                if entries.iter().all(|known| known.name != entry.name) {
                    entries.insert(place(*at, length + 1), entry.clone());
                }
            }
            _ if entries.is_empty() => {}
            Edit::Delete(at) => drop(entries.remove(place(*at, length))),
            Edit::Change(at, value) => entries[place(*at, length)].value = *value,
            Edit::Comment(at) => entries[place(*at, length)].comment ^= true,
            Edit::Move(from, to) => {
                let entry = entries.remove(place(*from, length));
                entries.insert(place(*to, length), entry);
            }
        }
    }
    entries
}

fn unique(entries: Vec<Entry>) -> Vec<Entry> {
    let mut names = Vec::new();
    entries
        .into_iter()
        .filter(|entry| {
            !names.contains(&entry.name) && {
                names.push(entry.name);
                true
            }
        })
        .collect()
}

/// No value line is the same in two entries: a line then says where it belongs.
fn render(path: &str, entries: &[Entry], final_line_end: bool) -> String {
    let rows = |indent: &str, one: &dyn Fn(&Entry) -> String| -> String {
        let row = |entry: &Entry| {
            let comment = if entry.comment {
                format!("{indent}# about {}\n", entry.name)
            } else {
                String::new()
            };
            comment + &one(entry)
        };
        entries.iter().map(row).collect()
    };
    let mut text = match path {
        "requirements.txt" => rows("", &|entry| {
            format!("pkg-{}==1.{}\n", entry.name, entry.value)
        }),
        ".gitignore" => rows("", &|entry| format!("dir{}/{}\n", entry.name, entry.value)),
        ".env" => rows("", &|entry| {
            format!("NAME_{}=value {}\n", entry.name, entry.value)
        }),
        "compose.yaml" => {
            let service = |Entry { name, value, .. }: &Entry| {
                format!(
                    "  s{name}:\n    image: x{name}-{value}\n    ports:\n      - \"80{name}:{value}\"\n"
                )
            };
            "services:\n".to_string() + &rows("  ", &service)
        }
        "pyproject.toml" => rows("", &|Entry { name, value, .. }| {
            format!(
                "[tool.t{name}]\nvalue = 1{name}{value}\nlist = [\n    \"a{name}\",\n    \"v{name}{value}\",\n]\n\n"
            )
        }),
        "package.json" => {
            let member = |Entry { name, value, .. }: &Entry| {
                format!("  \"m{name}\": {{\n    \"v\": 1{name}{value}\n  }}")
            };
            let members: Vec<String> = entries.iter().map(member).collect();
            format!("{{\n{}\n}}\n", members.join(",\n"))
        }
        "settings.py" => {
            let apps = rows("    ", &|entry| format!("    \"app{}\",\n", entry.name));
            let names = rows("", &|Entry { name, value, .. }| {
                format!("NAME_{name} = {value}\n")
            });
            format!("import os\n\nAPPS = [\n{apps}]\n\n{names}")
        }
        _ => rows("", &|entry| {
            format!("line {} says {}\n", entry.name, entry.value)
        }),
    };
    if !final_line_end {
        text.pop();
    }
    text
}

/// A file that both sides edited.
pub(super) fn triples() -> impl Strategy<Value = Triple> {
    let ends = (
        prop::bool::weighted(0.9),
        prop::bool::weighted(0.9),
        prop::bool::weighted(0.9),
    );
    (
        0..PATHS.len(),
        prop::collection::vec(entry(), 0..10),
        edits(),
        edits(),
        ends,
    )
        .prop_map(|(path, base, ours, theirs, ends)| {
            let (path, base) = (PATHS[path], unique(base));
            Triple {
                path,
                ours: render(path, &apply(&base, &ours), ends.1),
                theirs: render(path, &apply(&base, &theirs), ends.2),
                base: render(path, &base, ends.0),
            }
        })
}

/// Any bytes, with few distinct lines so that they align in many ways.
pub(super) fn rough() -> impl Strategy<Value = [Vec<u8>; 3]> {
    let line = prop_oneof![
        8 => prop::sample::select(vec!["a\n", "b\n", "c\r\n", "\n", "[x]\n", "k: v\n", "- k: v\n", "  x: y\n", "x = [\n", "]\n", "# c\n"])
            .prop_map(|line| line.as_bytes().to_vec()),
        1 => prop::collection::vec(any::<u8>(), 0..6),
        1 => prop::sample::select(vec!["<<<<<<< a\n", "=======\n", ">>>>>>> b\n", "\u{feff}", "é\n", "\"\"\"", "'", "{", "}\n", "&x ", "|\n"])
            .prop_map(|line| line.as_bytes().to_vec()),
    ];
    let text = || prop::collection::vec(line.clone(), 0..14).prop_map(|lines| lines.concat());
    [text(), text(), text()]
}
