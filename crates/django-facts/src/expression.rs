//! An expression, as far as settings need it; the rest is [`Kind::Unknown`].

/// An expression and the line it starts in.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Expr {
    pub(super) kind: Kind,
    pub(super) line: usize,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    Text(String),
    Number(String),
    /// A dotted name, such as `os.environ.get`.
    Name(String),
    /// An attribute of something that is no name: `Path(__file__).parent`.
    Attribute(Box<Expr>, String),
    Call(Box<Expr>, Vec<Argument>),
    Index(Box<Expr>, Box<Expr>),
    /// Keys and values; the key of `**other` is `None`.
    Dict(Vec<(Option<Expr>, Expr)>),
    /// A list, tuple or set.
    List(Vec<Expr>),
    Binary(String, Box<Expr>, Box<Expr>),
    Not(Box<Expr>),
    /// `then if … else otherwise`.
    Choice(Box<Expr>, Box<Expr>),
    /// `lambda *parts: body`: the name of its last parameter.
    Lambda(String, Box<Expr>),
    /// `name := value`.
    Named(String, Box<Expr>),
    Unknown,
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
            kind: Kind::Unknown,
            line,
        }
    }

    /// The dotted name that this is.
    #[must_use]
    pub(super) fn name(&self) -> Option<&str> {
        match &self.kind {
            Kind::Name(name) => Some(name),
            _ => None,
        }
    }

    #[must_use]
    pub(super) fn text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The called name and its arguments.
    #[must_use]
    pub(super) fn call(&self) -> Option<(&str, &[Argument])> {
        match &self.kind {
            Kind::Call(function, arguments) => Some((function.name()?, arguments)),
            _ => None,
        }
    }

    /// The value of a dictionary's key.
    #[must_use]
    pub(super) fn get(&self, key: &str) -> Option<&Self> {
        match &self.kind {
            Kind::Dict(items) => items
                .iter()
                .rev()
                .find(|(name, _)| name.as_ref().and_then(Self::text) == Some(key))
                .map(|(_, value)| value),
            Kind::Call(function, arguments) if function.name() == Some("dict") => arguments
                .iter()
                .find(|argument| argument.name.as_deref() == Some(key))
                .map(|argument| &argument.value),
            _ => None,
        }
    }

    /// This expression and all inside it.
    pub(super) fn walk<'a>(&'a self, visit: &mut dyn FnMut(&'a Self)) {
        visit(self);
        match &self.kind {
            Kind::Attribute(inner, _)
            | Kind::Lambda(_, inner)
            | Kind::Named(_, inner)
            | Kind::Not(inner) => {
                inner.walk(visit);
            }
            Kind::Call(function, arguments) => {
                function.walk(visit);
                for argument in arguments {
                    argument.value.walk(visit);
                }
            }
            Kind::Index(a, b) | Kind::Binary(_, a, b) | Kind::Choice(a, b) => {
                a.walk(visit);
                b.walk(visit);
            }
            Kind::Dict(items) => {
                for (key, value) in items {
                    if let Some(key) = key {
                        key.walk(visit);
                    }
                    value.walk(visit);
                }
            }
            Kind::List(items) => {
                for item in items {
                    item.walk(visit);
                }
            }
            Kind::Text(_) | Kind::Number(_) | Kind::Name(_) | Kind::Unknown => {}
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
