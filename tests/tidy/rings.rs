//! Cycles between the files of a crate: of two files, one must be readable without the other.
//!
//! A folder's `mod.rs` may name the files of its folder, and they may name it: that is one piece. What a file re-exports is
//! followed to the file that has it.

use std::collections::{BTreeMap, BTreeSet};

/// The names that lead to a module from the root of its crate.
type Module = Vec<String>;

/// The rings among some files, given by path below `src` and by code without comments and tests: each as the files in it.
pub(crate) fn rings(files: &[(String, String)]) -> Vec<Vec<String>> {
    let modules: BTreeMap<Module, &str> = files
        .iter()
        .map(|(path, _)| (module(path), path.as_str()))
        .collect();
    let mut graph = Graph {
        modules: &modules,
        exports: BTreeMap::new(),
    };
    for (path, code) in files {
        let me = module(path);
        for (public, used) in uses(code) {
            if public
                && let Some((target, [name, ..])) = graph.resolve(&me, &used).as_ref().map(split)
            {
                let known = used.last().cloned().unwrap_or_default();
                let known = known.split(" as ").last().unwrap_or(name).to_owned();
                graph.exports.insert((me.clone(), known), target.clone());
            }
        }
    }
    let edges: BTreeMap<Module, BTreeSet<Module>> = files
        .iter()
        .map(|(path, code)| (module(path), graph.edges(path, code)))
        .collect();
    circles(&edges)
        .into_iter()
        .map(|circle| {
            let mut names: Vec<String> = circle
                .iter()
                .map(|module| modules[*module].to_owned())
                .collect();
            names.sort();
            names
        })
        .collect()
}

fn split(found: &(Module, Vec<String>)) -> (&Module, &[String]) {
    (&found.0, &found.1)
}

fn module(path: &str) -> Module {
    let mut names: Vec<&str> = path.trim_end_matches(".rs").split('/').collect();
    if matches!(names.last(), Some(&"mod" | &"lib" | &"main")) {
        names.pop();
    }
    names.into_iter().map(str::to_owned).collect()
}

struct Graph<'f> {
    modules: &'f BTreeMap<Module, &'f str>,
    /// Where a name that a module re-exports is from.
    exports: BTreeMap<(Module, String), Module>,
}

impl Graph<'_> {
    /// The module that a path leads to, and what of the path is left there. `None` for another crate's.
    fn resolve(&self, me: &[String], path: &[String]) -> Option<(Module, Vec<String>)> {
        let mut at = me.to_vec();
        let mut rest = path;
        let child = |at: &[String], name: &String| {
            let mut at = at.to_vec();
            at.push(name.clone());
            self.modules.contains_key(&at).then_some(at)
        };
        match rest.first()?.as_str() {
            "crate" => {
                at.clear();
                rest = &rest[1..];
            }
            "self" => rest = &rest[1..],
            "super" => {
                while rest.first().is_some_and(|name| name == "super") {
                    at.pop();
                    rest = &rest[1..];
                }
            }
            _ => {
                child(&at, rest.first()?)?;
            }
        }
        while let Some(next) = rest.first().and_then(|name| child(&at, name)) {
            at = next;
            rest = &rest[1..];
        }
        Some((at, rest.to_vec()))
    }

    /// The modules that a file names.
    fn edges(&self, path: &str, code: &str) -> BTreeSet<Module> {
        let me = module(path);
        let folder = ["mod.rs", "lib.rs", "main.rs"]
            .iter()
            .any(|name| path == *name || path.ends_with(&format!("/{name}")));
        let imported = uses(code).into_iter().map(|(_, path)| path);
        let mut edges = BTreeSet::new();
        for used in imported.chain(paths(code)) {
            let Some((mut target, rest)) = self.resolve(&me, &used) else {
                continue;
            };
            let mut name = rest.first().cloned();
            let mut seen = BTreeSet::new();
            while let Some(own) = name.as_deref()
                && let own = own.split(" as ").next().unwrap_or(own).to_owned()
                && let Some(next) = self.exports.get(&(target.clone(), own.clone()))
                && seen.insert(target.clone())
            {
                target.clone_from(next);
                name = Some(own);
            }
            let own_child = folder && target.starts_with(&me);
            if target != me && !own_child && self.modules.contains_key(&target) {
                edges.insert(target);
            }
        }
        edges
    }
}

