//! Tokens → an expression.

use super::expression::{Argument, Expr, ExprKind};
use super::tokens::Token;

/// Deeper nesting than any settings file has; hostile input must not exhaust the stack.
const DEEPEST: usize = 120;

/// Reads the expression that starts at the first token, and says how many tokens it took.
#[must_use]
pub(super) fn parse(tokens: &[(Token, usize)]) -> (Expr, usize) {
    let mut parser = Parser {
        tokens,
        at: 0,
        depth: 0,
    };
    let expr = parser.tuple();
    (expr, parser.at)
}

struct Parser<'a> {
    tokens: &'a [(Token, usize)],
    at: usize,
    depth: usize,
}

/// The operators, the loosest first.
const LEVELS: [&[&str]; 6] = [
    &["or"],
    &["and"],
    &["==", "!=", "<", ">", "<=", ">=", "<>", "in", "is", "not"],
    &["|", "&", "^", "<<", ">>"],
    &["+", "-"],
    &["*", "/", "%", "//", "@"],
];

impl Parser<'_> {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at).map(|(token, _)| token)
    }

    fn is(&self, word: &str) -> bool {
        self.peek().is_some_and(|token| token.is(word))
    }

    fn take(&mut self, word: &str) -> bool {
        let found = self.is(word);
        self.at += usize::from(found);
        found
    }

    fn line(&self) -> usize {
        let last = self.tokens.last();
        self.tokens
            .get(self.at)
            .or(last)
            .map_or(0, |(_, line)| *line)
    }

    fn at(kind: ExprKind, line: usize) -> Expr {
        Expr { kind, line }
    }

    /// Expressions with commas between them are a tuple.
    fn tuple(&mut self) -> Expr {
        let line = self.line();
        let first = self.ternary();
        if !self.is(",") {
            return first;
        }
        let mut items = vec![first];
        while self.take(",") {
            if self.peek().is_none() || self.is("=") || self.is(")") || self.is("]") {
                break;
            }
            items.push(self.ternary());
        }
        Self::at(ExprKind::List(items), line)
    }

    fn ternary(&mut self) -> Expr {
        let line = self.line();
        self.depth += 1;
        if self.depth > DEEPEST {
            self.depth -= 1;
            return self.too_deep(line);
        }
        let mut expr = if self.take("lambda") {
            self.lambda(line)
        } else {
            self.binary(0)
        };
        if self.take("if") {
            let condition = self.binary(0);
            let otherwise = if self.take("else") {
                self.ternary()
            } else {
                Expr::unknown(line)
            };
            let kind = ExprKind::Choice(Box::new(expr), Box::new(otherwise), Box::new(condition));
            expr = Self::at(kind, line);
        }
        if self.is(":=")
            && let ExprKind::Name(name) = &expr.kind
        {
            let name = name.clone();
            self.at += 1;
            expr = Self::at(ExprKind::Named(name, Box::new(self.ternary())), line);
        }
        self.depth -= 1;
        expr
    }

    fn lambda(&mut self, line: usize) -> Expr {
        let mut parameter = String::new();
        while !self.is(":") {
            match self.peek() {
                Some(Token::Name(name)) => parameter.clone_from(name),
                Some(_) => {}
                None => return Expr::unknown(line),
            }
            self.at += 1;
        }
        self.at += 1;
        let body = self.ternary();
        Self::at(ExprKind::Lambda(parameter, Box::new(body)), line)
    }

    fn binary(&mut self, level: usize) -> Expr {
        let Some(operators) = LEVELS.get(level) else {
            return self.unary();
        };
        let line = self.line();
        let mut nots = 0_usize;
        while level == 2 && self.take("not") {
            nots += 1;
        }
        let mut left = if nots > 0 {
            self.binary(level)
        } else {
            self.binary(level + 1)
        };
        // Two of them are as good as any even number.
        for _ in 0..nots.min(2 - nots % 2) {
            left = Self::at(ExprKind::Not(Box::new(left)), line);
        }
        for _ in 0..DEEPEST {
            let Some(op) = operators.iter().find(|op| self.is(op)) else {
                return left;
            };
            self.at += 1;
            // `is not` and `not in` are one operator.
            let op = match *op {
                "is" if self.take("not") => "is not",
                "not" if self.take("in") => "not in",
                op => op,
            };
            let right = self.binary(level + 1);
            left = Self::at(
                ExprKind::Binary(op.to_owned(), Box::new(left), Box::new(right)),
                line,
            );
        }
        self.too_deep(line)
    }

    /// Nothing that follows is read: nobody writes so much in one expression, and each link of a chain is a level of it.
    fn too_deep(&mut self, line: usize) -> Expr {
        self.at = self.tokens.len();
        Expr::unknown(line)
    }

    fn unary(&mut self) -> Expr {
        while self.is("-") || self.is("+") || self.is("not") || self.is("await") {
            self.at += 1;
        }
        // `*args` and `**kwargs` in calls and lists.
        while self.is("*") || self.is("**") {
            self.at += 1;
        }
        if self.peek() == Some(&Token::Other('~')) {
            return self.inverted();
        }
        let mut expr = self.atom();
        for _ in 0..DEEPEST {
            let line = expr.line;
            if self.take(".") {
                let Some(Token::Name(part)) = self.peek().cloned() else {
                    return expr;
                };
                self.at += 1;
                expr = expr.attribute_named(part);
            } else if self.take("(") {
                let arguments = self.arguments();
                expr = Self::at(ExprKind::Call(Box::new(expr), arguments), line);
            } else if self.take("[") {
                let index = self.tuple();
                self.skip_to("]");
                expr = Self::at(ExprKind::Index(Box::new(expr), Box::new(index)), line);
            } else if self.take("**") {
                // The power is another atom, and what follows it belongs to that.
                while self.is("-") || self.is("+") {
                    self.at += 1;
                }
                let _power = self.atom();
                expr = Expr::unknown(line);
            } else {
                return expr;
            }
        }
        let line = expr.line;
        self.too_deep(line)
    }

    /// `~operand`, of which nobody makes a setting.
    fn inverted(&mut self) -> Expr {
        let line = self.line();
        self.at += 1;
        self.depth += 1;
        if self.depth > DEEPEST {
            self.depth -= 1;
            return self.too_deep(line);
        }
        let _operand = self.unary();
        self.depth -= 1;
        Expr::unknown(line)
    }

    fn arguments(&mut self) -> Vec<Argument> {
        let mut arguments = Vec::new();
        while !self.is(")") && self.peek().is_some() {
            let start = self.at;
            let name = match (self.peek(), self.tokens.get(self.at + 1)) {
                (Some(Token::Name(name)), Some((after, _))) if after.is("=") => Some(name.clone()),
                _ => None,
            };
            if name.is_some() {
                self.at += 2;
            }
            let value = self.ternary();
            arguments.push(Argument { name, value });
            self.comprehension(")");
            if !self.take(",") && self.at == start {
                self.at += 1;
            }
        }
        self.take(")");
        arguments
    }

    fn atom(&mut self) -> Expr {
        let line = self.line();
        let Some(token) = self.peek().cloned() else {
            return Expr::unknown(line);
        };
        match token {
            Token::Text(first, is_formatted) => self.text(first, is_formatted, line),
            Token::Number(number) => {
                self.at += 1;
                Self::at(ExprKind::Number(number), line)
            }
            Token::Name(name) if !is_keyword(&name) => {
                self.at += 1;
                Self::at(ExprKind::Name(name), line)
            }
            Token::Op("(") => {
                self.at += 1;
                let items = self.items(")");
                let is_tuple = self.tokens[..self.at.min(self.tokens.len())]
                    .len()
                    .checked_sub(2)
                    .is_some_and(|last| self.tokens[last].0.is(","));
                match <[Expr; 1]>::try_from(items) {
                    Ok([only]) if !is_tuple => only,
                    Ok([only]) => Self::at(ExprKind::List(vec![only]), line),
                    Err(items) => Self::at(ExprKind::List(items), line),
                }
            }
            Token::Op("[") => {
                self.at += 1;
                let items = self.items("]");
                Self::at(ExprKind::List(items), line)
            }
            Token::Op("{") => {
                self.at += 1;
                self.braces(line)
            }
            _ => {
                if !matches!(&token, Token::Op(")" | "]" | "}" | "," | ":" | "=")) {
                    self.at += 1;
                }
                Expr::unknown(line)
            }
        }
    }

    /// Neighbouring strings are one.
    fn text(&mut self, first: String, is_formatted: bool, line: usize) -> Expr {
        let mut text = first;
        let mut is_known = !is_formatted || !text.contains('{');
        self.at += 1;
        while let Some(Token::Text(more, is_formatted)) = self.peek() {
            is_known = is_known && (!is_formatted || !more.contains('{'));
            text.push_str(more);
            self.at += 1;
        }
        let kind = if is_known {
            ExprKind::Text(text)
        } else {
            ExprKind::Unknown
        };
        Self::at(kind, line)
    }

    fn items(&mut self, end: &str) -> Vec<Expr> {
        let mut items = Vec::new();
        while !self.is(end) && self.peek().is_some() {
            let start = self.at;
            items.push(self.ternary());
            self.comprehension(end);
            if !self.take(",") && self.at == start {
                self.at += 1;
            }
        }
        self.take(end);
        items
    }

    fn braces(&mut self, line: usize) -> Expr {
        let mut entries = Vec::new();
        while !self.is("}") && self.peek().is_some() {
            let start = self.at;
            if self.take("**") {
                let value = self.ternary();
                entries.push((None, value));
            } else {
                let key = self.ternary();
                if self.take(":") {
                    let value = self.ternary();
                    entries.push((Some(key), value));
                } else {
                    entries.push((None, key));
                }
            }
            self.comprehension("}");
            if !self.take(",") && self.at == start {
                self.at += 1;
            }
        }
        self.take("}");
        Self::at(ExprKind::Dict(entries), line)
    }

    /// What follows `for` inside brackets is not looked at.
    fn comprehension(&mut self, end: &str) {
        if self.is("for") || self.is("async") {
            let mut depth = 0_usize;
            while let Some(token) = self.peek() {
                if depth == 0 && token.is(end) {
                    return;
                }
                match token {
                    Token::Op("(" | "[" | "{") => depth += 1,
                    Token::Op(")" | "]" | "}") => depth = depth.saturating_sub(1),
                    _ => {}
                }
                self.at += 1;
            }
        }
    }

    fn skip_to(&mut self, end: &str) {
        while self.peek().is_some() && !self.take(end) {
            self.at += 1;
        }
    }
}

fn is_keyword(name: &str) -> bool {
    matches!(
        name,
        "if" | "else"
            | "for"
            | "in"
            | "is"
            | "and"
            | "or"
            | "not"
            | "lambda"
            | "yield"
            | "from"
            | "import"
            | "async"
    )
}
