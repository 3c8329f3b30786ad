//! An expression, as far as settings need it; the rest is [`ExprKind::Unknown`].

/// An expression and the line it starts in.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Expr {
    pub(super) kind: ExprKind,
    pub(super) line: usize,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum ExprKind {
    Text(String),
    Number(String),
    /// One name, without dots.
    Name(String),
    Attribute(Attribute),
    Call(Box<Expr>, Vec<Argument>),
    Index(Box<Expr>, Box<Expr>),
    /// Keys and values; the key of `**other` is `None`.
    Dict(Vec<(Option<Expr>, Expr)>),
    /// A list, tuple or set.
    List(Vec<Expr>),
    Binary(String, Box<Expr>, Box<Expr>),
    Not(Box<Expr>),
    /// `then if … else otherwise`, and the condition, which is no part of the value.
    Choice(Box<Expr>, Box<Expr>, Box<Expr>),
    /// `lambda *parts: body`: the name of its last parameter.
    Lambda(String, Box<Expr>),
    /// `name := value`.
    Named(String, Box<Expr>),
    Unknown,
}

/// `of.part`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Attribute {
    pub(super) of: Box<Expr>,
    pub(super) part: String,
    /// All of it, where it is names and dots alone: `os.environ.get`.
    dotted: Option<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Argument {
    pub(super) name: Option<String>,
    pub(super) value: Expr,
}

impl Expr {
    #[must_use]
    pub(super) fn unknown(line: usize) -> Self {
        Self {
            kind: ExprKind::Unknown,
            line,
        }
    }

    /// A name with or without dots.
    #[must_use]
    pub(super) fn named(dotted: &str, line: usize) -> Self {
        let mut parts = dotted.split('.');
        let first = Self {
            kind: ExprKind::Name(parts.next().unwrap_or_default().to_owned()),
            line,
        };
        parts.fold(first, |of, part| of.attribute_named(part.to_owned()))
    }

    /// An attribute of this.
    #[must_use]
    pub(super) fn attribute_named(self, part: String) -> Self {
        let line = self.line;
        let dotted = self.name().map(|name| format!("{name}.{part}"));
        let kind = ExprKind::Attribute(Attribute {
            of: Box::new(self),
            part,
            dotted,
        });
        Self { kind, line }
    }

    /// What this is an attribute of, and which.
    #[must_use]
    pub(super) fn attribute(&self) -> Option<(&Self, &str)> {
        match &self.kind {
            ExprKind::Attribute(Attribute { of, part, .. }) => Some((of, part)),
            _ => None,
        }
    }

    /// The same, where it is one of a value that is no name: `Path(__file__).parent`.
    #[must_use]
    pub(super) fn attribute_of_value(&self) -> Option<(&Self, &str)> {
        self.attribute().filter(|_| self.name().is_none())
    }

    /// The name that this is, with its dots.
    #[must_use]
    pub(super) fn name(&self) -> Option<&str> {
        match &self.kind {
            ExprKind::Name(name) => Some(name),
            ExprKind::Attribute(attribute) => attribute.dotted.as_deref(),
            _ => None,
        }
    }

    #[must_use]
    pub(super) fn text(&self) -> Option<&str> {
        match &self.kind {
            ExprKind::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The called name and its arguments.
    #[must_use]
    pub(super) fn call(&self) -> Option<(&str, &[Argument])> {
        match &self.kind {
            ExprKind::Call(function, arguments) => Some((function.name()?, arguments)),
            _ => None,
        }
    }

    /// The value of a dictionary's key.
    #[must_use]
    pub(super) fn get(&self, key: &str) -> Option<&Self> {
        match &self.kind {
            ExprKind::Dict(items) => items
                .iter()
                .rev()
                .find(|(name, _)| name.as_ref().and_then(Self::text) == Some(key))
                .map(|(_, value)| value),
            ExprKind::Call(function, arguments) if function.name() == Some("dict") => arguments
                .iter()
                .find(|argument| argument.name.as_deref() == Some(key))
                .map(|argument| &argument.value),
            _ => None,
        }
    }

    /// This expression and all inside it but the conditions of choices; a name with its dots is one.
    pub(super) fn walk<'a>(&'a self, visit: &mut dyn FnMut(&'a Self)) {
        visit(self);
        if self.name().is_some() {
            return;
        }
        match &self.kind {
            ExprKind::Attribute(Attribute { of: inner, .. })
            | ExprKind::Lambda(_, inner)
            | ExprKind::Named(_, inner)
            | ExprKind::Not(inner) => {
                inner.walk(visit);
            }
            ExprKind::Call(function, arguments) => {
                function.walk(visit);
                for argument in arguments {
                    argument.value.walk(visit);
                }
            }
            ExprKind::Index(a, b) | ExprKind::Binary(_, a, b) | ExprKind::Choice(a, b, _) => {
                a.walk(visit);
                b.walk(visit);
            }
            ExprKind::Dict(items) => {
                for (key, value) in items {
                    if let Some(key) = key {
                        key.walk(visit);
                    }
                    value.walk(visit);
                }
            }
            ExprKind::List(items) => {
                for item in items {
                    item.walk(visit);
                }
            }
            ExprKind::Text(_) | ExprKind::Number(_) | ExprKind::Name(_) | ExprKind::Unknown => {}
        }
    }

    /// Whether `wanted` holds for this expression or one inside it.
    #[must_use]
    pub(super) fn any(&self, wanted: &dyn Fn(&Self) -> bool) -> bool {
        let mut found = false;
        self.walk(&mut |expr| found = found || wanted(expr));
        found
    }
}
