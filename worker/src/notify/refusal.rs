//! What a mail server's refusal means: whether the same letter may still arrive later.
//!
//! The extended code (RFC 3463) decides where there is one: the same `550` is Gmail's word for an account that does
//! not exist (5.1.1) and for a sender whose day is used up (5.4.5). For good is only what is about this recipient or
//! this letter. All else, such as a full mailbox, a policy or a login that is refused, passes or is put right, and a
//! letter too many is better than an alert that nobody got.

use std::fmt;

/// An extended code, such as 5.1.1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Extended {
    class: u16,
    subject: u16,
    detail: u16,
}

/// A refusal, as far as it can be told to admins: the server's own words may hold addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Refusal {
    reply: u16,
    extended: Option<Extended>,
    /// Whether it is of no use to try again.
    pub(super) for_good: bool,
}

impl Refusal {
    /// Of a reply's code and its words, all lines of them.
    pub(super) fn read(reply: u16, words: &str) -> Self {
        let extended = extended_code(words);
        // RFC 5321 lets the reply's first digit decide about another try, and the two may disagree.
        let permanent = reply >= 500 && extended.is_none_or(|code| code.class == 5);
        let hopeless = match extended {
            Some(code) => is_about_this_message(code),
            None => is_about_this_recipient(reply) && !sounds_passing(words),
        };
        Self { reply, extended, for_good: permanent && hopeless }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the mail server answered {}", self.reply)?;
        match self.extended {
            Some(Extended { class, subject, detail }) => write!(f, " {class}.{subject}.{detail}"),
            None => Ok(()),
        }
    }
}

/// Extended codes that stay as they are for this recipient or this letter.
const fn is_about_this_message(code: Extended) -> bool {
    matches!(
        (code.subject, code.detail),
        // The recipient: no such mailbox or domain, no address, moved away, a domain that takes no mail. Not the
        // sender's address (7, 8), which is our setting.
        (1, 1 | 2 | 3 | 6 | 10)
        // The letter: too long for the mailbox or the system, or of a kind that is not taken.
        | (2, 3)
        | (3, 4)
        | (6, _)
    )
}

/// Replies without an extended code that are about the recipient. 552 is a full mailbox, and 554 anything.
const fn is_about_this_recipient(reply: u16) -> bool {
    matches!(reply, 550 | 551 | 553 | 556)
}

/// Whether the words of a reply without an extended code say that it passes.
fn sounds_passing(words: &str) -> bool {
    const PASSING: [&str; 9] =
        ["quota", "limit", "later", "temporar", "too many", "full", "rate", "throttl", "greylist"];
    let words = words.to_ascii_lowercase();
    PASSING.iter().any(|passing| words.contains(passing))
}

