//! A project is told which of its own environments it is in, by the variable that it reads.

use super::project::{commit, dockerize, modern, settings};
use crate::cli::sandbox::Sandbox;

/// A file that sets the settings module as Django's own do.
fn entry(module: &str) -> String {
    format!("import os\nos.environ.setdefault(\"DJANGO_SETTINGS_MODULE\", \"{module}\")\n")
}

/// What `.env.base` of the dockerized project sets in an environment, by Bash itself.
fn set_in(sandbox: &Sandbox, environment: &str, name: &str) -> String {
    let script = format!(". ./.env.base; printf %s \"${{{name}:-}}\"");
    let ran = std::process::Command::new("bash")
        .args(["-c", &script])
        .current_dir(sandbox.path("p"))
        .env("DOTENV", environment)
        .env_remove(name)
        .output()
        .unwrap();
    String::from_utf8(ran.stdout).unwrap()
}

/// The project with these lines at the end of its settings, dockerized.
fn switched(more: &str) -> Sandbox {
    let sandbox = modern();
    sandbox.write("p/shop/settings.py", settings("sqlite3", more));
    commit(&sandbox);
    let ran = dockerize(&sandbox, &["--yes"]);
    assert_eq!(ran.code, 0, "{ran}");
    sandbox
}

#[test]
fn a_variable_that_chooses_the_environment_says_production_there() {
    let cases = [
        "import os\nENV = os.environ.get(\"SITE_ENV\", \"development\")\nif ENV == \"production\":\n    DEBUG = False\n",
        "import os\nDEBUG = os.getenv(\"SITE_ENV\", \"dev\").lower() != \"production\"\n",
        "from decouple import config\nDEBUG = config(\"SITE_ENV\", default=\"dev\") not in (\"production\", \"staging\")\n",
        "import os\nDEBUG = {\"production\": False, \"dev\": True}[os.environ.get(\"SITE_ENV\", \"dev\")]\n",
        "import os\nDEBUG = True if os.environ[\"SITE_ENV\"] == \"development\" else os.environ[\"SITE_ENV\"] != \"production\"\n",
    ];
    for more in cases {
        let sandbox = switched(more);
        assert_eq!(
            set_in(&sandbox, "production", "SITE_ENV"),
            "production",
            "{more}"
        );
        let legacy = sandbox.read("p/ixcproject/settings/legacy.py");
        assert!(legacy.contains("\"SITE_ENV\": \"production\","), "{legacy}");
    }
    let sandbox = switched(cases[2]);
    assert_eq!(set_in(&sandbox, "staging", "SITE_ENV"), "staging");
    assert_eq!(set_in(&sandbox, "develop", "SITE_ENV"), "");
    // Nothing else says what it is for developers.
    assert_eq!(
        set_in(&switched(cases[4]), "develop", "SITE_ENV"),
        "development"
    );
}

#[test]
fn developers_do_not_run_production_because_nothing_is_set() {
    let sandbox = switched(
        "import os\nENV = os.environ.get(\"DJANGO_ENV\", \"production\")\nDEBUG = ENV == \"local\"\nSECURE_SSL_REDIRECT = ENV == \"production\"\n",
    );
    assert_eq!(set_in(&sandbox, "develop", "DJANGO_ENV"), "local");
    assert_eq!(set_in(&sandbox, "production", "DJANGO_ENV"), "");
}

#[test]
fn words_about_something_else_choose_no_environment() {
    for more in [
        // Money moves where this is live.
        "import os\nPAYPAL_TEST = os.environ.get(\"PAYPAL_MODE\", \"sandbox\") != \"live\"\n",
        "import os\nDEBUG = os.environ.get(\"DJANGO_SETTINGS_MODULE\") != \"shop.production\"\n",
        "import os\nMODE = os.environ.get(\"APP_MODE\", \"blue\")\nDEBUG = MODE == \"green\"\n",
    ] {
        let base = switched(more).read("p/.env.base");
        assert!(!base.contains("own environments"), "{more}{base}");
    }
}

