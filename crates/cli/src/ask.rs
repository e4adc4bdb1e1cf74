//! Questions on the terminal: secrets, which are not shown.

use std::io::{IsTerminal, Read};

use cloakroom::Secret;

use crate::failure::{Failure, Result};

/// Asks on the terminal; where there is none, the first line of the standard input is the answer.
pub(crate) fn ask(prompt: &str, flag: &str) -> Result<Secret> {
    let unanswered = |why: &dyn std::fmt::Display| {
        Failure::Usage(format!(
            "{}: give {flag}, since it cannot be asked for ({why})",
            prompt.trim_end_matches([':', ' '])
        ))
    };
    if std::io::stdin().is_terminal() {
        return rpassword::prompt_password(prompt).map(Secret::from).map_err(|e| unanswered(&e));
    }
    let line = line().map_err(|e| unanswered(&e))?;
    line.map(Secret::from).ok_or_else(|| unanswered(&"the standard input is empty"))
}

/// The next line of the standard input, and nothing after it: that may be for somebody else.
pub(crate) fn line() -> std::io::Result<Option<String>> {
    let (mut line, mut byte) = (Vec::new(), [0]);
    let mut input = std::io::stdin().lock();
    while line.len() < 4096 && input.read(&mut byte)? == 1 && byte[0] != b'\n' {
        line.push(byte[0]);
    }
    let text = String::from_utf8_lossy(&line).trim_end_matches('\r').to_owned();
    Ok((!text.is_empty()).then_some(text))
}