/// The first extended code of a reply's words. It should stand at their beginning, but relays put words or brackets
/// before it. The numbers of an IP address are none.
fn extended_code(words: &str) -> Option<Extended> {
    words.split(|c: char| !(c.is_ascii_alphanumeric() || c == '.')).find_map(|word| {
        // A full stop may end the sentence.
        let mut parts = word.strip_suffix('.').unwrap_or(word).split('.');
        let (class, subject, detail) = (parts.next()?, parts.next()?, parts.next()?);
        let number = |part: &str| {
            let digits = (1..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
            part.parse::<u16>().ok().filter(|_| digits)
        };
        let code = Extended { class: number(class)?, subject: number(subject)?, detail: number(detail)? };
        (parts.next().is_none() && matches!(class, "4" | "5")).then_some(code)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    #[expect(clippy::too_many_lines, reason = "a table")]
    fn the_extended_code_decides_what_is_for_good() {
        for (reply, words, for_good, shown) in [
            // Recipients and letters that stay as they are.
            (
                550,
                "5.1.1 The email account that you tried to reach does not exist. - gsmtp",
                true,
                "550 5.1.1",
            ),
            (550, "5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found", true, "550 5.1.10"),
            (553, "5.1.2 We weren't able to find the recipient domain.", true, "553 5.1.2"),
            (553, "5.1.3 The recipient address is not a valid RFC 5321 address.", true, "553 5.1.3"),
            (551, "5.1.6 User has moved", true, "551 5.1.6"),
            (552, "5.2.3 Message exceeds local size limit", true, "552 5.2.3"),
            (552, "5.3.4 Message too big for system", true, "552 5.3.4"),
            (554, "5.6.0 Corrupt message content", true, "554 5.6.0"),
            // What passes, whatever its first digits say.
            (550, "5.4.5 Daily user sending quota exceeded. x - gsmtp", false, "550 5.4.5"),
            (
                550,
                "5.4.5 Daily user sending limit exceeded. For more information on Gmail sending limits go to https://support.google.com",
                false,
                "550 5.4.5",
            ),
            (
                554,
                "5.7.0 Your message could not be sent. The limit on the number of allowed outgoing messages was exceeded. Try again later.",
                false,
                "554 5.7.0",
            ),
            (454, "4.7.0 Too many login attempts, please try again later.", false, "454 4.7.0"),
            (552, "5.2.2 The email account that you tried to reach is over quota.", false, "552 5.2.2"),
            (
                550,
                "5.2.1 The user you are trying to contact is receiving mail at a rate that prevents more",
                false,
                "550 5.2.1",
            ),
            (554, "5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException", false, "554 5.2.0"),
            (
                550,
                "5.7.1 Service unavailable, client host [5.1.1.7] blocked using a list",
                false,
                "550 5.7.1",
            ),
            (
                550,
                "5.7.26 This mail has been blocked because the sender is unauthenticated.",
                false,
                "550 5.7.26",
            ),
            (535, "5.7.8 Username and Password not accepted.", false, "535 5.7.8"),
            (530, "5.5.1 Authentication Required.", false, "530 5.5.1"),
            (553, "5.1.8 Sender address does not resolve", false, "553 5.1.8"),
            (421, "4.4.5 Server busy, try again later.", false, "421 4.4.5"),
            (452, "4.2.2 The account is over quota", false, "452 4.2.2"),
            // The two disagree: neither is sure.
            (450, "5.1.1 Recipient unknown", false, "450 5.1.1"),
            (550, "4.1.1 Recipient could not be verified", false, "550 4.1.1"),
            // Where servers hide it.
            (550, "Requested action not taken: #5.1.1 no such mailbox", true, "550 5.1.1"),
            (550, "[5.1.1] no such mailbox", true, "550 5.1.1"),
            (550, "No such mailbox (5.1.1).", true, "550 5.1.1"),
            (550, "5.1.1", true, "550 5.1.1"),
            // None there: the reply and its words.
            (550, "no such person", true, "550"),
            (550, "host 5.1.1.7 says: no such user", true, "550"),
            (550, "Daily message quota exceeded", false, "550"),
            (551, "user not local", true, "551"),
            (552, "requested action aborted", false, "552"),
            (553, "mailbox name not allowed", true, "553"),
            (554, "transaction failed", false, "554"),
            (556, "domain does not accept mail", true, "556"),
            (535, "no", false, "535"),
            (451, "later", false, "451"),
            (500, "", false, "500"),
        ] {
            let refusal = Refusal::read(reply, words);
            assert_eq!(refusal.for_good, for_good, "{reply} {words}");
            assert_eq!(refusal.to_string(), format!("the mail server answered {shown}"), "{words}");
        }
    }

    proptest! {
        #[test]
        fn a_code_is_found_in_any_words_and_nothing_else_of_them_is_told(
            subject in 0_u16..=999, detail in 0_u16..=999,
            before in "[a-z<>@:# -]{0,20}", after in "[a-z<>@:# -]{0,20}",
        ) {
            let refusal = Refusal::read(550, &format!("{before} 5.{subject}.{detail} {after}"));
            prop_assert_eq!(refusal.to_string(), format!("the mail server answered 550 5.{subject}.{detail}"));
        }

        #[test]
        fn any_words_can_be_read_and_what_is_not_permanent_is_tried_again(reply in 400_u16..600, words in ".{0,80}") {
            let refusal = Refusal::read(reply, &words);
            prop_assert!(reply >= 500 || !refusal.for_good);
        }
    }
}
