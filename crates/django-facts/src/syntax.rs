//! A Python file → its statements, each with the blocks around it.

use super::expression::{Argument, Expr, ExprKind as E};
use super::parse::parse;
use super::tokens::{self, Line, Token};

/// A statement of interest.
#[derive(Clone, Debug)]
pub(super) struct Statement {
    pub(super) kind: StatementKind,
    pub(super) line: usize,
    /// The blocks around it, outermost first.
    pub(super) inside: Vec<Block>,
}

/// What stands for an operator in `del target`.
pub(super) const DELETED: &str = "del";

#[derive(Clone, Debug)]
pub(super) enum StatementKind {
    /// `target = value`, `target += value`, with one entry for each target; `del target`, whose value is unknown.
    Assign {
        targets: Vec<Expr>,
        op: String,
        value: Expr,
    },
    /// `from ..module import names`: dots, module, (name, name here); `*` for all.
    From {
        dots: usize,
        module: String,
        names: Vec<(String, String)>,
    },
    /// `import a.b as c`: (module, name here).
    Import(Vec<(String, String)>),
    Expression(Expr),
    /// `global names`.
    Global(Vec<String>),
}

/// What a statement stands in.
#[derive(Clone, Debug)]
pub(super) enum Block {
    If(Expr),
    /// What runs where the condition does not hold.
    Else(Expr),
    /// `for names in expression`.
    For(Vec<String>, Expr),
    Try,
    Except,
    Class,
    /// A function, with its name.
    Function(String),
    /// `match expression`, whose cases are conditions.
    Match(Expr),
    Other,
}

impl Statement {
    /// Whether it stands in a function, so that it does not run when the file is loaded.
    #[must_use]
    pub(super) fn is_in_function(&self) -> bool {
        self.inside
            .iter()
            .any(|block| matches!(block, Block::Function(_)))
    }
}

/// The statements of a Python file, nested ones too.
#[must_use]
pub(super) fn read(source: &str) -> Vec<Statement> {
    statements(&tokens::lines(source))
}

fn statements(lines: &[Line]) -> Vec<Statement> {
    let mut found = Vec::new();
    // The open blocks, with the indentation of their headers.
    let mut open: Vec<(usize, Block)> = Vec::new();
    for line in lines {
        let mut closed = None;
        while !line.continues
            && open
                .last()
                .is_some_and(|(indent, _)| *indent >= line.indent)
        {
            closed = open.pop();
        }
        let closed = closed
            .filter(|(indent, _)| *indent == line.indent)
            .map(|(_, block)| block);
        let mut tokens = &line.tokens[..];
        let subject = open.last().and_then(|(_, block)| match block {
            Block::Match(subject) => Some(subject),
            _ => None,
        });
        if let Some((block, body)) = header(tokens, closed, subject) {
            let (head, rest) = tokens.split_at(body.min(tokens.len()));
            tokens = rest;
            open.push((line.indent, block));
            found.extend(named(head).map(|(value, line)| Statement {
                kind: StatementKind::Expression(value),
                line,
                inside: open.iter().map(|(_, block)| block.clone()).collect(),
            }));
        }
        if tokens.is_empty() {
            continue;
        }
        if let Some(kind) = statement(tokens) {
            found.push(Statement {
                kind,
                line: tokens[0].1,
                inside: open.iter().map(|(_, block)| block.clone()).collect(),
            });
        }
    }
    found
}

/// Every `name := value` in the header of a block.
fn named(head: &[(Token, usize)]) -> impl Iterator<Item = (Expr, usize)> {
    let is_named = |index: &usize| head[*index].0.is(":=");
    (1..head.len())
        .filter(is_named)
        .map(|index| (parse(&head[index - 1..]).0, head[index].1))
}

/// The block that a line opens, and where in the line its body starts.
fn header(
    tokens: &[(Token, usize)],
    closed: Option<Block>,
    subject: Option<&Expr>,
) -> Option<(Block, usize)> {
    let (Token::Name(word), line) = tokens.first()? else {
        return None;
    };
    let body = colon(tokens)? + 1;
    let inner = &tokens[1..];
    let block = match word.as_str() {
        // These words are names elsewhere: what follows them tells.
        "match" if body > 2 && body == tokens.len() && !is_name_so_far(inner) => {
            Block::Match(parse(inner).0)
        }
        "case" if body > 2 && subject.is_some() => {
            let (pattern, _) = parse(inner);
            Block::If(Expr {
                kind: E::Binary("==".into(), Box::new(subject?.clone()), Box::new(pattern)),
                line: *line,
            })
        }
        "if" | "elif" | "while" => Block::If(parse(inner).0),
        "else" => match closed {
            Some(Block::If(condition) | Block::Else(condition)) => Block::Else(condition),
            Some(Block::Except | Block::Try) => Block::Try,
            _ => Block::Else(Expr::unknown(*line)),
        },
        "try" => Block::Try,
        // `with suppress(ImportError)`: it is a `try`.
        "with" if tokens[..body].iter().any(|(token, _)| token.is("suppress")) => Block::Try,
        "except" => Block::Except,
        "finally" | "with" => Block::Other,
        "for" => {
            let names = inner.iter().map_while(|(token, _)| match token {
                Token::Name(name) if name != "in" => Some(Some(name.clone())),
                Token::Op(_) => Some(None),
                _ => None,
            });
            let names = names.flatten().collect();
            let start = inner.iter().position(|(token, _)| token.is("in"))?;
            Block::For(names, parse(&inner[start + 1..]).0)
        }
        "def" => Block::Function(inner.first().map_or_else(
            String::new,
            |(token, _)| match token {
                Token::Name(name) => name.clone(),
                _ => String::new(),
            },
        )),
        "async" => Block::Function(String::new()),
        "class" => Block::Class,
        _ => return None,
    };
    Some((block, body))
}

