//! Python that Python would refuse: what is plainly a statement of its own is read.

use super::project::{Project, shown};

const DATABASES: &str = "DATABASES = {\"default\": {\"ENGINE\": \"django.db.backends.postgresql\", \"NAME\": \"shop\"}}\n";

fn check(cases: &[&str]) {
    for before in cases {
        let settings = format!("{before}{DATABASES}");
        let project = Project::new(&[("shop/settings.py", &settings)]);
        let database = shown(&project.report(), "database");
        assert!(
            database.starts_with("postgresql"),
            "{database} of\n{settings}"
        );
    }
}

#[test]
fn a_bracket_that_is_never_closed_ends_with_its_statement() {
    check(&[
        "ALLOWED_HOSTS = [\n    \"a\",\n\n",
        "ALLOWED_HOSTS = [\"a\", ]]\nX = (1,\n    2\nY = {\n",
        "if DEBUG:\n    call(1, (2)\n    X = 1\n",
        "X = 1; ALLOWED_HOSTS = [\"a]\n",
        "CACHES = {\"a\": {\"b\": 1}\nimport os\n",
        "{% if a %}X = [{% else %}X = [1, {% endif %}\n",
    ]);
}

#[test]
fn names_of_arguments_start_no_statement_where_brackets_are_closed() {
    check(&["X = dict(\nDATABASES=1,\nimport_=2,\n)\n"]);
}

#[test]
fn lines_of_a_generator_of_projects_are_no_statements() {
    check(&[
        "INSTALLED_APPS = [\n    \"a\",\n{%- if cookiecutter.celery == 'y' %}\n    \"b\",\n{%- endif %}\n]\n",
        "{% if cookiecutter.a %}\nX = 1\n{% else %}\nX = {{ cookiecutter.b }}\n{% endif %}\n",
    ]);
}
