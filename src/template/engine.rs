//! The door to tera: texts with expressions, conditions, and the filters that templates may use.

use std::cell::RefCell;

use serde::{Deserialize, Serialize};
use tera::{Context, ErrorKind, Kwargs, State, StringInput, Tera};

use super::answer::Answer;
use super::answers::Answers;
use super::question::Question;
use crate::error::Error;

/// A failure inside one template text; `line` and `column` count from 1, 0 when unknown.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Fault {
    /// The template that it lies in, which an included one makes another than the one that was rendered; empty when
    /// unknown.
    pub(crate) template: String,
    pub(crate) line: usize,
    pub(crate) column: usize,
    pub(crate) message: String,
    /// Whether it went beyond a limit of time or memory.
    pub(crate) is_endless: bool,
}

impl Fault {
    /// A fault whose place is not known.
    pub(crate) fn nowhere(message: impl Into<String>) -> Self {
        Self {
            template: String::new(),
            line: 0,
            column: 0,
            message: message.into(),
            is_endless: false,
        }
    }

    /// The same fault, in another template.
    pub(crate) fn named(self, template: &str) -> Self {
        Self {
            template: template.to_owned(),
            ..self
        }
    }

    /// The same fault without line and column, which are of no use where they count inside a value of the manifest.
    pub(crate) fn without_place(self) -> Self {
        Self {
            line: 0,
            column: 0,
            ..self
        }
    }

    /// The error of the template's file `file`, where the fault does not say another one.
    pub(crate) fn within(self, file: &str) -> Error {
        if self.is_endless {
            let named = if self.template.is_empty() {
                file
            } else {
                &self.template
            };
            return Error::Endless {
                file: named.to_owned(),
                why: self.message,
            };
        }
        Error::Template {
            file: file.to_owned(),
            line: self.line,
            column: self.column,
            message: self.message,
        }
    }
}

impl From<tera::Error> for Fault {
    fn from(error: tera::Error) -> Self {
        let nowhere = |template: &str| Self {
            template: template.to_owned(),
            ..Self::nowhere(error.kind().to_string())
        };
        match error.kind() {
            ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => Self {
                template: report.filename().to_owned(),
                line: report.span().start_line,
                column: report.span().start_col + 1,
                message: report.message().to_owned(),
                is_endless: false,
            },
            ErrorKind::Msg(report) => of_report(report).unwrap_or_else(|| nowhere("")),
            ErrorKind::CircularExtend { tpl, .. } | ErrorKind::CircularInclude { tpl, .. } => {
                nowhere(tpl)
            }
            ErrorKind::MissingParent { current, .. } => nowhere(current),
            _ => nowhere(""),
        }
    }
}

/// Reads the first of the reports that tera gives for names it does not know, which it gives as text alone:
/// `error: …`, then ` --> file:line:column`.
fn of_report(report: &str) -> Option<Fault> {
    let (message, rest) = report.strip_prefix("error: ")?.split_once('\n')?;
    let place = rest.lines().next()?.trim_start().strip_prefix("--> ")?;
    let mut parts = place.rsplitn(3, ':');
    let (column, line) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    Some(Fault {
        template: parts.next()?.to_owned(),
        line,
        column,
        message: message.to_owned(),
        is_endless: false,
    })
}

/// A tera with our filters and without HTML escaping: what we render is code, not pages.
pub(crate) fn engine() -> Tera {
    let mut tera = Tera::new();
    tera.autoescape_on(Vec::<&str>::new());
    tera.register_filter("slug", |text: StringInput, _: Kwargs, _: &State| {
        slug(text.as_str())
    });
    tera.register_filter("dns", |text: StringInput, _: Kwargs, _: &State| {
        slug(text.as_str()).replace('_', "-")
    });
    tera.register_filter("title", |text: StringInput, _: Kwargs, _: &State| {
        title(text.as_str())
    });
    tera.register_filter("json", |text: StringInput, _: Kwargs, _: &State| {
        json(text.as_str())
    });
    tera.register_filter("py", |text: StringInput, _: Kwargs, _: &State| {
        python(text.as_str())
    });
    tera.register_filter("sh", |text: StringInput, _: Kwargs, _: &State| {
        format!("'{}'", text.as_str().replace('\'', r"'\''"))
    });
    tera
}

