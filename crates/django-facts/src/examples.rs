//! What lies beside the project itself: tests, examples, documentation.

/// Whether a path lies in a folder of tests, examples or documentation.
#[must_use]
pub(super) fn is_example(path: &str) -> bool {
    let mut folders = path.split('/').rev();
    folders.next();
    folders.any(is_example_name)
}

/// Whether a folder or package of this name holds tests or examples.
#[must_use]
pub(super) fn is_example_name(folder: &str) -> bool {
    const STARTS: [&str; 9] = [
        "test",
        "example",
        "demo",
        "sample",
        "sandbox",
        "doc",
        "fixture",
        "benchmark",
        "cookbook",
    ];
    let folder = folder.to_ascii_lowercase();
    STARTS.iter().any(|start| {
        folder.strip_prefix(start).is_some_and(|rest| {
            rest.is_empty()
                || rest == "s"
                || rest.starts_with(['_', '-'])
                || rest.contains("proj")
                || rest == "ing"
        })
    }) || folder.ends_with("_example")
        || folder.ends_with("_demo")
        || folder.ends_with("_tests")
        || folder == "testapp"
        || folder == "testsite"
        || folder == "testapps"
        || folder == "integration_tests"
        || folder == "project_template"
        || folder == "templates"
        || folder == "skeleton"
}
