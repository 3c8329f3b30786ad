//! Python source, 2 or 3, → logical lines of tokens. Never fails: what is no Python becomes tokens that no rule matches.

/// One token. Comments and line breaks inside brackets are gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    Name(String),
    Number(String),
    /// A string's value, and whether it is an f-string, whose value is not known.
    Text(String, bool),
    Op(&'static str),
    /// Anything else.
    Other(char),
}

impl Token {
    #[must_use]
    pub(super) fn is(&self, word: &str) -> bool {
        match self {
            Self::Name(name) => name == word,
            Self::Op(op) => *op == word,
            _ => false,
        }
    }
}

/// One logical line: its indentation, the number of its first line, its tokens with the numbers of their lines.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub(super) indent: usize,
    pub(super) number: usize,
    pub(super) tokens: Vec<(Token, usize)>,
    /// Whether it stands behind a `;`, in the block of the statement before it.
    pub(super) continues: bool,
}

/// The operators, the longest first, so that `**=` is one operator.
const OPERATORS: [&str; 46] = [
    "**=", "//=", "<<=", ">>=", "...", "->", ":=", "**", "//", "<<", ">>", "<=", ">=", "==", "!=",
    "<>", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "@=", "(", ")", "[", "]", "{", "}", ",",
    ":", ".", ";", "=", "+", "-", "*", "/", "%", "<", ">", "|", "&", "@",
];

/// Splits `source` into logical lines. Statements on one line behind `;` become lines of their own.
#[must_use]
pub(super) fn lines(source: &str) -> Vec<Line> {
    let mut reader = Tokenizer {
        rest: source,
        number: 1,
        depth: 0,
        lines: Vec::new(),
        line: None,
        start: (source, 1),
        continues: false,
        recovers: false,
    };
    reader.run();
    reader.lines
}

struct Tokenizer<'a> {
    rest: &'a str,
    number: usize,
    depth: usize,
    lines: Vec<Line>,
    line: Option<Line>,
    /// The text from the start of `line` on, and the number of its first line.
    start: (&'a str, usize),
    continues: bool,
    /// Whether a bracket is never closed: from its statement on, a line that plainly starts another one ends it.
    recovers: bool,
}

/// Words that start a statement and stand at the start of no other line, unless an expression is laid out as nobody
/// does.
const STATEMENTS: [&str; 15] = [
    "import", "from", "def", "class", "return", "raise", "try", "except", "with", "while", "if",
    "elif", "else", "for", "del",
];

