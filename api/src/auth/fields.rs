//! What the fields of an account may hold.

/// The longest address, as e-mail has it.
const MAX_EMAIL: usize = 254;
/// The longest name.
const MAX_NAME: usize = 100;

/// An address as it is stored and compared.
pub(crate) fn normal_email(email: &str) -> String {
    email.trim().to_lowercase()
}

/// Whether an address is one. Only ASCII, so that what is lower case means the same everywhere.
pub(crate) fn email<C>(email: &str, _: &C) -> garde::Result {
    let email = email.trim();
    let fits =
        email.len() <= MAX_EMAIL && email.is_ascii() && garde::rules::email::parse_email(email).is_ok();
    if fits { Ok(()) } else { Err(garde::Error::new("is not a valid e-mail address")) }
}

/// Whether a name is one. It is shown to others, so it has no characters that act instead of show.
pub(crate) fn name<C>(name: &str, _: &C) -> garde::Result {
    let name = name.trim();
    if !(1..=MAX_NAME).contains(&name.chars().count()) {
        return Err(garde::Error::new(format!("must have 1 to {MAX_NAME} characters")));
    }
    plain(name, &())
}

/// Whether a text is a plain line.
pub(crate) fn plain<C>(text: &str, _: &C) -> garde::Result {
    if text.chars().any(char::is_control) {
        Err(garde::Error::new("must not have control characters"))
    } else {
        Ok(())
    }
}

/// Whether the database can store a text of any lines.
pub(crate) fn storable<C>(text: &str, _: &C) -> garde::Result {
    if text.contains('\0') { Err(garde::Error::new("must not have NUL characters")) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_checked_and_made_equal() {
        assert_eq!(normal_email("  Ada@Example.ORG "), "ada@example.org");
        for good in ["ada@example.org", " Ada+x@Example.ORG "] {
            assert!(email(good, &()).is_ok(), "{good}");
        }
        let long = format!("{}@{}.org", "a".repeat(60), "b.".repeat(100));
        for bad in [
            "",
            "ada",
            "ada@",
            "@example.org",
            "a b@example.org",
            "a\0@example.org",
            "ädä@example.org",
            &long,
        ] {
            assert!(email(bad, &()).is_err(), "{bad}");
        }
    }

    #[test]
    fn names_are_lines_of_1_to_100_characters() {
        let (longest, longer) = ("ß".repeat(100), "ß".repeat(101));
        for (text, fits) in [
            ("Ada", true),
            ("李", true),
            (&*longest, true),
            ("  ", false),
            (&*longer, false),
            ("a\nb", false),
            ("a\0", false),
        ] {
            assert_eq!(name(text, &()).is_ok(), fits, "{text:?}");
        }
    }
}
