//! Damaged manifests and state files: no panic, and an end in sight.

use std::time::{Duration, Instant};

use ixd_template::state::State;
use ixd_template::template::Manifest;
use proptest::prelude::*;

use super::damage::{damage, damaged};

/// Generous: such a file takes a millisecond, and a build server may be busy.
const LONG: Duration = Duration::from_secs(20);

const MANIFEST: &str = include_str!("../../template/template.yml");

const STATE: &str = "template: django\nversion: 0.1.0\ndigest: \"00\"\nrendered: \"00\"\nanswers:\n  name: shop\n  \
                     features: [redis, celery]\nopen: []\n";

proptest! {
    #[test]
    fn damaged_manifests_and_states_are_read_or_refused(damage in damage()) {
        let started = Instant::now();
        let _ = Manifest::parse("template.yml", &String::from_utf8_lossy(&damaged(MANIFEST, &damage)));
        let _ = State::parse(&String::from_utf8_lossy(&damaged(STATE, &damage)));
        prop_assert!(started.elapsed() < LONG);
    }
}

#[test]
fn the_undamaged_state_is_read() {
    assert!(
        State::parse(STATE).is_ok(),
        "{:?}",
        State::parse(STATE).err()
    );
}
