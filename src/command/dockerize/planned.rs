//! What is planned, and not only what was found: settings, database, Python, packages, services, what runs where.

use super::questions::{
    ASGI_MODULE, CELERY_APP, DEVELOPER_REQUIREMENTS, DOCKER, IMAGE_PYTHON, MODE, OWN_PACKAGE,
    REQUIREMENTS_FILE, SERVICES, SETTINGS_MODULE, SETTINGS_PRODUCTION, SETTINGS_STAGING,
    SETTINGS_TEST, WSGI_MODULE, database,
};
use crate::report::Report;
use crate::template::{Answer, Answers};
use crate::ui::{hang, visible};
use django_facts::{Database, Engine, Findings};

/// Says what is planned, a line each.
pub(super) fn tell(answers: &Answers, findings: &Findings, report: &mut Report) {
    report.data("");
    for (name, value) in rows(answers, findings) {
        let head = format!("  {name:<22} ");
        report.data(hang(&head, &visible(&value), "                         "));
    }
}

fn rows(answers: &Answers, findings: &Findings) -> Vec<(&'static str, String)> {
    let text = |name: &str| match answers.get(name) {
        Some(Answer::Text(text)) => text.as_str(),
        _ => "",
    };
    let has_docker = answers.get(DOCKER) == Some(&Answer::Bool(true));
    let mut rows = vec![("Settings", text(SETTINGS_MODULE).to_owned())];
    for (name, question) in [
        ("  in production", SETTINGS_PRODUCTION),
        ("  in staging", SETTINGS_STAGING),
        ("  in tests", SETTINGS_TEST),
    ] {
        let module = text(question);
        if !module.is_empty() && module != text(SETTINGS_MODULE) {
            rows.push((name, module.to_owned()));
        }
    }
    if !text(OWN_PACKAGE).is_empty() && text(MODE) == "bypass" {
        rows.push((
            "Package",
            format!(
                "{}: the project's own folder, which ixc_django_docker/package lets be imported by that name, wherever it lies",
                text(OWN_PACKAGE)
            ),
        ));
    }
    rows.push(("Database", of_database(database(answers), has_docker)));
    rows.push(("Python", text(IMAGE_PYTHON).to_owned()));
    let mut packages = text(REQUIREMENTS_FILE).to_owned();
    if !text(DEVELOPER_REQUIREMENTS).is_empty() {
        packages += "; for developers also ";
        packages += text(DEVELOPER_REQUIREMENTS);
    }
    rows.push(("Packages", packages));
    let services = services(answers);
    if !services.is_empty() {
        rows.push(("Services", services.join(", ")));
    }
    rows.push(("Served by", served(&text)));
    if has_docker {
        rows.push(("In containers", in_containers(answers, findings, &text)));
    }
    rows.push((
        "On this machine",
        "./go.sh runserver.sh, with the servers that your environment names".to_owned(),
    ));
    rows
}

fn of_database(database: Option<Database>, has_docker: bool) -> String {
    let Some(engine) = database.and_then(Database::engine) else {
        return "none".to_owned();
    };
    let name = engine_name(engine);
    match engine {
        Engine::Sqlite => format!("{name}, a file"),
        Engine::Oracle => format!("{name}, your own server"),
        _ if has_docker => format!("{name}, in a container or on your own server"),
        _ => format!("{name}, your own server"),
    }
}

fn engine_name(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => "SQLite",
        Engine::Postgresql => "PostgreSQL",
        Engine::Postgis => "PostgreSQL with PostGIS",
        Engine::Mysql => "MySQL",
        Engine::Oracle => "Oracle",
    }
}

/// The services by the names that people have for them.
fn services(answers: &Answers) -> Vec<&str> {
    let services = match answers.get(SERVICES) {
        Some(Answer::List(services)) => services.as_slice(),
        _ => &[],
    };
    let name = |service: &'_ String| match service.as_str() {
        "redis" => "Redis",
        "memcached" => "memcached",
        "rabbitmq" => "RabbitMQ",
        "elasticsearch" => "Elasticsearch",
        _ => "another one",
    };
    services.iter().map(name).collect()
}

fn served<'a>(text: &dyn Fn(&str) -> &'a str) -> String {
    let (asgi, wsgi) = (text(ASGI_MODULE), text(WSGI_MODULE));
    match (text(MODE), asgi, wsgi) {
        (_, asgi, _) if !asgi.is_empty() => format!("{asgi} (ASGI)"),
        ("wrap", ..) => "gunicorn, with the wrapper's WSGI application".to_owned(),
        (_, _, "") => "nothing yet: no WSGI application was found".to_owned(),
        (_, _, wsgi) => format!("gunicorn, {wsgi} (WSGI)"),
    }
}

/// What `docker compose up -d haproxy` starts.
fn in_containers<'a>(
    answers: &Answers,
    findings: &Findings,
    text: &dyn Fn(&str) -> &'a str,
) -> String {
    let mut parts = vec!["HAProxy", "the site"];
    if !text(CELERY_APP).is_empty() && findings.celery.is_true() {
        parts.push("Celery's worker and scheduler");
    }
    if let Some(engine @ (Engine::Postgresql | Engine::Postgis | Engine::Mysql)) =
        database(answers).and_then(Database::engine)
    {
        parts.push(engine_name(engine));
    }
    parts.extend(services(answers));
    format!("docker compose up -d haproxy starts {}", parts.join(", "))
}
