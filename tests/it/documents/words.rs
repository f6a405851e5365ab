//! The words that documents and questions are taken for.

use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use serde_json::json;

use crate::support::{Platform, pdf::pdf};

/// The words of texts, in one query.
async fn words_of(platform: &Platform, texts: &[String]) -> Vec<Vec<String>> {
    let mut tx = platform.db().begin_platform().await.unwrap();
    sqlx::query_scalar("select tsvector_to_array(medai_words(t)) from unnest($1::text[]) with ordinality as u(t, n) order by n")
        .bind(texts)
        .fetch_all(&mut *tx)
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slash_or_a_full_stop_parts_words() {
    let platform = Platform::start().await;
    let student = platform.student_on("student").await;
    let text = "Guidelines for HIV/AIDS care were renewed.The ventilator gave an SpO2/FiO2 of 200 at 5 mg/kg, 0.5 mL q.i.d. \
                and 1/2 of it after.";
    student.has_read("Care.pdf", &pdf(&[text])).await;
    for query in ["AIDS", "HIV", "HIV/AIDS", "ventilator", "FiO2", "kg", "qid", "q.i.d.", "0.5", "1/2"] {
        let path = format!("/api/documents/search?q={}", query.replace('/', "%2F"));
        let found = student.get(&path).await.expect(200).body["items"][0].clone();
        assert!(found["found_by"].as_array().unwrap().contains(&json!("text")), "{query}: {found}");
    }
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn numbers_and_what_hyphens_join_stay_whole() {
    let platform = Platform::setup().queues([]).start().await;
    let texts = ["0.5", "1/2", "beta-blocker", "U.S.A.", "x <5 and y> z", "½", "mg/kg/d"].map(str::to_owned);
    let words = words_of(&platform, &texts).await;
    assert_eq!(words[0], ["0.5"]);
    assert_eq!(words[1], words[5], "a half is a half");
    assert!(words[2].contains(&"beta-block".to_owned()) && words[2].contains(&"blocker".to_owned()));
    assert_eq!(words[3], ["usa"]);
    assert!(words[4].contains(&"5".to_owned()) && words[4].contains(&"z".to_owned()));
    assert_eq!(words[6], ["d", "kg", "mg"]);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_asked_for_is_found_however_the_text_joins_it() {
    let platform = Platform::setup().queues([]).start().await;
    let mut random = StdRng::seed_from_u64(12);
    let mut texts = Vec::new();
    let mut parts = Vec::new();
    for _ in 0..400 {
        let mut word = || {
            let letters = "bcdfgklmnprtvzéöµαж";
            let many = letters.chars().count();
            (0..random.random_range(3..9))
                .map(|_| letters.chars().nth(random.random_range(0..many)).unwrap())
                .collect::<String>()
        };
        let (a, b, c) = (word(), word(), word());
        let mut sign = || ["/", ".", " / ", ". ", "./", "/.", ") / (", "∕", "⁄"][random.random_range(0..9)];
        texts.push(format!("{a}{}{b}{}{c}", sign(), sign()));
        parts.push([a, b, c]);
    }
    let found = words_of(&platform, &texts).await;
    let asked: Vec<String> = parts.iter().flatten().cloned().collect();
    let asked = words_of(&platform, &asked).await;
    for ((text, found), asked) in texts.iter().zip(&found).zip(asked.chunks(3)) {
        for word in asked.iter().flatten() {
            assert!(found.contains(word), "{word:?} is not among {found:?} of {text:?}");
        }
    }
    platform.end().await;
}