/// What the `use` items of a file name, each with whether it is exported again.
fn uses(code: &str) -> Vec<(bool, Module)> {
    let mut found = Vec::new();
    let mut rest = code;
    while let Some(at) = rest.find("use ") {
        let line = rest[..at].rfind('\n').map_or(0, |end| end + 1);
        let before = rest[line..at].trim();
        let Some(end) = rest[at..].find(';') else {
            break;
        };
        if before.is_empty() || before.starts_with("pub") {
            let tree = rest[at + 4..at + end]
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" ");
            let paths = expanded(&tree)
                .into_iter()
                .map(|path| (!before.is_empty(), parts(&path)));
            found.extend(paths);
            rest = &rest[at + end..];
        } else {
            rest = &rest[at + 4..];
        }
    }
    found
}

fn parts(path: &str) -> Module {
    path.split("::")
        .map(|part| part.trim().to_owned())
        .collect()
}

/// `a::{b, c::{d}}` as `a::b` and `a::c::d`.
fn expanded(tree: &str) -> Vec<String> {
    let Some(open) = tree.find('{') else {
        return vec![tree.trim().to_owned()];
    };
    let inner = tree[open + 1..].trim_end().trim_end_matches('}');
    let closed = tree[open..].matches('}').count();
    let inner = format!("{inner}{}", "}".repeat(closed.saturating_sub(1)));
    let (mut items, mut from, mut depth) = (Vec::new(), 0, 0_usize);
    for (at, sign) in inner.char_indices() {
        match sign {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                items.push(&inner[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    items.push(&inner[from..]);
    let items = items.into_iter().filter(|item| !item.trim().is_empty());
    let prefix = tree[..open].trim();
    items
        .flat_map(|item| expanded(item.trim()))
        .map(|item| format!("{prefix}{item}"))
        .collect()
}

/// The paths within code that begin in the crate.
fn paths(code: &str) -> Vec<Module> {
    let word = |sign: char| sign.is_alphanumeric() || sign == '_';
    let mut found = Vec::new();
    for start in ["crate::", "super::", "self::"] {
        for (at, _) in code.match_indices(start) {
            if code[..at].ends_with(word) || code[..at].ends_with("::") {
                continue;
            }
            let end = code[at..].find(|sign| !(word(sign) || sign == ':'));
            let path = &code[at..end.map_or(code.len(), |end| at + end)];
            found.push(parts(path.trim_end_matches(':')));
        }
    }
    found
}

/// The groups of modules each of which leads to every other one of its group.
fn circles(edges: &BTreeMap<Module, BTreeSet<Module>>) -> Vec<Vec<&Module>> {
    let reach = |from: &Module| {
        let mut seen: BTreeSet<&Module> = BTreeSet::new();
        let mut todo: Vec<&Module> = edges[from].iter().collect();
        while let Some(next) = todo.pop() {
            if seen.insert(next) {
                todo.extend(edges.get(next).into_iter().flatten());
            }
        }
        seen
    };
    let reached: BTreeMap<&Module, BTreeSet<&Module>> =
        edges.keys().map(|module| (module, reach(module))).collect();
    let mut circles: Vec<Vec<&Module>> = Vec::new();
    for (module, seen) in &reached {
        if !seen.contains(module) || circles.iter().any(|circle| circle.contains(module)) {
            continue;
        }
        let back = |other: &&&Module| {
            reached
                .get(**other)
                .is_some_and(|seen| seen.contains(module))
        };
        circles.push(seen.iter().filter(back).copied().collect());
    }
    circles
}

#[test]
fn a_ring_is_found_through_names_that_are_exported_again() {
    let file = |path: &str, code: &str| (path.to_owned(), code.to_owned());
    let files = [
        file("lib.rs", "mod a;\nmod b;\nmod c;\npub use a::A;\n"),
        file("a.rs", "use super::b::{B, C as D};\n"),
        file("b.rs", "fn f() -> crate::A {}\n"),
        file(
            "c/mod.rs",
            "mod d;\npub(super) use d::E;\nuse super::a::A;\n",
        ),
        file("c/d.rs", "use super::F;\n"),
    ];
    assert_eq!(rings(&files), [["a.rs", "b.rs"]]);
}
