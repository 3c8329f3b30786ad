//! Projects that have Docker files already: what is said of them, and what becomes of them.

use serde_json::Value;

use super::project::{commit, dockerize, modern};
use super::{DEVELOPMENT, inspect_with};
use crate::cli::sandbox::Sandbox;

const DOCKERFILE: &str = "FROM node AS assets\nRUN npm run build\nFROM python:3.11-slim\nENV SECRET_KEY=hunter2 DEBUG=1\n\
                          ARG DATABASE_URL=postgres://shop:hunter2@db/shop\nENV API_TOKEN=$API_TOKEN\nCOPY .env .env\n\
                          COPY ./docker/entrypoint.sh /entrypoint\nENTRYPOINT [\"/entrypoint\"]\n\
                          CMD [\"python\", \"manage.py\", \"runserver\"]\n";

const COMPOSE: &str = "services:\n  web: &web\n    build: .\n    volumes:\n      - .:/code\n      - media:/code/media\n    environment:\n      \
                       - DJANGO_SECRET=hunter2\n      - API_TOKEN=${API_TOKEN}\n  worker:\n    <<: *web\n    command: celery -A shop worker\n  \
                       db:\n    image: postgres\n    environment:\n      POSTGRES_PASSWORD: hunter2\n      POSTGRES_USER: shop\n\n  \
                       # Mails of developers\n  mailhog:\n    image: mailhog/mailhog:v1.0.1\n    container_name: shop-mail\n    ports:\n    \
                       - \"8025:8025\"\n\n  minio:\n    image: minio/minio:RELEASE.2024\n    volumes:\n      - minio:/data\n    networks:\n      \
                       - back\n  odd:\n    image: example/odd:1\n    secrets:\n      - own\n\nnetworks:\n  back:\nvolumes:\n  media:\n  \
                       minio:\n    driver: local\n";

/// A project with Docker files of its own, in git.
pub(super) fn own() -> Sandbox {
    let sandbox = modern();
    sandbox
        .write("p/Dockerfile", DOCKERFILE)
        .write("p/docker-compose.yml", COMPOSE)
        .write("p/docker/entrypoint.sh", "#!/bin/sh\nexec \"$@\"\n")
        .write("p/.env", "SECRET_KEY=hunter2\n")
        .write(
            "p/shop/settings.py",
            super::project::settings(
                "sqlite3",
                "INSTALLED_APPS += [\"django.contrib.staticfiles\"]\n",
            ),
        );
    commit(&sandbox);
    sandbox
}

fn weaknesses(found: &Value) -> Vec<String> {
    let all = found["containers"]["weaknesses"].as_array().unwrap();
    let text = |one: &Value, key: &str| one[key].as_str().unwrap_or_default().to_owned();
    all.iter()
        .map(|one| {
            let line = format!(
                "{} {} {}",
                text(one, "place"),
                text(one, "kind"),
                text(one, "name")
            );
            line.trim_end().to_owned()
        })
        .collect()
}

#[test]
fn what_will_not_do_is_said_with_its_line_and_without_values() {
    let sandbox = own();
    let found = inspect_with(&sandbox, &[]);
    assert_eq!(
        weaknesses(&found),
        [
            "Dockerfile:1 no-version node",
            "Dockerfile:10 development-server",
            "Dockerfile:3 no-health-check",
            "Dockerfile:3 root",
            "Dockerfile:3 no-static-files",
            "Dockerfile:4 secret SECRET_KEY",
            "Dockerfile:5 secret DATABASE_URL",
            "Dockerfile:7 dotenv-file .env",
            "docker-compose.yml:14 no-version postgres",
            "docker-compose.yml:16 secret POSTGRES_PASSWORD",
            "docker-compose.yml:5 mounted-sources .",
            "docker-compose.yml:6 local-volume media",
            "docker-compose.yml:8 secret DJANGO_SECRET",
            "shop/settings.py:5 file-database",
        ]
    );
    assert_eq!(
        found["containers"]["entrypoints"][0],
        "docker/entrypoint.sh"
    );
    let ran = dockerize(&sandbox, &["--yes"]);
    assert!(ran.stdout.contains("Dockerfile:4"), "{ran}");
    assert!(
        ran.stdout
            .contains("the value of SECRET_KEY is written down here"),
        "{ran}"
    );
    assert!(
        !ran.stdout.contains("hunter2") && !ran.stderr.contains("hunter2"),
        "{ran}"
    );
}

