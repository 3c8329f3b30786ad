//! Passwords and tokens in the addresses of requirements: a variable of the environment stands for each in what is written.
//!
//! pip and uv put the value of `NAME` where `${NAME}` stands, anywhere in a line.

use super::super::finding::at;
use super::super::sources::Sources;
use super::super::text::decode;

/// The secrets of one file's addresses, with the names of variables that stand for them.
#[derive(Debug, Default)]
pub(super) struct Secrets(Vec<NamedSecret>);

#[derive(Debug)]
struct NamedSecret {
    line: usize,
    variable: String,
    secret: String,
}

/// A secret in a line: where it is, and what its variable is called if that name is free.
struct Spot {
    start: usize,
    end: usize,
    name: String,
}

impl Secrets {
    /// The secrets of a whole file of any notation, so that each gets the same name wherever a line of it is copied to.
    pub(super) fn of(text: &str) -> Self {
        let mut secrets = Self::default();
        for (index, line) in text.lines().enumerate() {
            for spot in spots(line) {
                let secret = &line[spot.start..spot.end];
                secrets.0.push(NamedSecret {
                    line: index + 1,
                    variable: secrets.variable(&spot.name, secret),
                    secret: secret.to_owned(),
                });
            }
        }
        secrets
    }

    /// The name of the variable for a secret; two secrets of the same host have two names.
    fn variable(&self, name: &str, secret: &str) -> String {
        let numbered = (2..).map(|number| format!("{name}_{number}"));
        let mut names = std::iter::once(name.to_owned()).chain(numbered);
        let is_free = |name: &String| {
            let mut same = self.0.iter().filter(|named| named.variable == *name);
            same.all(|named| named.secret == secret)
        };
        names.find(is_free).unwrap_or_default()
    }

    /// The text with `${NAME}` for every secret.
    pub(super) fn veil(&self, text: &str) -> String {
        let mut made = String::with_capacity(text.len());
        for line in text.split_inclusive('\n') {
            let mut done = 0;
            for spot in spots(line) {
                let variable = self.variable(&spot.name, &line[spot.start..spot.end]);
                made.push_str(&line[done..spot.start]);
                made.push_str("${");
                made.push_str(&variable);
                made.push('}');
                done = spot.end;
            }
            made.push_str(&line[done..]);
        }
        made
    }
}

/// A requirements file without the secrets of its addresses; byte for byte the same where there are none.
#[must_use]
pub fn without_secrets(bytes: &[u8]) -> Vec<u8> {
    let is_wide = bytes.contains(&0);
    let text: String = if is_wide {
        decode(bytes)
    } else {
        // The bytes are kept as they are, whatever the encoding: what is looked for is ASCII.
        bytes.iter().map(|byte| char::from(*byte)).collect()
    };
    let made = Secrets::of(&text).veil(&text);
    if made == text {
        return bytes.to_vec();
    }
    if is_wide {
        return made.into_bytes();
    }
    let narrow = made.chars().map(|letter| u8::try_from(u32::from(letter)));
    narrow.map(|byte| byte.unwrap_or(b'?')).collect()
}

/// The variables that stand for secrets of the file at `path`, each with the place of one as `path:line`.
#[must_use]
pub fn variables(sources: &Sources, path: &str) -> Vec<(String, String)> {
    let text = sources.text(path);
    let lines: Vec<&str> = text.lines().collect();
    let is_said = |named: &&NamedSecret| {
        let line = lines.get(named.line - 1);
        line.is_some_and(|line| !line.trim_start().starts_with('#'))
    };
    let secrets = Secrets::of(&text);
    let said = secrets.0.iter().filter(is_said);
    said.map(|named| (at(path, named.line), named.variable.clone()))
        .collect()
}

/// `$NAME` or `${NAME}`.
pub(super) fn is_variable(part: &str) -> bool {
    part.strip_prefix('$').is_some_and(|name| {
        name.chars()
            .all(|letter| letter.is_ascii_alphanumeric() || "_{}".contains(letter))
    })
}

/// The secrets in the addresses of a line, from left to right.
fn spots(line: &str) -> Vec<Spot> {
    let mut found: Vec<Spot> = Vec::new();
    for (slashes, mark) in line.match_indices("://") {
        let start = slashes + mark.len();
        if found.last().is_some_and(|spot| start < spot.end) {
            continue;
        }
        let ends =
            |letter: char| letter.is_whitespace() || matches!(letter, '"' | '\'' | '<' | '>');
        let url = &line[start..];
        let url = &url[..url.find(ends).unwrap_or(url.len())];
        let is_web = ["http", "https"].iter().any(|scheme| {
            let before = line[..slashes].strip_suffix(scheme);
            before.is_some_and(|before| !before.ends_with(|letter: char| letter.is_alphanumeric()))
        });
        of_url(url, start, is_web, &mut found);
    }
    found
}