#[test]
fn a_class_of_django_configurations_is_that_of_the_environment() {
    let sandbox = modern();
    let named =
        |class: &str| format!("os.environ.setdefault(\"DJANGO_CONFIGURATION\", \"{class}\")\n");
    let manage = sandbox.read("p/manage.py");
    let class = |name: &str| {
        format!(
            "\n\nclass {name}(Configuration):\n    INSTALLED_APPS = []\n    MIDDLEWARE = []\n    ROOT_URLCONF = \"shop.urls\"\n"
        )
    };
    let all = ["Local", "Staging", "Production"].map(class).concat();
    sandbox
        .write(
            "p/manage.py",
            manage.replace("\nfrom", &format!("\n{}from", named("Local"))),
        )
        .write(
            "p/shop/wsgi.py",
            entry("shop.settings") + &named("Production"),
        )
        .write(
            "p/shop/settings.py",
            format!("from configurations import Configuration\n{all}"),
        );
    commit(&sandbox);
    let ran = dockerize(&sandbox, &["--yes", "--answer", "database=none"]);
    assert_eq!(ran.code, 0, "{ran}");
    let class = |environment: &str| set_in(&sandbox, environment, "DJANGO_CONFIGURATION");
    assert_eq!(class("production"), "Production");
    assert_eq!(class("staging"), "Staging");
    // The scripts know no manage.py.
    assert_eq!(class("develop"), "Local");
}

#[test]
fn the_section_of_dynaconf_is_that_of_the_environment() {
    let sections = |names: &[&str]| {
        let sandbox = modern();
        let all = names.join(":\n  DEBUG: false\n");
        let text = format!("{all}:\n  DEBUG: false\n");
        sandbox
            .write("p/shop/settings.py", "import dynaconf\nsettings = dynaconf.DjangoDynaconf(__name__, env_switcher=\"SHOP_ENV\")\n")
            .write("p/shop/settings.yaml", text)
            .write("p/docker-compose.yml", "services:\n  web:\n    environment:\n      - SHOP_ENV=development\n");
        commit(&sandbox);
        let ran = dockerize(
            &sandbox,
            &[
                "--yes",
                "--answer",
                "docker=true",
                "--answer",
                "database=none",
            ],
        );
        assert_eq!(ran.code, 0, "{ran}");
        (sandbox, ran)
    };
    let (sandbox, _) = sections(&["default", "development", "production"]);
    assert_eq!(set_in(&sandbox, "production", "SHOP_ENV"), "production");
    assert_eq!(set_in(&sandbox, "develop", "SHOP_ENV"), "development");
    let (sandbox, ran) = sections(&["default", "development", "testing"]);
    assert_eq!(set_in(&sandbox, "production", "SHOP_ENV"), "");
    let said: Vec<&str> = ran.stdout.split_whitespace().collect();
    let said = said.join(" ");
    assert!(
        said.contains("nothing tells which of these production is: development, testing"),
        "{ran}"
    );
    let secret = sandbox.read("p/.env.production.secret");
    assert!(
        secret.contains("SHOP_ENV=${SHOP_ENV:-''}  # shop/settings.py:2"),
        "{secret}"
    );
}

#[test]
fn developers_see_errors_where_debug_is_off_unless_a_variable_turns_it_on() {
    let cases = [
        (
            "import environ\nenv = environ.Env(DEBUG=(bool, False))\nDEBUG = env(\"DEBUG\")\n",
            "DEBUG",
            "True",
        ),
        (
            "from decouple import config\nDEBUG = config(\"SITE_DEBUG\", default=False, cast=bool)\n",
            "SITE_DEBUG",
            "True",
        ),
        (
            "import os\nDEBUG = bool(int(os.environ.get(\"DEBUG\", 0)))\n",
            "DEBUG",
            "1",
        ),
        (
            "import os\nDEBUG = os.getenv(\"DEBUG\", \"\") in (\"yes\", \"1\")\n",
            "DEBUG",
            "yes",
        ),
        (
            "import os\nDEBUG = os.environ.get(\"DEBUG\", \"True\") == \"True\"\n",
            "DEBUG",
            "",
        ),
    ];
    for (more, name, value) in cases {
        let sandbox = switched(more);
        let secret = sandbox.read("p/.env.develop.secret");
        let line = format!("\n{name}=${{{name}:-'{value}'}}  # shop/settings.py:");
        assert_eq!(secret.contains(&line), !value.is_empty(), "{more}{secret}");
        let site = sandbox.read("p/.env.production.secret");
        assert!(!site.contains("DEBUG"), "{more}{site}");
    }
}
