//! Finding what belongs to a path: patterns as Keycloak's resources and its policy enforcer write them.

use std::collections::HashMap;

/// Values by URI pattern, and the best one for a path.
///
/// | pattern | matches |
/// |---|---|
/// | `/albums/1` | that path |
/// | `/albums/{id}/photos` | any one segment in place of the braces; `/albums/{id}/*` what is below, too |
/// | `/*.html`, `/docs/*.html` | paths below with that ending |
/// | `/albums/*` | `/albums` and everything below |
///
/// The first kind that matches wins, in the order of the table; among templates the longest and then the one with the
/// fewest braces, among endings and wildcards the longest.
///
/// ```
/// let mut paths = cloakroom_policy::Paths::default();
/// paths.add("/albums/*", "all albums");
/// paths.add("/albums/{id}/cover", "a cover");
/// assert_eq!(paths.best("/albums/7/cover"), ["a cover"]);
/// assert_eq!(paths.best("/albums/7"), ["all albums"]);
/// ```
#[derive(Debug, Clone)]
pub struct Paths<T> {
    exact: HashMap<String, Vec<T>>,
    templates: Vec<Template<T>>,
    /// Where it begins, the ending, and the value.
    endings: Vec<(String, String, Vec<T>)>,
    /// By the path above, without `/*`.
    wildcards: HashMap<String, Vec<T>>,
}

#[derive(Debug, Clone)]
struct Template<T> {
    pattern: String,
    segments: Vec<Segment>,
    /// Ends with `/*`.
    open: bool,
    values: Vec<T>,
}

#[derive(Debug, Clone, PartialEq)]
enum Segment {
    Text(String),
    Any,
}

impl<T> Default for Paths<T> {
    fn default() -> Self {
        Self { exact: HashMap::new(), templates: Vec::new(), endings: Vec::new(), wildcards: HashMap::new() }
    }
}

impl<T> Paths<T> {
    /// Adds a value for a pattern. A pattern may have several values.
    pub fn add(&mut self, pattern: &str, value: T) {
        if pattern.contains('{') {
            return self.add_template(pattern, value);
        }
        if let Some((above, ending)) = pattern.rsplit_once("/*.") {
            let (above, ending) = (format!("{above}/"), format!(".{ending}"));
            match self.endings.iter_mut().find(|(a, e, _)| *a == above && *e == ending) {
                Some((_, _, values)) => values.push(value),
                None => self.endings.push((above, ending, vec![value])),
            }
            return;
        }
        let (map, key) = match pattern.strip_suffix("/*") {
            Some(above) => (&mut self.wildcards, above),
            None => (&mut self.exact, pattern),
        };
        map.entry(key.to_owned()).or_default().push(value);
    }

    fn add_template(&mut self, pattern: &str, value: T) {
        if let Some(template) = self.templates.iter_mut().find(|template| template.pattern == pattern) {
            return template.values.push(value);
        }
        let closed = pattern.strip_suffix("/*").unwrap_or(pattern);
        let segment = |text: &str| {
            if text.starts_with('{') && text.ends_with('}') { Segment::Any } else { Segment::Text(text.to_owned()) }
        };
        let segments: Vec<_> = closed.split('/').map(segment).collect();
        let open = closed.len() != pattern.len();
        let template = Template { pattern: pattern.to_owned(), segments, open, values: vec![value] };
        let rank = |t: &Template<T>| (usize::MAX - t.segments.len(), t.open, t.braces());
        let at = self.templates.partition_point(|other| rank(other) <= rank(&template));
        self.templates.insert(at, template);
    }

    /// The values whose pattern is this text, wildcards and braces included.
    pub fn exact(&self, pattern: &str) -> &[T] {
        let values = match pattern.strip_suffix("/*") {
            Some(above) => self.wildcards.get(above),
            None => self.exact.get(pattern),
        };
        let template = || self.templates.iter().find(|t| t.pattern == pattern).map(|t| &t.values);
        values.or_else(template).map_or(&[], Vec::as_slice)
    }

    /// The values of the pattern that fits a path best; none when no pattern fits.
    pub fn best(&self, path: &str) -> &[T] {
        if let Some(values) = self.exact.get(path) {
            return values;
        }
        let segments: Vec<&str> = path.split('/').collect();
        if let Some(template) = self.templates.iter().find(|template| template.matches(&segments)) {
            return &template.values;
        }
        let endings =
            self.endings.iter().filter(|(above, ending, _)| path.starts_with(above) && path.ends_with(ending));
        if let Some((_, _, values)) = endings.max_by_key(|(above, ending, _)| (above.len(), ending.len())) {
            return values;
        }
        let mut above = path;
        loop {
            if let Some(values) = self.wildcards.get(above) {
                return values;
            }
            match above.rfind('/') {
                Some(at) => above = &above[..at],
                None => return &[],
            }
        }
    }
}

impl<T> Template<T> {
    fn braces(&self) -> usize {
        self.segments.iter().filter(|segment| **segment == Segment::Any).count()
    }

    fn matches(&self, path: &[&str]) -> bool {
        let long_enough = if self.open { path.len() >= self.segments.len() } else { path.len() == self.segments.len() };
        long_enough
            && self.segments.iter().zip(path).all(|(segment, text)| match segment {
                Segment::Any => !text.is_empty(),
                Segment::Text(expected) => expected == text,
            })
    }
}

#[cfg(test)]
mod tests {
    use super::Paths;

    #[test]
    fn the_most_specific_pattern_wins() {
        let mut paths = Paths::default();
        for pattern in ["/*", "/a/*", "/a/b", "/a/{x}", "/{x}/{y}", "/a/{x}/*", "/*.html", "/a/*.html"] {
            paths.add(pattern, pattern);
        }
        for (path, best) in [
            ("/a/b", "/a/b"),
            ("/a/c", "/a/{x}"),
            ("/z/c", "/{x}/{y}"),
            ("/a/c/d", "/a/{x}/*"),
            ("/a", "/a/*"),
            ("/a/", "/a/*"),
            ("/x.html", "/*.html"),
            ("/x/y/z.html", "/*.html"),
            ("/z", "/*"),
            ("/", "/*"),
        ] {
            assert_eq!(paths.best(path), [best], "{path}");
        }
        assert!(Paths::<u8>::default().best("/a").is_empty());
    }

    #[test]
    fn a_pattern_is_found_as_it_is_written() {
        let mut paths = Paths::default();
        for (at, pattern) in ["/a", "/a/*", "/a/{x}"].into_iter().enumerate() {
            paths.add(pattern, at);
        }
        assert_eq!((paths.exact("/a"), paths.exact("/a/*"), paths.exact("/a/{x}")), (&[0][..], &[1][..], &[2][..]));
        assert!(paths.exact("/a/7").is_empty());
    }
}
