//! The nearest name to one that is not known.

/// The candidates nearest to `name`, best first, three at most; none when nothing is near.
pub(crate) fn nearest<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let limit = (name.chars().count() / 3).max(2);
    let mut near: Vec<_> = candidates.map(|c| (distance(name, c), c)).filter(|(d, _)| *d <= limit).collect();
    near.sort();
    near.into_iter().take(3).map(|(_, c)| c).collect()
}

/// Changes of one letter (put in, left out, replaced, or swapped with its neighbour) that lead from `a` to `b`.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger_finds_its_option() {
        let names = ["http-port", "https-port", "http-host", "hostname"];
        assert_eq!(nearest("http-prot", names.into_iter())[0], "http-port");
        assert_eq!(nearest("hostnam", names.into_iter()), ["hostname"]);
    }

    #[test]
    fn nothing_near_suggests_nothing() {
        assert!(nearest("zzz", ["http-port"].into_iter()).is_empty());
    }
}
