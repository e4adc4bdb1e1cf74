//! The page that a caller asks for.

/// How many entries to pass over, and how many to return. What is negative or absent does not limit; `usual` is the
/// number where the caller names none.
pub(super) fn page(first: Option<i32>, max: Option<i32>, usual: i64) -> (i64, i64) {
    let max = max.map_or(usual, i64::from);
    (first.unwrap_or(0).max(0).into(), if max < 0 { ALL } else { max })
}

/// The page that ends nowhere.
pub(super) const ALL: i64 = i64::MAX;
