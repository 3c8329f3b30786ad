//! A small project that `dockerize` is tried on.

use crate::cli::sandbox::{Ran, Sandbox};

pub(crate) const MANAGE: &str = "import os\nimport sys\n\nos.environ.setdefault(\"DJANGO_SETTINGS_MODULE\", \"shop.settings\")\n\
                      from django.core.management import execute_from_command_line\n\nexecute_from_command_line(sys.argv)\n";

/// The settings of a project on a database, with more lines at the end.
pub(crate) fn settings(engine: &str, more: &str) -> String {
    format!(
        "INSTALLED_APPS = []\nMIDDLEWARE = []\nROOT_URLCONF = \"shop.urls\"\nWSGI_APPLICATION = \"shop.wsgi.application\"\n\
         DATABASES = {{\"default\": {{\"ENGINE\": \"django.db.backends.{engine}\", \"NAME\": \"x\"}}}}\n{more}"
    )
}

/// A project for Django 4.2 and Python 3.11 in the folder `p`, in git.
pub(crate) fn modern() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox
        .write("p/manage.py", MANAGE)
        .write("p/shop/__init__.py", "")
        .write("p/shop/settings.py", settings("sqlite3", ""))
        .write("p/shop/urls.py", "urlpatterns = []\n")
        .write("p/shop/wsgi.py", "from django.core.wsgi import get_wsgi_application\napplication = get_wsgi_application()\n")
        .write("p/requirements.txt", "Django==4.2.11\n")
        .write("p/runtime.txt", "python-3.11.4\n");
    sandbox
}

/// One for Django 1.8 and Python 2.7.
pub(crate) fn old() -> Sandbox {
    let sandbox = modern();
    sandbox
        .write(
            "p/requirements.txt",
            "Django==1.8.19\nMySQL-python==1.2.5\npython-memcached\n",
        )
        .write("p/runtime.txt", "python-2.7.18\n")
        .write(
            "p/shop/settings.py",
            settings("mysql", "BROKER_URL = \"amqp://localhost\"\n"),
        );
    sandbox
}

/// Commits all that is in `p`.
pub(crate) fn commit(sandbox: &Sandbox) {
    if !sandbox.exists("p/.git") {
        sandbox.git("p", &["init", "-q"]);
    }
    sandbox.git("p", &["add", "-A", "-f"]);
    sandbox.git("p", &["commit", "-q", "-m", "as it was"]);
}

/// `dockerize p` with the template under development.
pub(super) const DOCKERIZE: [&str; 6] = [
    "dockerize",
    "p",
    "--from",
    env!("CARGO_MANIFEST_DIR"),
    "--release",
    env!("CARGO_PKG_VERSION"),
];

/// Runs [`DOCKERIZE`] with more flags.
pub(crate) fn dockerize(sandbox: &Sandbox, flags: &[&str]) -> Ran {
    let mut args = DOCKERIZE.to_vec();
    args.extend(flags);
    sandbox.ixd(&args)
}
