//! Asks a web server on this machine for one page. It speaks HTTP 1.0, so that the server sends the page as it is.

use std::io::{self, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::time::{Duration, Instant};

/// How long one answer may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// The number of bytes of an answer that are read.
const MOST: u64 = 2 << 20;

/// What a server answered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) location: Option<String>,
    pub(super) body: String,
}

/// A port of this machine that no program listens on.
pub(super) fn free_port() -> io::Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    Ok(listener.local_addr()?.port())
}

/// Whether a program listens on a port of this machine.
pub(super) fn listens(port: u16) -> bool {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    TcpStream::connect_timeout(&address, Duration::from_secs(2)).is_ok()
}

/// Asks for `path` as a load balancer does that ends TLS for `host`.
pub(super) fn ask(port: u16, host: &str, path: &str) -> io::Result<Answer> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let start = Instant::now();
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_write_timeout(Some(PATIENCE))?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let question = format!(
        "GET {path} HTTP/1.0\r\nHost: {host}\r\nX-Forwarded-Proto: https\r\nX-Forwarded-For: 192.0.2.1\r\n\
         User-Agent: ixd-template\r\nAccept: text/html, */*;q=0.1\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(question.as_bytes())?;
    let mut bytes = Vec::new();
    let mut buffer = [0; 16_384];
    loop {
        let count = stream.read(&mut buffer)?;
        bytes.extend(&buffer[..count]);
        if count == 0 || bytes.len() as u64 > MOST {
            break;
        }
        if start.elapsed() > PATIENCE {
            return Err(io::ErrorKind::TimedOut.into());
        }
    }
    understood(&String::from_utf8_lossy(&bytes)).ok_or_else(|| io::ErrorKind::InvalidData.into())
}

fn understood(text: &str) -> Option<Answer> {
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((text, ""));
    let mut lines = head.lines();
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let headers = lines.filter_map(|line| line.split_once(':'));
    let mut locations = headers.filter(|(name, _)| name.eq_ignore_ascii_case("location"));
    Some(Answer {
        status,
        location: locations.next().map(|(_, value)| value.trim().to_owned()),
        body: body.to_owned(),
    })
}

/// The path of an address on the same site, and whether it asks for TLS. It is `None` for an address of another site.
pub(super) fn path_on(host: &str, address: &str, at: &str) -> Option<(String, bool)> {
    if let Some((scheme, rest)) = address.split_once("://") {
        let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let name = authority.split(':').next().unwrap_or(authority);
        let path = if path.is_empty() { "/" } else { path };
        return (name == host).then(|| (path.to_owned(), scheme == "https"));
    }
    if address.starts_with("//") {
        return path_on(host, &format!("http:{address}"), at);
    }
    if address.starts_with('/') {
        return Some((address.to_owned(), false));
    }
    let folder = at.rsplit_once('/').map_or("", |(folder, _)| folder);
    Some((format!("{folder}/{address}"), false))
}

/// The first address of a static file in a page.
pub(super) fn static_file(page: &str, prefix: &str) -> Option<String> {
    let mut rest = page;
    while let Some(at) = rest.find(prefix) {
        let quote = rest[..at]
            .chars()
            .next_back()
            .filter(|quote| matches!(quote, '"' | '\''));
        if let Some(quote) = quote
            && let Some(end) = rest[at..].find(quote)
        {
            let path = &rest[at..at + end];
            let is_file = path
                .rsplit('/')
                .next()
                .is_some_and(|name| name.contains('.'));
            if is_file
                && !path.contains(|c: char| c.is_whitespace() || matches!(c, '<' | '{' | '&' | '#'))
            {
                return Some(path.to_owned());
            }
        }
        rest = &rest[at + prefix.len()..];
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_its_status_where_it_leads_and_its_text() {
        let answer =
            understood("HTTP/1.1 302 Found\r\nserver: x\r\nlocation: /login/\r\n\r\nbody").unwrap();
        assert_eq!(
            (
                answer.status,
                answer.location.as_deref(),
                answer.body.as_str()
            ),
            (302, Some("/login/"), "body")
        );
        assert_eq!(understood("nonsense"), None);
    }

    #[test]
    fn addresses_lead_within_the_site_or_elsewhere() {
        let on = |address| path_on("shop.localhost", address, "/a/b");
        assert_eq!(on("https://shop.localhost/x"), Some(("/x".into(), true)));
        assert_eq!(on("//shop.localhost:80"), Some(("/".into(), false)));
        assert_eq!(on("c"), Some(("/a/c".into(), false)));
        assert_eq!(on("https://login.example.com/"), None);
    }

    #[test]
    fn a_page_names_its_static_files() {
        let page = "<a href='/static/'>x</a> <link href=\"/static/a.1.css\"> \"/static/b.js\"";
        assert_eq!(
            static_file(page, "/static/"),
            Some("/static/a.1.css".into())
        );
        assert_eq!(static_file("nothing", "/static/"), None);
    }
}