/// The command of a compose file names what a Dockerfile copies.
#[test]
fn scripts_are_found_by_where_an_image_has_them() {
    let sandbox = modern();
    let image = "FROM python:3.11-slim\nUSER app\nHEALTHCHECK CMD true\nCOPY --chown=app:app ./deploy/production/start /start\n";
    let compose = "services:\n  web: &web\n    build: .\n    command: /start\n  db:\n    build: deploy/db\n    volumes:\n      \
                   - data:/var/lib/postgresql/data\n";
    let settings = super::project::settings(
        "postgresql",
        "INSTALLED_APPS += [\"django.contrib.staticfiles\"]\n",
    );
    sandbox
        .write("p/deploy/production/Dockerfile", image)
        .write(
            "p/deploy/production/start",
            "#!/bin/sh\npython manage.py collectstatic\nexec gunicorn\n",
        )
        .write(
            "p/deploy/local/start",
            "#!/bin/sh\nexec python manage.py runserver\n",
        )
        .write("p/docker-compose.production.yml", compose)
        .write("p/shop/settings.py", settings);
    let found = inspect_with(&sandbox, &[]);
    assert_eq!(weaknesses(&found), Vec::<String>::new());
    assert_eq!(
        found["containers"]["entrypoints"],
        serde_json::json!(["deploy/production/start"])
    );
}

/// What is for developers, or for something beside the site, is no fault of the site.
#[test]
fn what_will_do_is_not_complained_of() {
    let sandbox = modern();
    let good = "FROM python:3.11-slim AS base\nUSER app\nHEALTHCHECK CMD curl localhost\nFROM base\nCOPY start.sh /start\n\
                RUN SECRET_KEY=build python manage.py collectstatic\nENV PASSWORD_RESET_TIMEOUT=60 KEY_FILE=/run/x\nCMD [\"/start\"]\n";
    let develop = "services:\n  web:\n    build: .\n    command: python manage.py runserver\n    volumes:\n      - .:/app\n";
    let production = "services:\n  web:\n    build: .\n    image: shop\n    command: gunicorn shop.wsgi\n    environment:\n      \
                      SECRET_KEY: ${SECRET_KEY}\n      DATABASE_URL: postgres://x:${PASSWORD}@db/x\n      SECRET_KEY_FILE: /run/x\n";
    sandbox
        .write("p/Dockerfile", good)
        .write(
            "p/start.sh",
            "#!/bin/sh\n# runserver is for developers\nexec gunicorn shop.wsgi\n",
        )
        .write(
            "p/docker/dev/Dockerfile",
            "FROM python:3.11\nCMD python manage.py runserver\n",
        )
        .write("p/docker/nginx/Dockerfile", "FROM nginx:1.27\nCOPY a b\n")
        .write("p/docker-compose.yml", develop)
        .write("p/docker-compose.prod.yml", production)
        .write(
            "p/shop/settings.py",
            super::project::settings("postgresql", ""),
        );
    commit(&sandbox);
    assert_eq!(
        weaknesses(&inspect_with(&sandbox, &[])),
        Vec::<String>::new()
    );
}

#[test]
fn root_is_told_whoever_becomes_it() {
    for (text, is_root) in [
        ("FROM python:3.11\n", true),
        ("FROM python:3.11\nUSER app\n", false),
        ("FROM python:3.11\nUSER app\nUSER root\n", true),
        ("FROM python:3.11\nUSER 0:0\n", true),
        (
            "FROM python:3.11 AS a\nUSER app\nFROM python:3.11\nCOPY --from=a /x /x\n",
            true,
        ),
        ("FROM python:3.11\nENTRYPOINT [\"./drop.sh\"]\n", false),
    ] {
        let sandbox = modern();
        sandbox
            .write("p/Dockerfile", text)
            .write("p/drop.sh", "#!/bin/sh\nexec gosu app \"$@\"\n");
        let found = weaknesses(&inspect_with(&sandbox, &[]));
        let has = found.iter().any(|line| line.contains(" root"));
        assert_eq!(has, is_root, "{text} {found:?}");
    }
}

