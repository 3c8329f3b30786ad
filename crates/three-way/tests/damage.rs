//! Bytes taken out of a text, doubled, swapped and put in.

use proptest::prelude::*;

#[derive(Debug, Clone)]
pub(crate) enum Damage {
    Cut(u16, u8),
    Double(u16, u8),
    Swap(u16, u16),
    Put(u16, Vec<u8>),
}

pub(crate) fn damage() -> impl Strategy<Value = Vec<Damage>> {
    let token = prop::sample::select(vec![
        "\"",
        "'",
        "\"\"\"",
        "[",
        "]",
        "{",
        "}",
        "(",
        ")",
        "\n",
        "\r\n",
        "\t",
        "    ",
        "- ",
        ": ",
        "=",
        ",",
        "#",
        "\\",
        "|\n",
        "&a ",
        "*a",
        "<<<<<<< ours\n",
        "=======\n",
        "\u{feff}",
        "é",
        "\u{2028}",
        "---\n",
    ]);
    let bytes = prop_oneof![
        4 => token.prop_map(|token| token.as_bytes().to_vec()),
        1 => prop::collection::vec(any::<u8>(), 1..6),
    ];
    let one = prop_oneof![
        (any::<u16>(), 1..30_u8).prop_map(|(at, length)| Damage::Cut(at, length)),
        (any::<u16>(), 1..60_u8).prop_map(|(at, length)| Damage::Double(at, length)),
        (any::<u16>(), any::<u16>()).prop_map(|(one, other)| Damage::Swap(one, other)),
        (any::<u16>(), bytes).prop_map(|(at, bytes)| Damage::Put(at, bytes)),
    ];
    prop::collection::vec(one, 0..6)
}

pub(crate) fn damaged(text: &str, damage: &[Damage]) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    for one in damage {
        let at = |place: u16| usize::from(place) % (bytes.len() + 1);
        match one {
            Damage::Cut(place, length) => {
                let start = at(*place);
                let end = bytes.len().min(start + usize::from(*length));
                bytes.drain(start..end);
            }
            Damage::Double(place, length) => {
                let start = at(*place);
                let end = bytes.len().min(start + usize::from(*length));
                bytes.splice(start..start, bytes[start..end].to_vec());
            }
            Damage::Swap(one, other) => {
                let (one, other) = (at(*one), at(*other));
                if one < bytes.len() && other < bytes.len() {
                    bytes.swap(one, other);
                }
            }
            Damage::Put(place, new) => {
                let start = at(*place);
                bytes.splice(start..start, new.clone());
            }
        }
    }
    bytes
}
