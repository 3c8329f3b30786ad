//! Block YAML as an outline: the keys and items of a mapping or list, each with its lines. Enough for compose files, whose
//! values are looked at one by one; what stands in braces or brackets is the text of a value.

/// A key with its value, or an item of a list, which has no key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Node<'t> {
    pub(crate) key: &'t str,
    /// What stands on the same line, without quotes and comment.
    pub(crate) value: &'t str,
    /// The first line, from 0, and the one after the last that says something.
    pub(crate) lines: (usize, usize),
    pub(crate) indent: usize,
}

/// The lines of a text, and what stands in them.
pub(crate) struct Outline<'t> {
    lines: Vec<&'t str>,
}

impl<'t> Outline<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        Self {
            lines: text.lines().collect(),
        }
    }

    pub(crate) fn line(&self, number: usize) -> &'t str {
        self.lines.get(number).copied().unwrap_or_default()
    }

    /// The keys at the left.
    pub(crate) fn top(&self) -> Vec<Node<'t>> {
        self.within(0, self.lines.len(), 0)
    }

    /// What is in a node.
    pub(crate) fn inner(&self, node: &Node<'t>) -> Vec<Node<'t>> {
        let (first, end) = node.lines;
        if node.key.is_empty() {
            return Vec::new();
        }
        self.within(first + 1, end, node.indent)
    }

    /// The node under a key.
    pub(crate) fn get(&self, node: &Node<'t>, key: &str) -> Option<Node<'t>> {
        self.inner(node).into_iter().find(|inner| inner.key == key)
    }

    /// The texts of a list, in either notation, each with its line; those of a mapping are `key=value`.
    pub(crate) fn texts(&self, node: &Node<'t>) -> Vec<(usize, String)> {
        let line = node.lines.0;
        if let Some(inner) = node.value.strip_prefix('[') {
            let inner = inner.trim_end_matches(']').split(',');
            return inner.map(|text| (line, bare(text).to_owned())).collect();
        }
        if !node.value.is_empty() && !node.value.starts_with(['&', '*', '|', '>']) {
            return vec![(line, node.value.to_owned())];
        }
        let inner = self.inner(node).into_iter();
        let text = |node: Node<'t>| {
            let text = match node.key {
                "" => node.value.to_owned(),
                key => format!("{key}={}", node.value),
            };
            (node.lines.0, text)
        };
        inner.map(text).collect()
    }

    /// The nodes of one level between two lines; they stand right of `least`, or are a list under a key at `least`.
    fn within(&self, from: usize, to: usize, least: usize) -> Vec<Node<'t>> {
        let mut found: Vec<Node<'t>> = Vec::new();
        let mut level = None;
        for number in from..to {
            let line = self.line(number);
            let text = line.trim_start_matches(' ');
            let indent = line.len() - text.len();
            if is_silent(text) {
                continue;
            }
            let level = *level.get_or_insert(indent);
            // A list may stand under its key without being moved to the right.
            let is_item = text == "-" || text.starts_with("- ");
            let is_of_last = is_item && found.last().is_some_and(|last| !last.key.is_empty());
            if indent < level || indent < least {
                break;
            }
            if indent > level || is_of_last {
                if let Some(last) = found.last_mut() {
                    last.lines.1 = number + 1;
                }
                continue;
            }
            let (key, value) = if is_item {
                ("", text[1..].trim())
            } else {
                split(text)
            };
            found.push(Node {
                key: bare(key),
                value: bare(value),
                lines: (number, number + 1),
                indent,
            });
        }
        found
    }
}

/// A line that says nothing.
fn is_silent(text: &str) -> bool {
    let text = text.trim();
    text.is_empty() || text.starts_with('#') || text == "---"
}

/// `key: value` → its parts.
fn split(text: &str) -> (&str, &str) {
    let text = text.trim_end();
    if let Some(key) = text.strip_suffix(':') {
        return (key, "");
    }
    text.split_once(": ").unwrap_or((text, ""))
}

/// A value without its comment and its quotes.
fn bare(text: &str) -> &str {
    let text = text.trim();
    for quote in ['"', '\''] {
        if let Some(inner) = text.strip_prefix(quote) {
            return inner.split(quote).next().unwrap_or(inner);
        }
    }
    text.split(" #").next().unwrap_or(text).trim_end()
}

#[cfg(test)]
mod tests {
    use super::Outline;

    #[test]
    fn keys_items_and_their_lines() {
        let text = "# top\nservices:\n  web: &web\n    # why\n    ports:\n    - \"80:80\" # out\n    - 81\n    command: [a, 'b c']\n\n  \
                    db:\n    image: x:1\n    environment:\n      A: 'b # c'\n\nvolumes:\n  data:\n";
        let outline = Outline::new(text);
        let top = outline.top();
        assert_eq!((top[0].key, top[1].key), ("services", "volumes"));
        let services = outline.inner(&top[0]);
        assert_eq!((services[0].key, services[0].value), ("web", "&web"));
        assert_eq!(services[0].lines, (2, 8));
        assert_eq!((services[1].key, services[1].lines), ("db", (9, 13)));
        let texts = |key| outline.texts(&outline.get(&services[0], key).unwrap());
        assert_eq!(texts("ports"), [(5, "80:80".into()), (6, "81".into())]);
        assert_eq!(texts("command"), [(7, "a".into()), (7, "b c".into())]);
        let variables = outline.get(&services[1], "environment").unwrap();
        assert_eq!(outline.texts(&variables), [(12, "A=b # c".into())]);
    }
}
