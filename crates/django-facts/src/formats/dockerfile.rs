//! Dockerfiles: their instructions, each with all its lines.

use super::placed::Placed;

/// One instruction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Instruction {
    /// Its name, in capitals.
    pub(crate) keyword: String,
    /// What follows it, on one line.
    pub(crate) arguments: String,
}

/// The instructions in their order, without comments.
pub(crate) fn instructions(text: &str) -> Vec<Placed<Instruction>> {
    let mut found: Vec<Placed<Instruction>> = Vec::new();
    let mut lines = text.lines().enumerate();
    while let Some((index, line)) = lines.next() {
        let first = line.trim();
        if first.is_empty() || first.starts_with('#') {
            continue;
        }
        let mut whole = without_escape(first).to_owned();
        let mut continues = first.ends_with('\\');
        while continues {
            let Some((_, line)) = lines.next() else { break };
            let line = line.trim();
            // Neither an empty line nor a comment ends an instruction.
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            whole.push(' ');
            whole.push_str(without_escape(line).trim());
            continues = line.ends_with('\\');
        }
        let (keyword, rest) = whole
            .split_once(char::is_whitespace)
            .unwrap_or((&whole, ""));
        let mut arguments = rest.trim().to_owned();
        let is_closed = |end: &String| lines.clone().any(|(_, line)| line.trim() == end);
        if let Some(end) = heredoc(&arguments).filter(is_closed) {
            for (_, line) in lines.by_ref() {
                if line.trim() == end {
                    break;
                }
                arguments.push(' ');
                arguments.push_str(line.trim());
            }
        }
        let keyword = keyword.to_ascii_uppercase();
        found.push(Placed::new(index + 1, Instruction { keyword, arguments }));
    }
    found
}

fn without_escape(line: &str) -> &str {
    line.strip_suffix('\\').map_or(line, str::trim_end)
}

/// The word that ends the text of `<<EOF`.
fn heredoc(arguments: &str) -> Option<String> {
    let (_, rest) = arguments.split_once("<<")?;
    let rest = rest.trim_start_matches('-').trim_start_matches(['"', '\'']);
    let word: String = rest
        .chars()
        .take_while(|letter| letter.is_alphanumeric() || *letter == '_')
        .collect();
    word.starts_with(char::is_alphabetic).then_some(word)
}

#[cfg(test)]
mod tests {
    use super::instructions;

    #[test]
    fn an_instruction_has_all_its_lines() {
        let text = "# syntax\nfrom python:3.11 AS a\nRUN pip install \\\n  # why\n\n  -r base.txt\nRUN <<EOF\nFROM x\nEOF\nCMD a\n";
        let found: Vec<_> = instructions(text)
            .into_iter()
            .map(|one| (one.line, one.value.keyword, one.value.arguments))
            .collect();
        let made = |line, keyword: &str, rest: &str| (line, keyword.to_owned(), rest.to_owned());
        assert_eq!(
            found,
            [
                made(2, "FROM", "python:3.11 AS a"),
                made(3, "RUN", "pip install -r base.txt"),
                made(7, "RUN", "<<EOF FROM x"),
                made(10, "CMD", "a"),
            ]
        );
    }
}