/// The secrets of what follows a scheme's slashes.
fn of_url(url: &str, start: usize, is_web: bool, found: &mut Vec<Spot>) {
    let authority = &url[..url.find(['/', '?', '#']).unwrap_or(url.len())];
    let login = login(url, authority);
    let host = login.map_or(url, |login| &url[login.len() + 1..]);
    let host = &host[..host.find(['/', ':', '?', '#']).unwrap_or(host.len())];
    let mut add = |start: usize, secret: &str, kind: &str| {
        if !secret.is_empty() && !is_variable(secret) {
            found.push(Spot {
                start,
                end: start + secret.len(),
                name: name(host, kind),
            });
        }
    };
    match login.map(|login| login.split_once(':').ok_or(login)) {
        // Some hosts take a token as the user's name, and no password or this word for one.
        Some(Ok((user, "" | "x-oauth-basic"))) => add(start, user, "TOKEN"),
        Some(Ok((user, password))) => {
            if user == password {
                add(start, user, "PASSWORD");
            }
            add(start + user.len() + 1, password, "PASSWORD");
        }
        Some(Err(user)) if is_web && user != "git" => add(start, user, "TOKEN"),
        _ => {}
    }
    let (before, query) = url.split_once('?').unwrap_or((url, ""));
    let mut place = start + before.len() + 1;
    for pair in query.split('#').next().unwrap_or_default().split('&') {
        if let Some((key, value)) = pair.split_once('=')
            && is_secret_key(key)
        {
            add(place + key.len() + 1, value, key);
        }
        place += pair.len() + 1;
    }
}

/// What stands before the `@` of an address. One whose password has a slash in it breaks the rules for addresses, and
/// is one all the same.
fn login<'a>(url: &'a str, authority: &str) -> Option<&'a str> {
    if let Some(end) = authority.rfind('@') {
        return Some(&url[..end]);
    }
    let (_, port) = authority.split_once(':')?;
    let is_port = port.chars().all(|letter| letter.is_ascii_digit()) || is_variable(port);
    let end = url.rfind('@').filter(|_| !is_port)?;
    Some(&url[..end])
}

/// Whether the value of a query's key lets somebody in.
fn is_secret_key(key: &str) -> bool {
    const WORDS: [&str; 7] = [
        "token",
        "pass",
        "secret",
        "key",
        "sig",
        "auth",
        "credential",
    ];
    let key = key.to_ascii_lowercase();
    WORDS.iter().any(|word| key.contains(word))
}

/// `packages.example.com` and `password` → `PACKAGES_EXAMPLE_COM_PASSWORD`.
fn name(host: &str, kind: &str) -> String {
    let text = format!("{host}_{kind}");
    let letters = text.chars().map(|letter| match letter {
        letter if letter.is_ascii_alphanumeric() => letter.to_ascii_uppercase(),
        _ => '_',
    });
    let name: String = letters.collect();
    if name.starts_with(|letter: char| letter.is_ascii_uppercase()) {
        name
    } else {
        format!("HOST_{}", name.trim_start_matches('_'))
    }
}

#[cfg(test)]
mod tests {
    use super::{Secrets, without_secrets};

    #[test]
    fn a_variable_stands_for_each_secret() {
        for (line, veiled) in [
            (
                "--extra-index-url https://t:pw@p.example/s",
                "--extra-index-url https://t:${P_EXAMPLE_PASSWORD}@p.example/s",
            ),
            (
                "git+https://token@git.example:8443/a.git@v1#egg=a",
                "git+https://${GIT_EXAMPLE_TOKEN}@git.example:8443/a.git@v1#egg=a",
            ),
            (
                "a @ https://token:x-oauth-basic@10.0.0.1/a.zip",
                "a @ https://${HOST_10_0_0_1_TOKEN}:x-oauth-basic@10.0.0.1/a.zip",
            ),
            (
                "-i https://a:b/c@d#e@h/ --extra-index-url https://a:other@h/",
                "-i https://a:${H_PASSWORD}@h/ --extra-index-url https://a:${H_PASSWORD_2}@h/",
            ),
            (
                "https://h/a.zip?x=1&private_token=t#sha256=0",
                "https://h/a.zip?x=1&private_token=${H_PRIVATE_TOKEN}#sha256=0",
            ),
            (
                "git+ssh://me:pw@h/a.git",
                "git+ssh://me:${H_PASSWORD}@h/a.git",
            ),
        ] {
            assert_eq!(Secrets::of(line).veil(line), veiled);
        }
    }

    #[test]
    fn what_is_no_secret_stays() {
        for line in [
            "git+ssh://git@host/a.git@v1",
            "git+ssh://me@host/a.git",
            "git+https://git@host/a.git",
            "git+https://host:8443/a.git@v1.2",
            "https://${USER}:${TOKEN}@host/simple",
            "https://host:${PORT}/a.git@v1",
            "https://host/simple?page=2",
            "a @ file:///srv/a.zip",
        ] {
            assert_eq!(Secrets::of(line).veil(line), line);
        }
        let latin = b"# K\xe4se\r\nDjango\r\n";
        assert_eq!(without_secrets(latin), latin);
        assert_eq!(
            without_secrets(b"# K\xe4se https://a:\xe4@h/\r\n"),
            b"# K\xe4se https://a:${H_PASSWORD}@h/\r\n"
        );
    }
}
