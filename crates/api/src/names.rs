//! Names as people type them: the nearest known one, and a way through JSON as text.

/// The known names that are most like `name`, best first, three at most; none where nothing is near. Case counts as
/// nothing; up to a third of the letters, and always two, may differ.
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let name: Vec<char> = name.to_lowercase().chars().collect();
    let limit = (name.len() / 3).max(2);
    let mut near: Vec<_> = known
        .into_iter()
        .map(|known| (distance(&name, &known.to_lowercase().chars().collect::<Vec<_>>()), known))
        .filter(|(distance, _)| *distance <= limit)
        .collect();
    near.sort();
    near.into_iter().take(3).map(|(_, known)| known).collect()
}

/// Changes of one letter (put in, left out, replaced, or swapped with its neighbour) that lead from `a` to `b`.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut rows = vec![vec![0; b.len() + 1]; a.len() + 1];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            rows[i][j] = if i == 0 || j == 0 {
                i + j
            } else {
                let replaced = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
                let mut best = replaced.min(rows[i - 1][j] + 1).min(rows[i][j - 1] + 1);
                if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                    best = best.min(rows[i - 2][j - 2] + 1);
                }
                best
            };
        }
    }
    rows[a.len()][b.len()]
}

/// A field's name as a step of a JSON Pointer (RFC 6901 section 3): `a/b` is `a~1b`.
pub fn pointer_step(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger_finds_its_name() {
        let names = ["http-port", "https-port", "http-host", "hostname"];
        assert_eq!(nearest("http-prot", names)[0], "http-port");
        assert_eq!(nearest("hostnam", names), ["hostname"]);
        assert_eq!(nearest("HOSTNAME", names), ["hostname"]);
    }

    #[test]
    fn nothing_near_suggests_nothing() {
        assert!(nearest("zzz", ["http-port"]).is_empty());
    }

    #[test]
    fn a_pointer_finds_a_field_of_any_name() {
        let tree = serde_json::json!({ "a/b~c": { "~1": 7 } });
        let pointer = format!("/{}/{}", pointer_step("a/b~c"), pointer_step("~1"));
        assert_eq!(tree.pointer(&pointer).and_then(serde_json::Value::as_u64), Some(7));
    }
}