#[test]
fn by_default_theirs_are_kept_and_ours_can_come_later() {
    let sandbox = own();
    let before = sandbox.tree("p");
    let ran = dockerize(&sandbox, &["--yes", "--defaults"]);
    assert_eq!(ran.code, 0, "{ran}");
    assert!(
        ran.stdout.contains("Your Docker files stay as they are"),
        "{ran}"
    );
    assert!(ran.stdout.contains("docker_files=beside"), "{ran}");
    for path in ["Dockerfile", "docker-compose.yml", "docker/entrypoint.sh"] {
        assert_eq!(sandbox.read(&format!("p/{path}")), before[path]);
    }
    for path in [
        "compose.yaml",
        "Dockerfile.ixc",
        "compose.ixc.yaml",
        ".dockerignore",
        "etc",
    ] {
        assert!(!sandbox.exists(&format!("p/{path}")), "{path}");
    }
    let state = sandbox.read("p/.ixd-template.yml");
    assert!(
        state.contains("docker: false") && state.contains("docker_files: keep"),
        "{state}"
    );
    commit(&sandbox);
    // An upgrade goes the same way, and another answer the other one.
    let ran = upgrade(&sandbox, &[]);
    assert!(
        ran.code == 0 && !sandbox.exists("p/compose.ixc.yaml"),
        "{ran}"
    );
    let ran = upgrade(&sandbox, &["--answer", "docker_files=beside"]);
    assert_eq!(ran.code, 0, "{ran}");
    let state = sandbox.read("p/.ixd-template.yml");
    assert!(
        state.contains("docker: true") && state.contains("deployment: []"),
        "{state}"
    );
    let later = sandbox.read("p/compose.ixc.yaml");
    assert_eq!(sandbox.read("p/Dockerfile"), before["Dockerfile"]);
    // It is as complete as if it had come at once.
    let at_once = own();
    let ran = dockerize(
        &at_once,
        &[
            "--yes",
            "--answer",
            "docker_files=beside",
            "--answer",
            "own_services=none",
        ],
    );
    assert_eq!(ran.code, 0, "{ran}");
    assert_eq!(at_once.read("p/compose.ixc.yaml"), later);
    assert_eq!(
        at_once.read("p/Dockerfile.ixc"),
        sandbox.read("p/Dockerfile.ixc")
    );
}

/// An upgrade to the template under development.
fn upgrade(sandbox: &Sandbox, flags: &[&str]) -> crate::cli::sandbox::Ran {
    let mut args = vec!["upgrade", "p"];
    args.extend(DEVELOPMENT);
    args.push("--yes");
    args.extend(flags);
    sandbox.ixd(&args)
}

#[test]
fn ours_stand_beside_theirs_and_name_each_other() {
    let sandbox = own();
    let before = sandbox.tree("p");
    let ran = dockerize(
        &sandbox,
        &[
            "--yes",
            "--answer",
            "docker_files=beside",
            "--answer",
            "secrets=none",
        ],
    );
    assert_eq!(ran.code, 0, "{ran}");
    for path in before.keys().filter(|path| path.as_str() != ".gitignore") {
        assert_eq!(sandbox.read(&format!("p/{path}")), before[path], "{path}");
    }
    assert!(!sandbox.exists("p/compose.yaml") && !sandbox.exists("p/.dockerignore"));
    let compose = sandbox.read("p/compose.ixc.yaml");
    for line in [
        "name: p-ixc\n",
        "  image: p-ixc:dev\n",
        "    dockerfile: Dockerfile.ixc\n",
    ] {
        assert!(compose.contains(line), "{line} {compose}");
    }
    assert!(!compose.contains("compose up") || compose.contains("compose -f compose.ixc.yaml up"));
    assert!(
        sandbox
            .read("p/Dockerfile.ixc")
            .contains("docker build -f Dockerfile.ixc")
    );
    assert!(
        sandbox
            .read("p/Dockerfile.ixc.dockerignore")
            .contains("\n/Dockerfile*\n")
    );
    assert_eq!(sandbox.ixd(&["undo", "p"]).code, 0);
    assert_eq!(sandbox.tree("p"), before);
}

