//! What an expression of the settings comes to, as far as it can be told without running anything.

use super::expression::{Argument, Attribute, Expr, ExprKind};
use super::settings::Settings;
use super::sources::{join, parent};

/// A text or a path. Paths inside the project are relative to its root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Value {
    pub(super) text: String,
    pub(super) is_path: bool,
    /// Whether the environment may say something else; this is the default then.
    pub(super) from_env: bool,
}

impl Value {
    fn text(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            is_path: false,
            from_env: false,
        }
    }

    fn path(&self, text: String) -> Self {
        Self {
            text,
            is_path: true,
            from_env: self.from_env,
        }
    }
}

/// Evaluates expressions of `settings`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Evaluator<'a> {
    pub(super) settings: &'a Settings,
}

const DEEPEST: usize = 24;

impl Evaluator<'_> {
    /// The value of `expr`, which stands in `file`.
    #[must_use]
    pub(super) fn value(self, expr: &Expr, file: &str) -> Option<Value> {
        self.at(expr, file, 0)
    }

    fn at(self, expr: &Expr, file: &str, depth: usize) -> Option<Value> {
        if depth > DEEPEST {
            return None;
        }
        let depth = depth + 1;
        match expr.name() {
            Some("__file__") => return Some(Value::text("").path(file.to_owned())),
            Some(name) => return self.name(name, file, depth),
            None => {}
        }
        match &expr.kind {
            ExprKind::Text(text) => Some(Value::text(text.clone())),
            ExprKind::Attribute(Attribute { of, part, .. }) => {
                attribute(&self.at(of, file, depth)?, part)
            }
            ExprKind::Index(inner, index) => self.index(inner, index, file, depth),
            ExprKind::Binary(op, left, right) => self.binary(op, left, right, file, depth),
            ExprKind::Call(function, arguments) => self.call(function, arguments, file, depth),
            ExprKind::Named(_, inner) => self.at(inner, file, depth),
            _ => None,
        }
    }

    fn name(self, name: &str, file: &str, depth: usize) -> Option<Value> {
        if let Some(entry) = self.settings.lookup(name, file) {
            if !entry.is_certain() {
                return None;
            }
            return self.at(&entry.value, &entry.file, depth);
        }
        // `BASE_DIR.parent`, `settings.BASE_DIR`
        let (head, last) = name.rsplit_once('.')?;
        match self.name(head, file, depth) {
            Some(value) => attribute(&value, last),
            None if head == "settings" || head == "base" || head == "os" => None,
            None => None,
        }
    }

    fn index(self, inner: &Expr, index: &Expr, file: &str, depth: usize) -> Option<Value> {
        // `path.parents[1]`
        let ExprKind::Number(number) = &index.kind else {
            return None;
        };
        let steps: usize = number.parse().ok()?;
        let (base, part) = inner.attribute()?;
        let base = (part == "parents").then(|| self.at(base, file, depth))??;
        Some(up(&base, steps + 1))
    }

    fn binary(
        self,
        op: &str,
        left: &Expr,
        right: &Expr,
        file: &str,
        depth: usize,
    ) -> Option<Value> {
        let first = self.at(left, file, depth)?;
        match op {
            "/" => {
                let second = self.at(right, file, depth)?;
                Some(first.path(join(&first.text, &second.text)))
            }
            "+" => {
                let second = self.at(right, file, depth)?;
                if first.is_path {
                    // `BASE_DIR + "/static"`
                    let path = format!("{}/{}", first.text, second.text.trim_start_matches('/'));
                    return second
                        .text
                        .starts_with('/')
                        .then(|| first.path(join("", &path)));
                }
                Some(Value {
                    text: format!("{}{}", first.text, second.text),
                    is_path: false,
                    from_env: first.from_env || second.from_env,
                })
            }
            "-" => match &right.kind {
                ExprKind::Number(steps) => Some(up(&first, steps.parse().ok()?)),
                _ => None,
            },
            "%" => {
                let parts: Vec<&Expr> = match &right.kind {
                    ExprKind::List(parts) => parts.iter().collect(),
                    _ => vec![right],
                };
                self.formatted(&first, "%s", &parts, file, depth)
            }
            "or" => Some(Value {
                from_env: true,
                ..first
            }),
            _ => None,
        }
    }

    /// `text` with each `mark` replaced by one of `parts`.
    fn formatted(
        self,
        text: &Value,
        mark: &str,
        parts: &[&Expr],
        file: &str,
        depth: usize,
    ) -> Option<Value> {
        let pieces: Vec<&str> = text.text.split(mark).collect();
        if pieces.len() != parts.len() + 1 || pieces.iter().any(|piece| piece.contains(['%', '{']))
        {
            return None;
        }
        let mut result = Value::text(pieces[0]);
        for (piece, part) in pieces[1..].iter().zip(parts) {
            let part = self.at(part, file, depth)?;
            result.is_path |= part.is_path;
            result.from_env |= part.from_env;
            result.text.push_str(&part.text);
            result.text.push_str(piece);
        }
        if result.is_path {
            result.text = join("", result.text.trim_start_matches('/'));
        }
        Some(result)
    }

    fn call(
        self,
        function: &Expr,
        arguments: &[Argument],
        file: &str,
        depth: usize,
    ) -> Option<Value> {
        let argument = |index: usize| arguments.get(index).map(|argument| &argument.value);
        if let Some((inner, method)) = function.attribute_of_value() {
            let base = self.at(inner, file, depth);
            return self.method(base, method, inner, arguments, file, depth);
        }
        let name = function.name()?;
        if is_environment(name) {
            return self.of_environment(arguments, file, depth);
        }
        match name {
            "os.path.abspath" | "os.path.realpath" | "os.path.normpath" | "abspath"
            | "realpath" | "normpath" | "path.abspath" | "path.realpath" | "str" | "Path"
            | "pathlib.Path" | "environ.Path" | "path" | "unicode" | "os.path.expanduser"
            | "os.fspath" | "Root" => self.at(argument(0)?, file, depth),
            "os.path.dirname" | "dirname" | "path.dirname" | "op.dirname" => {
                Some(up(&self.at(argument(0)?, file, depth)?, 1))
            }
            "os.path.join" | "join" | "path.join" | "op.join" => {
                self.joined(arguments, file, depth)
            }
            "reverse_lazy" => None,
            _ => self.own_function(name, arguments, file, depth),
        }
    }

    fn joined(self, arguments: &[Argument], file: &str, depth: usize) -> Option<Value> {
        let mut parts = arguments
            .iter()
            .map(|argument| self.at(&argument.value, file, depth));
        let mut path = parts.next()??;
        for part in parts {
            let part = part?;
            path = Value {
                text: join(&path.text, &part.text),
                is_path: path.is_path,
                from_env: path.from_env || part.from_env,
            };
        }
        Some(path)
    }

    /// A call of something that the settings define: `root = lambda *x: join(BASE, *x)`, or `root = environ.Path(…)`.
    fn own_function(
        self,
        name: &str,
        arguments: &[Argument],
        file: &str,
        depth: usize,
    ) -> Option<Value> {
        if let Some(entry) = self
            .settings
            .lookup(name, file)
            .filter(|entry| entry.is_certain())
        {
            if let ExprKind::Lambda(parameter, body) = &entry.value.kind {
                let mut inner = body.as_ref();
                while let Some((function, parts)) = inner.call() {
                    if function.ends_with("join") {
                        let known = parts
                            .iter()
                            .filter(|part| part.value.name() != Some(parameter))
                            .chain(arguments)
                            .cloned()
                            .collect::<Vec<_>>();
                        return self.joined(&known, &entry.file, depth);
                    }
                    inner = &parts.first()?.value;
                }
                return None;
            }
            let base = self.at(&entry.value, &entry.file, depth)?;
            return base
                .is_path
                .then(|| self.appended(base, arguments, file, depth))?;
        }
        let (head, method) = name.rsplit_once('.')?;
        let base = self.name(head, file, depth);
        let inner = Expr::named(head, 0);
        self.method(base, method, &inner, arguments, file, depth)
    }

    fn appended(
        self,
        base: Value,
        arguments: &[Argument],
        file: &str,
        depth: usize,
    ) -> Option<Value> {
        let mut text = base.text.clone();
        for argument in arguments.iter().filter(|argument| argument.name.is_none()) {
            text = join(&text, &self.at(&argument.value, file, depth)?.text);
        }
        Some(base.path(text))
    }

    fn method(
        self,
        base: Option<Value>,
        method: &str,
        inner: &Expr,
        arguments: &[Argument],
        file: &str,
        depth: usize,
    ) -> Option<Value> {
        match method {
            "resolve" | "absolute" | "abspath" | "realpath" | "expanduser" | "as_posix"
            | "__str__" | "normpath" => base,
            "dirname" => base.map(|base| up(&base, 1)),
            "ancestor" => match &arguments.first()?.value.kind {
                ExprKind::Number(steps) => Some(up(&base?, steps.parse().ok()?)),
                _ => None,
            },
            "child" | "joinpath" | "path" => self.appended(base?, arguments, file, depth),
            "format" => {
                let parts: Vec<&Expr> = arguments.iter().map(|argument| &argument.value).collect();
                if arguments.iter().any(|argument| argument.name.is_some()) {
                    return None;
                }
                self.formatted(&base?, "{}", &parts, file, depth)
            }
            // `root.path('a')()`
            _ if base.as_ref().is_some_and(|base| base.is_path) && inner.name().is_none() => None,
            _ => None,
        }
    }

    /// The default of a call that asks the environment, if it has one.
    fn of_environment(self, arguments: &[Argument], file: &str, depth: usize) -> Option<Value> {
        let default = arguments
            .iter()
            .find(|argument| argument.name.as_deref() == Some("default"))
            .or_else(|| arguments.get(1).filter(|argument| argument.name.is_none()))?;
        let value = self.at(&default.value, file, depth)?;
        Some(Value {
            from_env: true,
            ..value
        })
    }
}

/// Whether a function of this name reads the environment.
#[must_use]
pub(super) fn is_environment(name: &str) -> bool {
    let (head, last) = name.rsplit_once('.').unwrap_or(("", name));
    match last {
        "getenv" | "get_env_variable" | "get_env_setting" | "env_var" | "getenv_or_fail"
        | "from_env" => true,
        "get" => head.ends_with("environ") || head == "env" || head == "ENV",
        "env" | "config" | "get_env" | "get_config" | "env_get" | "ENV" | "getconf" => {
            head.is_empty()
        }
        "str" | "url" | "path" | "bool" | "list" | "int" | "db" | "db_url" | "cache"
        | "cache_url" | "email_url" | "read" => {
            matches!(head, "env" | "ENV" | "environ" | "e" | "config")
        }
        _ => false,
    }
}

fn up(path: &Value, steps: usize) -> Value {
    let mut text = path.text.clone();
    for _ in 0..steps {
        text = parent(&text);
    }
    path.path(text)
}

fn attribute(value: &Value, part: &str) -> Option<Value> {
    match part {
        "parent" => Some(up(value, 1)),
        "root" | "absolute" => Some(value.clone()),
        _ => None,
    }
}