/// Lower case letters, digits and `_`, starting with a letter: usable as a Python name.
fn slug(text: &str) -> String {
    let mut slug = String::new();
    for letter in text.chars() {
        if letter.is_ascii_alphanumeric() {
            slug.push(letter.to_ascii_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('_') {
            slug.push('_');
        }
    }
    let slug = slug.trim_end_matches('_');
    match slug.chars().next() {
        None => "project".into(),
        Some(first) if first.is_ascii_digit() => format!("project_{slug}"),
        Some(_) => slug.into(),
    }
}

/// Words split at `_`, `-` and spaces, each with a capital.
fn title(text: &str) -> String {
    text.split(['_', '-', ' '])
        .filter(|word| !word.is_empty())
        .map(|word| {
            let mut letters = word.chars();
            letters.next().map_or_else(String::new, |first| {
                first.to_uppercase().chain(letters).collect()
            })
        })
        .collect::<Vec<String>>()
        .join(" ")
}

/// A double-quoted string that JSON, YAML and TOML all read back as `text`.
fn json(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// A Python string literal, in the quotes that a formatter would choose: those that need fewer escapes.
fn python(text: &str) -> String {
    let double = json(text);
    if text.matches('"').count() <= text.matches('\'').count() {
        return double;
    }
    let inner = double[1..double.len() - 1]
        .replace("\\\"", "\"")
        .replace('\'', "\\'");
    format!("'{inner}'")
}

/// The variables of a template: every question's answer, and the empty value of its kind where it has none.
pub(crate) fn context(questions: &[Question], answers: &Answers) -> Answers {
    let value = |question: &Question| {
        let answer = answers.get(&question.name).cloned();
        let answer = answer.unwrap_or_else(|| question.kind.empty());
        (question.name.clone(), answer)
    };
    questions.iter().map(value).collect()
}

/// The same variables, for tera.
pub(crate) fn variables_of(answers: &Answers) -> Context {
    let mut context = Context::new();
    for (name, answer) in answers.iter() {
        insert(&mut context, name, answer);
    }
    context
}

fn insert(context: &mut Context, name: &str, answer: &Answer) {
    let name = name.to_owned();
    match answer {
        Answer::Bool(value) => context.insert(name, value),
        Answer::Text(value) => context.insert(name, value),
        Answer::List(value) => context.insert(name, value),
    }
}

/// Renders a text with expressions.
pub(crate) fn text(tera: &mut Tera, source: &str, context: &Context) -> Result<String, Fault> {
    if !is_dynamic(source) {
        return Ok(source.to_owned());
    }
    Ok(tera.render_str(source, context, false)?)
}

/// As [`text`], for a text that belongs to no other one.
pub(crate) fn text_alone(source: &str, context: &Answers) -> Result<String, Fault> {
    READER.with_borrow_mut(|tera| text(tera, source, &variables_of(context)))
}

/// Whether a text holds expressions.
pub(crate) fn is_dynamic(source: &str) -> bool {
    ["{{", "{%", "{#"].iter().any(|open| source.contains(open))
}

/// Whether a template may refer to another one.
pub(crate) fn names_others(source: &[u8]) -> bool {
    const WORDS: [&[u8]; 5] = [b"include", b"extends", b"import", b"component", b"<"];
    source.windows(2).enumerate().any(|(at, open)| {
        matches!(open, b"{%" | b"{{") && {
            let tag = source[at + 2..].trim_ascii_start();
            let tag = tag.strip_prefix(b"-").unwrap_or(tag).trim_ascii_start();
            WORDS.iter().any(|word| tag.starts_with(word))
        }
    })
}

/// Whether an expression is true.
pub(crate) fn condition(
    tera: &mut Tera,
    expression: &str,
    context: &Context,
) -> Result<bool, Fault> {
    Ok(tera.render_str(&as_condition(expression), context, false)? == "1")
}

thread_local! {
    /// Reads the many short expressions of a manifest: to make a tera costs more than to read one with it.
    static READER: RefCell<Tera> = RefCell::new(engine());
}

/// The names that a text (or, made by [`as_condition`], an expression) refers to; its syntax is checked on the way.
pub(crate) fn variables(source: &str) -> Result<Vec<String>, Fault> {
    READER.with_borrow_mut(|tera| {
        tera.add_raw_template("text", source)?;
        let found = tera.get_template_variables("text")?;
        let mut names: Vec<String> = found.into_iter().map(str::to_owned).collect();
        names.sort();
        Ok(names)
    })
}

/// An expression as a text that renders to `1` when it is true.
pub(crate) fn as_condition(expression: &str) -> String {
    format!("{{% if {expression} %}}1{{% endif %}}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(source: &str, value: &str, expected: &str) {
        let mut context = Context::new();
        context.insert("v", value);
        let actual = text(&mut engine(), source, &context).map_err(|fault| fault.message);
        assert_eq!(actual.unwrap_or_else(|message| message), expected);
    }

    #[test]
    fn filters_quote_whatever_they_get() {
        check("{{ v | slug }}", "My-Shop 2!", "my_shop_2");
        check("{{ v | slug }}", "2nd shop", "project_2nd_shop");
        check("{{ v | slug }}", "…", "project");
        check("{{ v | dns }}", "my_shop", "my-shop");
        check("{{ v | title }}", "my_online-shop", "My Online Shop");
        check("{{ v | sh }}", "it's $HOME", r"'it'\''s $HOME'");
        check("{{ v | json }}", "a\"b\\c", r#""a\"b\\c""#);
        check("{{ v | py }}", "a\"b", "'a\"b'");
        check("{{ v | py }}", "it's \"x\"", r#"'it\'s "x"'"#);
        check("{{ v | py }}", "\"it's\" \\", r#"'"it\'s" \\'"#);
        check("{{ v }}", "{{ v }}", "{{ v }}");
    }

    #[test]
    fn nothing_is_undefined_in_silence() {
        let fault = text(&mut engine(), "a\n  {{ nope }}", &Context::new()).unwrap_err();
        assert_eq!((fault.line, fault.column), (2, 6));
    }
}
