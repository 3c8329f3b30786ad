//! What a stranger may write: manifests, state files, answers, globs and settings, grown and nested by chance. No panic, an
//! end in sight, and no word in an error that a terminal would obey.

use std::fs;
use std::time::{Duration, Instant};

use django_facts::{Findings, Sources, Survey};
use ixd_template::state::State;
use ixd_template::template::{Answers, Manifest};
use proptest::prelude::*;

/// A text takes milliseconds; a build server may be busy.
const LONG: Duration = Duration::from_secs(20);

const MANIFEST: &str = "name: t\nversion: 0.1.0\nquestions:\n- {name: a, prompt: A, type: text, default: '{{ directory | slug }}'}\n\
    - name: b\n  prompt: B\n  type: choices\n  choices: [{value: x, when: \"a == 'y'\"}, {value: z}]\n  default: [x]\n\
    files:\n  '{a,b}/**/*.py': {when: a}\nonce: ['*.secret', '[a-z]?']\nnext: ['./go.sh {{ a }}']\n";
const STATE: &str = "template: t\nversion: 0.1.0\ndigest: \"00\"\nrendered: \"00\"\nanswers:\n  a: shop\n  b: [x, z]\n\
    open:\n- {path: f, what: x, base: 0.1.0}\ndeclined: []\n";
const SETTINGS: &str = "import os\nfrom .other import *\nDEBUG = not os.environ.get('X')\nINSTALLED_APPS = ['a', 'b'] + ['c']\n\
    if DEBUG:\n    DATABASES = {'default': {'ENGINE': 'django.db.backends.' + 'sqlite3', 'NAME': os.path.join('a', \"b\")}}\n\
    else:\n    DATABASES = dict(default=(lambda x: x)({}))\n";

/// What readers count, nest and repeat.
const PIECES: [&str; 44] = [
    "[",
    "]",
    "{",
    "}",
    "(",
    ")",
    "{{",
    "}}",
    "{%",
    "%}",
    "{a,",
    "**/",
    "*",
    "?",
    "[!",
    "- ",
    ": ",
    ", ",
    "\n",
    "\n  ",
    "&a ",
    "*a ",
    "!!binary ",
    "|\n",
    "? ",
    "'",
    "\"",
    "\"\"\"",
    "not ",
    " + ",
    " if a else ",
    "lambda: ",
    "-",
    "a.",
    "f(",
    "=",
    "\\",
    "#",
    "\u{0}",
    "\u{1b}[2J",
    "\u{202e}",
    "\u{feff}",
    "from .other import *\n",
    "0.1.0",
];

/// A place by its part of the text, how much is taken out there, what comes in, and how often.
type Growth = Vec<(f64, usize, usize, usize)>;

fn growth() -> impl Strategy<Value = Growth> {
    let often = prop_oneof![3 => 1_usize..4, 1 => 4_usize..60, 1 => 60_usize..4_000];
    let one = (0.0..1.0_f64, 0_usize..12, 0..PIECES.len(), often);
    prop::collection::vec(one, 1..6)
}

fn grown(text: &str, growth: &Growth) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    for (place, out, piece, often) in growth {
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss
        )]
        let at = (place * letters.len() as f64) as usize;
        let end = (at + out).min(letters.len());
        letters.splice(at..end, PIECES[*piece].repeat(*often).chars());
    }
    letters.into_iter().collect()
}

fn soon<T>(text: &str, work: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let result = work();
    let start_of: String = text.chars().take(300).collect();
    assert!(
        start.elapsed() < LONG,
        "{:?} for {start_of:?}",
        start.elapsed()
    );
    result
}

proptest! {
    #[test]
    fn manifests_are_read_or_refused(growth in growth()) {
        let text = grown(MANIFEST, &growth);
        let _ = soon(&text, || Manifest::parse("template.yml", &text).map(|manifest| {
            (manifest.is_once("a/b.secret"), manifest.is_executable("a"))
        }));
    }

    #[test]
    fn globs_are_read_or_refused(growth in growth()) {
        let glob = grown("{a,b}/**/[a-z]?*.py", &growth);
        let quoted = serde_json::to_string(&glob).unwrap();
        let text = format!("name: t\nversion: 0.1.0\nonce: [{quoted}]\nfiles: {{{quoted}: {{when: 'true'}}}}\n");
        let long = "a/".repeat(500) + "b.py";
        let _ = soon(&glob, || Manifest::parse("template.yml", &text).map(|manifest| {
            (manifest.is_once(&long), manifest.is_once(&"a".repeat(5_000)))
        }));
    }

    #[test]
    fn state_files_and_answers_are_read_or_refused(growth in growth()) {
        let text = grown(STATE, &growth);
        let _ = soon(&text, || State::read(&text).and_then(|state| state.to_file()));
        let _ = soon(&text, || Answers::parse("answers.yml", &text));
    }

    #[test]
    fn settings_are_read_or_left(growth in growth(), other in growth()) {
        let text = grown(SETTINGS, &growth);
        let dir = tempfile::tempdir().unwrap();
        let write = |path: &str, text: &str| fs::write(dir.path().join(path), text).unwrap();
        fs::create_dir(dir.path().join("shop")).unwrap();
        write("manage.py", "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\n");
        write("shop/__init__.py", "");
        write("shop/settings.py", &text);
        write("shop/other.py", &grown(SETTINGS, &other));
        soon(&text, || drop(Findings::of(&Sources::new(Survey::of(dir.path())))));
    }
}
