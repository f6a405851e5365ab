//! What a failure means, of whichever vendor: its class, our words for it, and when to come back.

use chrono::{DateTime, Utc};
use reqwest::header::HeaderMap;

use super::{
    Class, Lack, ProviderError, call,
    error::NOT_ITS_PROTOCOL,
    fault::Fault,
    lacking::{self, Sent},
    quoted, retry,
};

type Verdict = (Class, &'static str);

const DAY: &str = "the day's quota is spent";
const CREDIT: &str = "the credit is spent";
const NO_SUCH_MODEL: &str = "the model is not known to this provider";
const BLOCKS: &str = "the provider blocks this prompt";
const TOO_LONG: &str = "the conversation is too long for the model";

/// A quota that lasts a day or longer, in whatever words.
const DAILY: [&str; 12] = [
    "per day",
    "per-day",
    "per_day",
    "perday",
    "daily",
    "/day",
    "(rpd)",
    "(tpd)",
    "per month",
    "monthly",
    "weekly",
    "per week",
];

/// Money, or a budget that somebody set.
const SPENT: [&str; 27] = [
    "insufficient_quota",
    "insufficient quota",
    "exceeded your current quota",
    "credit balance",
    "insufficient balance",
    "insufficient credit",
    "insufficient fund",
    "insufficient_balance",
    "not enough credit",
    "out of credit",
    "requires more credits",
    "billing",
    "payment required",
    "spending limit",
    "spend limit",
    "usage limit",
    "budget has been exceeded",
    "budget exceeded",
    "exceeded budget",
    "arrearage",
    "out of quota",
    "prepaid",
    "prepayment",
    "recharge",
    "top up",
    "余额不足",
    "欠费",
];

/// The same, unless it is a 429, which says so of each minute.
const EXCEEDED: [&str; 3] = ["limit exceeded", "quota exceeded", "quota has been"];

/// What stands between us and a provider, and speaks for itself.
const IN_BETWEEN: [&str; 10] = [
    "network settings",
    "cloudflare",
    "vpn",
    "proxy",
    "firewall",
    "ip address",
    "rbac",
    "web application",
    "waf",
    // Of what stands before Anthropic, about where we call from.
    "request not allowed",
];

const MODERATION: [&str; 5] =
    ["moderation", "flagged", "content policy", "content management policy", "safety system"];

/// The one place that says what a failure means. An error inside a stream comes with the stream's status, 200.
pub(super) fn of(
    status: u16,
    headers: &HeaderMap,
    body: &[u8],
    sent: &Sent,
    now: DateTime<Utc>,
) -> ProviderError {
    let mut fault = Fault::of(body);
    fault.text = quoted::without(&fault.text, &sent.said);
    let status = call::status_of(status, fault.number);
    let lack = lacking::lack_of(&fault, sent);
    let (class, reason, lack) = weigh(status, &fault, lack);
    let code = if reason == NOT_ITS_PROTOCOL { None } else { code(&fault) };
    let retry_at = when(class, &fault, headers, now);
    ProviderError::new(class, Some(status), reason).code(code).retry_at(retry_at).lacks(lack)
}

fn weigh(status: u16, fault: &Fault, lack: Option<Lack>) -> (Class, &'static str, Option<Lack>) {
    let of_the_request = match &lack {
        // A template or a runner that stumbles over a request says so with 500.
        Some(Lack::Vision | Lack::SystemText | Lack::Context(_)) => true,
        Some(Lack::Field(_) | Lack::Batch(_) | Lack::Schema | Lack::Output(_)) => {
            (400..500).contains(&status) || is_bad_request(fault)
        }
        None => false,
    };
    let may_be =
        fault.spoken() && !matches!(status, 401 | 402 | 408 | 409 | 421 | 423..=425 | 429 | 449 | 498 | 499);
    if let Some((class, reason)) = by_wording(status, fault) {
        // A runner that calls all that it cannot do an error of its server still says what it is.
        let named = class == Class::Overload && status >= 500 && may_be && of_the_request;
        if !named {
            let lack = lack.filter(|_| class == Class::Refusal);
            return (class, reason, lack);
        }
    }
    if let (true, true, Some(lack)) = (may_be, of_the_request, &lack) {
        return (Class::Refusal, lacking::in_words(lack), Some(lack.clone()));
    }
    if may_be && lacking::is_too_long(fault) {
        return (Class::Refusal, TOO_LONG, None);
    }
    let (class, reason) = by_status(status, fault);
    (class, reason, None)
}

/// What its codes and sentences say, which gateways change less than the status.
fn by_wording(status: u16, fault: &Fault) -> Option<Verdict> {
    if fault.moderated {
        return Some((Class::Blocked, BLOCKS));
    }
    let known = fault.codes.iter().chain(&fault.kinds).find_map(|code| known(code));
    if status == 413 && !matches!(known, Some((Class::Credential | Class::Quota, _))) {
        // Groq calls a request that is longer than a minute's tokens a rate: it would be, again and again.
        return None;
    }
    let budget = quota(status, fault);
    match known {
        Some((Class::Rate | Class::Overload, _)) => budget.or(known),
        Some(_) => known,
        None => {
            let vendors = || google(status, fault).or_else(|| anthropic(status, fault));
            budget.or_else(vendors).or_else(|| model(status, fault))
        }
    }
}

/// A budget that is spent for longer than a moment.
fn quota(status: u16, fault: &Fault) -> Option<Verdict> {
    let per_day = || fault.quotas.iter().any(|quota| quota.contains("PerDay"));
    match status {
        429 if per_day() => Some((Class::Quota, DAY)),
        429 if !fault.quotas.is_empty() => Some((Class::Rate, "too many requests")),
        200 | 400 | 402 | 403 | 429 if fault.mentions(&DAILY) && fault.mentions(&["limit", "quota"]) => {
            Some((Class::Quota, DAY))
        }
        // Google says "quota" of each minute, and "billing" with it.
        429 if fault.names("RESOURCE_EXHAUSTED") => None,
        429 if fault.mentions(&["rate limit exceeded", "rate_limit_exceeded", "rate limit reached"]) => None,
        200 | 400 | 402 | 403 | 429 if fault.mentions(&SPENT) && !is_a_length(fault) => {
            Some((Class::Quota, CREDIT))
        }
        402 | 403 if fault.mentions(&EXCEEDED) && !fault.mentions(&["rate limit"]) => {
            Some((Class::Quota, "a limit of the key is reached"))
        }
        _ => None,
    }
}

/// A limit of the request's length, and not of the key.
fn is_a_length(fault: &Fault) -> bool {
    fault.mentions(&["token limit exceeded", "context", "length limit", "size limit"])
}

fn google(status: u16, fault: &Fault) -> Option<Verdict> {
    match status {
        400 if fault.kinds.iter().any(|kind| kind.starts_with("API_KEY_")) => {
            Some((Class::Credential, "the key is not valid"))
        }
        400 | 403
            if fault.mentions(&[
                "api key not valid",
                "invalid api key",
                "incorrect api key",
                "api key is invalid",
            ]) =>
        {
            Some((Class::Credential, "the key is not valid"))
        }
        400 if fault.names("FAILED_PRECONDITION") => {
            Some((Class::Credential, "the key's project is not served from here"))
        }
        404 if fault.names("NOT_FOUND") => Some((Class::Credential, NO_SUCH_MODEL)),
        _ => None,
    }
}

/// What Anthropic calls a bad request, although nothing is wrong with it.
fn anthropic(status: u16, fault: &Fault) -> Option<Verdict> {
    match status {
        400 | 403 if fault.mentions(&["organization has been disabled"]) => {
            Some((Class::Credential, "the key's account is closed"))
        }
        200 | 400 if fault.mentions(&["blocked by content filtering policy"]) => {
            Some((Class::Blocked, BLOCKS))
        }
        404 if fault.names("not_found_error") && fault.mentions(&["model:"]) => {
            Some((Class::Credential, NO_SUCH_MODEL))
        }
        _ => None,
    }
}

/// A model that is not there. It is a field of the key: other keys may do better.
fn model(status: u16, fault: &Fault) -> Option<Verdict> {
    let gone = [
        "not found",
        "does not exist",
        "doesn't exist",
        "not exist",
        "unknown model",
        "no such model",
        "not a valid model",
        "decommissioned",
        "has been deprecated",
        "no longer available",
        "invalid model",
    ];
    let named = fault.mentions(&["model"]) && fault.mentions(&gone);
    let unknown =
        matches!(status, 400 | 404 | 410) && named && !fault.mentions(&["image", "endpoints found that"]);
    (unknown || fault.mentions(&["no endpoints found for"])).then_some((Class::Credential, NO_SUCH_MODEL))
}

fn is_bad_request(fault: &Fault) -> bool {
    fault.names("invalid_request_error") || fault.names("BadRequestError")
}

fn by_status(status: u16, fault: &Fault) -> Verdict {
    match status {
        401 if !fault.spoken() => call::by_status(status, fault.is_silent()),
        403 if fault.mentions(&IN_BETWEEN) || !fault.structured() || fault.text.trim() == "forbidden" => {
            (Class::Overload, "something before the provider refuses")
        }
        403 if fault.mentions(&MODERATION) => (Class::Blocked, BLOCKS),
        // Inside a stream, or under 200.
        200..=299 if is_bad_request(fault) => call::by_status(400, true),
        200..=299 if fault.spoken() => call::by_status(500, true),
        _ => call::by_status(status, fault.spoken()),
    }
}

/// The codes, and the types of errors, that say what is wrong.
fn known(code: &str) -> Option<Verdict> {
    Some(match code {
        "invalid_api_key" | "invalid_authentication" | "authentication_error" | "account_deactivated" => {
            (Class::Credential, "the key is not valid")
        }
        "model_not_found" | "model_decommissioned" | "invalid_model" | "DeploymentNotFound" => {
            (Class::Credential, NO_SUCH_MODEL)
        }
        "unsupported_country_region_territory" => {
            (Class::Credential, "the key's project is not served from here")
        }
        "insufficient_quota"
        | "billing_hard_limit_reached"
        | "billing_not_active"
        | "budget_exceeded"
        | "Arrearage"
        | "insufficient_balance"
        | "billing_error"
        | "BILLING_DISABLED" => (Class::Quota, CREDIT),
        "rate_limit_exceeded" | "rate_limit_error" => (Class::Rate, "too many requests"),
        "slow_down" | "server_is_overloaded" | "overloaded_error" | "engine_overloaded" => {
            (Class::Overload, "the provider is overloaded")
        }
        "server_error" | "internal_error" | "internal_server_error" => {
            (Class::Overload, "the provider failed")
        }
        "content_filter"
        | "content_policy_violation"
        | "invalid_prompt"
        | "moderation_blocked"
        | "data_inspection_failed"
        | "DataInspectionFailed" => (Class::Blocked, BLOCKS),
        _ => return None,
    })
}

/// The most telling code: the quota that is spent, what is the matter, or the status in words.
fn code(fault: &Fault) -> Option<&str> {
    let daily = fault.quotas.iter().find(|quota| quota.contains("PerDay"));
    let quota = daily.or(fault.quotas.first()).map(String::as_str);
    // Google's ErrorInfo says more than its status.
    let reason = fault.kinds.iter().find(|kind| kind.starts_with("API_KEY_")).map(String::as_str);
    quota.or(reason).or_else(|| fault.code())
}

/// When the provider may be asked again. A header by itself says no more than some hours.
fn when(class: Class, fault: &Fault, headers: &HeaderMap, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    if !matches!(class, Class::Quota | Class::Rate | Class::Overload) {
        return None;
    }
    // Its RetryInfo says some seconds even now.
    if class == Class::Quota && fault.quotas.iter().any(|quota| quota.contains("PerDay")) {
        return Some(retry::next_midnight_pacific(now));
    }
    let long = class == Class::Quota && (fault.mentions(&DAILY) || fault.mentions(&[retry::REGAINED]));
    let told =
        || fault.retry_delay.as_deref().and_then(retry::duration).and_then(|wait| retry::after(now, wait));
    let limits = || if class == Class::Rate || long { retry::from_rate_limits(headers, now) } else { None };
    let further_on =
        || retry::from_headers(&fault.headers, now).or_else(|| retry::from_rate_limits(&fault.headers, now));
    let said = || retry::from_words(&fault.text, now);
    let at = if long {
        [retry::from_headers(headers, now), limits(), further_on(), said()].into_iter().flatten().max()
    } else {
        told().or_else(|| retry::from_headers(headers, now)).or_else(limits).or_else(further_on).or_else(said)
    };
    at.map(|at| retry::bounded(at, now, long))
}
