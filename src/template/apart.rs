//! Where the texts of a template are worked out: those of the built-in one here, all others in a process of their own,
//! since a text of a few lines can take all time and memory that there is.

use std::borrow::Cow;
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use super::answers::Answers;
use super::engine::{self, Fault};
use super::pieces::{Job, Piece, pieces};
use crate::error::Error;
use crate::run::{self, Helper, Stopped};

/// Where texts are worked out, and why there: see the head of this file.
#[derive(Clone, Debug, Default)]
pub(crate) enum Renderer {
    #[default]
    Here,
    Apart(Arc<Mutex<Process>>),
}

/// The state of a command's one process.
#[derive(Debug, Default)]
pub(crate) enum Process {
    #[default]
    Unused,
    /// It will be asked hundreds of times.
    ForSearch,
    Running(Helper),
    /// It went beyond a limit, and no other one is started.
    Stopped(Stopped),
}

/// What is asked of the other process.
#[derive(Serialize, Deserialize)]
enum Request<'a> {
    Text(Cow<'a, str>, Cow<'a, Answers>),
    Pieces(Job<'a>),
}

#[derive(Serialize, Deserialize)]
enum Response {
    Text(Result<String, Fault>),
    Pieces(Result<Vec<Piece>, Fault>),
}

impl Renderer {
    /// The renderer of a template that somebody else may have written.
    pub(crate) fn apart() -> Self {
        if run::is_allowed() {
            Self::Apart(Arc::default())
        } else {
            Self::Here
        }
    }

    /// Gives a search the time that it needs. It is called before the first text is worked out.
    pub(crate) fn search(&self) {
        if let Self::Apart(state) = self {
            let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
            if matches!(*state, Process::Unused) {
                *state = Process::ForSearch;
            }
        }
    }

    /// The error of a template that went beyond a limit, for those who could do without what it said.
    pub(crate) fn stopped(&self) -> Option<Error> {
        let Self::Apart(state) = self else {
            return None;
        };
        match &*state.lock().unwrap_or_else(PoisonError::into_inner) {
            Process::Stopped(stopped) => Some(fault(stopped.clone()).within("")),
            _ => None,
        }
    }

    /// Renders a text with expressions.
    pub(super) fn text(&self, source: &str, context: &Answers) -> Result<String, Fault> {
        if !engine::is_dynamic(source) {
            return Ok(source.to_owned());
        }
        let Self::Apart(state) = self else {
            return engine::text_alone(source, context);
        };
        let request = Request::Text(source.into(), Cow::Borrowed(context));
        match ask(state, &request)? {
            Response::Text(text) => text,
            Response::Pieces(_) => Err(Fault::nowhere("the other process answers wrong")),
        }
    }

    /// Whether an expression is true.
    pub(super) fn condition(&self, expression: &str, context: &Answers) -> Result<bool, Fault> {
        Ok(self.text(&engine::as_condition(expression), context)? == "1")
    }

    /// The files that the sources of a release make, with the texts that were rendered.
    pub(super) fn pieces(&self, job: &Job) -> Result<Vec<Piece>, Fault> {
        let Self::Apart(state) = self else {
            return pieces(job, &mut |_| ());
        };
        if !job.is_dynamic() {
            return pieces(job, &mut |_| ());
        }
        match ask(state, &Request::Pieces(job.clone()))? {
            Response::Pieces(pieces) => pieces,
            Response::Text(_) => Err(Fault::nowhere("the other process answers wrong")),
        }
    }
}

fn ask(state: &Mutex<Process>, request: &Request) -> Result<Response, Fault> {
    let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
    if let Process::Unused | Process::ForSearch = *state {
        *state = match Helper::start(matches!(*state, Process::ForSearch)) {
            Ok(helper) => Process::Running(helper),
            Err(error) => Process::Stopped(Stopped {
                at: String::new(),
                why: error.to_string(),
            }),
        };
    }
    let wrong = |error: serde_json::Error| Fault::nowhere(error.to_string());
    let asked = match &mut *state {
        Process::Running(helper) => helper.ask(&serde_json::to_vec(request).map_err(wrong)?),
        Process::Stopped(stopped) => Err(stopped.clone()),
        Process::Unused | Process::ForSearch => Ok(Vec::new()),
    };
    match asked {
        Ok(answer) => serde_json::from_slice(&answer).map_err(wrong),
        Err(stopped) => {
            *state = Process::Stopped(stopped.clone());
            Err(fault(stopped))
        }
    }
}

fn fault(stopped: Stopped) -> Fault {
    Fault {
        template: stopped.at,
        is_endless: true,
        ..Fault::nowhere(stopped.why)
    }
}

/// The work of the other process.
///
/// # Errors
/// As those of [`run::serve`].
pub fn answer_apart() -> crate::error::Result<()> {
    run::serve(|request, at| {
        let reply = match serde_json::from_slice(request) {
            Ok(Request::Text(source, context)) => {
                at("template.yml");
                Response::Text(engine::text_alone(&source, &context))
            }
            Ok(Request::Pieces(job)) => Response::Pieces(pieces(&job, at)),
            Err(error) => Response::Text(Err(Fault::nowhere(error.to_string()))),
        };
        serde_json::to_vec(&reply).unwrap_or_default()
    })
}
