//! Which file of the project a settings file imports.

use super::load::Loader;
use super::sources::{join, parent};

impl Loader<'_> {
    /// Whether a module that is not there would be one of the project's own.
    pub(super) fn is_local(&self, path: &str, module: &str) -> bool {
        let Some((package, _)) = module.rsplit_once('.') else {
            // `from local_settings import *`: a library of settings has another name.
            return module.contains("local")
                || module.contains("settings")
                || module.contains("secret");
        };
        let folder = join(self.python_path, &package.replace('.', "/"));
        self.sources.survey.has_folder(&folder)
            || parent(path).ends_with(&package.replace('.', "/"))
    }

    pub(super) fn resolve(&self, path: &str, dots: usize, module: &str) -> Option<String> {
        let own = parent(path);
        if dots == 0 {
            let found = self.sources.module(self.python_path, module);
            // Python 2 looks beside the file first.
            return found.or_else(|| self.sources.module(&own, module));
        }
        let mut folder = own;
        for _ in 1..dots {
            folder = parent(&folder);
        }
        if module.is_empty() {
            let package = join(&folder, "__init__.py");
            return self.sources.survey.has(&package).then_some(package);
        }
        self.sources.module(&folder, module)
    }
}
