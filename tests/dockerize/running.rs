//! What is written runs as it is: the files that a shell or a server reads at every start.

use super::project::{commit, dockerize, modern, old, settings};

/// What our own files say is no reason for a warning of our own, which would stand above every command of every day.
#[test]
fn a_start_warns_of_nothing_that_was_just_written() {
    for mode in ["wrap", "bypass"] {
        let sandbox = modern();
        commit(&sandbox);
        let answer = format!("--answer=mode={mode}");
        let flags = [
            "--defaults",
            "--yes",
            &answer,
            "--answer=static_server=whitenoise",
        ];
        let ran = dockerize(&sandbox, &flags);
        assert_eq!(ran.code, 0, "{ran}");
        for (given, serves) in [(None, "1"), (Some(""), ""), (Some("2"), "2")] {
            let mut start = sandbox.command("bash");
            start
                .current_dir(sandbox.path("p"))
                .env("PROJECT_DIR", sandbox.path("p"))
                .env("DOTENV", "develop")
                .args(["ixc_django_docker/bin/entrypoint.sh", "printenv"])
                .arg("SERVE_STATIC");
            if let Some(given) = given {
                start.env("SERVE_STATIC", given);
            }
            let ran = sandbox.ran(start.output().unwrap());
            assert_eq!(
                (ran.stdout.trim(), ran.stderr.trim()),
                (serves, ""),
                "{ran}"
            );
        }
    }
}

/// `importlib` takes names that no `import` statement takes, and whatever was found is a valid answer.
#[test]
fn a_package_may_have_a_name_that_python_cannot_write() {
    for package in ["simple-blog", "2nd_site"] {
        let sandbox = modern();
        std::fs::rename(
            sandbox.path("p/shop"),
            sandbox.path(&format!("p/{package}")),
        )
        .unwrap();
        let more = format!("ASGI_APPLICATION = \"{package}.asgi.application\"\n");
        let text = settings("sqlite3", &more).replace("shop.", &format!("{package}."));
        let celery = "from celery import Celery\napp = Celery(\"shop\")\n";
        sandbox
            .write(&format!("p/{package}/settings/__init__.py"), "")
            .write(&format!("p/{package}/settings/local.py"), &text)
            .write(&format!("p/{package}/asgi.py"), "application = None\n")
            .write(&format!("p/{package}/celery.py"), celery)
            .write(
                "p/requirements.txt",
                "Django==4.2.11\nchannels==4.2.0\ndaphne==4.1.2\ncelery==5.4.0\n",
            )
            .write("p/manage.py", manage(package, "local"));
        for (environment, file) in [
            ("production", "wsgi"),
            ("staging", "other"),
            ("test", "more"),
        ] {
            sandbox
                .write(
                    &format!("p/{package}/settings/{environment}.py"),
                    "from .local import *\nDEBUG = False\n",
                )
                .write(
                    &format!("p/{package}/{file}.py"),
                    manage(package, environment),
                );
        }
        std::fs::remove_file(sandbox.path(&format!("p/{package}/settings.py"))).unwrap();
        commit(&sandbox);
        let ran = dockerize(&sandbox, &["--yes", "--answer=mode=bypass"]);
        assert_eq!(ran.code, 0, "{ran}");
        let base = sandbox.read("p/.env.base");
        for module in [
            "settings.local",
            "settings.production",
            "settings.staging",
            "settings.test",
            "wsgi",
            "asgi",
        ] {
            assert!(
                base.contains(&format!(":-{package}.{module}}}")),
                "{module}: {base}"
            );
        }
        assert!(base.contains(&format!("CELERY_APP:-{package}}}")), "{base}");
    }
}

/// A script that names the settings of an environment, as manage.py and wsgi.py do.
fn manage(package: &str, environment: &str) -> String {
    format!(
        "import os\nos.environ.setdefault(\"DJANGO_SETTINGS_MODULE\", \"{package}.settings.{environment}\")\napplication = None\n"
    )
}

#[test]
fn the_address_that_is_told_is_one_that_the_settings_answer() {
    for (flags, domain) in [
        (&["--answer=mode=wrap"][..], "p.localhost"),
        (&["--answer=mode=bypass"], "localhost"),
        (
            &[
                "--answer=mode=bypass",
                "--answer=site_domain=shop.example.com",
            ],
            "shop.example.com",
        ),
    ] {
        let sandbox = modern();
        let ran = dockerize(&sandbox, &[&["--defaults", "--yes"], flags].concat());
        assert_eq!(ran.code, 0, "{ran}");
        let base = sandbox.read("p/.env.base");
        assert!(base.contains(&format!("SITE_DOMAIN:-{domain}}}")), "{base}");
    }
}

#[test]
fn the_packages_of_the_scripts_are_ones_that_python_2_can_have() {
    // WhiteNoise 5.2 calls itself one for Python 2, which its index believes.
    for (sandbox, wanted) in [(modern(), "\nwhitenoise\n"), (old(), "\nwhitenoise<5\n")] {
        let flags = ["--defaults", "--yes", "--answer=static_server=whitenoise"];
        let ran = dockerize(&sandbox, &flags);
        assert_eq!(ran.code, 0, "{ran}");
        let text = sandbox.read("p/ixc_django_docker/requirements.txt");
        assert!(text.contains(wanted), "{text}");
    }
}
