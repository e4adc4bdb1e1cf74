//! Where in a JSON text a value stands. Looked up only for an error, in text that has been parsed before.

use super::error::Step;

/// The line and column, counted from 1, after the first character of a value; of a number or a word, after its last.
/// Columns count bytes.
pub(super) fn of_value(text: &[u8], path: &[Step]) -> (usize, usize) {
    let mut cursor = Cursor { text, at: 0 };
    cursor.space();
    for step in path {
        cursor.enter(step);
    }
    match cursor.peek() {
        b'"' | b'{' | b'[' => cursor.at += 1,
        _ => cursor.word(),
    }
    let before = &text[..cursor.at.min(text.len())];
    let line_start = before.iter().rposition(|&byte| byte == b'\n').map_or(0, |newline| newline + 1);
    (1 + before.iter().filter(|&&byte| byte == b'\n').count(), 1 + before.len() - line_start)
}

struct Cursor<'a> {
    text: &'a [u8],
    at: usize,
}

impl Cursor<'_> {
    fn peek(&self) -> u8 {
        self.text.get(self.at).copied().unwrap_or_default()
    }

    fn done(&self) -> bool {
        self.at >= self.text.len()
    }

    fn space(&mut self) {
        while self.peek().is_ascii_whitespace() {
            self.at += 1;
        }
    }

    fn word(&mut self) {
        while !self.done() && !matches!(self.peek(), b',' | b'}' | b']') && !self.peek().is_ascii_whitespace() {
            self.at += 1;
        }
    }

    /// Passes a quoted text, and returns it with its quotes.
    fn text(&mut self) -> &[u8] {
        let start = self.at;
        self.at += 1;
        while !self.done() && self.peek() != b'"' {
            self.at += if self.peek() == b'\\' { 2 } else { 1 };
        }
        self.at = (self.at + 1).min(self.text.len());
        &self.text[start.min(self.at)..self.at]
    }

    /// Passes a whole value. Nesting is counted, not recursed into.
    fn value(&mut self) {
        let mut depth = 0;
        loop {
            self.space();
            match self.peek() {
                b'"' => drop(self.text()),
                b'{' | b'[' => {
                    depth += 1;
                    self.at += 1;
                }
                b'}' | b']' => {
                    depth -= 1;
                    self.at += 1;
                }
                b',' | b':' => self.at += 1,
                _ => self.word(),
            }
            if depth <= 0 || self.done() {
                return;
            }
        }
    }

    /// Goes from the start of an object or a list to the start of one of its values.
    fn enter(&mut self, step: &Step) {
        self.at += 1;
        let mut index = 0;
        loop {
            self.space();
            if self.done() {
                return;
            }
            let found = match step {
                Step::Index(wanted) => *wanted == index,
                Step::Name(wanted) => {
                    let name: String = serde_json::from_slice(self.text()).unwrap_or_default();
                    self.space();
                    self.at += 1;
                    self.space();
                    name == *wanted
                }
            };
            if found {
                return;
            }
            self.value();
            self.space();
            self.at += 1;
            index += 1;
        }
    }
}
