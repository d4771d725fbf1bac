//! Paths that visitors bring along: where to go after signing in or choosing a language.

/// The longest path taken along, in bytes.
const LONGEST: usize = 1_000;

/// The path, when it leads to a page of ours: `/path`, never `//host` or `/\host`, nothing that browsers drop.
pub(crate) fn own_path(path: &str) -> Option<&str> {
    let rest = path.strip_prefix('/')?;
    let elsewhere = rest.starts_with('/') || path.contains('\\') || path.chars().any(char::is_control);
    (!elsewhere && path.len() <= LONGEST).then_some(path)
}

#[cfg(test)]
mod tests {
    use super::own_path;

    #[test]
    fn paths_of_ours_pass() {
        for path in ["/", "/billing?page=2", "/subscriptions/sub_1#x", "/a//b"] {
            assert_eq!(own_path(path), Some(path));
        }
    }

    #[test]
    fn everything_else_leads_nowhere() {
        let elsewhere = [
            "",
            "billing",
            "//evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "https://evil.example",
            "/\t/evil.example",
            "/\n/evil.example",
            "javascript:alert(1)",
            "/a\\..\\b",
            " /billing",
            "/\0",
        ];
        for path in elsewhere {
            assert_eq!(own_path(path), None, "{path:?}");
        }
        assert_eq!(own_path(&format!("/{}", "a".repeat(1_000))), None);
    }
}