#[test]
fn changing_over_takes_edits_along() {
    let sandbox = own();
    dockerize(&sandbox, &["--yes", "--answer", "docker_files=beside"]);
    let edited = sandbox.read("p/Dockerfile.ixc") + "# ours\n";
    sandbox.write("p/Dockerfile.ixc", &edited);
    commit(&sandbox);
    let over = ["--answer", "docker_files=replace"];
    let ran = upgrade(&sandbox, &over);
    assert_eq!(ran.code, 2, "{ran}");
    assert!(
        ran.stderr.contains("git rm Dockerfile docker-compose.yml"),
        "{ran}"
    );
    sandbox.git("p", &["rm", "-q", "Dockerfile", "docker-compose.yml"]);
    sandbox.git("p", &["commit", "-qm", "without"]);
    let ran = upgrade(&sandbox, &over);
    assert_eq!(ran.code, 0, "{ran}");
    assert!(!sandbox.exists("p/Dockerfile.ixc") && !sandbox.exists("p/compose.ixc.yaml"));
    assert!(sandbox.read("p/Dockerfile").ends_with("# ours\n"));
    let compose = sandbox.read("p/compose.yaml");
    assert!(
        compose.contains("name: p\n") && compose.contains("mailhog:"),
        "{compose}"
    );
    assert!(sandbox.exists("p/.dockerignore") && !sandbox.exists("p/Dockerfile.ixc.dockerignore"));
}

#[test]
fn theirs_are_replaced_where_git_has_them() {
    let sandbox = own();
    sandbox.write("p/docker-compose.prod.yml", "services: {}\n");
    commit(&sandbox);
    let before = sandbox.tree("p");
    let replace = ["--yes", "--answer", "docker_files=replace"];
    let ran = dockerize(&sandbox, &replace);
    assert_eq!(ran.code, 0, "{ran}");
    assert!(sandbox.read("p/Dockerfile").contains("AS app"));
    assert!(sandbox.exists("p/compose.yaml") && !sandbox.exists("p/docker-compose.yml"));
    assert!(sandbox.exists("p/docker-compose.prod.yml"));
    assert!(
        ran.stdout
            .contains("Removed, as git has them: docker-compose.yml"),
        "{ran}"
    );
    assert!(
        ran.stdout.contains("nothing of the template uses them"),
        "{ran}"
    );
    assert_eq!(sandbox.ixd(&["undo", "p"]).code, 0);
    assert_eq!(sandbox.tree("p"), before);
    for spoil in ["edited", "untracked"] {
        if spoil == "edited" {
            sandbox.write("p/Dockerfile", "FROM python:3.11\n");
        } else {
            sandbox.git("p", &["checkout", "-q", "Dockerfile"]);
            sandbox.write("p/compose.override.yaml", "services: {}\n");
        }
        let before = sandbox.tree("p");
        let ran = dockerize(&sandbox, &replace);
        assert_eq!(ran.code, 2, "{spoil}: {ran}");
        assert!(ran.stderr.contains("would be replaced"), "{ran}");
        assert_eq!(sandbox.tree("p"), before, "{spoil}");
    }
}

#[test]
fn their_services_are_taken_over() {
    let sandbox = own();
    let ran = dockerize(&sandbox, &["--yes", "--answer", "docker_files=beside"]);
    assert_eq!(ran.code, 0, "{ran}");
    let compose = sandbox.read("p/compose.ixc.yaml");
    let mailhog = "\n  # Taken over from docker-compose.yml.\n  mailhog:\n    image: mailhog/mailhog:v1.0.1\n    ports:\n    - \"8025:8025\"\n";
    assert!(compose.contains(mailhog), "{compose}");
    assert!(
        compose.contains("    volumes:\n      - minio:/data\n"),
        "{compose}"
    );
    assert!(
        compose.ends_with("  minio:\n    driver: local\n"),
        "{compose}"
    );
    assert!(
        compose.contains("    mailhog: {condition: service_started}\n"),
        "{compose}"
    );
    for absent in [
        "shop-mail",
        "networks:",
        "odd",
        "image: postgres\n",
        "hunter2",
    ] {
        assert!(!compose.contains(absent), "{absent} {compose}");
    }
    assert!(
        ran.stdout
            .contains("takes over your service mailhog (docker-compose.yml:20)"),
        "{ran}"
    );
    assert!(
        ran.stdout
            .contains("service odd (docker-compose.yml:32) is not taken over"),
        "{ran}"
    );
    let one = own();
    dockerize(
        &one,
        &[
            "--yes",
            "--answer",
            "docker_files=replace",
            "--answer",
            "own_services=minio",
        ],
    );
    let compose = one.read("p/compose.yaml");
    assert!(
        compose.contains("minio:") && !compose.contains("mailhog"),
        "{compose}"
    );
    let ran = dockerize(
        &own(),
        &[
            "--yes",
            "--answer",
            "docker_files=beside",
            "--answer",
            "own_services=mail",
        ],
    );
    assert_eq!(ran.code, 2, "{ran}");
    assert!(ran.stderr.contains("there is mailhog, minio, odd"), "{ran}");
}