/// Whether `match` before these tokens can only be a name.
fn is_name_so_far(tokens: &[(Token, usize)]) -> bool {
    tokens
        .first()
        .is_some_and(|(token, _)| token.is(".") || token.is("=") || token.is(":"))
}

/// The colon that ends a header.
fn colon(tokens: &[(Token, usize)]) -> Option<usize> {
    let mut depth = 0_usize;
    let mut lambdas = 0_usize;
    for (index, (token, _)) in tokens.iter().enumerate() {
        match token {
            Token::Op("(" | "[" | "{") => depth += 1,
            Token::Op(")" | "]" | "}") => depth = depth.saturating_sub(1),
            Token::Name(name) if name == "lambda" && depth == 0 => lambdas += 1,
            Token::Op(":") if depth == 0 && lambdas > 0 => lambdas -= 1,
            Token::Op(":") if depth == 0 => return Some(index),
            _ => {}
        }
    }
    None
}

fn statement(tokens: &[(Token, usize)]) -> Option<StatementKind> {
    match &tokens[0].0 {
        Token::Name(word) if word == "import" => Some(StatementKind::Import(imports(&tokens[1..]))),
        Token::Name(word) if word == "from" => from(&tokens[1..]),
        // From then on the name is not what it was.
        Token::Name(word) if word == "del" => {
            let (target, _) = parse(&tokens[1..]);
            Some(StatementKind::Assign {
                targets: vec![target],
                op: DELETED.into(),
                value: Expr::unknown(tokens[0].1),
            })
        }
        Token::Name(word) if word == "global" => {
            let names = tokens[1..].iter().filter_map(|(token, _)| match token {
                Token::Name(name) => Some(name.clone()),
                _ => None,
            });
            Some(StatementKind::Global(names.collect()))
        }
        // Python 2: `exec code in names`.
        Token::Name(word)
            if word == "exec"
                && matches!(tokens.get(1), Some((Token::Name(_) | Token::Text(..), _))) =>
        {
            let line = tokens[0].1;
            let (value, _) = parse(&tokens[1..]);
            let function = Expr {
                kind: E::Name(word.clone()),
                line,
            };
            let kind = E::Call(Box::new(function), vec![Argument { name: None, value }]);
            Some(StatementKind::Expression(Expr { kind, line }))
        }
        Token::Name(word)
            if matches!(
                word.as_str(),
                "return" | "raise" | "assert" | "print" | "pass"
            ) =>
        {
            let (value, _) = parse(&tokens[1..]);
            Some(StatementKind::Expression(value))
        }
        _ => assignment(tokens),
    }
}

fn assignment(tokens: &[(Token, usize)]) -> Option<StatementKind> {
    let (first, mut at) = parse(tokens);
    // `name: type = value`
    if tokens.get(at).is_some_and(|(token, _)| token.is(":")) {
        let (_, length) = parse(&tokens[at + 1..]);
        at += 1 + length;
    }
    let Some((Token::Op(op), _)) = tokens.get(at) else {
        return Some(StatementKind::Expression(first));
    };
    if !op.ends_with('=') || matches!(*op, "==" | "!=" | "<=" | ">=") {
        return Some(StatementKind::Expression(first));
    }
    let op = (*op).to_owned();
    let mut targets = vec![first];
    loop {
        let (value, length) = parse(&tokens[at + 1..]);
        at += 1 + length;
        let more =
            op == "=" && length > 0 && tokens.get(at).is_some_and(|(token, _)| token.is("="));
        if !more {
            return Some(StatementKind::Assign { targets, op, value });
        }
        targets.push(value);
    }
}

fn dotted(tokens: &[(Token, usize)]) -> (String, usize) {
    let mut name = String::new();
    let mut at = 0;
    while let Some((token, _)) = tokens.get(at) {
        match token {
            Token::Name(part) if name.is_empty() || name.ends_with('.') => {
                if part == "import" || part == "as" {
                    break;
                }
                name.push_str(part);
            }
            Token::Op(".") => name.push('.'),
            _ => break,
        }
        at += 1;
    }
    (name, at)
}

fn imports(tokens: &[(Token, usize)]) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for part in tokens.split(|(token, _)| token.is(",")) {
        let (name, at) = dotted(part);
        if name.is_empty() {
            continue;
        }
        let here = match part.get(at..) {
            Some([(Token::Name(word), _), (Token::Name(alias), _), ..]) if word == "as" => {
                alias.clone()
            }
            _ => name.clone(),
        };
        found.push((name, here));
    }
    found
}

fn from(tokens: &[(Token, usize)]) -> Option<StatementKind> {
    let dots_of = |(token, _): &&(Token, usize)| match token {
        Token::Op(".") => Some(1),
        Token::Op("...") => Some(3),
        _ => None,
    };
    let mut dots = 0;
    let mut at = 0;
    while let Some(more) = tokens.get(at).as_ref().and_then(dots_of) {
        dots += more;
        at += 1;
    }
    let (module, length) = dotted(&tokens[at..]);
    at += length;
    if !tokens.get(at)?.0.is("import") {
        return None;
    }
    let rest: Vec<(Token, usize)> = tokens[at + 1..]
        .iter()
        .filter(|(token, _)| !token.is("(") && !token.is(")"))
        .cloned()
        .collect();
    let names = if rest.first().is_some_and(|(token, _)| token.is("*")) {
        vec![("*".to_owned(), "*".to_owned())]
    } else {
        imports(&rest)
    };
    Some(StatementKind::From {
        dots,
        module,
        names,
    })
}
