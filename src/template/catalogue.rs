//! The catalogue: every release of a template, from inside this binary or from a directory of the same layout.

use std::path::{Path, PathBuf};

use semver::Version;

use super::apart::Renderer;
use super::embedded;
use super::manifest::Manifest;
use crate::error::{Error, Result};
use crate::fs;
use crate::tree::{self, Content, File, TreePath};

const CHANGELOG: &str = "CHANGELOG.md";
const SNAPSHOTS: &str = "snapshots";
const MANIFEST: &str = "template.yml";
const LOCK: &str = "lock.json";
const PROJECT: &str = "project";

/// The set of releases: `template/`, the one under development, and `snapshots/<version>/`, the frozen ones.
#[derive(Clone, Debug)]
#[allow(private_interfaces)]
pub enum Catalogue {
    Embedded,
    Directory(PathBuf, Renderer),
}

/// The template at one version.
#[derive(Debug)]
pub struct Release {
    pub manifest: Manifest,
    /// How errors call the release's directory: `template` or `snapshots/<version>`.
    pub label: String,
    /// Paths below `project/`, in order, with what stands there.
    pub(crate) sources: Vec<(String, File)>,
    /// The text of `lock.json`, where the manifest has `pins`.
    pub(crate) lock: Option<String>,
    /// The digest of the manifest, the lock and every source, which the state file records.
    pub digest: String,
}

impl Release {
    /// Gives the memory back that the sources take: what was rendered needs them no more.
    pub fn forget_sources(&mut self) {
        self.sources = Vec::new();
    }
}

impl Catalogue {
    /// The embedded catalogue, or the one in `dir`.
    #[must_use]
    pub fn new(dir: Option<&Path>) -> Self {
        dir.map_or(Self::Embedded, |dir| {
            Self::Directory(dir.to_owned(), Renderer::apart())
        })
    }

    /// The newest release, or the one of that version.
    ///
    /// A pre-release is the newest only when there is nothing else.
    pub fn release(&self, wanted: Option<&str>) -> Result<Release> {
        let mut labels = self.labels()?;
        labels.sort_by(|(a, _), (b, _)| a.pre.is_empty().cmp(&b.pre.is_empty()).then(a.cmp(b)));
        let found = match wanted {
            None => labels.last(),
            Some(wanted) => {
                let wanted = wanted.strip_prefix('v').unwrap_or(wanted);
                labels
                    .iter()
                    .find(|(version, _)| version.to_string() == wanted)
            }
        };
        let Some((_, label)) = found else {
            return Err(Error::NoRelease {
                wanted: wanted.unwrap_or("at all").to_owned(),
                available: labels
                    .iter()
                    .map(|(v, _)| v.to_string())
                    .collect::<Vec<_>>()
                    .join(", "),
            });
        };
        self.load(label)
    }

    /// What the template is called today.
    pub fn name(&self) -> Result<String> {
        Ok(self.release(None)?.manifest.name)
    }

    /// Prepares for a search among the releases, which renders them hundreds of times.
    pub fn search(&self) {
        if let Self::Directory(_, place) = self {
            place.search();
        }
    }

    /// # Errors
    /// [`Error::Endless`] where one of its releases went beyond a limit, for those who can do without that release.
    pub fn check(&self) -> Result<()> {
        match self {
            Self::Directory(_, place) => place.stopped().map_or(Ok(()), Err),
            Self::Embedded => Ok(()),
        }
    }

    /// The folder that it is read from; none for the one inside this binary.
    #[must_use]
    pub fn dir(&self) -> Option<&Path> {
        match self {
            Self::Embedded => None,
            Self::Directory(dir, _) => Some(dir),
        }
    }

    /// The versions of all releases, oldest first.
    pub fn versions(&self) -> Result<Vec<Version>> {
        let mut versions: Vec<Version> = self
            .labels()?
            .into_iter()
            .map(|(version, _)| version)
            .collect();
        versions.sort();
        Ok(versions)
    }