#[test]
fn the_site_starts_without_what_only_looks_at_it() {
    let sandbox = own();
    let more = "  graphs:\n    image: docker.io/grafana/grafana:11\n  watch:\n    image: example/watch:2\n    volumes:\n      \
                - /var/run/docker.sock:/var/run/docker.sock:ro\n  host:\n    image: prom/node-exporter:v1\n\nnetworks:\n";
    sandbox.write(
        "p/docker-compose.yml",
        COMPOSE.replace("\nnetworks:\n", more),
    );
    commit(&sandbox);
    let ran = dockerize(&sandbox, &["--yes", "--answer", "docker_files=beside"]);
    assert_eq!(ran.code, 0, "{ran}");
    let compose = sandbox.read("p/compose.ixc.yaml");
    for name in ["graphs", "watch", "host"] {
        assert!(
            compose.contains(&format!("\n  {name}:\n    image:")),
            "{compose}"
        );
        assert!(
            !compose.contains(&format!("{name}: {{")),
            "{name}: {compose}"
        );
    }
    assert!(
        compose.contains("    mailhog: {condition: service_started}\n"),
        "{compose}"
    );
    assert!(
        ran.stdout
            .contains("`docker compose up -d graphs` starts it"),
        "{ran}"
    );
}

#[test]
fn answers_that_contradict_each_other_are_refused() {
    for flags in [
        &[
            "--answer",
            "docker_files=beside",
            "--answer",
            "docker=false",
        ][..],
        &["--answer", "docker_files=replace", "--skip", "docker"],
        &["--answer", "docker_files=keep", "--answer", "docker=true"],
        &["--answer", "docker_files=other"],
    ] {
        let sandbox = own();
        let ran = dockerize(&sandbox, &[flags, &["--yes"]].concat());
        assert_eq!(ran.code, 2, "{flags:?} {ran}");
    }
    // The template's compose file on top of an image that it was not written for would be neither.
    let sandbox = own();
    let ran = dockerize(&sandbox, &["--yes", "--answer", "docker=true"]);
    assert_eq!(ran.code, 0, "{ran}");
    assert!(sandbox.exists("p/compose.ixc.yaml") && !sandbox.exists("p/compose.yaml"));
}

/// What older projects would get nothing for is refused with a sentence, now and later.
#[test]
fn answers_for_new_projects_are_refused() {
    let all = [
        "features=celery",
        "deployment=swarm",
        "nginx=true",
        "ci=github",
        "pre_commit=yes",
    ];
    let sandbox = modern();
    commit(&sandbox);
    for answer in all {
        let ran = dockerize(&sandbox, &["--yes", "--answer", answer]);
        assert_eq!(ran.code, 2, "{answer} {ran}");
        assert!(
            ran.stderr.contains("is for projects that `new` made"),
            "{ran}"
        );
    }
    let none = [
        "--answer",
        "features=",
        "--answer",
        "deployment=",
        "--answer",
        "nginx=no",
        "--answer",
        "ci=none",
    ];
    let ran = dockerize(&sandbox, &[&["--yes"][..], &none].concat());
    assert_eq!(ran.code, 0, "{ran}");
    commit(&sandbox);
    for answer in all {
        let ran = upgrade(&sandbox, &["--answer", answer]);
        assert_eq!(ran.code, 2, "{answer} {ran}");
    }
}
