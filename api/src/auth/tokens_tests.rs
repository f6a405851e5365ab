use chrono::TimeZone as _;
use hmac::KeyInit as _;
use serde_json::{Value, json};

use super::*;

fn tokens(secret: &str) -> Tokens {
    Tokens::new(&SecretString::from(secret))
}

fn now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 1, 2, 3, 4, 5).unwrap()
}

fn issue(tokens: &Tokens) -> (UserId, SignInId, String) {
    let with = Refresh { user: UserId::generate(), sign_in: SignInId::generate(), generation: 0 };
    let token = tokens.issue_access(with, (Plan::Free, Some(Role::Admin)), now()).unwrap();
    (with.user, with.sign_in, token)
}

fn part(json: &Value) -> String {
    URL_SAFE_NO_PAD.encode(json.to_string())
}

/// A token of these parts, signed as HS256 would be with this secret.
fn signed(header: &Value, claims: &Value, secret: &str) -> String {
    let message = format!("{}.{}", part(header), part(claims));
    let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap().chain_update(&message).finalize();
    format!("{message}.{}", URL_SAFE_NO_PAD.encode(mac.into_bytes()))
}

fn claims(change: impl FnOnce(&mut Value)) -> Value {
    let mut claims = json!({
        "iss": "medai", "sub": UserId::generate(), "sid": SignInId::generate(),
        "iat": now().timestamp(), "exp": now().timestamp() + 900, "plan": "free",
    });
    change(&mut claims);
    claims
}

#[test]
fn an_access_token_names_its_caller_for_a_quarter_of_an_hour() {
    let tokens = tokens("a secret");
    let (user, sign_in, token) = issue(&tokens);
    let claims = tokens.verify_access(&token, now()).unwrap();
    assert_eq!((claims.user, claims.sign_in), (user, sign_in));
    assert!(tokens.verify_access(&token, now() + TimeDelta::seconds(899)).is_ok());
    assert!(tokens.verify_access(&token, now() + TimeDelta::seconds(900)).is_err(), "no leeway");
}

#[test]
fn a_token_of_another_secret_or_with_another_word_is_refused() {
    let ours = tokens("a secret");
    let (_, _, token) = issue(&tokens("another secret"));
    assert!(ours.verify_access(&token, now()).is_err());
    let (_, _, token) = issue(&ours);
    let (head, tail) = token.split_at(60);
    let forged = format!("{head}{}{}", if tail.starts_with('A') { 'B' } else { 'A' }, &tail[1..]);
    assert!(ours.verify_access(&forged, now()).is_err());
}

#[test]
fn a_token_does_not_choose_how_it_is_verified() {
    let tokens = tokens("a secret");
    let good = claims(|_| {});
    assert!(tokens.verify_access(&signed(&json!({"alg": "HS256"}), &good, "a secret"), now()).is_ok());
    for alg in ["none", "None", "HS384", "HS512", "RS256", "ES256", ""] {
        let header = json!({ "alg": alg, "typ": "JWT" });
        assert!(tokens.verify_access(&signed(&header, &good, "a secret"), now()).is_err(), "{alg}");
        let unsigned = format!("{}.{}.", part(&header), part(&good));
        assert!(tokens.verify_access(&unsigned, now()).is_err(), "{alg}");
    }
}

#[test]
fn claims_that_are_missing_or_wrong_are_refused() {
    let tokens = tokens("a secret");
    let header = json!({ "alg": "HS256" });
    for (what, bad) in [
        ("no exp", claims(|claims| claims["exp"] = Value::Null)),
        ("exp in words", claims(|claims| claims["exp"] = json!("tomorrow"))),
        ("another issuer", claims(|claims| claims["iss"] = json!("else"))),
        ("no issuer", claims(|claims| claims["iss"] = Value::Null)),
        ("no user", claims(|claims| claims["sub"] = json!("me"))),
        ("no sign-in", claims(|claims| claims["sid"] = Value::Null)),
    ] {
        assert!(tokens.verify_access(&signed(&header, &bad, "a secret"), now()).is_err(), "{what}");
    }
}

#[test]
fn a_refresh_token_says_what_it_was_made_for() {
    let ours = tokens("a secret");
    let refresh = Refresh { user: UserId::generate(), sign_in: SignInId::generate(), generation: 7 };
    let token = ours.issue_refresh(refresh);
    assert_eq!(ours.verify_refresh(&token).unwrap(), refresh);
    assert!(tokens("another secret").verify_refresh(&token).is_err());
    assert!(ours.verify_access(&token, now()).is_err());
    let (_, _, access) = issue(&ours);
    assert!(ours.verify_refresh(&access).is_err());
}

#[test]
fn each_refresh_gives_another_access_token() {
    let tokens = tokens("a secret");
    let with = |generation| Refresh { user: UserId(Uuid::nil()), sign_in: SignInId(Uuid::nil()), generation };
    let issue = |generation| tokens.issue_access(with(generation), (Plan::Free, None), now()).unwrap();
    assert_ne!(issue(0), issue(1));
}

#[test]
fn nothing_shows_the_secret() {
    assert!(!format!("{:?}", tokens("a secret")).contains("secret"));
}

proptest::proptest! {
    #[test]
    fn any_text_is_refused_without_a_panic(text: String, bytes: Vec<u8>) {
        let tokens = tokens("a secret");
        let dotted = format!("{}.{text}.{}", URL_SAFE_NO_PAD.encode(&bytes), URL_SAFE_NO_PAD.encode(text.as_bytes()));
        for token in [&*text, &URL_SAFE_NO_PAD.encode(&bytes), &dotted] {
            proptest::prop_assert!(tokens.verify_access(token, now()).is_err());
            proptest::prop_assert!(tokens.verify_refresh(token).is_err());
        }
    }

    #[test]
    fn a_refresh_token_with_any_bit_turned_is_refused(at in 0_usize..68, bit in 0_u8..8, generation: i32) {
        let tokens = tokens("a secret");
        let refresh = Refresh { user: UserId::generate(), sign_in: SignInId::generate(), generation };
        let mut bytes = URL_SAFE_NO_PAD.decode(tokens.issue_refresh(refresh)).unwrap();
        bytes[at] ^= 1 << bit;
        proptest::prop_assert!(tokens.verify_refresh(&URL_SAFE_NO_PAD.encode(&bytes)).is_err());
        bytes.truncate(at);
        proptest::prop_assert!(tokens.verify_refresh(&URL_SAFE_NO_PAD.encode(&bytes)).is_err());
    }
}
