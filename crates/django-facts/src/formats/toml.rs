//! A TOML document whose parts are found by their keys, however those are spelled: as tables, inline, dotted or quoted.

use std::ops::Range;

use toml_edit::{Document, Item, Table, TableLike, Value};

use super::placed::Placed;

/// A document with the places of its parts.
#[derive(Debug)]
pub(crate) struct Toml {
    document: Document<String>,
    /// Where each line but the first starts.
    starts: Vec<usize>,
}

/// A file that is not what its name says, and the line in which that comes out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Broken {
    pub(crate) line: usize,
}

/// One key of a table with what it stands for.
#[derive(Clone, Debug)]
pub(crate) struct TomlEntry<'t> {
    pub(crate) line: usize,
    pub(crate) name: &'t str,
    pub(crate) item: &'t Item,
}

/// One written line of a text, under the key that it stands for; that is empty in an array.
#[derive(Clone, Debug)]
pub(crate) struct TomlText {
    pub(crate) line: usize,
    pub(crate) key: String,
    pub(crate) written: String,
}

impl Toml {
    /// Reads a text.
    ///
    /// # Errors
    ///
    /// The line of the first fault.
    pub(crate) fn parse(text: String) -> Result<Self, Broken> {
        let starts: Vec<usize> = text.match_indices('\n').map(|(end, _)| end + 1).collect();
        match Document::parse(text) {
            Ok(document) => Ok(Self { document, starts }),
            Err(error) => Err(Broken {
                line: error.span().map_or(0, |span| number(&starts, span.start)),
            }),
        }
    }

    /// The line of the first byte of a part; 0 where that is not known.
    pub(crate) fn line(&self, span: Option<Range<usize>>) -> usize {
        span.map_or(0, |span| number(&self.starts, span.start))
    }

    /// The table or value at a path of keys.
    pub(crate) fn at(&self, keys: &[&str]) -> Option<&Item> {
        let (first, rest) = keys.split_first()?;
        let mut item = self.document.as_table().get(first)?;
        for key in rest {
            item = item.get(key)?;
        }
        Some(item)
    }

    /// The text at a path of keys, with the line of its key.
    pub(crate) fn text(&self, keys: &[&str]) -> Option<Placed<&str>> {
        let (last, folder) = keys.split_last()?;
        let table: &dyn TableLike = if folder.is_empty() {
            self.document.as_table()
        } else {
            self.at(folder)?.as_table_like()?
        };
        let item = table.get(last)?;
        let place = table.key(last).and_then(toml_edit::Key::span);
        let line = self.line(place.or_else(|| item.span()));
        Some(Placed::new(line, item.as_str()?))
    }

    /// The entries of a table in their order.
    pub(crate) fn entries(&self, keys: &[&str]) -> Vec<TomlEntry<'_>> {
        let table = self.at(keys).and_then(Item::as_table_like);
        table.map_or_else(Vec::new, |table| self.entries_of(table))
    }

    fn entries_of<'t>(&self, table: &'t dyn TableLike) -> Vec<TomlEntry<'t>> {
        let entries = table.iter().map(|(name, item)| {
            let place = table
                .key(name)
                .and_then(toml_edit::Key::span)
                .or_else(|| item.span());
            TomlEntry {
                line: self.line(place),
                name,
                item,
            }
        });
        entries.collect()
    }

    /// The texts of an array.
    pub(crate) fn texts(&self, item: Option<&Item>) -> Vec<Placed<String>> {
        let list = item.and_then(Item::as_array);
        list.into_iter()
            .flatten()
            .filter_map(|value| {
                let text = value.as_str()?.to_owned();
                Some(Placed::new(self.line(value.span()), text))
            })
            .collect()
    }

    /// The tables of an array of them, be it written with `[[…]]` or inline.
    pub(crate) fn tables<'t>(&self, item: &'t Item) -> Vec<Placed<&'t dyn TableLike>> {
        let headed = item.as_array_of_tables().into_iter().flatten();
        let headed = headed.map(|table| Placed::new(self.line(table.span()), of_header(table)));
        let inline = item.as_array().into_iter().flatten().filter_map(|value| {
            let table: &dyn TableLike = value.as_inline_table()?;
            Some(Placed::new(self.line(value.span()), table))
        });
        headed.chain(inline).collect()
    }

    /// Every text of the document in the order in which they stand there. One of several lines comes line by line, as it is
    /// written.
    pub(crate) fn all_texts(&self) -> Vec<TomlText> {
        let mut found = Vec::new();
        self.collect_table(self.document.as_table(), &mut found);
        found.sort_by_key(|text| text.line);
        found
    }

    fn collect_table(&self, table: &dyn TableLike, found: &mut Vec<TomlText>) {
        for entry in self.entries_of(table) {
            match entry.item {
                Item::Value(value) => self.collect(entry.name, value, found),
                Item::Table(inner) => self.collect_table(inner, found),
                Item::ArrayOfTables(many) => {
                    for inner in many {
                        self.collect_table(inner, found);
                    }
                }
                Item::None => {}
            }
        }
    }

    fn collect(&self, key: &str, value: &Value, found: &mut Vec<TomlText>) {
        match value {
            Value::String(_) => {
                let Some(span) = value.span() else { return };
                let first = number(&self.starts, span.start);
                let written = self.document.raw().get(span).unwrap_or_default();
                for (index, line) in written.lines().enumerate() {
                    found.push(TomlText {
                        line: first + index,
                        key: key.to_owned(),
                        written: line.to_owned(),
                    });
                }
            }
            Value::Array(items) => {
                for item in items {
                    self.collect("", item, found);
                }
            }
            Value::InlineTable(table) => self.collect_table(table, found),
            _ => {}
        }
    }
}

fn of_header(table: &Table) -> &dyn TableLike {
    table
}

/// The number of the line, from 1, that holds the byte at `place`.
fn number(starts: &[usize], place: usize) -> usize {
    starts.partition_point(|start| *start <= place) + 1
}

#[cfg(test)]
mod tests {
    use super::Toml;

    #[test]
    fn a_key_is_found_however_it_is_spelled() {
        for text in [
            "[project]\nrequires-python = \">=3.11\"\n",
            "[project]\n\"requires-python\" = '>=3.11'\n",
            "# first\nproject.requires-python = \">=3.11\"\n",
            "# first\nproject = {name = \"a\", requires-python = \">=3.11\"}\n",
            "[ project ]\nrequires-python=\">=3.11\"\n",
            "['project']\nrequires-python = \"\"\">=3.11\"\"\"\n",
        ] {
            let toml = Toml::parse(text.to_owned()).unwrap();
            let found = toml.text(&["project", "requires-python"]).unwrap();
            assert_eq!((found.line, found.value), (2, ">=3.11"), "{text}");
        }
    }

    #[test]
    fn what_is_no_toml_says_where() {
        let broken = Toml::parse("[a]\nb = 1\nc = \n".into()).unwrap_err();
        assert_eq!(broken.line, 3);
        assert_eq!(Toml::parse("a = 1\na = 2\n".into()).unwrap_err().line, 2);
    }
}