    /// The text that explains the releases; empty where the catalogue has none.
    pub fn changelog(&self) -> Result<String> {
        match self {
            Self::Embedded => Ok(embedded::text(CHANGELOG).unwrap_or_default().to_owned()),
            Self::Directory(dir, _) => Ok(fs::read_text(&dir.join(CHANGELOG))?.unwrap_or_default()),
        }
    }

    /// A text file beside the releases, such as what is known of older templates; `None` where there is none.
    pub fn beside(&self, name: &str) -> Result<Option<String>> {
        match self {
            Self::Embedded => Ok(embedded::text(&format!("{SNAPSHOTS}/{name}")).map(str::to_owned)),
            Self::Directory(dir, _) => fs::read_text(&dir.join(SNAPSHOTS).join(name)),
        }
    }

    /// Version and directory of every release; of the one under development only while it is not frozen.
    fn labels(&self) -> Result<Vec<(Version, String)>> {
        let mut labels = Vec::new();
        for name in self.snapshot_names()? {
            if let Ok(version) = Version::parse(&name) {
                labels.push((version, format!("snapshots/{name}")));
            }
        }
        if let Some(manifest) = self.text("template", MANIFEST)? {
            let version = Manifest::version(&format!("template/{MANIFEST}"), &manifest)?;
            if !labels.iter().any(|(frozen, _)| *frozen == version) {
                labels.push((version, "template".into()));
            }
        }
        if labels.is_empty() {
            return Err(self.error(format!(
                "it has neither `template/{MANIFEST}` nor `snapshots/<version>/{MANIFEST}`"
            )));
        }
        Ok(labels)
    }

    fn snapshot_names(&self) -> Result<Vec<String>> {
        match self {
            Self::Embedded => {
                let folders =
                    embedded::below(SNAPSHOTS).filter_map(|(path, _)| path.split_once('/'));
                let mut names: Vec<String> = folders.map(|(name, _)| name.to_owned()).collect();
                names.dedup();
                Ok(names)
            }
            Self::Directory(dir, _) => Ok(fs::list(&dir.join(SNAPSHOTS))?
                .unwrap_or_default()
                .into_iter()
                .filter_map(|name| name.into_string().ok())
                .collect()),
        }
    }

    fn load(&self, label: &str) -> Result<Release> {
        let file = format!("{label}/{MANIFEST}");
        let Some(source) = self.text(label, MANIFEST)? else {
            return Err(self.error(format!("`{file}` is missing")));
        };
        let mut manifest = match self {
            Self::Embedded => Manifest::own(&file, &source)?,
            Self::Directory(..) => Manifest::parse(&file, &source)?,
        };
        if let Self::Directory(_, place) = self {
            manifest.place = place.clone();
        }
        let folder = label.strip_prefix("snapshots/");
        if folder.is_some_and(|folder| folder != manifest.version.to_string()) {
            let message = format!(
                "its version is {}, not that of its folder",
                manifest.version
            );
            return Err(Error::template(file, message));
        }
        let lock = self.text(label, LOCK)?;
        if lock.is_none() && !manifest.pins.is_empty() {
            return Err(self.error(format!(
                "`{file}` has `pins`, but `{label}/{LOCK}` is missing"
            )));
        }
        let mut sources = self.sources(label)?;
        if sources.is_empty() {
            return Err(self.error(format!("`{label}/{PROJECT}/` holds no files")));
        }
        for (path, file) in &mut sources {
            let output = path.strip_suffix(".tera").unwrap_or(path);
            file.executable |= !file.is_link() && manifest.is_executable(output);
        }
        sources.sort_by(|(a, _), (b, _)| a.cmp(b));
        let digest = digest(&source, lock.as_deref(), &sources);
        let digest = digest.map_err(Error::io("read", label))?;
        Ok(Release {
            manifest,
            label: label.to_owned(),
            sources,
            lock,
            digest,
        })
    }

    fn text(&self, label: &str, name: &str) -> Result<Option<String>> {
        match self {
            Self::Embedded => Ok(embedded::text(&format!("{label}/{name}")).map(str::to_owned)),
            Self::Directory(dir, _) => fs::read_text(&dir.join(label).join(name)),
        }
    }

