//! What the tables say, one line a name.

use super::*;

#[track_caller]
fn check(key: Key, items: &[(&str, &str)]) {
    for (item, name) in items {
        assert_eq!(key.of(item), *name, "{item}");
    }
}

#[test]
fn names_what_is_taken_on_the_host() {
    check(
        Key::Port,
        &[
            ("8000:80", "8000/tcp"),
            ("0.0.0.0:8000:80", "8000/tcp"),
            ("127.0.0.1:8000:80", "127.0.0.1:8000/tcp"),
            ("[::1]:8000:80", "[::1]:8000/tcp"),
            ("53:53/udp", "53/udp"),
            ("${PORT:-8000}:80", "${PORT:-8000}/tcp"),
            ("80", ":80/tcp"),
        ],
    );
}

#[test]
fn names_mount_points() {
    check(
        Key::Mount,
        &[
            ("data:/data", "/data"),
            ("./src:/app/src:ro", "/app/src"),
            ("${DIR:-.}:/app", "/app"),
            ("/cache", "/cache"),
            ("/cache:ro", "/cache"),
        ],
    );
}

#[test]
fn names_what_has_a_value_or_a_version() {
    check(Key::Variable, &[("A=1", "A"), ("A", "A"), ("=x", "=x")]);
    check(Key::Host, &[("a:10.0.0.1", "a"), ("a=10.0.0.1", "a")]);
    check(
        Key::Package,
        &[
            ("numpy=1.2", "numpy"),
            ("@x/y@1", "@x/y"),
            ("a[b]>1", "a"),
            ("pip", "pip"),
        ],
    );
    check(
        Key::First,
        &[
            ("(\"b\", \"B\")", "b"),
            ("[\"p\", {\"a\": 1}]", "p"),
            ("(x, y)", "x"),
            ("f(x)", "f(x)"),
        ],
    );
    check(Key::Option, &[("--a=1", "--a"), ("a=1", "a=1")]);
    check(Key::Requirement, &[("A_b[x]>1", "a-b"), ("./x", "./x")]);
}

#[test]
fn tells_requirements_apart_by_their_marker() {
    let name = |requirement| key::with_marker("a", requirement).into_owned();
    assert_eq!(name("a==1"), "a");
    assert_eq!(name("a==1 # why; not"), "a");
    assert_eq!(name("a==1; python_version < '3.9'"), "a;python_version<3.9");
    assert_eq!(
        name("\"a==2 ; python_version<'3.9'\""),
        "a;python_version<3.9"
    );
}

fn shape_of(lists: Lists, names: &[&str]) -> Option<Shape> {
    match names {
        [name] => At::new(lists, Path::root(name)).list(),
        [outer, name] => {
            let outer = Path::root(outer);
            At::new(lists, Path::under(name, Some(&outer))).list()
        }
        _ => None,
    }
    .map(|list| list.shape)
}

#[test]
fn knows_a_list_by_what_it_is_in() {
    let check =
        |table, names: &[&str], shape| assert_eq!(shape_of(table, names), shape, "{names:?}");
    check(yaml::list, &["build", "args"], Some(Shape::Items));
    check(yaml::list, &["web", "args"], Some(Shape::Vector));
    check(yaml::list, &["", "stages"], Some(Shape::Sequence));
    check(yaml::list, &["hooks", "stages"], Some(Shape::Bag));
    check(yaml::list, &["matrix", "anything"], Some(Shape::Bag));
    check(yaml::list, &["rules", "max-len"], Some(Shape::Vector));
    check(yaml::list, &["web", "anything"], None);
    let toml = |section, name| shape_of(toml::list, &[section, name]);
    assert_eq!(toml("[tool.ruff.lint]", "extend-select"), Some(Shape::Bag));
    assert_eq!(toml("[tool.ruff]", "lint.extend_select"), Some(Shape::Bag));
    assert_eq!(
        toml("[tool.ruff.lint.per-file-ignores]", "a/b.py"),
        Some(Shape::Bag)
    );
    assert_eq!(toml("[project]", "dependencies"), Some(Shape::Pins));
    assert_eq!(
        toml("[project.optional-dependencies]", "docs"),
        Some(Shape::Pins)
    );
    assert_eq!(toml("[dependency-groups]", "dev"), Some(Shape::Pins));
    assert_eq!(
        toml("[tool.pytest.ini_options]", "addopts"),
        Some(Shape::Vector)
    );
    assert_eq!(toml("[tool.x]", "y"), None);
    let python = |name| shape_of(python::list, &[name]);
    assert_eq!(python("INSTALLED_APPS+="), Some(Shape::Bag));
    assert_eq!(python("THIRD_PARTY_APPS"), Some(Shape::Bag));
    assert_eq!(python("CORS_ALLOWED_ORIGINS"), Some(Shape::Bag));
    assert_eq!(python("AUTHENTICATION_BACKENDS"), Some(Shape::Sequence));
    assert_eq!(python("STATUS_CHOICES"), Some(Shape::Sequence));
    assert_eq!(python("RUN"), None);
}
