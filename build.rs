//! Rebuilds when a template's file comes or goes, which the embedding macro does not see by itself.

fn main() {
    println!("cargo:rerun-if-changed=template");
    println!("cargo:rerun-if-changed=snapshots");
    println!("cargo:rerun-if-changed=CHANGELOG.md");
}
