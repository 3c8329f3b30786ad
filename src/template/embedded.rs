//! The catalogue inside this binary. `build.rs` packs it, and it is unpacked when it is first asked for.

use std::io::Read;
use std::sync::LazyLock;

use flate2::read::DeflateDecoder;

static PACK: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/catalogue"));

/// The pack as `build.rs` describes it. One that cannot be read is empty, and then the catalogue says that nothing is there.
static UNPACKED: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let mut unpacked = Vec::with_capacity(8 * PACK.len());
    match DeflateDecoder::new(PACK).read_to_end(&mut unpacked) {
        Ok(_) => unpacked,
        Err(_) => Vec::new(),
    }
});

/// Every file by its path, in the order of the paths, with its content.
static FILES: LazyLock<Vec<(&str, &[u8])>> = LazyLock::new(|| files(&UNPACKED));

fn files(pack: &[u8]) -> Vec<(&str, &[u8])> {
    let head = pack.windows(2).position(|two| two == b"\n\n");
    let Some((head, contents)) = head.and_then(|at| pack.split_at_checked(at + 2)) else {
        return Vec::new();
    };
    let lines = str::from_utf8(head).unwrap_or_default().lines();
    let file = |line| {
        let mut parts = str::split(line, '\t');
        let path = parts.next()?;
        let mut number = || parts.next()?.parse::<usize>().ok();
        Some((path, contents.get(number()?..number()?)?))
    };
    lines.filter_map(file).collect()
}

/// The bytes of a file.
pub(super) fn bytes(path: &str) -> Option<&'static [u8]> {
    let found = FILES.binary_search_by(|(other, _)| (*other).cmp(path));
    found.ok().map(|at| FILES[at].1)
}

/// The text of a file.
pub(super) fn text(path: &str) -> Option<&'static str> {
    str::from_utf8(bytes(path)?).ok()
}

/// All files below a folder, by their paths inside it, in their order.
pub(super) fn below(folder: &str) -> impl Iterator<Item = (&'static str, &'static [u8])> + use<> {
    let folder = format!("{folder}/");
    let first = FILES.partition_point(|(path, _)| *path < folder.as_str());
    let files = FILES[first..].iter();
    files.map_while(move |(path, bytes)| Some((path.strip_prefix(folder.as_str())?, *bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pack_that_is_cut_off_has_only_whole_files() {
        let pack = b"a\t0\t2\nb/c\t2\t5\n\nxxyy";
        let files = files(pack);
        assert_eq!(files, [("a", &b"xx"[..])]);
        assert!(super::files(b"").is_empty());
    }

    #[test]
    fn a_folder_holds_only_its_own_files() {
        assert!(below("snapshots/0.2").next().is_none());
        assert!(below("snapshots/0.2.0").any(|(path, _)| path == "template.yml"));
        assert!(below("snapshots/0.2.0").all(|(path, bytes)| {
            super::bytes(&format!("snapshots/0.2.0/{path}")) == Some(bytes)
        }));
    }
}
