//! A second process of this program, for work whose time and memory nobody can foresee: it answers, or it is ended.
//!
//! Requests and answers are frames: one byte that says what it is, eight for the length, and the bytes.

use std::ffi::OsString;
use std::io::{self, Read, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::OnceLock;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::error::{Error, Result};

/// The one argument of such a process.
const WORD: &str = "--answer-apart";

/// How long one answer, and outside of a search all answers of one process, may be waited for.
const PATIENCE: Duration = Duration::from_secs(9);
/// How long all answers may be waited for in a search, which asks hundreds of times.
const OF_SEARCH: Duration = Duration::from_secs(60);
/// How much memory it may take.
const MEMORY: u64 = 1 << 30;
/// Seconds of work after which it ends by itself, should nobody be there to end it.
const WORK: u64 = 70;
/// An answer that is longer than what fits into its memory is none.
const LONGEST: u64 = MEMORY;

const REQUEST: u8 = b'?';
const AT: u8 = b'@';
const ANSWER: u8 = b'=';

static PROGRAM: OnceLock<PathBuf> = OnceLock::new();

/// Whether a command line asks for [`serve`].
#[must_use]
pub fn is_wanted(arguments: &[OsString]) -> bool {
    arguments.len() == 2 && arguments[1] == WORD
}

/// Lets this process start others of its own program. Where nobody says so, as in a test of the library, there are none.
pub fn allow() {
    // This path is right also where the program's file was replaced since it was started.
    let own = PathBuf::from("/proc/self/exe");
    let program = if own.exists() {
        Some(own)
    } else {
        std::env::current_exe().ok()
    };
    if let Some(program) = program {
        let _ = PROGRAM.set(program);
    }
}

/// See [`allow`].
#[must_use]
pub fn is_allowed() -> bool {
    PROGRAM.get().is_some()
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stopped {
    /// What the process was at, as it said last.
    pub at: String,
    /// The end of a sentence about that: "it takes …".
    pub why: String,
}

/// A process that answers.
#[derive(Debug)]
pub struct Helper {
    process: Child,
    requests: ChildStdin,
    answers: Receiver<(u8, Vec<u8>)>,
    /// How long it may still be waited for.
    left: Duration,
    total: Duration,
}

impl Helper {
    /// # Errors
    /// [`Error::Io`] where it cannot be started.
    pub fn start(is_search: bool) -> Result<Self> {
        let program = PROGRAM.get().cloned().unwrap_or_default();
        let failed = |error| Error::io("start", &program)(error);
        let mut command = Command::new(&program);
        command
            .arg(WORD)
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        // Keys such as Ctrl-C are for the one that a person started.
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut process = command.spawn().map_err(failed)?;
        let (Some(requests), Some(mut output)) = (process.stdin.take(), process.stdout.take())
        else {
            return Err(failed(io::ErrorKind::BrokenPipe.into()));
        };
        let total = if is_search { OF_SEARCH } else { PATIENCE };
        let (sender, answers) = channel();
        thread::spawn(move || {
            while let Ok(Some(frame)) = receive(&mut output) {
                if sender.send(frame).is_err() {
                    return;
                }
            }
        });
        Ok(Self {
            process,
            requests,
            answers,
            left: total,
            total,
        })
    }

    /// The answer to `request`. Where there is none, the process is no more.
    pub fn ask(&mut self, request: &[u8]) -> Result<Vec<u8>, Stopped> {
        let start = Instant::now();
        let limit = self.left.min(PATIENCE);
        let mut at = String::new();
        // Where the request is not taken, the end of the process says why.
        let _ = send(&mut self.requests, REQUEST, request);
        loop {
            let left = limit.saturating_sub(start.elapsed());
            match self.answers.recv_timeout(left) {
                Ok((AT, name)) => at = String::from_utf8_lossy(&name).into_owned(),
                Ok((_, answer)) => {
                    self.left = self.left.saturating_sub(start.elapsed());
                    return Ok(answer);
                }
                Err(reason) => {
                    let is_late = matches!(reason, RecvTimeoutError::Timeout);
                    let why = self.end(is_late);
                    return Err(Stopped { at, why });
                }
            }
        }
    }

    /// Why there is no answer, once the process is ended.
    fn end(&mut self, is_late: bool) -> String {
        use std::os::unix::process::ExitStatusExt as _;
        if is_late {
            let _ = self.process.kill();
        }
        let ended = self.process.wait().ok();
        if is_late {
            // The last of many answers had less than the patience for one.
            let is_one = self.left >= PATIENCE;
            let limit = if is_one { PATIENCE } else { self.total };
            return format!("it takes more than {} seconds", limit.as_secs());
        }
        match ended.and_then(|status| status.signal()) {
            Some(_) => format!(
                "it takes more than {} MiB of memory, or is nested too deep",
                MEMORY >> 20
            ),
            None => "what it says cannot be worked out".into(),
        }
    }
}

impl Drop for Helper {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The work of a process that another one started: answers what comes in until nothing more does.
///
/// `answer` gets a request and something to call with what it is at.
///
/// # Errors
/// Where the limits cannot be set, or the other process is gone.
pub fn serve(answer: impl Fn(&[u8], &mut dyn FnMut(&str)) -> Vec<u8>) -> Result<()> {
    limit().map_err(|error| Error::io("limit", "this process")(error.into()))?;
    let (mut input, mut output) = (io::stdin().lock(), io::stdout().lock());
    let broken = Error::io("answer", "the process that asks");
    let mut work = || -> io::Result<()> {
        while let Some((_, request)) = receive(&mut input)? {
            let mut said = Ok(());
            let answer = answer(&request, &mut |at: &str| {
                if said.is_ok() {
                    said = send(&mut output, AT, at.as_bytes());
                }
            });
            said?;
            send(&mut output, ANSWER, &answer)?;
        }
        Ok(())
    };
    work().map_err(broken)
}

/// Sets the limits of this process, which does not live longer than the one that asks. Beyond the limits the system
/// ends the process, which then leaves no image of its memory.
fn limit() -> Result<(), rustix::io::Errno> {
    let of = |resource, most: u64| {
        // A stricter limit of the user's stays.
        let most = getrlimit(resource)
            .maximum
            .map_or(most, |known| known.min(most));
        let limit = Rlimit {
            current: Some(most),
            maximum: Some(most),
        };
        setrlimit(resource, limit)
    };
    of(Resource::Core, 0)?;
    of(Resource::Cpu, WORK)?;
    #[cfg(target_os = "linux")]
    rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::KILL))?;
    // Some systems do not keep this limit; the clock is left then.
    let _ = of(Resource::As, MEMORY);
    Ok(())
}

fn send(to: &mut impl Write, kind: u8, bytes: &[u8]) -> io::Result<()> {
    let mut head = vec![kind];
    head.extend((bytes.len() as u64).to_be_bytes());
    to.write_all(&head)?;
    to.write_all(bytes)?;
    to.flush()
}

/// The next frame; `None` at the end.
fn receive(from: &mut impl Read) -> io::Result<Option<(u8, Vec<u8>)>> {
    let mut head = [0; 9];
    match from.read_exact(&mut head) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        read => read?,
    }
    let length = u64::from_be_bytes(head[1..].try_into().unwrap_or_default());
    if length > LONGEST {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    let mut bytes = Vec::new();
    let read = from.take(length).read_to_end(&mut bytes)?;
    if read as u64 != length {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(Some((head[0], bytes)))
}