impl Tokenizer<'_> {
    fn run(&mut self) {
        self.read(self.indentation());
        if self.depth > 0
            && let Some(open) = self.line.take()
        {
            (self.rest, self.number) = self.start;
            self.depth = 0;
            self.continues = open.continues;
            self.recovers = true;
            self.read(open.indent);
        }
        self.end();
    }

    fn read(&mut self, mut indent: usize) {
        while let Some(letter) = self.rest.chars().next() {
            match letter {
                '\n' => {
                    self.skip(1);
                    self.number += 1;
                    if self.depth == 0 || (self.recovers && self.starts_statement()) {
                        self.end();
                        indent = self.indentation();
                    }
                }
                ' ' | '\t' | '\u{c}' | '\r' | '\u{feff}' => self.skip(letter.len_utf8()),
                '#' => {
                    let end = self.rest.find('\n').unwrap_or(self.rest.len());
                    self.skip(end);
                }
                '\\' if self.rest[1..].starts_with('\n') => {
                    self.skip(2);
                    self.number += 1;
                }
                _ => self.token(letter, indent),
            }
        }
    }

    /// Whether the line that starts here is a statement of its own, indented no deeper than the one before.
    fn starts_statement(&self) -> bool {
        let indent = self.line.as_ref().map_or(0, |line| line.indent);
        let text = self.rest.trim_start_matches([' ', '\t']);
        let is_part = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == '.';
        let (name, after) = text.split_at(text.find(|c| !is_part(c)).unwrap_or(text.len()));
        let after = after.trim_start();
        let is_assigned =
            (after.starts_with('=') && !after.starts_with("==")) || after.starts_with("+=");
        self.indentation() <= indent
            && (STATEMENTS.contains(&name) || (!name.is_empty() && is_assigned))
    }

    fn skip(&mut self, bytes: usize) {
        self.rest = &self.rest[bytes..];
    }

    fn indentation(&self) -> usize {
        let mut width = 0;
        for letter in self.rest.chars() {
            match letter {
                ' ' => width += 1,
                '\t' => width = (width / 8 + 1) * 8,
                _ => break,
            }
        }
        width
    }

    fn end(&mut self) {
        self.lines.extend(self.line.take());
        self.depth = 0;
        self.continues = false;
    }

    fn push(&mut self, token: Token, indent: usize, number: usize) {
        let continues = self.continues;
        let line = self.line.get_or_insert_with(|| Line {
            indent,
            number,
            tokens: Vec::new(),
            continues,
        });
        line.tokens.push((token, number));
    }

    fn token(&mut self, letter: char, indent: usize) {
        let number = self.number;
        if self.line.is_none() {
            self.start = (self.rest, number);
        }
        if letter == '"' || letter == '\'' {
            let text = self.string("");
            return self.push(Token::Text(text, false), indent, number);
        }
        if letter.is_alphabetic() || letter == '_' {
            let end = self
                .rest
                .find(|letter: char| !letter.is_alphanumeric() && letter != '_')
                .unwrap_or(self.rest.len());
            let word = self.rest[..end].to_owned();
            self.skip(end);
            let prefix = word.to_ascii_lowercase();
            let is_prefix =
                prefix.len() <= 2 && prefix.chars().all(|letter| "rbuft".contains(letter));
            if is_prefix && self.rest.starts_with(['"', '\'']) {
                let text = self.string(&prefix);
                return self.push(
                    Token::Text(text, prefix.contains(['f', 't'])),
                    indent,
                    number,
                );
            }
            return self.push(Token::Name(word), indent, number);
        }
        let is_fraction =
            letter == '.' && self.rest[1..].starts_with(|next: char| next.is_ascii_digit());
        if letter.is_ascii_digit() || is_fraction {
            let end = self
                .rest
                .find(|letter: char| {
                    !letter.is_ascii_alphanumeric() && letter != '_' && letter != '.'
                })
                .unwrap_or(self.rest.len());
            let number_text = self.rest[..end].to_owned();
            self.skip(end);
            return self.push(Token::Number(number_text), indent, number);
        }
        let Some(op) = OPERATORS.iter().find(|op| self.rest.starts_with(**op)) else {
            self.skip(letter.len_utf8());
            return self.push(Token::Other(letter), indent, number);
        };
        self.skip(op.len());
        match *op {
            "(" | "[" | "{" => self.depth += 1,
            ")" | "]" | "}" => self.depth = self.depth.saturating_sub(1),
            ";" if self.depth == 0 => {
                self.lines.extend(self.line.take());
                self.continues = true;
                return;
            }
            _ => {}
        }
        self.push(Token::Op(op), indent, number);
    }

    /// The value of the string that starts here. A string that is not closed ends with its line, or with the file when
    /// it is triple-quoted, as Python itself would complain.
    fn string(&mut self, prefix: &str) -> String {
        let quote = &self.rest[..1];
        let triple = quote.repeat(3);
        let is_triple = self.rest.starts_with(&triple);
        let quote = if is_triple { triple } else { quote.to_owned() };
        self.skip(quote.len());
        let is_raw = prefix.contains('r');
        let mut value = String::new();
        while let Some(letter) = self.rest.chars().next() {
            if self.rest.starts_with(&quote) {
                self.skip(quote.len());
                return value;
            }
            if letter == '\\' {
                let next = self.rest[1..].chars().next().unwrap_or('\\');
                self.skip(1 + self.rest[1..].chars().next().map_or(0, char::len_utf8));
                if next == '\n' {
                    self.number += 1;
                }
                match next {
                    '\n' if !is_raw => {}
                    _ if is_raw => value.extend(['\\', next]),
                    'n' => value.push('\n'),
                    't' => value.push('\t'),
                    '\\' | '\'' | '"' => value.push(next),
                    _ => value.extend(['\\', next]),
                }
                continue;
            }
            if letter == '\n' {
                if !is_triple {
                    return value;
                }
                self.number += 1;
            }
            value.push(letter);
            self.skip(letter.len_utf8());
        }
        value
    }
}