    fn sources(&self, label: &str) -> Result<Vec<(String, File)>> {
        let mut sources = Vec::new();
        match self {
            Self::Embedded => {
                let files = embedded::below(&format!("{label}/{PROJECT}"));
                let files = files.filter(|(path, _)| !path.split('/').any(is_left_behind));
                sources.extend(files.map(|(path, bytes)| (path.to_owned(), File::new(bytes))));
            }
            Self::Directory(dir, _) => {
                let project = dir.join(label).join(PROJECT);
                self.collect(&project, "", &mut sources)?;
            }
        }
        Ok(sources)
    }

    fn collect(&self, dir: &Path, prefix: &str, sources: &mut Vec<(String, File)>) -> Result<()> {
        for (name, kind) in fs::list_with_kinds(dir)? {
            let name = name.into_string().map_err(|name| {
                self.error(format!("the file name `{}` is not UTF-8", name.display()))
            })?;
            if is_left_behind(&name) {
                continue;
            }
            let full = dir.join(&name);
            let path = format!("{prefix}{name}");
            match fs::source(&full, kind)? {
                fs::Source::Dir => self.collect(&full, &format!("{path}/"), sources)?,
                fs::Source::File(file) => {
                    if let Content::Link(target) = &file.content {
                        self.check_link(&path, target)?;
                    }
                    sources.push((path, file));
                }
                fs::Source::Other => {
                    return Err(
                        self.error(format!("`{path}` is neither a file, a folder nor a link"))
                    );
                }
            }
        }
        Ok(())
    }

    /// A link of a template may only lead to places inside the project.
    ///
    /// `..` counts at the start of its target only: behind a name, which may be a link itself, it leads anywhere.
    fn check_link(&self, path: &str, target: &str) -> Result<()> {
        let parts = target.split('/').filter(|part| !matches!(*part, "" | "."));
        let (up, below): (Vec<&str>, Vec<&str>) = parts.partition(|part| *part == "..");
        let leads_up_first = target
            .split('/')
            .filter(|part| !matches!(*part, "" | "."))
            .take(up.len())
            .all(|part| part == "..");
        let inside = !target.starts_with('/')
            && leads_up_first
            && up.len() <= path.matches('/').count()
            && (below.is_empty() || TreePath::new(below.join("/")).is_ok());
        if inside {
            return Ok(());
        }
        Err(self.error(format!(
            "the link `{path}` leads outside the project, to `{target}`"
        )))
    }

    fn error(&self, message: String) -> Error {
        Error::Catalogue {
            dir: match self {
                Self::Embedded => "this binary".into(),
                Self::Directory(dir, _) => dir.clone(),
            },
            message,
        }
    }
}

/// What tools, editors and file managers leave behind in a folder that they looked at; never part of a template.
fn is_left_behind(name: &str) -> bool {
    let is_swap_file = || {
        // Vim: `.NAME.swp`, then `.swo`, `.swn`, …, and `.swx` while it looks.
        let extension = name.rsplit_once('.').map(|(_, extension)| extension);
        name.starts_with('.')
            && extension.is_some_and(|end| end.len() == 3 && end.starts_with("sw"))
    };
    // Emacs: `NAME~`, `#NAME#` and the lock `.#NAME`; vim's and nano's copies end in `~` too.
    let is_copy = || name.ends_with('~') || (name.starts_with('#') && name.ends_with('#'));
    let is_cache = matches!(
        name,
        "__pycache__" | ".ruff_cache" | ".pytest_cache" | ".mypy_cache" | ".DS_Store" | "Thumbs.db"
    );
    is_cache || is_swap_file() || is_copy() || name.starts_with(".#")
}

/// Executable bits are left out: an embedded file has none, and the manifest, which grants them, counts.
fn digest(
    manifest: &str,
    lock: Option<&str>,
    sources: &[(String, File)],
) -> std::io::Result<String> {
    let mut digest = tree::Digest::default();
    digest.add_bytes(MANIFEST, '-', manifest.as_bytes());
    digest.add_bytes(LOCK, '-', lock.unwrap_or_default().as_bytes());
    for (path, file) in sources {
        let kind = if file.is_link() { 'l' } else { '-' };
        digest.add(path, kind, &file.content)?;
    }
    Ok(digest.end())
}
