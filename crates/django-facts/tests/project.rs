//! A small project on the disk.

use std::fs;

use django_facts::{Findings, Sources, Survey};
use serde_json::Value;
use tempfile::TempDir;

/// A project for Django 4.2 on `PostgreSQL` that says nothing of its Python, with these files beside.
pub(crate) struct Project {
    folder: TempDir,
}

impl Project {
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        let project = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        project.write(
            "manage.py",
            "import os\nos.environ.setdefault(\"DJANGO_SETTINGS_MODULE\", \"shop.settings\")\n",
        );
        project.write("shop/__init__.py", "");
        project.write(
            "shop/settings.py",
            "INSTALLED_APPS = []\nROOT_URLCONF = \"shop.urls\"\n\
             DATABASES = {\"default\": {\"ENGINE\": \"django.db.backends.postgresql\", \"NAME\": \"x\"}}\n",
        );
        project.write("shop/urls.py", "urlpatterns = []\n");
        for (path, text) in files {
            project.write(path, text);
        }
        project
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(crate) fn sources(&self) -> Sources {
        Sources::new(Survey::of(self.folder.path()))
    }

    /// The report as JSON.
    pub(crate) fn report(&self) -> Value {
        serde_json::to_value(Findings::of(&self.sources())).unwrap()
    }
}

/// `value (confidence) place place` of the finding under a key such as `django.spec`.
pub(crate) fn shown(report: &Value, key: &str) -> String {
    let found = key.split('.').fold(report, |inner, part| &inner[part]);
    let places = found["evidence"].as_array().unwrap().iter();
    let places: Vec<&str> = places.map(|place| place.as_str().unwrap()).collect();
    let value = match &found["value"] {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let confidence = found["confidence"].as_str().unwrap();
    format!("{value} ({confidence}) {}", places.join(" "))
}
