//! Lists in YAML: Compose, workflows, hooks, pipelines, Kubernetes, conda, and what else projects have.

use super::{Key, List, Path};

pub(crate) fn list(path: &Path) -> Option<List> {
    let list = match (path.parent(), path.name) {
        // Compose, and what shares its words.
        ("build", "args") => List::by(Key::Variable),
        (_, "args" | "command" | "entrypoint" | "cmd" | "argv") => List::VALUE,
        ("healthcheck", "test") => List::VALUE,
        (_, "ports") => List::by(Key::Port),
        (_, "volumes" | "volumeMounts" | "devices") => List::by(Key::Mount),
        (_, "environment" | "env" | "labels" | "annotations" | "sysctls" | "build_args") => {
            List::by(Key::Variable)
        }
        (_, "extra_hosts" | "tmpfs" | "security_opt" | "storage_opt") => List::by(Key::Host),
        (
            _,
            "depends_on" | "networks" | "profiles" | "expose" | "cap_add" | "cap_drop" | "links"
            | "external_links" | "group_add" | "platforms" | "configs" | "secrets" | "aliases"
            | "volumes_from" | "cache_from" | "cache_to",
        ) => List::SET,
        (_, "env_file" | "dns" | "dns_search" | "dns_opt") => List::SEQUENCE,
        // Workflows and pipelines. The stages of a pipeline follow each other, those of a hook are a set.
        ("", "stages") => List::SEQUENCE,
        (
            _,
            "steps" | "script" | "before_script" | "after_script" | "run" | "install"
            | "before_install" | "after_success" | "before_deploy" | "commands" | "tasks"
            | "pre_tasks" | "post_tasks" | "handlers" | "roles" | "nav" | "pre_install"
            | "post_install" | "pre_build" | "post_build" | "initContainers",
        ) => List::STEPS,
        // The first that matches counts.
        (_, "rules" | "packageRules") => List::STEPS,
        // ESLint's rules: what an item means follows from its place.
        ("rules", name) if !is_word_of_access(name) => List::VALUE,
        (
            _,
            "branches" | "branches-ignore" | "paths" | "paths-ignore" | "tags" | "tags-ignore"
            | "types" | "needs" | "runs-on" | "options" | "schedule" | "on" | "refs" | "changes"
            | "only" | "except" | "exclude" | "include" | "assignees" | "reviewers",
        )
        | ("matrix", _) => List::SET,
        // Hooks.
        (_, "additional_dependencies") => List::by(Key::Package),
        (
            _,
            "stages"
            | "types_or"
            | "exclude_types"
            | "default_stages"
            | "skip"
            | "default_install_hook_types"
            | "repos"
            | "hooks",
        ) => List::SET,
        // Conda, where a channel comes before those after it; Read the Docs; coverage; documentation.
        (_, "dependencies" | "packages" | "pip" | "apt_packages" | "apt") => List::by(Key::Package),
        (
            _,
            "channels" | "extends" | "plugins" | "presets" | "extra_css" | "extra_javascript"
            | "initial" | "patches",
        ) => List::sequence_by(Key::Itself),
        (
            _,
            "formats"
            | "markdown_extensions"
            | "features"
            | "ignore"
            | "ignorePatterns"
            | "ignoreDeps"
            | "ignorePaths"
            | "patterns"
            | "update-types"
            | "updates"
            | "exclude-patterns"
            | "registries"
            | "flags"
            | "omit"
            | "keywords"
            | "authors"
            | "files"
            | "allow"
            | "deny"
            | "hosts"
            | "verbs"
            | "resources"
            | "apiGroups"
            | "resourceNames"
            | "accessModes"
            | "imagePullSecrets"
            | "tolerations"
            | "containers"
            | "services"
            | "watch"
            | "groups"
            | "exclude_paths"
            | "disable"
            | "enable",
        ) => List::SET,
        _ => return None,
    };
    Some(list)
}

/// The lists of a rule that says who may do what.
fn is_word_of_access(name: &str) -> bool {
    matches!(
        name,
        "verbs"
            | "resources"
            | "apiGroups"
            | "resourceNames"
            | "if"
            | "changes"
            | "exists"
            | "needs"
            | "paths"
            | "hosts"
            | "http"
    )
}
