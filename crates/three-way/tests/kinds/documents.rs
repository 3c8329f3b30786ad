//! YAML of several documents.

use super::*;

fn document(kind: &str, name: &str, value: &str) -> String {
    format!(
        "kind: {kind}\nmetadata:\n  name: {name}\nspec:\n  a: {value}\n  b: 1\n  last: {kind} {name}\n"
    )
}

fn file(documents: &[String]) -> String {
    documents.join("---\n")
}

#[test]
fn each_is_found_by_what_it_is_of_and_its_name() {
    let [web, job] = [
        document("Deployment", "web", "1"),
        document("Job", "web", "1"),
    ];
    let base = file(&[web.clone(), job.clone()]);
    let ours = file(&[web.replace("a: 1", "a: 2"), job.clone()]);
    let theirs = file(&[web.replace("b: 1", "b: 2"), job.replace("b: 1", "b: 3")]);
    let both = file(&[
        web.replace("a: 1", "a: 2").replace("b: 1", "b: 2"),
        job.replace("b: 1", "b: 3"),
    ]);
    clean("k8s.yaml", &base, [&ours, &theirs], &both);
}

#[test]
fn new_ones_of_both_are_kept() {
    let base = file(&[document("Deployment", "web", "1")]);
    let with = |name: &str| format!("{base}---\n{}", document("Job", name, "1"));
    let both = format!("{}---\n{}", with("one"), document("Job", "two", "1"));
    clean("k8s.yaml", &base, [&with("one"), &with("two")], &both);
}

#[test]
fn one_that_a_side_took_out_and_the_other_edited_is_a_conflict() {
    let [web, job] = [
        document("Deployment", "web", "1"),
        document("Job", "web", "1"),
    ];
    let base = file(&[web.clone(), job.clone()]);
    let theirs = file(&[web.clone(), job.replace("a: 1", "a: 3")]);
    conflict("k8s.yaml", &base, [&web, &theirs]);
}

/// Where documents are alike, lines may be aligned so that one loses its name.
#[test]
fn one_without_a_name_is_a_conflict() {
    let [a, b, c] = ["a", "b", "c"]
        .map(|name| format!("kind: Service\nmetadata:\n  name: {name}\nspec:\n  a: 1\n"));
    let base = file(&[a.clone(), b.clone()]);
    let ours = file(&[a.clone(), c.clone(), b.clone()]);
    let theirs = file(&[a, b, c]);
    let found = merged("k8s.yaml", [&base, &ours, &theirs], Class::Policy);
    assert!(found.is_none_or(|text| text == ours));
}

/// Equal ones too: lines do not tell where one begins.
#[test]
fn one_that_both_put_in_is_a_conflict() {
    let [a, b, c] = ["a", "b", "c"].map(|name| document("Service", name, "1"));
    let base = file(&[a.clone(), b.clone()]);
    let ours = file(&[a.clone(), c.clone(), b.clone()]);
    for c in [c.clone(), c.replace("a: 1", "a: 2")] {
        conflict(
            "k8s.yaml",
            &base,
            [&ours, &file(&[a.clone(), b.clone(), c])],
        );
    }
}
